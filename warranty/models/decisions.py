"""Adjudications (索赔审核) with their line decisions, and appeals (申诉). Never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.guards import append_only
from warranty.models.checks import CutReason
from warranty.models.claims import Claim, ClaimLine, ClaimVersion
from warranty.models.people import label, person
from warranty.states.claims import AdjudicationKind, LineOutcome


class Adjudication(TenantModel):
    """One review of one version; the newest is in force."""

    dealer_wall: ClassVar[str] = "with:claim"

    claim = TenantForeignKey(Claim, models.PROTECT, related_name="adjudications")
    version = TenantForeignKey(ClaimVersion, models.PROTECT, related_name="adjudications")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=AdjudicationKind)
    level = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    by = person()
    by_label = label()
    words = models.TextField(_("words to the dealer"), blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "claim", "number"], name="adjudication_once"),
            *append_only("warranty_adjudication"),
        ]
        ordering = ["number"]


class LineDecision(TenantModel):
    """What is approved of one line, and for a cut its reason in words (明细结论)."""

    dealer_wall: ClassVar[str] = "with:adjudication"

    adjudication = TenantForeignKey(Adjudication, models.PROTECT, related_name="decisions")
    line = TenantForeignKey(ClaimLine, models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("decision"), max_length=8, choices=LineOutcome)
    approved_cents = models.BigIntegerField(_("approved"))
    reason = TenantForeignKey(CutReason, models.PROTECT, null=True, related_name="+")
    words = models.CharField(_("in words"), max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "adjudication", "line"], name="line_decided_once_per_review"
            ),
            models.CheckConstraint(
                condition=Q(approved_cents__gte=0)
                & (Q(outcome=LineOutcome.APPROVE) | (Q(reason__isnull=False) & ~Q(words="")))
                & (~Q(outcome=LineOutcome.REJECT) | Q(approved_cents=0)),
                name="a_cut_has_reason_and_words",
            ),
            *append_only("warranty_linedecision"),
        ]
        ordering = ["id"]


class Appeal(TenantModel):
    """The dealer asks a second person about lines that were cut, once each."""

    dealer_wall: ClassVar[str] = "with:claim"

    claim = TenantForeignKey(Claim, models.PROTECT, related_name="appeals")
    adjudication = TenantForeignKey(Adjudication, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = person()
    by_label = label()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "adjudication"], name="appealed_once"),
            *append_only("warranty_appeal"),
        ]


class AppealLine(TenantModel):
    dealer_wall: ClassVar[str] = "with:appeal"

    appeal = TenantForeignKey(Appeal, models.PROTECT, related_name="lines")
    line = TenantForeignKey(ClaimLine, models.PROTECT, related_name="+")
    words = models.TextField(_("why"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "line"], name="line_appealed_once"),
            models.CheckConstraint(condition=~Q(words=""), name="appeal_says_why"),
            *append_only("warranty_appealline"),
        ]
