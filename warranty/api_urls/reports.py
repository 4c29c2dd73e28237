"""Addresses of work reports under /api/v1/."""

from django.urls import path

from warranty.api.reports import ReportViewSet

urlpatterns = [
    path("reports/", ReportViewSet.as_view({"get": "list", "post": "create"}), name="api-reports"),
    path(
        "reports/<str:number>/",
        ReportViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="api-report",
    ),
    path(
        "reports/<str:number>/sign/",
        ReportViewSet.as_view({"post": "sign"}),
        name="api-report-sign",
    ),
    path(
        "reports/<str:number>/code/",
        ReportViewSet.as_view({"post": "code"}),
        name="api-report-code",
    ),
    path(
        "reports/<str:number>/evidence/",
        ReportViewSet.as_view({"post": "attach"}),
        name="api-report-evidence",
    ),
    path(
        "reports/<str:number>/versions/",
        ReportViewSet.as_view({"post": "correct"}),
        name="api-report-versions",
    ),
    path(
        "reports/<str:number>/discard/",
        ReportViewSet.as_view({"post": "discard"}),
        name="api-report-discard",
    ),
]
