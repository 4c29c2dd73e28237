"""Pages of people and companies."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("language/", views.choose_language, name="language"),
    path("company/", views.switch_company, name="switch"),
]
