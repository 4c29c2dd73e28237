"""Pages of people and companies."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("company/", views.switch_company, name="switch"),
]
