"""Pages of calendars and seasons, part of `sla.urls`."""

from django.urls import path

from sla import calendar_views, list_views, season_views

ONE = "settings/calendars/<slug:code>/"
urlpatterns = [
    path("settings/calendars/", calendar_views.calendars, name="calendars"),
    path("settings/calendars/new/", calendar_views.calendar_new, name="calendar-new"),
    path(ONE, calendar_views.calendar_year, name="calendar"),
    path(f"{ONE}edit/", calendar_views.calendar_edit, name="calendar-edit"),
    path(f"{ONE}hours/", calendar_views.calendar_hours, name="calendar-hours"),
    path(f"{ONE}days/", list_views.calendar_days, name="calendar-days"),
    path(f"{ONE}day/", list_views.calendar_day, name="calendar-day"),
    path(f"{ONE}local/", calendar_views.calendar_local, name="calendar-local"),
    path(
        f"{ONE}local/<uuid:public_id>/remove/",
        calendar_views.local_remove,
        name="calendar-local-remove",
    ),
    path("settings/seasons/", season_views.seasons, name="seasons"),
    path(
        "settings/seasons/<uuid:public_id>/remove/",
        season_views.season_remove,
        name="season-remove",
    ),
]
