"""Pages of claims."""

from django.urls import path

from warranty.views.claims import detail, draft, lists, steps

urlpatterns = [
    path("claims/", lists.claims, name="claims"),
    path("claims/export/", lists.claim_export, name="claim-export"),
    path("claims/new/", draft.claim_new, name="claim-new"),
    path("claims/<str:number>/", detail.claim, name="claim"),
    path("claims/<str:number>/print/", detail.claim_print, name="claim-print"),
    path("claims/<str:number>/edit/", draft.claim_edit, name="claim-edit"),
    path("claims/<str:number>/discard/", draft.discard, name="claim-discard"),
    path("claims/<str:number>/withdraw/", draft.withdraw, name="claim-withdraw"),
    path("claims/<str:number>/give-up/", draft.give_up, name="claim-give-up"),
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
