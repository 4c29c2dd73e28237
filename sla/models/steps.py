"""The ladder of a clock: what happens before and after its due time (R-030)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.roles import Role
from core.base import TenantModel
from core.fields import TenantForeignKey
from core.states import guard
from sla.models.clocks import Clock
from sla.reasons import reason_in_words
from sla.states import STEP_MOVES, StepAction, StepState


class Step(TenantModel):
    """One rung of a clock's ladder: reminder, breach, escalation (R-030); fires once."""

    clock = TenantForeignKey(Clock, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=10, choices=StepAction)
    role = models.CharField(max_length=20, blank=True)
    # Working minutes after the due time (negative: before it), or the percent of the target.
    after_minutes = models.IntegerField(default=0)
    percent = models.PositiveSmallIntegerField(null=True)
    webhook = models.CharField(max_length=40, blank=True)  # the code of the one to call
    # Beside the ladder: a wait should be over by now (`Pause.until`), and the clock stands still.
    is_wait = models.BooleanField(default=False)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=StepState, default=StepState.PLANNED)
    fired_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=120, blank=True)
    # An effect that raised leaves its step planned; it is tried again at `retry_at`.
    failures = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    told = models.JSONField(default=list)  # names of those told, as they were then
    told_ids = models.JSONField(default=list)  # the same people: each may acknowledge
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
            # The ladder of all clocks, newest first.
            models.Index(
                fields=["tenant", "-at", "-id"],
                condition=~Q(action__in=["warn", "breach"]),
                name="step_of_ladder_by_time",
            ),
        ]
        triggers = [guard("step_moves", STEP_MOVES)]

    @property
    def reason_label(self) -> str:
        """Why it did not fire, in the reader's language."""
        return reason_in_words(self.reason)

    @property
    def role_label(self) -> str:
        """The name of the role told, in the reader's language."""
        return str(Role(self.role).label) if self.role in Role.values else self.role
