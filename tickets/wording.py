"""What stands in a ticket's story, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core import phones, words
from sla.states import PauseReason, Promise
from tickets.models import EntryKind, TimelineEntry
from tickets.states import Team, TicketKind, Urgency

EVENTS: dict[str, Any] = {
    "registered": _("Registered."),
    "filed": _("Taken in by %(dealer)s itself and filed."),
    "no_dealer": _("No dealer answers for this region: the desk decides."),
    "proposed": _("%(dealer)s is proposed; the desk decides."),
    "offered": _("Offered to %(dealer)s."),
    "offered_by_rule": _("Offered to %(dealer)s by the rule of the territory."),
    "withdrawn": _("Offer to %(dealer)s withdrawn: %(reason)s"),
    "accepted": _("Accepted by %(dealer)s."),
    "refused": _("Refused by %(dealer)s: %(reason)s"),
    "timed_out": _("%(dealer)s did not answer in time; the offer has ended."),
    "handed_over": _("Handed over: %(team)s."),
    "handed_over_to": _("Handed over: %(team)s, %(person)s."),
    "taken_back": _("Taken back to the desk: %(reason)s"),
    "arranged": _("Arranged: %(technician)s comes on %(visit_at)s."),
    "rearranged": _("Arranged anew: %(technician)s comes on %(visit_at)s."),
    "arrived": _("%(technician)s has arrived."),
    "paused": _("Waiting: %(pause)s."),
    "paused_until": _("Waiting: %(pause)s, until about %(until_at)s."),
    "opinion": _("Opinion given: %(opinion)s"),
    "delayed": _(
        "%(promise)s put off from %(previous_at)s to %(agreed_at)s: %(cause)s. Agreed: %(consent)s"
    ),
    "resumed": _("Work goes on."),
    "done": _("Work done: %(result)s"),
    "closed": _("Closed."),
    "reopened": _("Opened again: %(reason)s"),
    "cancelled": _("Cancelled: %(reason)s"),
    "merged": _("Merged into %(into)s."),
    "merged_from": _("%(other)s was merged into this ticket."),
    "edited": _("Changed: %(fields)s."),
    "attached": _("File added: %(name)s"),
    "checked_arranged": _("Checked by the desk: the work is arranged."),
    "checked_not_arranged": _("Checked by the desk: not arranged. Management is told."),
    "urgent": _("Urgent: reported to management and the technical department at once."),
    "moved": _("Now belongs to the customer record %(customer)s."),
    "imported": _("Taken over from an older system."),
    "history.opened": _("Opened in the older system: %(words)s"),
    "history.changed": _("Changed in the older system: %(words)s"),
    "warned": _("%(promise)s falls due soon (%(holder)s)."),
    "breached": _("%(promise)s missed by %(holder)s."),
    "escalated": _("%(promise)s missed by %(holder)s: told %(told)s."),
    "waited": _("The wait should be over: %(promise)s still stands still at %(holder)s."),
    "reminded": _("%(promise)s: %(holder)s was reminded again."),
    "raised": _("Urgency raised to %(urgency)s: %(promise)s is not kept."),
    "reassigned": _("Taken back from %(reason)s: nothing was arranged in time."),
    "acknowledged": _("%(person)s takes it on: %(promise)s. Nobody further up is told."),
    "acknowledged_with": _("%(person)s takes it on: %(promise)s. %(note)s"),
    "reapplied": _(
        "%(promise)s now follows policy %(policy)s: due %(due_at)s instead of %(previous_at)s."
    ),
    "message": _("Text message to %(address)s"),
}

FIELDS: dict[str, Any] = {
    "kind": _("kind"),
    "urgency": _("urgency"),
    "severity": _("severity"),
    "customer": _("customer"),
    "machine": _("machine"),
    "product_line": _("product line"),
    "symptom": _("symptom"),
    "summary": _("summary"),
    "description": _("description"),
    "caller_name": _("caller"),
    "caller_phone": _("caller's telephone"),
    "region_code": _("region"),
    "address": _("address"),
    "wished_for": _("wished time"),
}

# Parameters that are codes: stored as such, said in the reader's words.
_CODES: dict[str, Any] = {
    "team": Team,
    "pause": PauseReason,
    "promise": Promise,
    "role": Role,
    "kind": TicketKind,
    "urgency": Urgency,
}


def said(params: Mapping[str, Any]) -> dict[str, str]:
    """Stored parameters as words: codes by their label, instants in the reader's zone."""
    return {name: _said(name, value) for name, value in params.items()}


def _said(name: str, value: Any) -> str:
    if name in _CODES and value in _CODES[name].values:
        return str(_CODES[name](value).label)
    if name == "holder":
        return words.named(str(value))
    if name == "fields":
        return ", ".join(str(FIELDS.get(field, field)) for field in value)
    if name == "address" and str(value).startswith("+"):
        return phones.display(value)
    if name == "told":
        return words.told(map(str, value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name.endswith("_at") and value:
        instant = parse_datetime(value) if isinstance(value, str) else value
        return words.full_moment(instant)
    return str(value)


def sentence(entry: TimelineEntry) -> str:
    """The line as people read it; a note is its own text."""
    if entry.kind in (EntryKind.NOTE, EntryKind.CALL) or entry.event not in EVENTS:
        return entry.text
    return str(EVENTS[entry.event]) % _Filled(said(entry.params))


class _Filled(dict[str, str]):
    """A line with a gap is better than none: older lines may lack what newer ones name."""

    def __missing__(self, name: str) -> str:
        return words.NOTHING
