"""WorkReport (三包维修记录): the signed record of one visit, what was used, and its evidence."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.guards import Guard, refuse
from core.models import StoredFile
from core.states import guard
from dealers.models import Dealer
from knowledge.models import Severity, Symptom
from machines.models import Customer, Machine, UseUnit
from parts.models import LabourOperation, Part
from tickets.models import Ticket
from visits.models import Visit
from warranty.models.people import label, person
from warranty.states.reports import (
    REPORT_ACTIONS,
    EvidenceKind,
    FittedBy,
    PartSource,
    ReportState,
)

# A signed report changes in its state alone; its rows stay with it.
SIGNED_STAYS = f"""
IF OLD.state <> 'draft' AND to_jsonb(OLD) - 'state' <> to_jsonb(NEW) - 'state' THEN
    {refuse("report_stays_when_signed", "a signed report never changes")}
END IF;
RETURN NEW;
"""
ROW_OF_DRAFT = f"""
IF EXISTS (SELECT FROM warranty_workreport report
           WHERE report.tenant_id = coalesce(NEW.tenant_id, OLD.tenant_id)
           AND report.id = coalesce(NEW.report_id, OLD.report_id) AND report.state <> 'draft') THEN
    {refuse("report_rows_stay_when_signed", "the rows of a signed report never change")}
