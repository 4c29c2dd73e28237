"""The life of one failed piece, from its tag to its last place (warranty-claims 7.2)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warranty.actions import Actions, action


class OldPartState(models.TextChoices):
    EXPECTED = "expected", pgettext_lazy("old part", "Expected")
    TAGGED = "tagged", pgettext_lazy("old part", "Tagged")
    BOXED = "boxed", pgettext_lazy("old part", "Boxed")
    SHIPPED = "shipped", pgettext_lazy("old part", "On the way")
    RECEIVED = "received", pgettext_lazy("old part", "Received")
    NOT_RECEIVED = "not_received", pgettext_lazy("old part", "Not received")
    APPRAISED = "appraised", pgettext_lazy("old part", "Appraised")
    REUSABLE = "reusable", pgettext_lazy("old part", "Reusable")
    SCRAP = "scrap", pgettext_lazy("old part", "Scrap")
    TO_SUPPLIER = "to_supplier", pgettext_lazy("old part", "To the supplier")
    BACK_TO_DEALER = "back_to_dealer", pgettext_lazy("old part", "Back to the dealer")
    DONE = "done", pgettext_lazy("old part", "Done")
    WAIVED = "waived", pgettext_lazy("old part", "Waived")
    SUPERVISED_SCRAP = "supervised_scrap", pgettext_lazy("old part", "Scrapped under supervision")
    DEALER_SCRAPPED = "dealer_scrapped", pgettext_lazy("old part", "Scrapped by the dealer")
    OVERDUE = "overdue", pgettext_lazy("old part", "Overdue")
    LOST_IN_TRANSIT = "lost_in_transit", pgettext_lazy("old part", "Lost on the way")
    DEDUCTED = "deducted", pgettext_lazy("old part", "Deducted")
    MISJUDGED = "misjudged", pgettext_lazy("old part", "Misjudged")
    CANCELLED = "cancelled", pgettext_lazy("old part", "No longer asked for")


S = OldPartState
_WITH_DEALER = (S.EXPECTED, S.TAGGED, S.BOXED, S.OVERDUE)
_DISPOSED = (S.REUSABLE, S.SCRAP, S.TO_SUPPLIER, S.BACK_TO_DEALER)
_JUDGED = (S.APPRAISED, *_DISPOSED, S.DONE, S.DEDUCTED)
OLD_PART_ACTIONS = Actions(
    action("tag", (S.EXPECTED, S.OVERDUE), S.TAGGED, "old_part.ship"),
    action("box", S.TAGGED, S.BOXED, "old_part.ship"),
    action("unbox", S.BOXED, S.TAGGED, "old_part.ship"),
    action("ship", S.BOXED, S.SHIPPED, "old_part.send"),
    action("receive", (S.SHIPPED, S.NOT_RECEIVED), S.RECEIVED, "old_part.receive"),
    action("miss", S.SHIPPED, S.NOT_RECEIVED, "old_part.receive"),
    action("lose", (S.SHIPPED, S.NOT_RECEIVED), S.LOST_IN_TRANSIT, "old_part.receive"),
    # A piece that the box list says and the box did not hold is still with the dealer.
    action("expect_again", S.NOT_RECEIVED, S.EXPECTED, "old_part.receive"),
    action("appraise", S.RECEIVED, S.APPRAISED, "old_part.appraise", not_by=("received_by_id",)),
    action("reuse", S.APPRAISED, S.REUSABLE, "old_part.appraise"),
    action("scrap", S.APPRAISED, S.SCRAP, "old_part.appraise"),
    action("give_to_supplier", S.APPRAISED, S.TO_SUPPLIER, "old_part.appraise"),
    action("give_back", S.APPRAISED, S.BACK_TO_DEALER, "old_part.appraise"),
    # By the system when nobody fetched a refused piece: it is scrapped (warranty-claims §5).
    action(
        "finish", _DISPOSED, S.DONE, "old_part.move", by_system=True, not_by=("appraised_by_id",)
    ),
    action("waive", _WITH_DEALER, S.WAIVED, "old_part.waive"),
    action("scrap_supervised", _WITH_DEALER, S.SUPERVISED_SCRAP, "old_part.supervise"),
    action("scrap_at_dealer", (S.EXPECTED, S.TAGGED), S.DEALER_SCRAPPED, "old_part.ship"),
    action("overdue", (S.EXPECTED, S.TAGGED, S.BOXED), S.OVERDUE, by_system=True),
    action("deduct", (S.OVERDUE, S.NOT_RECEIVED, *_JUDGED[:-1]), S.DEDUCTED, by_system=True),
    action("misjudge", _JUDGED, S.MISJUDGED, "old_part.overrule", not_by=("appraised_by_id",)),
    action("cancel", (*_WITH_DEALER, S.SHIPPED, S.NOT_RECEIVED), S.CANCELLED, by_system=True),
)
# Pieces that the dealer still has to send.
OWED = _WITH_DEALER
# Judged by an engineer; a refusal among them is charged when its line was approved.
JUDGED = (S.APPRAISED, *_DISPOSED, S.DONE)
# Nothing more is asked of the dealer for these.
EXCUSED = (
    S.WAIVED,
    S.SUPERVISED_SCRAP,
    S.DEALER_SCRAPPED,
    S.LOST_IN_TRANSIT,
    S.DEDUCTED,
    S.MISJUDGED,
    S.CANCELLED,
)


class ShipmentState(models.TextChoices):
    PACKING = "packing", pgettext_lazy("shipment", "Being packed")
    SHIPPED = "shipped", pgettext_lazy("shipment", "On the way")
    RECEIVED = "received", pgettext_lazy("shipment", "Received")
    CANCELLED = "cancelled", pgettext_lazy("shipment", "Cancelled")


H = ShipmentState
SHIPMENT_ACTIONS = Actions(
    action("ship", H.PACKING, H.SHIPPED, "old_part.send"),
    action("cancel", H.PACKING, H.CANCELLED, "old_part.ship"),
    action("receive", H.SHIPPED, H.RECEIVED, "old_part.receive", not_by=("shipped_by_id",)),
)


class Discrepancy(models.TextChoices):
    """What was wrong with a piece, a box or a list on arrival."""

    NONE = "", pgettext_lazy("discrepancy", "As listed")
    SHORT = "short", pgettext_lazy("discrepancy", "Missing")
    SURPLUS = "surplus", pgettext_lazy("discrepancy", "Not on the list")
    WRONG_PART = "wrong_part", pgettext_lazy("discrepancy", "Another part")
    DAMAGED = "damaged", pgettext_lazy("discrepancy", "Damaged on the way")
    NO_TAG = "no_tag", pgettext_lazy("discrepancy", "Without a tag")
    PACKING = "packing", pgettext_lazy("discrepancy", "Badly packed")
    NO_LIST = "no_list", pgettext_lazy("discrepancy", "Without a list")


class Finding(models.TextChoices):
    """Whether the piece is accepted, and why not (warranty-claims §5)."""

    ACCEPTED = "accepted", pgettext_lazy("appraisal", "Accepted")
    WRONG_NUMBER = "wrong_number", _("Wrong part number")
    NO_FAULT = "no_fault", _("No fault found")
    NO_PART = "no_part", _("No part in the parcel")
    NOT_ORIGINAL = "not_original", _("Not an original part")
    WRONG_SUPPLIER = "wrong_supplier", _("Another supplier's part")
    NOT_QUALITY = "not_quality", _("Not a fault of quality")
    NOT_CAUSAL = "not_causal", _("Not what caused the fault")
    BROKEN = "broken", _("Broken after removal")
    NO_TAG = "no_tag", pgettext_lazy("appraisal", "Without a tag")
    DIFFERS = "differs", _("The fault differs from the report")


class CauseClass(models.TextChoices):
    MATERIAL = "material", pgettext_lazy("cause", "Material")
    MAKE = "make", pgettext_lazy("cause", "Making")
    ASSEMBLY = "assembly", pgettext_lazy("cause", "Assembly")
    DESIGN = "design", pgettext_lazy("cause", "Design")
    MISUSE = "misuse", pgettext_lazy("cause", "Misuse")
    UNKNOWN = "unknown", pgettext_lazy("cause", "Not found")


class Liable(models.TextChoices):
    """Whose fault it was (责任): who bears the cost in the end."""

    PRODUCER = "producer", pgettext_lazy("liable", "Manufacturer")
    SUPPLIER = "supplier", pgettext_lazy("liable", "Supplier")
    DEALER = "dealer", pgettext_lazy("liable", "Dealer")
    USER = "user", pgettext_lazy("liable", "User")
    CARRIER = "carrier", pgettext_lazy("liable", "Carrier")
