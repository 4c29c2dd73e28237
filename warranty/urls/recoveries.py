"""Addresses of claims on suppliers."""

from django.urls import path

from warranty.views import recoveries

_RECOVERY = "recoveries/<str:number>/"
urlpatterns = [
    path("recoveries/", recoveries.recovery_list, name="recoveries"),
    path("recoveries/export/", recoveries.recoveries_export, name="recoveries-export"),
    path(_RECOVERY, recoveries.recovery_detail, name="recovery"),
    path(_RECOVERY + "claim.pdf", recoveries.recovery_paper, name="recovery-paper"),
    *recoveries.STEPS.urls(_RECOVERY),
]
