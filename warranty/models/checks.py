"""The checks as data, each run of them kept, and the reasons that a cut may have."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.guards import append_only
from core.history import history
from dealers.models import DealerLevel
from warranty.models.claims import ClaimLine, ClaimVersion
from warranty.states.claims import Outcome, ReviewerRole


class CutReason(TenantModel):
    """Why less is approved than claimed: one code and sentence, the same for every dealer."""

    dealer_wall: ClassVar[str] = "open"

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("reason"), max_length=120)
    name_en = models.CharField(_("English reason"), max_length=120, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="cut_reason_code_once")
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


@history()
class CheckRule(TenantModel):
    """One row of the check table, in force from a day: question, figures, outcome (K01–K22)."""

    dealer_wall: ClassVar[str] = "none"

    code = models.CharField(_("check"), max_length=10)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("order"))
    question = models.CharField(_("question"), max_length=200)
    question_en = models.CharField(_("English question"), max_length=200, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome)
    # What it is when the exception applies: a waiver, a late reason, Goodwill asked.
    softened = models.CharField(_("with an exception"), max_length=8, choices=Outcome, blank=True)
    level = models.PositiveSmallIntegerField(_("review level"), default=1)
    parameters = models.JSONField(_("figures"), default=dict, blank=True)
    reason = TenantForeignKey(CutReason, models.PROTECT, null=True, related_name="+")
    # Empty: dealers of every grade.
    dealer_level = TenantForeignKey(DealerLevel, models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "code", "from_on", "dealer_level"],
                nulls_distinct=False,
                name="check_rule_once_per_day",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="check_rule_ends_after_its_beginning",
            ),
        ]
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class ReviewLevel(TenantModel):
    """Who decides up to which amount; the highest level has no limit."""

    dealer_wall: ClassVar[str] = "none"

    level = models.PositiveSmallIntegerField(_("level"))
    role = models.CharField(_("decided by"), max_length=20, choices=ReviewerRole)
    up_to_cents = models.BigIntegerField(_("up to"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "level"], name="review_level_once"),
            models.CheckConstraint(condition=Q(level__gte=1), name="review_levels_count_from_one"),
        ]
        ordering = ["level"]


class CheckRun(TenantModel):
    """The checks run on one version: what came out, and by which rules (校验)."""

    dealer_wall: ClassVar[str] = "with:version"

    version = TenantForeignKey(ClaimVersion, models.PROTECT, related_name="check_runs")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    level = models.PositiveSmallIntegerField(default=0)
    # The facts asked and the rules that asked them, so that the run can be repeated.
    facts = models.JSONField()
    rules = models.JSONField()

    class Meta:
        constraints = [*append_only("warranty_checkrun")]
        ordering = ["-id"]


class CheckResult(TenantModel):
    """One rule's finding, about the claim or one of its lines (校验结果)."""

    dealer_wall: ClassVar[str] = "with:run"

    run = TenantForeignKey(CheckRun, models.PROTECT, related_name="results")
    code = models.CharField(max_length=10)
    outcome = models.CharField(max_length=8, choices=Outcome)
    line = TenantForeignKey(ClaimLine, models.PROTECT, null=True, related_name="+")
    # Name and values of the sentence; the reader's language makes the words.
    finding = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    is_risk = models.BooleanField(default=False)

    class Meta:
        constraints = [*append_only("warranty_checkresult")]
        ordering = ["id"]
