"""Addresses of the manager's pages, below /dashboard/."""

from django.urls import path

from dashboards import views

app_name = "dashboards"
urlpatterns = [
    path("", views.manager, name="manager"),
    path("dealers/", views.dealers, name="dealers"),
    path("promises/", views.promises, name="promises"),
    path("export/", views.export, name="export"),
]
