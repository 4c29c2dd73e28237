"""States of a running promise and of a rung of its ladder."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClockState(models.TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Kept")
    CANCELLED = "cancelled", _("Cancelled")


LIVE = (ClockState.RUNNING, ClockState.PAUSED)

# A breach is a mark (`missed_at`) beside the state: a late promise still waits to be kept.
CLOCK_MOVES = {
    ClockState.RUNNING: {ClockState.PAUSED, ClockState.MET, ClockState.CANCELLED},
    ClockState.PAUSED: {ClockState.RUNNING, ClockState.MET, ClockState.CANCELLED},
}


class StepState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("On hold")
    FIRED = "fired", _("Fired")
    SUPPRESSED = "suppressed", _("Suppressed")
    CANCELLED = "cancelled", _("Cancelled")


# A pause holds the steps that lie ahead: what is not planned cannot fire.
STEP_MOVES = {
    StepState.PLANNED: {
        StepState.HELD,
        StepState.FIRED,
        StepState.SUPPRESSED,
        StepState.CANCELLED,
    },
    StepState.HELD: {StepState.PLANNED, StepState.SUPPRESSED, StepState.CANCELLED},
}


class Promise(models.TextChoices):
    """What is promised; one clock each (R-019 to R-027)."""

    DISPATCH = "dispatch", _("Dispatch")
    ARRANGE = "arrange", _("Arrangement")
    CHECK = "check", _("Supervision check")
    FIRST_ANSWER = "first_answer", _("First answer")
    ACKNOWLEDGE = "acknowledge", _("Acknowledgement by management")
    ARRIVAL = "arrival", _("Arrival")
    REPAIR = "repair", _("Repair on site")
    PARTS = "parts", _("Parts in house")
    COMPLAINT_ANSWER = "complaint_answer", _("Answer to a complaint")
    OPINION = "opinion", _("Opinion on a complaint")
    SOLUTION = "solution", _("Solution")
    CALLBACK = "callback", _("Callback")
    RECEIPT_CARD = "receipt_card", _("Receipt card")


class HolderKind(models.TextChoices):
    """Whose time runs."""

    DESK = "desk", _("Service desk")
    DEALER = "dealer", _("Dealer")
    TECHNICAL = "technical", _("Technical department")
    SALES = "sales", _("Sales representative")
    TECHNICIAN = "technician", _("Technician")
    PARTS = "parts", _("Parts supply")
    MANAGEMENT = "management", _("Management")


class StepAction(models.TextChoices):
    WARN = "warn", _("Remind the holder")
    BREACH = "breach", _("Mark as late")
    ESCALATE = "escalate", _("Escalate")
    REMIND = "remind", _("Remind the holder again")
    REASSIGN = "reassign", _("Take back and offer to the next")
    RAISE = "raise", _("Raise the urgency")
    WEBHOOK = "webhook", _("Call a webhook")


class PauseReason(models.TextChoices):
    CUSTOMER = "customer", _("Waiting for the customer")
    PARTS = "parts", _("Waiting for parts")
    WEATHER = "weather", _("Weather or field not passable")
    DELAY_AGREED = "delay_agreed", _("Delay agreed with the customer")
    APPRAISAL = "appraisal", _("Waiting for the appraisal")
    SEASON = "season", _("Busy season")


class DifferenceKind(models.TextChoices):
    """What the nightly proof found otherwise than it should be."""

    WARN_AT = "warn_at", _("Reminder at another time")
    DUE_AT = "due_at", _("Due at another time")
    STEPS = "steps", _("A step is planned at another time")
    NOT_MARKED = "not_marked", _("Late, but not marked as late")
    NOT_FIRED = "not_fired", _("A due step has not fired")
    UNCOUNTABLE = "uncountable", _("The calendar gives no due time any more")
