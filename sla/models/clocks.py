"""The running promises and where they stood still (R-029)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.states import guard
from sla.models.calendars import Calendar
from sla.models.policies import Policy, PolicyVersion
from sla.states import CLOCK_MOVES, ClockState, HolderKind, PauseReason, Promise


class Clock(TenantModel):
    """One running promise of one holder; due times can be rebuilt from it and its pauses."""

    dealer_wall: ClassVar[str] = "own:holder_dealer_id"

    subject = models.CharField(max_length=20)  # "ticket", "callback", "machine"
    subject_id = models.BigIntegerField()
    subject_number = models.CharField(max_length=40)
    promise = models.CharField(max_length=20, choices=Promise)
    holder_kind = models.CharField(max_length=12, choices=HolderKind)
    holder_dealer_id = models.BigIntegerField(null=True)
    holder_label = models.CharField(max_length=120)
    # The customer's own clock, which runs through all hands (see `Hand`).
    is_through = models.BooleanField(default=False)
    version = TenantForeignKey(PolicyVersion, models.PROTECT, null=True, related_name="clocks")
    calendar = TenantForeignKey(Calendar, models.PROTECT, related_name="clocks")
    # Changes of the calendar's hours that were decided later do not count; empty: after its start.
    hours_as_of = models.DateTimeField(null=True)
    minutes = models.PositiveIntegerField()
    warn_percent = models.PositiveSmallIntegerField(default=75)
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_provisional = models.BooleanField(default=False)
    # A later due time that the customer agreed to beforehand; see `Delay`.
    agreed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=ClockState, default=ClockState.RUNNING)
    missed_at = models.DateTimeField(null=True)
    # Whose time it was when the due time passed.
    missed_kind = models.CharField(max_length=12, choices=HolderKind, blank=True)
    missed_dealer_id = models.BigIntegerField(null=True)
    missed_label = models.CharField(max_length=120, blank=True)
    # Somebody up the ladder took it on: nobody further up is told.
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_label = models.CharField(max_length=120, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject", "subject_id", "promise"],
                condition=Q(state__in=["running", "paused"]),
                name="one_live_clock_per_promise",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("started_at")),
                name="a_clock_is_due_after_its_start",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "subject", "subject_id"], name="clock_of_subject"),
            models.Index(
                fields=["tenant", "due_at"],
                condition=Q(state="running"),
                name="clock_running_by_due",
            ),
            # Covers the shares of kept promises on the manager's page.
            models.Index(
                fields=["tenant", "promise", "started_at"],
                include=["state", "missed_at", "holder_dealer_id", "minutes"],
                name="clock_figures",
            ),
        ]
        triggers = [guard("clock_moves", CLOCK_MOVES)]

    def __str__(self) -> str:
        return f"{self.subject_number} {self.promise}"

    @property
    def name(self) -> str:
        return str(self.get_promise_display())

    @property
    def policy(self) -> Policy | None:
        return self.version.policy if self.version else None

    @property
    def policy_version(self) -> int:
        """The number of the version it was promised by; 0 when no policy did."""
        return self.version.number if self.version else 0

    @property
    def explanation_url(self) -> str:
        """Where it is told how the due time came about."""
        return reverse("sla:explanation", args=[self.subject, self.subject_number, self.promise])

    @property
    def acknowledge_url(self) -> str:
        """Where somebody up the ladder says that he takes it on."""
        return reverse("sla:acknowledge", args=[self.subject, self.subject_number, self.promise])

    @property
    def is_live(self) -> bool:
        return self.state in (ClockState.RUNNING, ClockState.PAUSED)

    @property
    def was_late(self) -> bool:
        return self.missed_at is not None

    def is_late(self, at: datetime) -> bool:
        return self.state == ClockState.RUNNING and self.due_at <= at


class Pause(TenantModel):
    """An interval in which a clock stands still, with its reason."""

    dealer_wall: ClassVar[str] = "with:clock"

    clock = TenantForeignKey(Clock, models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=20, choices=PauseReason)
    note = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)  # when the wait is expected to be over

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "clock"],
                condition=Q(ended_at=None),
                name="a_clock_pauses_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="a_pause_ends_after_its_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "until"],
                condition=Q(ended_at=None, until__isnull=False),
                name="wait_by_its_end",
            )
        ]


class Hand(TenantModel):
    """Who held a clock that runs through all hands, and from when to when."""

    dealer_wall: ClassVar[str] = "own:holder_dealer_id"

    clock = TenantForeignKey(Clock, models.CASCADE, related_name="hands")
    holder_kind = models.CharField(max_length=12, choices=HolderKind)
    holder_dealer_id = models.BigIntegerField(null=True)
    holder_label = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "clock"],
                condition=Q(ended_at=None),
                name="a_clock_is_in_one_hand_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="a_hand_lets_go_after_it_took",
            ),
        ]


class Delay(TenantModel):
    """A later due time, told to the customer before the first one passed (R-028)."""

    dealer_wall: ClassVar[str] = "with:clock"

    clock = TenantForeignKey(Clock, models.CASCADE, related_name="delays")
    cause = models.CharField(max_length=200)
    consent = models.CharField(max_length=200)
    previous_due_at = models.DateTimeField()
    agreed_due_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_label = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_due_at__gt=F("previous_due_at")),
                name="a_delay_moves_the_due_time_on",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__lte=F("previous_due_at")),
                name="a_delay_is_told_beforehand",
            ),
        ]
