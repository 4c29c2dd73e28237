"""Addresses of settlements and adjustments in the API."""

from django.urls import path

from warranty.api.settlements import AdjustmentViewSet, SettlementViewSet

SETTLEMENT_STEPS = {
    "refill": "refill",
    "take-off": "take_off",
    "discard": "discard",
    "check": "check",
    "redraft": "redraft",
    "issue": "issue",
    "reissue": "reissue",
    "confirm": "confirm",
    "dispute": "dispute",
    "paper": "paper",
    "post": "post_entry",
    "offset": "offset",
    "credit": "credit",
    "pay": "pay",
    "invoice": "invoice",
    "close": "close",
    "reverse": "reverse",
}
ADJUSTMENT_STEPS = {
    "approve": "approve",
    "object": "object_to",
    "uphold": "uphold",
    "drop": "drop",
    "withdraw": "withdraw",
}

urlpatterns = [
    path(
        "settlements/",
        SettlementViewSet.as_view({"get": "list", "post": "create"}),
        name="api-settlements",
    ),
    path(
        "settlements/<str:number>/",
        SettlementViewSet.as_view({"get": "retrieve"}),
        name="api-settlement",
    ),
    *(
        path(
            f"settlements/<str:number>/{word}/",
            SettlementViewSet.as_view({"post": method}),
            name=f"api-settlement-{word}",
        )
        for word, method in SETTLEMENT_STEPS.items()
    ),
    path(
        "adjustments/",
        AdjustmentViewSet.as_view({"get": "list", "post": "create"}),
        name="api-adjustments",
    ),
    path(
        "adjustments/<str:number>/",
        AdjustmentViewSet.as_view({"get": "retrieve"}),
        name="api-adjustment",
    ),
    *(
        path(
            f"adjustments/<str:number>/{word}/",
            AdjustmentViewSet.as_view({"post": method}),
            name=f"api-adjustment-{word}",
        )
        for word, method in ADJUSTMENT_STEPS.items()
    ),
]
