"""Why a step ended without firing, in words; the tables keep codes and sentences of the source."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Prefix of what `acknowledge` writes; the name of the person follows.
ACKNOWLEDGED = "acknowledged: "

CODES = {
    "closed": _("The ticket was closed"),
    "done": _("The work was done"),
    "offered": _("Offered to somebody"),
    "overtaken": _("Overtaken: it was late already"),
    "reassigned": _("Taken back and given to somebody else"),
    "refused": _("The offer was refused"),
    "taken_back": _("Taken back"),
    "timed_out": _("Nobody answered the offer in time"),
    "ticket.moved_on": _("The ticket went another way"),
    "withdrawn": _("The offer was withdrawn"),
}


def reason_in_words(reason: str) -> str:
    """A code, a sentence of the source, or what somebody typed, as the reader is told it."""
    if reason in CODES:
        return str(CODES[reason])
    if reason.startswith(ACKNOWLEDGED):
        return gettext("Acknowledged by {who}").format(who=reason.removeprefix(ACKNOWLEDGED))
    return gettext(reason) if reason else ""
