"""Receipt cards (三包回执卡): the hand-over record of a machine sold (R-065, R-066)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.history import history
from dealers.models import Dealer
from machines.models.customers import Customer
from machines.models.machines import Machine
from machines.models.plans import CoveragePlan


class RegistrationChannel(models.TextChoices):
    """How the card came in."""

    PORTAL = "portal", _("Dealer portal")
    PHONE = "phone", _("Telephone")
    QR = "qr", _("QR code on the machine")
    IMPORT = "import", _("Excel import")
    API = "api", _("API")
    DESK = "desk", _("Desk, from paper")


class RegistrationState(models.TextChoices):
    REGISTERED = "registered", pgettext_lazy("receipt card", "Registered")
    VOID = "void", pgettext_lazy("receipt card", "Void")


@history()
class Registration(TenantModel):
    """One machine's receipt card. A late one blocks the dealer's claims until it is waived.

    The user's own rights never depend on it: Coverage starts all the same.
    """

    dealer_wall: ClassVar[str] = "with:machine"

    number = models.CharField(_("card number"), max_length=20)
    machine = TenantForeignKey(Machine, models.PROTECT, related_name="registrations")
    dealer = TenantForeignKey(Dealer, models.PROTECT, related_name="+")
    customer = TenantForeignKey(Customer, models.PROTECT, related_name="registrations")
    plan = TenantForeignKey(CoveragePlan, models.PROTECT, related_name="registrations")
    invoice_on = models.DateField(_("invoice date"))
    invoice_number = models.CharField(_("invoice number"), max_length=40, blank=True)
    delivered_on = models.DateField(_("delivered on"))
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"))
    channel = models.CharField(_("channel"), max_length=10, choices=RegistrationChannel)
    due_on = models.DateField(_("due on"))
    days_late = models.PositiveIntegerField(_("days late"), default=0)
    is_trial_run = models.BooleanField(_("trial run done"), default=False)
    is_trained = models.BooleanField(_("user trained"), default=False)
    # Pen strokes on glass: lists of whole numbers x, y, x, y …, on a field of 600 × 200.
    signature = models.JSONField(null=True, blank=True)
    signed_name = models.CharField(_("signed by"), max_length=80, blank=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=RegistrationState,
        default=RegistrationState.REGISTERED,
    )
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    registered_label = models.CharField(max_length=120)
    waived_at = models.DateTimeField(_("waived"), null=True, blank=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    waived_label = models.CharField(_("waived by"), max_length=120, blank=True)
    waiver_reason = models.TextField(_("reason"), blank=True)
    waiver_document = models.CharField(_("document"), max_length=120, blank=True)
    void_reason = models.TextField(_("reason"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="card_number_once"),
            models.UniqueConstraint(
                fields=["tenant", "machine"],
                condition=Q(state=RegistrationState.REGISTERED),
                name="a_machine_has_one_live_card",
            ),
            models.CheckConstraint(
                condition=Q(waived_at=None) | ~Q(waived_label="") & ~Q(waiver_reason=""),
                name="a_waiver_has_person_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(waived_by=None) | ~Q(waived_by=F("registered_by")),
                name="a_waiver_takes_four_eyes",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "dealer", "-id"], name="cards_of_dealer"),
            models.Index(fields=["tenant", "-id"], condition=Q(days_late__gt=0), name="late_cards"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_late(self) -> bool:
        return self.days_late > 0

    @property
    def is_waived(self) -> bool:
        return self.waived_at is not None
