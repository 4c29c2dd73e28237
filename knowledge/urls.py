"""Pages of knowledge, under /knowledge/."""

from django.urls import path

from knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("symptoms/", views.symptom_list, name="symptoms"),
    path("symptoms/new/", views.symptom_new, name="symptom_new"),
    path("symptoms/<str:code>/", views.symptom_edit, name="symptom_edit"),
]
