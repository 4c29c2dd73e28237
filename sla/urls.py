"""Pages of clocks, calendars and policies."""

from django.urls import path

from sla import settings_views, views

app_name = "sla"
urlpatterns = [
    path("clocks/", views.board, name="board"),
    path("clocks/health/", views.health, name="health"),
    path("clocks/<slug:subject>/<str:number>/", views.explanation, name="explanations"),
    path(
        "clocks/<slug:subject>/<str:number>/<slug:promise>/",
        views.explanation,
        name="explanation",
    ),
    path("settings/calendars/", settings_views.calendars, name="calendars"),
    path("settings/calendars/new/", settings_views.calendar_new, name="calendar-new"),
    path("settings/calendars/<slug:code>/", settings_views.calendar_year, name="calendar"),
    path(
        "settings/calendars/<slug:code>/edit/", settings_views.calendar_edit, name="calendar-edit"
    ),
    path(
        "settings/calendars/<slug:code>/days/", settings_views.calendar_days, name="calendar-days"
    ),
    path("settings/policies/", settings_views.policies, name="policies"),
    path("settings/policies/new/", settings_views.policy_new, name="policy-new"),
    path("settings/policies/<slug:code>/", settings_views.policy_edit, name="policy"),
]
