"""A WorkReport (三包维修记录) is written, signed and then stays; a correction is a new version."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warranty.actions import Actions, action


class ReportState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("report", "Draft")
    SIGNED = "signed", pgettext_lazy("report", "Signed")
    REPLACED = "replaced", pgettext_lazy("report", "Replaced by a new version")
    VOID = "void", pgettext_lazy("report", "Void")


REPORT_ACTIONS = Actions(
    action("sign", ReportState.DRAFT, ReportState.SIGNED, "report.write"),
    action("discard", ReportState.DRAFT, ReportState.VOID, "report.write"),
    action("replace", ReportState.SIGNED, ReportState.REPLACED, "report.write"),
)


class PartSource(models.TextChoices):
    """Whose stock a fitted part came from: what the factory sent is not paid again (K19)."""

    OWN = "own", _("The dealer's own stock")
    FACTORY = "factory", _("Supplied by the factory")
    CUSTOMER = "customer", _("Brought by the customer")


class FittedBy(models.TextChoices):
    """Who had fitted the piece that failed."""

    FACTORY = "factory", pgettext_lazy("fitted by", "Factory")
    DEALER = "dealer", pgettext_lazy("fitted by", "Dealer")
    USER = "user", pgettext_lazy("fitted by", "User")


class EvidenceKind(models.TextChoices):
    """What a photo or paper shows."""

    PLATE = "plate", _("Type plate")
    METER = "meter", _("Meter reading")
    FAULT = "fault", _("Fault")
    OLD_PART = "old_part", pgettext_lazy("evidence", "Old part")
    NEW_PART = "new_part", pgettext_lazy("evidence", "New part")
    INVOICE = "invoice", _("Invoice")
    SIGNATURE = "signature", _("Signature")
    RETURN = "return", _("Shipping paper")
    OTHER = "other", pgettext_lazy("evidence", "Other")
