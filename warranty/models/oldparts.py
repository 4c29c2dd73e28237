"""Old parts (旧件返还): one row and one tag per piece, its travel, appraisal and last place."""

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
from machines.models import Machine
from parts.models import Gate, Part, ReturnDuty, Store, Supplier
from warranty.models.claims import Claim
from warranty.models.people import label, person
from warranty.models.reports import WorkReportPart
from warranty.states.oldparts import (
    OLD_PART_ACTIONS,
    SHIPMENT_ACTIONS,
    CauseClass,
    Discrepancy,
    Finding,
    Liable,
    OldPartState,
    ShipmentState,
)


class ReturnWindow(TenantModel):
    """When old parts may travel by themselves: twice a year (旧件返厂期)."""

    dealer_wall: ClassVar[str] = "open"

    name = models.CharField(_("name"), max_length=60)
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "closes_on"], name="return_window_once"),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="return_window_closes_later"
            ),
        ]
        ordering = ["opens_on"]

    def __str__(self) -> str:
        return self.name


class Truck(TenantModel):
    """A goods truck (发货车) that goes back empty and may take old parts along."""

    dealer_wall: ClassVar[str] = "through:warranty_truckstop.truck_id=id"

    number = models.CharField(_("truck run"), max_length=30)
    plate = models.CharField(_("plate"), max_length=20)
    driver_name = models.CharField(_("driver"), max_length=80)
    driver_phone = models.CharField(_("driver's telephone"), max_length=20, blank=True)
    leaves_on = models.DateField(_("leaves on"))
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    created_by = person()
    created_label = label()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="truck_number_once")
        ]
        indexes = [models.Index(fields=["tenant", "leaves_on"], name="trucks_by_day")]

    def __str__(self) -> str:
        return f"{self.number} {self.plate}"


class TruckStop(TenantModel):
    """A dealer on the way of a truck, in the order of the way, and the day it passes."""

    dealer_wall: ClassVar[str] = "own:dealer"

    truck = TenantForeignKey(Truck, models.CASCADE, related_name="stops")
    dealer = TenantForeignKey(Dealer, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    passes_on = models.DateField(_("passes on"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "truck", "dealer"], name="truck_stops_once"),
        ]
        ordering = ["position"]


class ReturnShipment(TenantModel):
    """One consignment of boxes with its list (旧件发运单)."""

    dealer_wall: ClassVar[str] = "own:dealer"

    number = models.CharField(_("shipment number"), max_length=30)
    # Null: pieces of the company's own technicians.
    dealer = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=ShipmentState, default=ShipmentState.PACKING
    )
    window = TenantForeignKey(ReturnWindow, models.PROTECT, null=True, related_name="+")
    truck = TenantForeignKey(Truck, models.PROTECT, null=True, related_name="shipments")
    carrier = models.CharField(_("carrier"), max_length=80, blank=True)
    waybill = models.CharField(_("waybill"), max_length=40, blank=True)
    created_by = person()
    created_label = label()
    created_at = models.DateTimeField(auto_now_add=True)
    shipped_at = models.DateTimeField(_("sent"), null=True)
    shipped_by = person()
    shipped_label = label()
    received_at = models.DateTimeField(_("received"), null=True)
    received_by = person()
    received_label = label()
    discrepancy = models.CharField(_("difference"), max_length=12, choices=Discrepancy, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="shipment_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=[ShipmentState.PACKING, ShipmentState.CANCELLED])
                | Q(window__isnull=False)
                | Q(truck__isnull=False),
                name="shipment_travels_in_a_window_or_by_truck",
            ),
        ]
        triggers = [guard("shipment_moves", SHIPMENT_ACTIONS.moves())]

    def __str__(self) -> str:
        return self.number


class Box(TenantModel):
    dealer_wall: ClassVar[str] = "with:shipment"

    shipment = TenantForeignKey(ReturnShipment, models.CASCADE, related_name="boxes")
    number = models.PositiveSmallIntegerField(_("box"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    discrepancy = models.CharField(_("difference"), max_length=12, choices=Discrepancy, blank=True)
    # What the keeper found beside the list, such as the tags that were too many.
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "shipment", "number"], name="box_once")
        ]
        ordering = ["number"]


