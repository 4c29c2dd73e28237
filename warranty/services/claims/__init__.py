"""Writes of claims: drafted, filed, checked, taken back; consent before the work."""

from warranty.services.claims.checking import check_many, is_repeatable, recheck
from warranty.services.claims.consents import (
    approve_consent,
    ask_consent,
    discard_consent,
    edit_consent,
    reject_consent,
    return_consent,
    submit_consent,
)
from warranty.services.claims.drafting import discard_claim, draft_claim, save_draft
from warranty.services.claims.ending import expire_returned, give_up_claim, withdraw_claim
from warranty.services.claims.filing import is_intact, submit_claim

__all__ = [
    "approve_consent",
    "ask_consent",
    "check_many",
    "discard_claim",
    "discard_consent",
    "draft_claim",
    "edit_consent",
    "expire_returned",
    "give_up_claim",
    "is_intact",
    "is_repeatable",
    "recheck",
    "reject_consent",
    "return_consent",
    "save_draft",
    "submit_claim",
    "submit_consent",
    "withdraw_claim",
]
