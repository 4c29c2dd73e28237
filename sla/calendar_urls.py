"""Pages of calendars, part of `sla.urls`."""

from django.urls import path

from sla import calendar_views

urlpatterns = [
    path("settings/calendars/", calendar_views.calendars, name="calendars"),
    path("settings/calendars/new/", calendar_views.calendar_new, name="calendar-new"),
    path("settings/calendars/<slug:code>/", calendar_views.calendar_year, name="calendar"),
    path(
        "settings/calendars/<slug:code>/edit/", calendar_views.calendar_edit, name="calendar-edit"
    ),
    path(
        "settings/calendars/<slug:code>/days/", calendar_views.calendar_days, name="calendar-days"
    ),
]
