"""What the audit of settlements and adjustments says to people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

TITLES: dict[str, Any] = {
    "settlement.drafted": _("Drafted"),
    "settlement.refilled": _("Lines added"),
    "settlement.lines_taken_off": _("Lines taken off"),
    "settlement.discarded": _("Draft given up"),
    "settlement.checked": _("Checked and found right"),
    "settlement.redrafted": _("Sent back to the drafter"),
    "settlement.issued": _("Notice issued"),
    "settlement.reissued": _("Notice issued anew"),
    "settlement.lines_left": _("Disputed lines left to a new draft"),
    "settlement.reminded": _("Dealer reminded"),
    "settlement.confirmed": _("Confirmed by the dealer"),
    "settlement.disputed": _("Disputed by the dealer"),
    "settlement.posted": _("Posted to the books"),
    "settlement.offset": _("Offset against goods"),
    "settlement.credited": _("Credited for parts"),
    "settlement.paid": _("Paid"),
    "settlement.closed": _("Closed"),
    "settlement.reversed": _("Reversed"),
    "settlement.invoice_registered": _("Invoice registered"),
    "settlement.invoice_refused": _("Invoice refused"),
    "settlement.invoice_red": _("Invoice cancelled by a red one"),
    "adjustment.created": _("Written"),
    "adjustment.notified": _("Dealer told"),
    "adjustment.objected": _("Dealer objected"),
    "adjustment.upheld": _("Objection refused"),
    "adjustment.dropped": _("Dropped"),
    "adjustment.finalised": _("Final"),
    "adjustment.put_on": _("Put on a settlement"),
    "adjustment.take_off": _("Taken off a settlement"),
    "adjustment.settle": _("Settled"),
}
SHOWN = ("reason", "words", "answer", "settlement", "number", "reference", "document")


def told(event: Any) -> dict[str, Any]:
    """An event as a line of a history: when, who, what, and the words that belong to it."""
    words = [str(event.data[name]) for name in SHOWN if event.data.get(name)]
    return {
        "at": event.at,
        "by": event.actor_label,
        "title": TITLES.get(event.verb, event.verb),
        "words": " · ".join(words) if all(isinstance(word, str) for word in words) else "",
    }