END IF;
RETURN coalesce(NEW, OLD);
"""  # noqa: S608 - the names are our own


class WorkReport(TenantModel):
    """Complaint, cause and correction of one job, signed by the customer (R-146).

    Frozen when signed; a correction is a new version that replaces this one. `dealer` is null
    for the company's own technicians (R-147).
    """

    dealer_wall: ClassVar[str] = "own:dealer"

    number = models.CharField(_("report number"), max_length=30)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    replaces = TenantForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState, default=ReportState.DRAFT
    )
    # Made on the phone before anything was sent, so that sending twice makes one report.
    client_key = models.UUIDField()
    ticket = TenantForeignKey(Ticket, models.PROTECT, null=True, related_name="reports")
    visit = TenantForeignKey(Visit, models.PROTECT, null=True, related_name="reports")
    dealer = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="+")
    machine = TenantForeignKey(Machine, models.PROTECT, related_name="reports")
    customer = TenantForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    technician = person()
    technician_name = models.CharField(_("technician"), max_length=80)
    reported_at = models.DateTimeField(_("reported"), null=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True)
    started_at = models.DateTimeField(_("begun"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    fault_on = models.DateField(_("day of the fault"), null=True)
    meter_reading = models.DecimalField(
        _("meter reading"), max_digits=10, decimal_places=1, null=True
    )
    meter_unit = models.CharField(_("measured in"), max_length=5, blank=True)
    complaint = models.TextField(_("complaint"), blank=True)
    cause = models.TextField(_("cause"), blank=True)
    correction = models.TextField(_("correction"), blank=True)
    symptom = TenantForeignKey(Symptom, models.PROTECT, null=True, related_name="+")
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, blank=True)
    fault_place = models.CharField(_("place of the fault"), max_length=80, blank=True)
    is_repeat = models.BooleanField(_("the same fault again"), default=False)
    is_trial_run = models.BooleanField(_("trial run done"), default=False)
    # Travel of this job; jobs of one trip share its key and split its way.
    trip_key = models.CharField(_("trip"), max_length=40, blank=True)
    distance_km = models.DecimalField(_("distance, km"), max_digits=7, decimal_places=1, null=True)
    map_km = models.DecimalField(
        _("distance by the map, km"), max_digits=7, decimal_places=1, null=True
    )
    people = models.PositiveSmallIntegerField(_("people"), default=1)
    nights = models.PositiveSmallIntegerField(_("nights"), default=0)
    # What the user was asked to pay for work outside the guarantee, and told before.
    charged_cents = models.BigIntegerField(_("charged to the user"), default=0)
    charge_told_at = models.DateTimeField(_("price told before"), null=True)
    # Pen strokes on glass: lists of whole numbers x, y, x, y …, on a field of 600 × 200.
    signature = models.JSONField(null=True)
    signed_by_code = models.BooleanField(_("signed by code"), default=False)
    signer_name = models.CharField(_("signed by"), max_length=80, blank=True)
    signer_phone = models.CharField(_("signer's telephone"), max_length=20, blank=True)
    signed_at = models.DateTimeField(_("signed"), null=True)
    # The device's clock when it was saved there, beside the instant when it arrived here.
    device_at = models.DateTimeField(_("saved on the device"), null=True)
    arrived_here_at = models.DateTimeField(_("received"), auto_now_add=True)
    # When the signature arrived; what is attached later was not signed.
    sealed_at = models.DateTimeField(_("signature received"), null=True)
    # SHA-256 of all that was signed.
    digest = models.CharField(max_length=64, blank=True)
    correction_reason = models.CharField(_("why a new version"), max_length=200, blank=True)
    created_by = person()
    created_label = label()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "number", "version"], name="report_number_once_per_version"
            ),
            models.UniqueConstraint(fields=["tenant", "client_key"], name="report_sent_once"),
            models.UniqueConstraint(
                fields=["tenant", "replaces"],
                condition=~Q(state=ReportState.VOID) & Q(replaces__isnull=False),
                name="report_replaced_once",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None)
                | Q(started_at=None)
                | Q(finished_at__gte=F("started_at")),
                name="report_ends_after_its_beginning",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ReportState.DRAFT, ReportState.VOID])
                | (Q(signed_at__isnull=False) & ~Q(digest="") & ~Q(signer_name="")),
                name="report_is_signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(charged_cents__gte=0), name="report_charges_not_below_zero"
            ),
            Guard(name="warranty_report_stays", at="BEFORE UPDATE", body=SIGNED_STAYS),
        ]
        indexes = [
            models.Index(fields=["tenant", "dealer", "-id"], name="reports_of_dealer"),
            models.Index(fields=["tenant", "machine", "finished_at"], name="reports_of_machine"),
            models.Index(
                fields=["tenant", "trip_key"], condition=~Q(trip_key=""), name="reports_of_trip"
            ),
        ]
        triggers = [guard("report_moves", REPORT_ACTIONS.moves())]

    def __str__(self) -> str:
        return self.number

    @property
    def shown_unit(self) -> str:
        """What the meter counts, in words."""
        return str(UseUnit(self.meter_unit).label) if self.meter_unit in UseUnit.values else ""


class WorkReportPart(TenantModel):
    """A part that was fitted: how many, whose, and both serials (R-146)."""

    dealer_wall: ClassVar[str] = "with:report"

    report = TenantForeignKey(WorkReport, models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    part = TenantForeignKey(Part, models.PROTECT, related_name="+")
    quantity = models.DecimalField(_("quantity"), max_digits=8, decimal_places=2)
    source = models.CharField(
        _("whose stock"), max_length=10, choices=PartSource, default=PartSource.OWN
    )
    old_serial = models.CharField(_("old serial number"), max_length=40, blank=True)
    new_serial = models.CharField(_("new serial number"), max_length=40, blank=True)
    old_batch = models.CharField(_("old batch"), max_length=40, blank=True)
    is_causal = models.BooleanField(_("caused the fault"), default=False)
    fitted_by = models.CharField(
        _("old one fitted by"), max_length=10, choices=FittedBy, default=FittedBy.FACTORY
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "report", "position"], name="report_part_has_its_place"
            ),
            models.UniqueConstraint(
                fields=["tenant", "report"],
                condition=Q(is_causal=True),
                name="report_has_one_causal_part",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="report_part_is_some"),
            Guard(
                name="warranty_report_part_stays",
                at="BEFORE INSERT OR UPDATE OR DELETE",
                body=ROW_OF_DRAFT,
            ),
        ]
        ordering = ["position"]


class WorkReportLabour(TenantModel):
    """An operation that was done, with the minutes it took."""

    dealer_wall: ClassVar[str] = "with:report"

    report = TenantForeignKey(WorkReport, models.CASCADE, related_name="labour")
    position = models.PositiveSmallIntegerField()
    operation = TenantForeignKey(LabourOperation, models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField(_("minutes"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "report", "position"], name="report_labour_has_its_place"
            ),
            models.UniqueConstraint(
                fields=["tenant", "report", "operation"], name="report_operation_once"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="report_labour_takes_time"),
            Guard(
                name="warranty_report_labour_stays",
                at="BEFORE INSERT OR UPDATE OR DELETE",
                body=ROW_OF_DRAFT,
            ),
        ]
        ordering = ["position"]


class SigningCode(TenantModel):
    """A code sent to the customer's telephone, with which a report is signed instead of by pen.

    Only its keyed digest is kept; it dies with its use, its last try, or its hour.
    """

    dealer_wall: ClassVar[str] = "with:report"

    report = TenantForeignKey(WorkReport, models.CASCADE, related_name="codes")
    phone = models.CharField(_("telephone"), max_length=20)
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("valid until"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    used_at = models.DateTimeField(_("used"), null=True)
    asked_by = person()

    class Meta:
        indexes = [models.Index(fields=["tenant", "report", "-id"], name="codes_of_report")]


class Evidence(StoredFile):
    """A photo or paper of a report, with the hash by which a second use is found (K18)."""

    dealer_wall: ClassVar[str] = "own:dealer"

    dealer = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="+")
    report = TenantForeignKey(WorkReport, models.PROTECT, null=True, related_name="evidence")
    # What else it may belong to, such as ("claim", 17), ("old_part", 4), ("spot_check", 2).
    subject = models.CharField(max_length=20, blank=True)
    subject_id = models.BigIntegerField(null=True)
    kind = models.CharField(_("shows"), max_length=10, choices=EvidenceKind)
    taken_at = models.DateTimeField(_("taken"), null=True)
    # The photo as the phone made it, before we wrote it anew without its place.
    original_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="evidence_id_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "sha256"], name="evidence_by_content"),
            models.Index(fields=["tenant", "subject", "subject_id"], name="evidence_of_subject"),
        ]
