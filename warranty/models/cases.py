"""StatutoryCase (三包退换案): one running replace-or-return matter of a user."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.states import guard
from dealers.models import Dealer
from machines.models import Customer, Machine
from tickets.models import Ticket
from warranty.models.people import label, person
from warranty.states.cases import CASE_ACTIONS, OPEN_CASES, CaseState, Remedy


class StatutoryCase(TenantModel):
    """What the law gives a user against the seller, from the first warning to its end (R-143)."""

    dealer_wall: ClassVar[str] = "own:dealer"

    number = models.CharField(_("case number"), max_length=30)
    machine = TenantForeignKey(Machine, models.PROTECT, related_name="statutory_cases")
    ticket = TenantForeignKey(Ticket, models.PROTECT, null=True, related_name="+")
    dealer = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="+")
    customer = TenantForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        _("state"), max_length=12, choices=CaseState, default=CaseState.WATCHING
    )
    # What the engine was told and what it answered: case, entitlement, articles.
    asked = models.JSONField(default=dict)
    answered = models.JSONField(default=dict)
    warned_at = models.DateTimeField(null=True)
    triggered_at = models.DateTimeField(null=True)
    choice = models.CharField(_("the user's choice"), max_length=12, choices=Remedy, blank=True)
    choice_words = models.TextField(_("in the user's words"), blank=True)
    choice_signature = models.JSONField(null=True)
    choice_signer = models.CharField(_("signed by"), max_length=80, blank=True)
    chosen_at = models.DateTimeField(null=True)
    chosen_by = person()
    chosen_label = label()
    approved_at = models.DateTimeField(null=True)
    approved_by = person()
    approved_label = label()
    replacement_serial = models.CharField(_("new machine"), max_length=40, blank=True)
    refund_cents = models.BigIntegerField(_("money back"), null=True)
    carried_out_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="case_number_once"),
            models.UniqueConstraint(
                fields=["tenant", "machine"],
                condition=Q(state__in=[str(state) for state in OPEN_CASES]),
                name="one_open_case_per_machine",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("chosen_by")),
                name="case_approver_did_not_record_the_choice",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="cases_by_state")]
        triggers = [guard("case_moves", CASE_ACTIONS.moves())]

    def __str__(self) -> str:
        return self.number
