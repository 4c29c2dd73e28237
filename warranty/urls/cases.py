"""Addresses of replace-or-return matters."""

from django.urls import path

from warranty.views import cases

_CASE = "cases/<str:number>/"
urlpatterns = [
    path("cases/", cases.case_list, name="cases"),
    path("cases/export/", cases.cases_export, name="cases-export"),
    path("cases/machine/", cases.machine_panel, name="machine-remedies"),
    path(_CASE, cases.case_detail, name="case"),
    path(_CASE + "evidence.pdf", cases.case_paper, name="case-paper"),
    *cases.STEPS.urls(_CASE),
]
