"""The claim's one decision machine, and the words of its parts (warranty-claims 7.1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warranty.actions import Actions, action


class ClaimState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("claim", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("claim", "Submitted")
    RETURNED = "returned", pgettext_lazy("claim", "Returned for correction")
    REVIEW = "review", pgettext_lazy("claim", "In review")
    DECIDED = "decided", pgettext_lazy("claim", "Decided")
    APPEALED = "appealed", pgettext_lazy("claim", "Appealed")
    FINANCE = "finance", pgettext_lazy("claim", "Finance check")
    PAYABLE = "payable", pgettext_lazy("claim", "Payable")
    IN_SETTLEMENT = "in_settlement", pgettext_lazy("claim", "In settlement")
    SETTLED = "settled", pgettext_lazy("claim", "Settled")
    CLOSED = "closed", pgettext_lazy("claim", "Closed")
    VOID = "void", pgettext_lazy("claim", "Void")


S = ClaimState
CLAIM_ACTIONS = Actions(
    action("submit", S.DRAFT, S.SUBMITTED, "claim.submit"),
    action("discard", S.DRAFT, S.VOID, "claim.submit"),
    # What the checks say of a filing.
    action("return", S.SUBMITTED, S.RETURNED, "claim.return", by_system=True),
    action("route", S.SUBMITTED, S.REVIEW, by_system=True),
    action("pass", S.SUBMITTED, S.DECIDED, by_system=True),
    action("reject", S.SUBMITTED, S.DECIDED, by_system=True),
    # Until a person has begun to decide; the checks take no time, so a filing waits in review.
    action("withdraw", (S.SUBMITTED, S.REVIEW), S.VOID, "claim.submit"),
    action("correct", S.RETURNED, S.SUBMITTED, "claim.submit"),
    action("give_up", S.RETURNED, S.VOID, "claim.give_up", by_system=True),
    # The technical department.
    action("raise_level", S.REVIEW, S.REVIEW, "claim.decide", by_system=True),
    action("ask_correction", S.REVIEW, S.RETURNED, "claim.decide"),
    action("decide", S.REVIEW, S.DECIDED, "claim.decide", not_by=("created_by_id", "filed_by_id")),
    action("cancel", S.REVIEW, S.VOID, "claim.cancel"),
    action("appeal", S.DECIDED, S.APPEALED, "claim.appeal"),
    action(
        "decide_appeal",
        S.APPEALED,
        S.DECIDED,
        "claim.decide_appeal",
        not_by=("created_by_id", "filed_by_id", "decided_by_id"),
    ),
    # Money.
    action("ready", S.DECIDED, S.FINANCE, by_system=True),
    action("close", S.DECIDED, S.CLOSED, by_system=True),
    action(
        "confirm",
        S.FINANCE,
        S.PAYABLE,
        "claim.confirm",
        not_by=("created_by_id", "filed_by_id", "decided_by_id", "appeal_decided_by_id"),
    ),
    action("send_back", S.FINANCE, S.REVIEW, "claim.confirm"),
    # The company's own technicians are not paid: the cost is booked and the claim is over.
    action("book", S.PAYABLE, S.CLOSED, by_system=True),
    action("put_on", S.PAYABLE, S.IN_SETTLEMENT, "settlement.draft", by_system=True),
    action("take_off", S.IN_SETTLEMENT, S.PAYABLE, "settlement.draft", by_system=True),
    action("settle", S.IN_SETTLEMENT, S.SETTLED, by_system=True),
)
# Claims that are still to be decided, and that hold up nothing any more.
UNDECIDED = (S.SUBMITTED, S.REVIEW, S.APPEALED)
OVER = (S.SETTLED, S.CLOSED, S.VOID)


class ClaimType(models.TextChoices):
    REPAIR = "repair", pgettext_lazy("claim", "Repair")
    FIRST_SERVICE = "first_service", pgettext_lazy("claim", "First service")
    SOLD_PART = "sold_part", pgettext_lazy("claim", "Sold part")
    PRE_SALE = "pre_sale", pgettext_lazy("claim", "Machine in stock")
    OUTSIDE = "outside", pgettext_lazy("claim", "Outside service")
    GOODWILL = "goodwill", pgettext_lazy("claim", "Goodwill")
    REPLACEMENT = "replacement", pgettext_lazy("claim", "Replacement")
    RETURN = "return", pgettext_lazy("claim", "Machine returned")


class LineKind(models.TextChoices):
    PART = "part", pgettext_lazy("claim line", "Part")
    LABOUR = "labour", pgettext_lazy("claim line", "Labour")
    TRAVEL = "travel", pgettext_lazy("claim line", "Travel")
    FREIGHT = "freight", pgettext_lazy("claim line", "Freight")
    SUBLET = "sublet", pgettext_lazy("claim line", "Outside service")
    CONSUMABLE = "consumable", pgettext_lazy("claim line", "Consumables")
    NIGHT = "night", pgettext_lazy("claim line", "Night supplement")
    FIXED = "fixed", pgettext_lazy("claim line", "Fixed fee")
    DIAGNOSIS = "diagnosis", pgettext_lazy("claim line", "Diagnosis")
    GOODWILL = "goodwill", pgettext_lazy("claim line", "Goodwill")


class Outcome(models.TextChoices):
    """What a check says; the strictest of all wins, in this order."""

    REJECT = "reject", pgettext_lazy("check", "Rejected")
    RETURN = "return", pgettext_lazy("check", "Correct and file again")
    MANUAL = "manual", pgettext_lazy("check", "For a reviewer")
    PASS = "pass", pgettext_lazy("check", "Passed")


class LineOutcome(models.TextChoices):
    APPROVE = "approve", pgettext_lazy("decision", "Approved")
    REDUCE = "reduce", pgettext_lazy("decision", "Reduced")
    REJECT = "reject", pgettext_lazy("decision", "Rejected")


class AdjudicationKind(models.TextChoices):
    CHECKS = "checks", pgettext_lazy("adjudication", "Automatic checks")
    REVIEW = "review", pgettext_lazy("adjudication", "Review")
    APPEAL = "appeal", pgettext_lazy("adjudication", "Appeal")


class PreAuthorisationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("pre-authorisation", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("pre-authorisation", "Submitted")
    RETURNED = "returned", pgettext_lazy("pre-authorisation", "Returned")
    APPROVED = "approved", pgettext_lazy("pre-authorisation", "Approved")
    REJECTED = "rejected", pgettext_lazy("pre-authorisation", "Rejected")
    VOID = "void", pgettext_lazy("pre-authorisation", "Void")


P = PreAuthorisationState
PRE_AUTHORISATION_ACTIONS = Actions(
    action("submit", (P.DRAFT, P.RETURNED), P.SUBMITTED, "claim.submit"),
    action("discard", (P.DRAFT, P.RETURNED), P.VOID, "claim.submit"),
    action("return", P.SUBMITTED, P.RETURNED, "claim.decide"),
    action("approve", P.SUBMITTED, P.APPROVED, "claim.decide", not_by=("created_by_id",)),
    action("reject", P.SUBMITTED, P.REJECTED, "claim.decide", not_by=("created_by_id",)),
)


class ReviewerRole(models.TextChoices):
    """Who decides a level."""

    ENGINEER = "engineer", _("Technical engineer")
    TECHNICAL_MANAGER = "technical_manager", _("Technical manager")
    MANAGER = "manager", _("Manager")


class RiskFlag(models.TextChoices):
    """What a reviewer should look at twice; never shown to the dealer."""

    PLACE = "place", _("Place or time does not fit")
    DISTANCE = "distance", _("Distance above the map")
    TRIP = "trip", _("Two machines on one trip")
    PHOTO = "photo", _("Photo used before")
    SIGNATURE = "signature", _("Signature missing")
    SERIAL = "serial", _("Serial never sold to this dealer")
    WATCHED = "watched", _("Part on the watch list")
    CHARGED = "charged", _("Charged to the user")