class OldPartReturn(TenantModel):
    """One failed piece. Approving it moves this piece and no other."""

    dealer_wall: ClassVar[str] = "own:dealer"

    number = models.CharField(_("tag"), max_length=30)
    claim = TenantForeignKey(Claim, models.PROTECT, related_name="old_parts")
    report_part = TenantForeignKey(WorkReportPart, models.PROTECT, related_name="old_parts")
    piece = models.PositiveSmallIntegerField()
    dealer = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="+")
    machine = TenantForeignKey(Machine, models.PROTECT, related_name="+")
    part = TenantForeignKey(Part, models.PROTECT, related_name="+")
    serial_number = models.CharField(_("serial number"), max_length=40, blank=True)
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    is_causal = models.BooleanField(default=False)
    duty = models.CharField(_("duty"), max_length=20, choices=ReturnDuty)
    gate = models.CharField(_("payment"), max_length=20, choices=Gate)
    state = models.CharField(
        _("state"), max_length=18, choices=OldPartState, default=OldPartState.EXPECTED
    )
    due_on = models.DateField(_("due on"))
    box = TenantForeignKey(Box, models.SET_NULL, null=True, related_name="pieces")
    tagged_at = models.DateTimeField(null=True)
    discrepancy = models.CharField(_("difference"), max_length=12, choices=Discrepancy, blank=True)
    received_at = models.DateTimeField(_("received"), null=True)
    received_by = person()
    received_label = label()
    appraised_by = person()
    store = TenantForeignKey(Store, models.PROTECT, null=True, related_name="old_parts")
    # A refused piece is kept for its owner until this day, then scrapped.
    keep_until = models.DateField(_("kept until"), null=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="old_part_tag_once"),
            models.UniqueConstraint(
                fields=["tenant", "report_part", "piece"],
                condition=~Q(state=OldPartState.CANCELLED),
                name="one_live_tag_per_piece",
            ),
            models.CheckConstraint(
                condition=Q(appraised_by=None)
                | Q(received_by=None)
                | ~Q(appraised_by=F("received_by")),
                name="appraiser_is_not_receiver",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "due_on"], name="old_parts_by_state"),
            models.Index(
                fields=["tenant", "dealer", "state", "due_on"], name="old_parts_of_dealer"
            ),
        ]
        triggers = [guard("old_part_moves", OLD_PART_ACTIONS.moves())]

    def __str__(self) -> str:
        return self.number


class Appraisal(TenantModel):
    """The finding on one piece (旧件鉴定); never changed, the newest is in force (R-151)."""

    dealer_wall: ClassVar[str] = "with:old_part"

    old_part = TenantForeignKey(OldPartReturn, models.PROTECT, related_name="appraisals")
    number = models.PositiveSmallIntegerField(default=1)
    finding = models.CharField(_("finding"), max_length=14, choices=Finding)
    is_covered = models.BooleanField(_("covered"))
    cause_class = models.CharField(_("cause"), max_length=10, choices=CauseClass)
    liable = models.CharField(_("liable"), max_length=10, choices=Liable)
    supplier = TenantForeignKey(Supplier, models.PROTECT, null=True, related_name="+")
    words = models.TextField(_("in words"), blank=True)
    at = models.DateTimeField()
    by = person()
    by_label = label()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "old_part", "number"], name="appraisal_once"),
            models.CheckConstraint(
                condition=Q(is_covered=True) | ~Q(words=""), name="a_refused_piece_has_words"
            ),
            *append_only("warranty_appraisal"),
        ]
        ordering = ["number"]


class Disposition(TenantModel):
    """Where a piece goes in the end: decided by the appraiser, moved by the keeper."""

    dealer_wall: ClassVar[str] = "with:old_part"

    old_part = TenantForeignKey(OldPartReturn, models.PROTECT, related_name="dispositions")
    to = models.CharField(_("goes"), max_length=18, choices=OldPartState)
    store = TenantForeignKey(Store, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()
    decided_by = person()
    decided_label = label()
    moved_at = models.DateTimeField(null=True)
    moved_by = person()
    moved_label = label()
    value_cents = models.BigIntegerField(_("value"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "old_part"], name="one_disposition_per_piece")
        ]
