"""Pages of clocks, calendars and policies."""

from django.urls import path

from sla import calendar_urls, ladder_views, policy_urls, views

app_name = "sla"
urlpatterns = [
    path("clocks/", views.board, name="board"),
    path("clocks/escalations/", ladder_views.escalations, name="escalations"),
    path(
        "clocks/escalations/export/",
        ladder_views.escalations_export,
        name="escalations-export",
    ),
    path("clocks/health/", views.health, name="health"),
    path("clocks/differences/<uuid:public_id>/", views.difference, name="difference"),
    path("clocks/<slug:subject>/<str:number>/", views.explanation, name="explanations"),
    path(
        "clocks/<slug:subject>/<str:number>/<slug:promise>/",
        views.explanation,
        name="explanation",
    ),
    path(
        "clocks/<slug:subject>/<str:number>/<slug:promise>/acknowledge/",
        ladder_views.acknowledge,
        name="acknowledge",
    ),
    path(
        "clocks/<slug:subject>/<str:number>/<slug:promise>/<int:turn>/liability/",
        ladder_views.liability,
        name="liability",
    ),
    *calendar_urls.urlpatterns,
    *policy_urls.urlpatterns,
]
