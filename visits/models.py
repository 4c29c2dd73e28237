"""Trips to machines, and the calls after the work."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.phones import display
from core.states import guard
from dealers.models import Dealer
from tickets.models import Ticket
from tickets.states import TicketState
from visits.states import (
    CALLBACK_MOVES,
    LIVE_VISIT,
    REARRANGED,
    VISIT_MOVES,
    AttemptOutcome,
    CallbackState,
    VisitState,
)


class Visit(TenantModel):
    """One trip to a machine (R-117)."""

    dealer_wall: ClassVar[str] = "own:dealer"

    number = models.CharField(_("visit number"), max_length=30)
    ticket = TenantForeignKey(Ticket, models.PROTECT, related_name="visits")
    dealer = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="+")
    technician_name = models.CharField(_("technician"), max_length=80)
    technician_phone = models.CharField(_("technician's telephone"), max_length=20, blank=True)
    technician = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
    )
    planned_at = models.DateTimeField(_("planned for"))
    arrived_at = models.DateTimeField(_("arrived at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    state = models.CharField(max_length=10, choices=VisitState, default=VisitState.PLANNED)
    result = models.TextField(_("result"), blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="visit_number_once"),
            models.UniqueConstraint(
                fields=["tenant", "ticket"],
                condition=Q(state__in=["planned", "arrived"]),
                name="one_live_visit_per_ticket",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None)
                | Q(arrived_at=None)
                | Q(finished_at__gte=F("arrived_at")),
                name="a_visit_ends_after_its_arrival",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "planned_at"], name="visit_by_day")]
        triggers = [guard("visit_moves", VISIT_MOVES)]

    def __str__(self) -> str:
        return self.number

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_VISIT

    @property
    def shown_phone(self) -> str:
        return display(self.technician_phone)

    @property
    def reason_said(self) -> str:
        """Why it was cancelled: a person's words, or what became of the ticket."""
        if self.cancel_reason == REARRANGED:
            return str(_("Arranged anew"))
        if self.cancel_reason in TicketState.values:
            return str(TicketState(self.cancel_reason).label)
        return self.cancel_reason


class Callback(TenantModel):
    """A call to the customer after the work: due, attempts, score (R-126, R-129, R-131)."""

    number = models.CharField(_("callback number"), max_length=30)
    ticket = TenantForeignKey(Ticket, models.PROTECT, related_name="callbacks")
    # The dealer whose work is asked about, as it was when the work was done.
    dealer = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=CallbackState, default=CallbackState.SCHEDULED)
    due_at = models.DateTimeField(_("due from"))
    late_at = models.DateTimeField(_("late after"))
    next_attempt_at = models.DateTimeField(_("next attempt"))
    attempt_count = models.PositiveSmallIntegerField(default=0)
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    opinion = models.TextField(_("customer's words"), blank=True)
    is_resolved = models.BooleanField(_("the problem is solved"), null=True)
    called_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="callback_number_once"),
            models.UniqueConstraint(
                fields=["tenant", "ticket"],
                condition=Q(state="scheduled"),
                name="one_open_callback_per_ticket",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=1, score__lte=5),
                name="a_score_is_one_to_five",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "next_attempt_at"],
                condition=Q(state="scheduled"),
                name="callback_queue",
            ),
            models.Index(fields=["tenant", "called_at"], name="callback_by_day"),
            # Covers the manager's figures.
            models.Index(
                fields=["tenant", "due_at"],
                include=["dealer", "state", "score", "id"],
                name="callback_figures",
            ),
        ]
        triggers = [guard("callback_moves", CALLBACK_MOVES)]

    def __str__(self) -> str:
        return self.number


class CallbackAttempt(TenantModel):
    """One attempt to reach the customer."""

    callback = TenantForeignKey(Callback, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.CharField(_("outcome"), max_length=14, choices=AttemptOutcome)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
    )
    by_label = models.CharField(max_length=120)
