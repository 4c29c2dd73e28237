"""A user's replace-or-return matter, spot checks, and what is claimed from suppliers (7.4)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from warranty.actions import Actions, action


class CaseState(models.TextChoices):
    WATCHING = "watching", pgettext_lazy("statutory case", "Watching")
    WARNING = "warning", pgettext_lazy("statutory case", "One step before")
    TRIGGERED = "triggered", pgettext_lazy("statutory case", "The user may choose")
    USER_CHOSE = "user_chose", pgettext_lazy("statutory case", "The user has chosen")
    APPROVED = "approved", pgettext_lazy("statutory case", "Approved")
    CARRIED_OUT = "carried_out", pgettext_lazy("statutory case", "Carried out")
    RECOVERED = "recovered", pgettext_lazy("statutory case", "Recovered")
    DROPPED = "dropped", pgettext_lazy("statutory case", "Dropped")


S = CaseState
CASE_ACTIONS = Actions(
    # The system triggers, never decides.
    action("warn", S.WATCHING, S.WARNING, by_system=True),
    action("trigger", (S.WATCHING, S.WARNING), S.TRIGGERED, by_system=True),
    action("choose", (S.TRIGGERED, S.USER_CHOSE), S.USER_CHOSE, "case.record_choice"),
    action("approve", S.USER_CHOSE, S.APPROVED, "case.approve", not_by=("chosen_by_id",)),
    action("refuse", S.USER_CHOSE, S.TRIGGERED, "case.approve"),
    action("carry_out", S.APPROVED, S.CARRIED_OUT, "case.carry_out"),
    action("recover", S.CARRIED_OUT, S.RECOVERED, "case.carry_out"),
    action("drop", (S.WATCHING, S.WARNING, S.TRIGGERED), S.DROPPED, "case.drop"),
)
OPEN_CASES = (S.WATCHING, S.WARNING, S.TRIGGERED, S.USER_CHOSE, S.APPROVED)


class Remedy(models.TextChoices):
    """What the user chose."""

    REPAIR = "repair", pgettext_lazy("remedy", "Repair")
    REPLACE_PART = "replace_part", pgettext_lazy("remedy", "New part")
    REPLACE = "replace", pgettext_lazy("remedy", "Another machine")
    RETURN = "return", pgettext_lazy("remedy", "Money back")


class SpotCheckState(models.TextChoices):
    DRAWN = "drawn", pgettext_lazy("spot check", "Papers asked for")
    PAPERS_IN = "papers_in", pgettext_lazy("spot check", "Papers are in")
    DECIDED = "decided", pgettext_lazy("spot check", "Decided")


SPOT_CHECK_ACTIONS = Actions(
    action(
        "hand_in",
        SpotCheckState.DRAWN,
        SpotCheckState.PAPERS_IN,
        "spot_check.answer",
        by_system=True,
    ),
    action(
        "decide",
        (SpotCheckState.DRAWN, SpotCheckState.PAPERS_IN),
        SpotCheckState.DECIDED,
        "spot_check.decide",
    ),
)


class Verdict(models.TextChoices):
    PENDING = "", pgettext_lazy("spot check", "Open")
    INSIDE = "inside", pgettext_lazy("spot check", "In order")
    OUTSIDE = "outside", pgettext_lazy("spot check", "Outside the scope")
    NO_PAPERS = "no_papers", pgettext_lazy("spot check", "Papers missing")
    FRAUD = "fraud", pgettext_lazy("spot check", "Fraud")


class RecoveryState(models.TextChoices):
    FOUND = "found", pgettext_lazy("recovery", "Found")
    CLAIMED = "claimed", pgettext_lazy("recovery", "Claimed")
    ACCEPTED = "accepted", pgettext_lazy("recovery", "Accepted")
    PARTLY = "partly", pgettext_lazy("recovery", "Partly accepted")
    REFUSED = "refused", pgettext_lazy("recovery", "Refused")
    DEBITED = "debited", pgettext_lazy("recovery", "Debited")
    PARTS_SENT = "parts_sent", pgettext_lazy("recovery", "Parts sent instead")
    CLOSED = "closed", pgettext_lazy("recovery", "Closed")


R = RecoveryState
RECOVERY_ACTIONS = Actions(
    action("claim", R.FOUND, R.CLAIMED, "recovery.edit"),
    action("accept", R.CLAIMED, R.ACCEPTED, "recovery.edit"),
    action("accept_partly", R.CLAIMED, R.PARTLY, "recovery.edit"),
    action("refuse", R.CLAIMED, R.REFUSED, "recovery.edit"),
    action("debit", (R.ACCEPTED, R.PARTLY), R.DEBITED, "recovery.debit", not_by=("claimed_by_id",)),
    action("take_parts", (R.ACCEPTED, R.PARTLY), R.PARTS_SENT, "recovery.edit"),
    action("close", (R.FOUND, R.REFUSED, R.DEBITED, R.PARTS_SENT), R.CLOSED, "recovery.edit"),
)
