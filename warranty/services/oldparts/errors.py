"""What can be wrong with old parts, each with its sentence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class NoPhoto(DomainError):
    code = "old_part.no_photo"
    field = "upload"
    message = _("Take a photo of the piece first: %(numbers)s.")


class TooFewPhotos(DomainError):
    code = "old_part.too_few_photos"
    field = "upload"
    message = _("%(needed)s photos are needed here.")


class NoReason(DomainError):
    code = "old_part.no_reason"
    field = "words"
    message = _("Say why in a few words.")


class OtherDuty(DomainError):
    code = "old_part.other_duty"
    message = _("For %(number)s another way is laid down: %(duty)s.")


class UnknownTag(DomainError):
    code = "old_part.unknown_tag"
    field = "tag"
    message = _("No tag reads like this: %(tag)s. Look at the piece, or note it as surplus.")


class TagOfAnother(DomainError):
    code = "old_part.tag_of_another"
    field = "tag"
    message = _("%(number)s belongs to another dealer. Note it as surplus.")


class NotOnList(DomainError):
    code = "old_part.not_on_list"
    field = "tag"
    message = _("%(number)s is not on the list of this shipment. Note it as surplus.")


class ReceivedAlready(DomainError):
    code = "old_part.received_already"
    field = "tag"
    message = _("%(number)s was received already, by %(who)s.")


class BoxClosed(DomainError):
    code = "box.closed"
    field = "tag"
    message = _("Box %(box)s is closed. Open it again, or take another one.")


class BoxEmpty(DomainError):
    code = "box.empty"
    message = _("Box %(box)s is empty. Put pieces in, or take the box off.")


class BoxOpen(DomainError):
    code = "box.open"
    message = _("Box %(box)s is still open. Close it when its list is right.")


class NothingToShip(DomainError):
    code = "shipment.empty"
    message = _("There is no box in this shipment yet.")


class NotNow(DomainError):
    code = "shipment.not_now"
    field = "window"
    message = _("No return window is open today. Name the truck that takes the boxes along.")


class WindowClosed(DomainError):
    code = "shipment.window_closed"
    field = "window"
    message = _("The window %(name)s is not open today (%(opens)s to %(closes)s).")


class NotThisTruck(DomainError):
    code = "shipment.not_this_truck"
    field = "truck"
    message = _("Truck %(truck)s does not pass this dealer in these days.")


class StillOnTheWay(DomainError):
    code = "shipment.pieces_open"
    message = _("%(count)s pieces are neither received nor noted as missing yet.")


class FindingContradicts(DomainError):
    code = "appraisal.contradicts"
    field = "is_covered"
    message = _("A piece with the finding “%(finding)s” is not covered.")


class NoWords(DomainError):
    code = "appraisal.no_words"
    field = "words"
    message = _("A refused piece needs a sentence that the dealer can read.")


class NoSupplier(DomainError):
    code = "appraisal.no_supplier"
    field = "supplier"
    message = _("Name the supplier that is liable.")


class WrongStore(DomainError):
    code = "disposition.wrong_store"
    field = "store"
    message = _("This piece goes into a store of the kind “%(kind)s”.")


class WindowsOverlap(DomainError):
    code = "window.overlaps"
    field = "opens_on"
    message = _("The window %(name)s covers some of these days already.")


class WindowUsed(DomainError):
    code = "window.used"
    message = _("Shipments have travelled in this window; it stays.")


class TruckUsed(DomainError):
    code = "truck.used"
    message = _("Boxes travel by this truck: it cannot be called off.")
