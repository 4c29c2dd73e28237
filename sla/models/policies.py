"""What is promised to whom: policies, their dated versions and their targets (R-002, R-018)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.history import history
from sla.models.calendars import Calendar
from sla.states import Promise

# A version is final once the transaction that made it is over; what is not yet in force may
# still be withdrawn as a whole.
VERSION_STANDS = """
IF OLD.created_at >= transaction_timestamp() THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END IF;
IF TG_OP = 'DELETE' THEN
    IF OLD.valid_from > transaction_timestamp() THEN
        RETURN OLD;
    END IF;
ELSIF to_jsonb(OLD) - 'valid_to' = to_jsonb(NEW) - 'valid_to' THEN
    RETURN NEW;
END IF;
RAISE EXCEPTION 'a policy version never changes' USING ERRCODE = 'check_violation';
"""
VERSIONS_FOLLOW = """
IF EXISTS (
    SELECT 1 FROM sla_policyversion other
    WHERE other.tenant_id = NEW.tenant_id AND other.policy_id = NEW.policy_id
        AND other.id <> NEW.id
        AND tstzrange(other.valid_from, other.valid_to) && tstzrange(NEW.valid_from, NEW.valid_to)
) THEN
    RAISE EXCEPTION 'two versions of a policy are in force at once'
        USING ERRCODE = 'exclusion_violation';
END IF;
RETURN NULL;
"""
TARGETS_STAND = """
SELECT created_at, valid_from INTO made, begins FROM sla_policyversion
WHERE tenant_id = it.tenant_id AND id = it.version_id;
IF made < transaction_timestamp()
    AND NOT (TG_OP = 'DELETE' AND begins > transaction_timestamp()) THEN
    RAISE EXCEPTION 'the targets of a policy version never change'
        USING ERRCODE = 'check_violation';
END IF;
RETURN it;
"""
TARGET_ROW = [
    ("it", "sla_target"),
    ("made", "TIMESTAMPTZ"),
    ("begins", "TIMESTAMPTZ"),
]


@history()
class Policy(TenantModel):
    """Promised times under one code; what they are stands in its dated versions."""

    dealer_wall: ClassVar[str] = "open"

    code = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="policy_code_once")]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(TenantModel):
    """One edition of a policy, in force from an instant until the next; never changed (R-002)."""

    dealer_wall: ClassVar[str] = "open"

    policy = TenantForeignKey(Policy, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    valid_from = models.DateTimeField(_("in force from"))
    valid_to = models.DateTimeField(_("in force until"), null=True)
    position = models.PositiveSmallIntegerField(_("order"))
    # {"kind": ["repair"], "urgency": ["urgent"]}: every named fact must be one of the listed.
    conditions = models.JSONField(_("conditions"), default=dict)
    calendar = TenantForeignKey(Calendar, models.PROTECT, related_name="policies")
    is_active = models.BooleanField(default=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    author_label = models.CharField(_("author"), max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "policy", "number"], name="a_policy_counts_its_versions"
            ),
            models.UniqueConstraint(
                fields=["tenant", "policy"],
                condition=Q(valid_to=None),
                name="one_open_version_per_policy",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="a_version_ends_after_its_start",
            ),
        ]
        ordering = ["position", "policy_id", "-number"]
        triggers = [
            pgtrigger.Trigger(
                name="a_version_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=VERSION_STANDS,
            ),
            pgtrigger.Trigger(
                name="versions_follow_each_other",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=VERSIONS_FOLLOW,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy.name} {self.number}"

    def is_in_force(self, at: datetime) -> bool:
        """Whether clocks that start at that instant ask it."""
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


class Target(TenantModel):
    """How long one promise of a version may take, and the ladder around its due time."""

    dealer_wall: ClassVar[str] = "open"

    version = TenantForeignKey(PolicyVersion, models.CASCADE, related_name="targets")
    promise = models.CharField(max_length=20, choices=Promise)
    minutes = models.PositiveIntegerField(_("minutes"))
    # Where this promise counts other hours than the version does; empty: the version's.
    calendar = TenantForeignKey(Calendar, models.PROTECT, null=True, related_name="targets")
    warn_percent = models.PositiveSmallIntegerField(_("remind at %"), default=75)
    # [{"after": -30, "action": "remind"}, {"percent": 50, "action": "webhook", "webhook": "erp"},
    # {"after": 0, "action": "escalate", "role": "supervisor"}]: working minutes after the due
    # time (negative: before it) or percent of the target; without an action it is escalated.
    ladder = models.JSONField(_("ladder"), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "version", "promise"], name="one_target_per_promise"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="a_target_has_minutes"),
            models.CheckConstraint(
                condition=Q(warn_percent__gt=0, warn_percent__lt=100),
                name="a_reminder_comes_before_the_due_time",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="targets_stand",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=TARGET_ROW,
                func="it := NEW;" + TARGETS_STAND,
            ),
            pgtrigger.Trigger(
                name="targets_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                declare=TARGET_ROW,
                func="it := OLD;" + TARGETS_STAND,
            ),
        ]

    @property
    def hours(self) -> Calendar:
        """The calendar whose hours the target counts."""
        return self.calendar or self.version.calendar
