"""Addresses of a ticket's files and papers; a part of `tickets.urls`."""

from django.urls import path

from tickets import file_views

urlpatterns = [
    path("files/<uuid:public_id>", file_views.attachment, name="file"),
    path("exports/<uuid:public_id>", file_views.export_file, name="export_file"),
    path("tickets/register.pdf", file_views.service_register, name="register"),
    path("tickets/<str:number>/job-sheet.pdf", file_views.job_sheet, name="job_sheet"),
]
