"""Old parts in words: the next chance to travel, and what happened to a piece."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from core.models import AuditEvent
from core.words import day
from warranty.rules.oldparts import Chance, ChanceKind
from warranty.states.oldparts import CauseClass, Discrepancy, Finding, Liable, OldPartState

TITLES: dict[str, Any] = {
    "old_part.expected": _("Expected back"),
    "old_part.photographed": _("Photo taken"),
    "old_part.tagged": _("Tag printed"),
    "old_part.boxed": _("Put into a box"),
    "old_part.unboxed": _("Taken out of the box"),
    "old_part.shipped": _("Sent"),
    "old_part.received": _("Received"),
    "old_part.missed": _("Not in the box"),
    "old_part.surplus": _("Arrived beside the list"),
    "old_part.expected_again": _("Asked for again"),
    "old_part.lost": _("Lost on the way"),
    "old_part.appraised": _("Appraised"),
    "old_part.disposed": _("Last place decided"),
    "old_part.moved": _("Moved to its last place"),
    "old_part.misjudged": _("Appraisal reversed"),
    "old_part.waived": _("Waived"),
    "old_part.scrapped_supervised": _("Scrapped under supervision"),
    "old_part.scrapped_by_dealer": _("Scrapped by the dealer"),
    "old_part.overdue": _("Overdue"),
    "old_part.deducted": _("Deducted"),
    "old_part.cancelled": _("No longer asked for"),
    "shipment.started": _("Packing begun"),
    "shipment.box_added": _("Box added"),
    "shipment.box_removed": _("Box taken off"),
    "shipment.box_closed": _("Box closed"),
    "shipment.box_opened": _("Box opened again"),
    "shipment.box_finished": _("Box gone through"),
    "shipment.surplus": _("More than listed"),
    "shipment.shipped": _("Sent"),
    "shipment.received": _("Received"),
    "shipment.cancelled": _("Given up"),
    "truck.planned": _("Run planned"),
    "truck.edited": _("Run changed"),
    "truck.stops_set": _("Stops laid down"),
    "truck.cancelled": _("Run called off"),
    "window.created": _("Window laid down"),
    "window.edited": _("Window moved"),
    "window.removed": _("Window taken back"),
}
# What the codes of an event's data are called.
CODES: dict[str, Any] = {
    "finding": Finding,
    "cause": CauseClass,
    "liable": Liable,
    "difference": Discrepancy,
    "to": OldPartState,
}


def chance_said(chance: Chance) -> str:
    """The next chance to travel, as a sentence for the dealer."""
    if chance.kind == ChanceKind.OPEN:
        return gettext("Now: the return window is open until %(day)s.") % {"day": day(chance.until)}
    if chance.kind == ChanceKind.TRUCK:
        words = {"truck": chance.name, "day": day(chance.on)}
        return gettext("Truck %(truck)s passes on %(day)s and takes it along.") % words
    if chance.kind == ChanceKind.WINDOW:
        words = {"day": day(chance.on), "until": day(chance.until)}
        return gettext("The next return window opens on %(day)s (until %(until)s).") % words
    return gettext("No return window or truck is planned yet.")


def told(events: list[AuditEvent]) -> list[dict[str, Any]]:
    """Events as lines of a story: what, by whom, when, and the words that were written."""
    return [
        {
            "at": event.at,
            "title": str(TITLES.get(event.verb, event.verb)),
            "who": event.actor_label,
            "text": " · ".join(_details(event.data)),
        }
        for event in events
    ]


def _details(data: dict[str, Any]) -> list[str]:
    said = []
    for name, value in data.items():
        if name in CODES and value:
            said.append(str(dict(CODES[name].choices).get(value, value)))
        elif name == "covered":
            said.append(
                pgettext("old part", "covered") if value else pgettext("old part", "not covered")
            )
        elif name == "words" and value:
            said.append(
                gettext("Nobody fetched it in time.") if value == "unfetched" else str(value)
            )
        elif name == "shipment" and value:
            said.append(str(value))
        elif name == "box" and value:
            said.append(gettext("Box %(box)s") % {"box": value})
        elif name in ("store", "truck") and value:
            said.append(str(value))
    return said
