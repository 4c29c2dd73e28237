"""Decisions about claims: by a reviewer, on appeal, and by finance."""

from warranty.rules.decisions import Decision
from warranty.services.reviews.appeals import appeal_claim, decide_appeal
from warranty.services.reviews.deciding import (
    ask_correction,
    cancel_claim,
    decide_claim,
    raise_level,
    return_claim,
)
from warranty.services.reviews.errors import (
    AboveLimit,
    BadDecisions,
    NeedsWords,
    NoLevelAbove,
    NothingToAppeal,
    NotYourDealer,
)
from warranty.services.reviews.finishing import (
    accept_decision,
    confirm_claim,
    make_ready,
    ready_claims,
    send_back,
)

__all__ = [
    "AboveLimit",
    "BadDecisions",
    "Decision",
    "NeedsWords",
    "NoLevelAbove",
    "NotYourDealer",
    "NothingToAppeal",
    "accept_decision",
    "appeal_claim",
    "ask_correction",
    "cancel_claim",
    "confirm_claim",
    "decide_appeal",
    "decide_claim",
    "make_ready",
    "raise_level",
    "ready_claims",
    "return_claim",
    "send_back",
]
