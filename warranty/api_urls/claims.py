"""Addresses of claims and pre-authorisations under /api/v1/."""

from django.urls import path

from warranty.api.claims import ClaimViewSet
from warranty.api.consents import PreAuthorisationViewSet

CLAIM_STEPS = {
    "submit": "submit",
    "discard": "discard",
    "withdraw": "withdraw",
    "give-up": "give_up",
    "decide": "decide",
    "correction": "correction",
    "return": "give_back",
    "raise": "raise_level",
    "cancel": "cancel",
    "appeal": "appeal",
    "decide-appeal": "decide_appeal",
    "accept": "accept",
    "confirm": "confirm",
    "send-back": "send_back",
}
CONSENT_STEPS = {
    "submit": "submit",
    "discard": "discard",
    "approve": "approve",
    "return": "give_back",
    "reject": "reject",
}
ASKED = "preauthorisations/"
urlpatterns = [
    path("claims/", ClaimViewSet.as_view({"get": "list"}), name="api-claims"),
    path(
        "claims/<str:number>/",
        ClaimViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="api-claim",
    ),
    path(
        "reports/<str:number>/claims/",
        ClaimViewSet.as_view({"post": "begin"}),
        name="api-report-claims",
    ),
    *(
        path(
            f"claims/<str:number>/{step}/",
            ClaimViewSet.as_view({"post": action}),
            name=f"api-claim-{step}",
        )
        for step, action in CLAIM_STEPS.items()
    ),
    path(
        ASKED,
        PreAuthorisationViewSet.as_view({"get": "list", "post": "create"}),
        name="api-preauthorisations",
    ),
    path(
        f"{ASKED}<str:number>/",
        PreAuthorisationViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="api-preauthorisation",
    ),
    *(
        path(
            f"{ASKED}<str:number>/{step}/",
            PreAuthorisationViewSet.as_view({"post": action}),
            name=f"api-preauthorisation-{step}",
        )
        for step, action in CONSENT_STEPS.items()
    ),
]
