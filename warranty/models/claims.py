"""Claim (质保索赔单): header, immutable versions, and lines with claimed and computed money."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.guards import append_only
from core.states import guard
from dealers.models import Dealer
from machines.models import Coverage, Customer, Machine
from parts.models import Gate, LabourOperation, Part
from tickets.models import Ticket
from warranty.models.cases import StatutoryCase
from warranty.models.people import label, person
from warranty.models.reports import WorkReport, WorkReportLabour, WorkReportPart
from warranty.states.claims import (
    CLAIM_ACTIONS,
    PRE_AUTHORISATION_ACTIONS,
    ClaimState,
    ClaimType,
    LineKind,
    PreAuthorisationState,
)
from warranty.states.reports import PartSource


class PreAuthorisation(TenantModel):
    """Consent before the work: what, up to how much, until when (预授权)."""

    dealer_wall: ClassVar[str] = "own:dealer"

    number = models.CharField(_("number"), max_length=30)
    dealer = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="+")
    machine = TenantForeignKey(Machine, models.PROTECT, related_name="+")
    ticket = TenantForeignKey(Ticket, models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=PreAuthorisationState,
        default=PreAuthorisationState.DRAFT,
    )
    asked_for = models.TextField(_("what is asked for, and why"))
    # Numbers of parts and codes of operations; empty: whatever the job needs within the limit.
    part_numbers = models.JSONField(_("parts"), default=list, blank=True)
    operation_codes = models.JSONField(_("operations"), default=list, blank=True)
    asked_cents = models.BigIntegerField(_("amount asked for"))
    limit_cents = models.BigIntegerField(_("limit"), null=True)
    expires_on = models.DateField(_("expires on"), null=True)
    is_goodwill = models.BooleanField(_("goodwill outside coverage"), default=False)
    factory_percent = models.DecimalField(
        _("factory's share, %"), max_digits=5, decimal_places=2, default=100
    )
    dealer_percent = models.DecimalField(
        _("dealer's share, %"), max_digits=5, decimal_places=2, default=0
    )
    user_percent = models.DecimalField(
        _("user's share, %"), max_digits=5, decimal_places=2, default=0
    )
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    created_by = person()
    created_label = label()
    created_at = models.DateTimeField(auto_now_add=True)
    decided_by = person()
    decided_label = label()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="preauthorisation_once"),
            models.CheckConstraint(
                condition=Q(asked_cents__gt=0) & (Q(limit_cents=None) | Q(limit_cents__gte=0)),
                name="preauthorisation_has_a_limit",
            ),
            models.CheckConstraint(
                condition=Q(
                    factory_percent=100 - F("dealer_percent") - F("user_percent"),
                    factory_percent__gte=0,
                    dealer_percent__gte=0,
                    user_percent__gte=0,
                ),
                name="preauthorisation_shares_make_the_whole",
            ),
        ]
        triggers = [guard("preauthorisation_moves", PRE_AUTHORISATION_ACTIONS.moves())]

    def __str__(self) -> str:
        return self.number


class Claim(TenantModel):
    """The dealer's bill for one job; `dealer` and `payee` are null for the company's own people.

    What was typed but not yet filed stands in `draft`; every filing is a ClaimVersion.
    """

    dealer_wall: ClassVar[str] = "own:dealer"

    number = models.CharField(_("claim number"), max_length=30)
    type = models.CharField(_("type"), max_length=14, choices=ClaimType, default=ClaimType.REPAIR)
    state = models.CharField(
        _("state"), max_length=14, choices=ClaimState, default=ClaimState.DRAFT
    )
    dealer = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="claims")
    # The level-1 dealer on whose account the money goes.
    payee = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="+")
    machine = TenantForeignKey(Machine, models.PROTECT, related_name="claims")
    customer = TenantForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    ticket = TenantForeignKey(Ticket, models.PROTECT, null=True, related_name="claims")
    report = TenantForeignKey(WorkReport, models.PROTECT, null=True, related_name="claims")
    pre_authorisation = TenantForeignKey(
        PreAuthorisation, models.PROTECT, null=True, related_name="claims"
    )
    statutory_case = TenantForeignKey(
        StatutoryCase, models.PROTECT, null=True, related_name="claims"
    )
    draft = models.JSONField(default=dict, blank=True)
    late_reason = models.CharField(_("why it is late"), max_length=400, blank=True)
    goodwill_reason = models.CharField(_("why goodwill is asked"), max_length=400, blank=True)
    # The day the repair ended: limits, prices and rates hang on it.
    repaired_on = models.DateField(_("repaired on"))
    file_by = models.DateField(_("to be filed by"))
    version_count = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(_("correction rounds"), default=0)
    level = models.PositiveSmallIntegerField(_("review level"), default=0)
    risk_flags = models.JSONField(default=list, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    decide_by = models.DateTimeField(_("decision due"), null=True)
    # Working days left of the decision time while the claim is back with the dealer.
    decide_days_left = models.PositiveSmallIntegerField(null=True)
    correct_by = models.DateField(_("to be corrected by"), null=True)
    returned_reason = models.TextField(_("what is to be corrected"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    appeal_until = models.DateField(_("appeal until"), null=True)
    # The dealer takes the decision as it is and does not wait for the time of appeal to pass.
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    accepted_by = person()
    accepted_label = label()
    sent_back_reason = models.CharField(_("why finance sent it back"), max_length=400, blank=True)
    void_reason = models.CharField(_("why it is void"), max_length=400, blank=True)
    # Sums of the newest version and of the decision in force.
    claimed_cents = models.BigIntegerField(_("claimed"), default=0)
    computed_cents = models.BigIntegerField(_("computed"), default=0)
    approved_cents = models.BigIntegerField(_("approved"), null=True)
    created_by = person()
    created_label = label()
    created_at = models.DateTimeField(auto_now_add=True)
    filed_by = person()
    filed_label = label()
    decided_by = person()
    decided_label = label()
    appeal_decided_by = person()
    appeal_decided_label = label()
    confirmed_by = person()
    confirmed_label = label()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="claim_number_once"),
            # A repair is paid once, whatever the checks say (K04).
            models.UniqueConstraint(
                fields=["tenant", "report"],
                condition=~Q(state=ClaimState.VOID) & Q(report__isnull=False),
                name="one_claim_per_report",
            ),
            models.CheckConstraint(
                condition=Q(claimed_cents__gte=0, computed_cents__gte=0)
                & (
                    Q(approved_cents=None)
                    | Q(approved_cents__gte=0, approved_cents__lte=F("claimed_cents"))
                ),
                name="approved_is_at_most_claimed",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("filed_by")),
                name="decider_is_not_filer",
            ),
            models.CheckConstraint(
                condition=Q(appeal_decided_by=None) | ~Q(appeal_decided_by=F("decided_by")),
                name="appeal_goes_to_another_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (~Q(confirmed_by=F("decided_by")) | Q(decided_by=None))
                & (~Q(confirmed_by=F("filed_by")) | Q(filed_by=None)),
                name="finance_is_not_decider_nor_filer",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "decide_by"], name="claims_by_state"),
            models.Index(fields=["tenant", "dealer", "state", "-id"], name="claims_of_dealer"),
            models.Index(fields=["tenant", "machine", "-id"], name="claims_of_machine"),
            models.Index(fields=["tenant", "-id"], name="claims_newest"),
        ]
        triggers = [guard("claim_moves", CLAIM_ACTIONS.moves())]

    def __str__(self) -> str:
        return self.number


class ClaimVersion(TenantModel):
    """One filing, never changed: `body` holds what it was judged by.

    That is Coverage, contract, rates, prices and rule versions, so that the checks run again
    give the same result; `digest` is the SHA-256 of body and lines.
    """

    dealer_wall: ClassVar[str] = "with:claim"

    claim = TenantForeignKey(Claim, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    filed_at = models.DateTimeField(_("filed"))
    filed_by = person()
    filed_label = label()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "claim", "number"], name="claim_version_once"
            ),
            *append_only("warranty_claimversion"),
        ]
        ordering = ["number"]


class ClaimLine(TenantModel):
    """One thing asked for: what the dealer claims, and what the rules compute. Never changed."""

    dealer_wall: ClassVar[str] = "with:version"

    version = TenantForeignKey(ClaimVersion, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind)
    part = TenantForeignKey(Part, models.PROTECT, null=True, related_name="+")
    operation = TenantForeignKey(LabourOperation, models.PROTECT, null=True, related_name="+")
    report_part = TenantForeignKey(WorkReportPart, models.PROTECT, null=True, related_name="+")
    report_labour = TenantForeignKey(WorkReportLabour, models.PROTECT, null=True, related_name="+")
    words = models.CharField(_("what"), max_length=200, blank=True)
    source = models.CharField(_("whose stock"), max_length=10, choices=PartSource, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=10, decimal_places=2, default=1)
    unit_cents = models.BigIntegerField(_("price of one"))
    claimed_cents = models.BigIntegerField(_("claimed"))
    computed_cents = models.BigIntegerField(_("computed"))
    # How it was computed: price, rate, standard time, percent, each by its name.
    computation = models.JSONField(default=dict)
    gate = models.CharField(max_length=20, choices=Gate, default=Gate.NONE)
    coverage = TenantForeignKey(Coverage, models.PROTECT, null=True, related_name="+")
    invoice_number = models.CharField(_("invoice"), max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "version", "position"], name="claim_line_has_its_place"
            ),
            models.UniqueConstraint(
                fields=["tenant", "version", "report_part"],
                condition=Q(report_part__isnull=False),
                name="report_part_claimed_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "version", "report_labour"],
                condition=Q(report_labour__isnull=False),
                name="report_labour_claimed_once",
            ),
            models.CheckConstraint(
                condition=Q(claimed_cents__gte=0, computed_cents__gte=0, quantity__gt=0),
                name="claim_line_not_below_zero",
            ),
            *append_only("warranty_claimline"),
        ]
        ordering = ["position"]
