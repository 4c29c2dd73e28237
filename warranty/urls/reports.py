"""Pages of work reports, under /warranty/reports/."""

from django.urls import path

from warranty.views.reports import pages, sheet, signing

urlpatterns = [
    path("reports/", pages.report_list, name="reports"),
    path("reports/new/", sheet.new, name="report-new"),
    path("reports/export/", pages.export, name="reports-export"),
    path("reports/ticket/<str:number>/", pages.of_ticket, name="reports-of-ticket"),
    path("reports/evidence/<uuid:public_id>/", signing.evidence, name="evidence"),
    path(
        "reports/evidence/<uuid:public_id>/remove/", signing.remove_evidence, name="evidence-remove"
    ),
    path("reports/<str:number>/", pages.detail, name="report"),
    path("reports/<str:number>/edit/", sheet.edit, name="report-edit"),
    path("reports/<str:number>/sign/", signing.sign, name="report-sign"),
    path("reports/<str:number>/code/", signing.send_code, name="report-code"),
    path("reports/<str:number>/photos/", signing.add_evidence, name="report-evidence"),
    path("reports/<str:number>/correct/", signing.correct, name="report-correct"),
    path("reports/<str:number>/discard/", signing.discard, name="report-discard"),
    path("reports/<str:number>/paper/", pages.paper, name="report-paper"),
    path("reports/<str:number>/<int:version>/", pages.detail, name="report-version"),
    path("reports/<str:number>/<int:version>/paper/", pages.paper, name="report-version-paper"),
]
