"""Calendars, policies and the clocks that run by them; knows no ticket, only a subject."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.base import TenantModel
from core.fields import TenantForeignKey
from core.history import history
from core.states import guard
from sla.states import (
    CLOCK_MOVES,
    STEP_MOVES,
    ClockState,
    HolderKind,
    PauseReason,
    Promise,
    StepAction,
    StepState,
)


class Calendar(TenantModel):
    """Which hours count: weekly windows in a zone, with holidays and make-up workdays (R-016)."""

    dealer_wall: ClassVar[str] = "open"

    code = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    # {"0": [["08:00", "12:00"], ["13:30", "17:30"]], …}: weekday (Monday 0) to windows.
    windows = models.JSONField(_("windows"), default=dict)
    is_default = models.BooleanField(default=False)
    # Empty: holidays do not matter here (a line that is open every day of the year).
    known_through = models.DateField(_("holidays known through"), null=True)
    # Another one after every change of hours or days: what is kept in memory goes by it.
    edition = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="calendar_code_once"),
            models.UniqueConstraint(
                fields=["tenant"],
                condition=Q(is_default=True),
                name="one_default_calendar",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DayKind(models.TextChoices):
    HOLIDAY = "holiday", _("Holiday")
    MAKEUP = "makeup", _("Make-up workday")


class CalendarDay(TenantModel):
    """A day that differs from its week, with its source."""

    dealer_wall: ClassVar[str] = "open"

    calendar = TenantForeignKey(Calendar, models.CASCADE, related_name="days")
    on = models.DateField(_("day"))
    kind = models.CharField(max_length=10, choices=DayKind)
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "calendar", "on"],
                name="a_calendar_says_one_thing_per_day",
            )
        ]


@history()
class Policy(TenantModel):
    """Promised times for the tickets that its conditions catch; the first that fits counts."""

    dealer_wall: ClassVar[str] = "open"

    code = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("order"))
    # {"kind": ["repair"], "urgency": ["urgent"]}: every named fact must be one of the listed.
    conditions = models.JSONField(_("conditions"), default=dict)
    calendar = TenantForeignKey(Calendar, models.PROTECT, related_name="policies")
    is_active = models.BooleanField(default=True)
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="policy_code_once")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Target(TenantModel):
    """How long one promise of a policy may take, and the ladder behind it."""

    dealer_wall: ClassVar[str] = "open"

    policy = TenantForeignKey(Policy, models.CASCADE, related_name="targets")
    promise = models.CharField(max_length=20, choices=Promise)
    minutes = models.PositiveIntegerField(_("minutes"))
    warn_percent = models.PositiveSmallIntegerField(_("remind at %"), default=75)
    # [{"after": 0, "role": "supervisor"}, {"after": 60, "role": "manager"}]: working minutes
    # after the due time, and the role told then.
    ladder = models.JSONField(_("ladder"), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "policy", "promise"], name="one_target_per_promise"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="a_target_has_minutes"),
            models.CheckConstraint(
                condition=Q(warn_percent__gt=0, warn_percent__lt=100),
                name="a_reminder_comes_before_the_due_time",
            ),
        ]


class Clock(TenantModel):
    """One running promise of one holder; due times can be rebuilt from it and its pauses."""

    dealer_wall: ClassVar[str] = "own:holder_dealer_id"

    subject = models.CharField(max_length=20)  # "ticket", "callback"
    subject_id = models.BigIntegerField()
    subject_number = models.CharField(max_length=30)
    promise = models.CharField(max_length=20, choices=Promise)
    holder_kind = models.CharField(max_length=12, choices=HolderKind)
    holder_dealer_id = models.BigIntegerField(null=True)
    holder_label = models.CharField(max_length=120)
    policy = TenantForeignKey(Policy, models.PROTECT, null=True, related_name="clocks")
    policy_version = models.PositiveSmallIntegerField(default=0)
    calendar = TenantForeignKey(Calendar, models.PROTECT, related_name="clocks")
    minutes = models.PositiveIntegerField()
    warn_percent = models.PositiveSmallIntegerField(default=75)
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ClockState, default=ClockState.RUNNING)
    missed_at = models.DateTimeField(null=True)
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
    def explanation_url(self) -> str:
        """Where it is told how the due time came about."""
        return reverse("sla:explanation", args=[self.subject, self.subject_number, self.promise])

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


class Step(TenantModel):
    """One rung of a clock's ladder: reminder, breach, escalation (R-030); fires once."""

    clock = TenantForeignKey(Clock, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=10, choices=StepAction)
    role = models.CharField(max_length=20, blank=True)
    # Working minutes after the due time; reminders carry the percent of the clock instead.
    after_minutes = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=StepState, default=StepState.PLANNED)
    fired_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=120, blank=True)
    # An effect that raised leaves its step planned; it is tried again at `retry_at`.
    failures = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    told = models.JSONField(default=list)  # names of those told, as they were then
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
    )
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "clock", "position"], name="a_rung_stands_once"
            )
        ]
        indexes = [
            models.Index(fields=["at"], condition=Q(state="planned"), name="step_planned_by_time"),
            models.Index(
                fields=["tenant", "at"],
                condition=Q(state="planned"),
                name="step_planned_in_tenant",
            ),
        ]
        triggers = [guard("step_moves", STEP_MOVES)]

    @property
    def role_label(self) -> str:
        """The name of the role told, in the reader's language."""
        return str(Role(self.role).label) if self.role in Role.values else self.role
