"""Pages of clocks, calendars and policies."""

from django.urls import path

from sla.views import calendars, clocks, ladder, lists, policies, profiles, reapply, seasons

ONE = "settings/calendars/<slug:code>/"

app_name = "sla"
urlpatterns = [
    path("clocks/", clocks.board, name="board"),
    path("clocks/escalations/", ladder.escalations, name="escalations"),
    path(
        "clocks/escalations/export/",
        ladder.escalations_export,
        name="escalations-export",
    ),
    path("clocks/health/", clocks.health, name="health"),
    path("clocks/differences/<uuid:public_id>/", clocks.difference, name="difference"),
    path("clocks/<slug:subject>/<str:number>/", clocks.explanation, name="explanations"),
    path(
        "clocks/<slug:subject>/<str:number>/<slug:promise>/",
        clocks.explanation,
        name="explanation",
    ),
    path(
        "clocks/<slug:subject>/<str:number>/<slug:promise>/acknowledge/",
        ladder.acknowledge,
        name="acknowledge",
    ),
    path(
        "clocks/<slug:subject>/<str:number>/<slug:promise>/<int:turn>/liability/",
        ladder.liability,
        name="liability",
    ),
    path("settings/calendars/", calendars.calendars, name="calendars"),
    path("settings/calendars/new/", calendars.calendar_new, name="calendar-new"),
    path(ONE, calendars.calendar_year, name="calendar"),
    path(f"{ONE}edit/", calendars.calendar_edit, name="calendar-edit"),
    path(f"{ONE}hours/", calendars.calendar_hours, name="calendar-hours"),
    path(f"{ONE}days/", lists.calendar_days, name="calendar-days"),
    path(f"{ONE}day/", lists.calendar_day, name="calendar-day"),
    path(f"{ONE}local/", calendars.calendar_local, name="calendar-local"),
    path(
        f"{ONE}local/<uuid:public_id>/remove/",
        calendars.local_remove,
        name="calendar-local-remove",
    ),
    path("settings/seasons/", seasons.seasons, name="seasons"),
    path(
        "settings/seasons/<uuid:public_id>/remove/",
        seasons.season_remove,
        name="season-remove",
    ),
    path("settings/policies/", policies.policies, name="policies"),
    path("settings/policies/new/", policies.policy_new, name="policy-new"),
    path("settings/policies/profiles/", profiles.profiles, name="profiles"),
    path("settings/policies/profiles/<slug:profile>/", profiles.profile, name="profile"),
    path("settings/policies/<slug:code>/", policies.policy_edit, name="policy"),
    path("settings/policies/<slug:code>/history/", policies.policy_history, name="policy-history"),
    path(
        "settings/policies/<slug:code>/withdraw/",
        policies.policy_withdraw,
        name="policy-withdraw",
    ),
    path("settings/policies/<slug:code>/running/", reapply.running, name="policy-running"),
    path(
        "settings/policies/<slug:code>/running/<uuid:public_id>/",
        reapply.reapply_job,
        name="reapply-job",
    ),
]
