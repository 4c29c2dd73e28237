"""Pages of claims."""

from django.urls import path

from warranty.views.claims import detail, lists, steps

urlpatterns = [
    path("claims/", lists.claims, name="claims"),
    path("claims/export/", lists.claim_export, name="claim-export"),
    path("claims/<str:number>/", detail.claim, name="claim"),
    path("claims/<str:number>/print/", detail.claim_print, name="claim-print"),
    path("claims/<str:number>/decide/", steps.decide, name="claim-decide"),
    path("claims/<str:number>/decide-appeal/", steps.decide_appeal, name="claim-decide-appeal"),
    path("claims/<str:number>/correction/", steps.ask_correction, name="claim-ask-correction"),
    path("claims/<str:number>/return/", steps.return_claim, name="claim-return"),
    path("claims/<str:number>/raise/", steps.raise_level, name="claim-raise-level"),
    path("claims/<str:number>/cancel/", steps.cancel, name="claim-cancel"),
    path("claims/<str:number>/confirm/", steps.confirm, name="claim-confirm"),
    path("claims/<str:number>/send-back/", steps.send_back, name="claim-send-back"),
    path("claims/<str:number>/appeal/", steps.appeal, name="claim-appeal"),
    path("claims/<str:number>/accept/", steps.accept, name="claim-accept"),
]
