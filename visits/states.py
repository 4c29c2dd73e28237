"""States of a trip to a machine and of a callback."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class VisitState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    ARRIVED = "arrived", _("On site")
    FINISHED = "finished", _("Finished")
    CANCELLED = "cancelled", _("Cancelled")


LIVE_VISIT = (VisitState.PLANNED, VisitState.ARRIVED)
# Why a visit was cancelled when no person gave a reason; else the state of its ticket.
REARRANGED = "rearranged"

VISIT_MOVES = {
    VisitState.PLANNED: {VisitState.ARRIVED, VisitState.FINISHED, VisitState.CANCELLED},
    VisitState.ARRIVED: {VisitState.FINISHED, VisitState.CANCELLED},
}


class CallbackState(models.TextChoices):
    SCHEDULED = "scheduled", _("To be called")
    DONE = "done", _("Called")
    GIVEN_UP = "given_up", _("Not reached")
    CANCELLED = "cancelled", _("Cancelled")


CALLBACK_MOVES = {
    CallbackState.SCHEDULED: {
        CallbackState.DONE,
        CallbackState.GIVEN_UP,
        CallbackState.CANCELLED,
    },
}


class AttemptOutcome(models.TextChoices):
    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    BUSY = "busy", _("Busy")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    LATER = "later", _("Asked to call later")
