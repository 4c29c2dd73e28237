"""Coverage (质保范围): a machine's frozen copy of its plan, and what moved its dates (R-067)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.guards import Guard, append_only, refuse
from machines.models.machines import Machine
from machines.models.plans import Layer, UseUnit, percent_field
from machines.models.registrations import Registration

DATES = "ARRAY['ends_on', 'labour_ends_on', 'travel_ends_on', 'legal_ends_on']"

MOVES_WITH_AN_EVENT = f"""
IF TG_OP = 'DELETE' THEN
    {refuse("coverage_is_kept", "coverage is never deleted")}
END IF;
IF to_jsonb(OLD) - {DATES} <> to_jsonb(NEW) - {DATES} THEN
    {refuse("coverage_is_frozen", "coverage is a snapshot: only its last days move")}
END IF;
IF NOT EXISTS (SELECT FROM machines_coverageevent event
               WHERE event.tenant_id = OLD.tenant_id AND event.coverage_id = OLD.id
               AND event.ends_before = OLD.ends_on AND event.ends_after = NEW.ends_on) THEN
    {refuse("coverage_moves_by_events", "a last day moves only with an event that says why")}
END IF;
RETURN NEW;
"""


class Coverage(TenantModel):
    """One layer or component of one machine, covered from a day through a last day.

    A snapshot: later plans change nothing. The last days move only by a CoverageEvent.
    """

    dealer_wall: ClassVar[str] = "with:machine"

    machine = TenantForeignKey(Machine, models.PROTECT, related_name="coverage")
    registration = TenantForeignKey(
        Registration, models.PROTECT, null=True, related_name="coverage"
    )
    layer = models.CharField(_("layer"), max_length=5, choices=Layer)
    component = models.CharField(_("component"), max_length=60, blank=True)
    serial_number = models.CharField(_("serial number"), max_length=40, blank=True)
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    labour_ends_on = models.DateField(_("labour until"), null=True, blank=True)
    travel_ends_on = models.DateField(_("travel until"), null=True, blank=True)
    use_limit = models.PositiveIntegerField(_("use limit"), null=True, blank=True)
    use_unit = models.CharField(_("measured in"), max_length=5, choices=UseUnit, blank=True)
    parts_percent = percent_field(_("parts, %"))
    labour_percent = percent_field(_("labour, %"))
    travel_percent = percent_field(_("travel, %"))
    legal_ends_on = models.DateField(_("legal floor until"), null=True, blank=True)
    legal_use_limit = models.PositiveIntegerField(_("legal use limit"), null=True, blank=True)
    tiers = models.JSONField(default=list, blank=True)
    source_kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "source_kind", "source_id", "layer", "component"],
                name="coverage_once_per_source",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="coverage_ends_after_its_start"
            ),
            Guard(
                name="coverage_moves_by_events",
                at="BEFORE UPDATE OR DELETE",
                body=MOVES_WITH_AN_EVENT,
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "machine", "ends_on"], name="coverage_of_machine")
        ]

    def __str__(self) -> str:
        return f"{self.get_layer_display()} {self.component}".strip()


class CoverageEventKind(models.TextChoices):
    """Why a last day moved."""

    STOPPED_DAYS = "stopped_days", _("Days out of use in repair")
    REPLACED = "replaced", _("Part or machine replaced")
    WAIVER = "waiver", _("Waiver")
    BOUGHT = "bought", _("Extension bought")
    CORRECTION = "correction", _("Correction")


class CoverageEvent(TenantModel):
    """What moved a last day: reason, document and person. Rows stay as they are."""

    dealer_wall: ClassVar[str] = "with:coverage"

    coverage = TenantForeignKey(Coverage, models.PROTECT, related_name="events")
    kind = models.CharField(_("kind"), max_length=12, choices=CoverageEventKind)
    days = models.IntegerField(_("days"))
    ends_before = models.DateField(_("ended on"))
    ends_after = models.DateField(_("ends on"))
    reason = models.TextField(_("reason"))
    document = models.CharField(_("document"), max_length=120, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    by_label = models.CharField(max_length=120)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="coverage_moves_with_a_reason"),
            *append_only("machines_coverageevent"),
        ]
