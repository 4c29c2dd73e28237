"""The audit trail in words: `noun.verb` and its data, for people who read neither code nor JSON."""

from __future__ import annotations

import re
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core import words

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")

NOUNS: dict[str, Any] = {
    "absence": pgettext_lazy("audit", "Absence"),
    "callback": pgettext_lazy("audit", "Callback"),
    "calendar": pgettext_lazy("audit", "Calendar"),
    "clock": pgettext_lazy("audit", "Clock"),
    "company": pgettext_lazy("audit", "Company"),
    "contract": pgettext_lazy("audit", "Contract"),
    "customer": pgettext_lazy("audit", "Customer"),
    "dealer": pgettext_lazy("audit", "Dealer"),
    "dealer_level": pgettext_lazy("audit", "Dealer level"),
    "escalation": pgettext_lazy("audit", "Escalation"),
    "export": pgettext_lazy("audit", "Export"),
    "import": pgettext_lazy("audit", "Import"),
    "invitation": pgettext_lazy("audit", "Invitation"),
    "machine": pgettext_lazy("audit", "Machine"),
    "message": pgettext_lazy("audit", "Message"),
    "labouroperation": pgettext_lazy("audit", "Labour operation"),
    "offer": pgettext_lazy("audit", "Offer"),
    "operation": pgettext_lazy("audit", "Labour operation"),
    "option": pgettext_lazy("audit", "Setting"),
    "part": pgettext_lazy("audit", "Part"),
    "person": pgettext_lazy("audit", "Person"),
    "policy": pgettext_lazy("audit", "Policy"),
    "profile": pgettext_lazy("audit", "Ready profile"),
    "rate_card": pgettext_lazy("audit", "Rate card"),
    "report": pgettext_lazy("audit", "Work report"),
    "season": pgettext_lazy("audit", "Season"),
    "stock": pgettext_lazy("audit", "Stock"),
    "store": pgettext_lazy("audit", "Store"),
    "supplier": pgettext_lazy("audit", "Supplier"),
    "ticket": pgettext_lazy("audit", "Ticket"),
    "token": pgettext_lazy("audit", "API token"),
    "visit": pgettext_lazy("audit", "Visit"),
    "webhook": pgettext_lazy("audit", "Webhook"),
}
VERBS: dict[str, Any] = {
    "absorbed": pgettext_lazy("audit", "took over another record"),
    "accepted": pgettext_lazy("audit", "accepted"),
    "acknowledged": pgettext_lazy("audit", "acknowledged"),
    "adopted": pgettext_lazy("audit", "dated as computed"),
    "arranged": pgettext_lazy("audit", "arranged"),
    "assigned": pgettext_lazy("audit", "assigned"),
    "attached": pgettext_lazy("audit", "file attached"),
    "breached": pgettext_lazy("audit", "missed"),
    "cancelled": pgettext_lazy("audit", "cancelled"),
    "changed": pgettext_lazy("audit", "changed"),
    "checked": pgettext_lazy("audit", "checked"),
    "closed": pgettext_lazy("audit", "closed"),
    "code_sent": pgettext_lazy("audit", "code sent to the customer"),
    "confirmed": pgettext_lazy("audit", "confirmed"),
    "corrected": pgettext_lazy("audit", "new version begun"),
    "created": pgettext_lazy("audit", "created"),
    "dated_anew": pgettext_lazy("audit", "dated anew"),
    "days_changed": pgettext_lazy("audit", "days changed"),
    "deactivated": pgettext_lazy("audit", "deactivated"),
    "delayed": pgettext_lazy("audit", "put off with the customer's consent"),
    "deputy_named": pgettext_lazy("audit", "deputy named"),
    "detached": pgettext_lazy("audit", "file taken off"),
    "discarded": pgettext_lazy("audit", "discarded"),
    "done": pgettext_lazy("audit", "reported done"),
    "edited": pgettext_lazy("audit", "edited"),
    "ended": pgettext_lazy("audit", "ended"),
    "entered": pgettext_lazy("audit", "entered"),
    "escalated": pgettext_lazy("audit", "escalated"),
    "excluded": pgettext_lazy("audit", "operation taken out"),
    "exported": pgettext_lazy("audit", "exported"),
    "fitted": pgettext_lazy("audit", "model named"),
    "handed_over": pgettext_lazy("audit", "handed over"),
    "hours_changed": pgettext_lazy("audit", "hours changed from a day on"),
    "imported": pgettext_lazy("audit", "imported"),
    "included": pgettext_lazy("audit", "operation included"),
    "installed": pgettext_lazy("audit", "put into force"),
    "kept": pgettext_lazy("audit", "left as promised"),
    "liability_settled": pgettext_lazy("audit", "liability settled"),
    "local_removed": pgettext_lazy("audit", "calendar of a place removed"),
    "local_set": pgettext_lazy("audit", "calendar of a place set"),
    "merged": pgettext_lazy("audit", "merged"),
    "met": pgettext_lazy("audit", "kept"),
    "moved": pgettext_lazy("audit", "moved"),
    "noted": pgettext_lazy("audit", "note written"),
    "offered": pgettext_lazy("audit", "offered"),
    "passed": pgettext_lazy("audit", "passed on"),
    "paused": pgettext_lazy("audit", "paused"),
    "priced": pgettext_lazy("audit", "price set"),
    "profile_edited": pgettext_lazy("audit", "profile edited"),
    "raised": pgettext_lazy("audit", "urgency raised"),
    "reactivated": pgettext_lazy("audit", "reactivated"),
    "reapplied": pgettext_lazy("audit", "made to follow the policy in force"),
    "reassigned": pgettext_lazy("audit", "taken back from the receiver"),
    "refused": pgettext_lazy("audit", "refused"),
    "registered": pgettext_lazy("audit", "registered"),
    "reminded": pgettext_lazy("audit", "reminded again"),
    "reopened": pgettext_lazy("audit", "reopened"),
    "resumed": pgettext_lazy("audit", "resumed"),
    "revoked": pgettext_lazy("audit", "revoked"),
    "role_changed": pgettext_lazy("audit", "role changed"),
    "routed": pgettext_lazy("audit", "routed"),
    "saved": pgettext_lazy("audit", "saved"),
    "secret_renewed": pgettext_lazy("audit", "new secret made"),
    "sent": pgettext_lazy("audit", "sent"),
    "sent_again": pgettext_lazy("audit", "sent again"),
    "serials_recorded": pgettext_lazy("audit", "serial numbers recorded"),
    "set": pgettext_lazy("audit", "changed"),
    "sold_on": pgettext_lazy("audit", "sold on"),
    "signed": pgettext_lazy("audit", "signed"),
    "started": pgettext_lazy("audit", "started"),
    "taken_back": pgettext_lazy("audit", "taken back"),
    "tested": pgettext_lazy("audit", "test sent"),
    "timed_out": pgettext_lazy("audit", "not answered in time"),
    "untimed": pgettext_lazy("audit", "time on a model taken away"),
    "unfitted": pgettext_lazy("audit", "model taken off"),
    "timed": pgettext_lazy("audit", "time on a model set"),
    "warned": pgettext_lazy("audit", "warned"),
    "webhook_called": pgettext_lazy("audit", "webhook called"),
    "withdrawn": pgettext_lazy("audit", "withdrawn"),
    "year_loaded": pgettext_lazy("audit", "list of a year loaded"),
}


# What an event's data are called, and the codes that stand in them.
FACTS: dict[str, Any] = {
    "at": pgettext_lazy("audit", "at"),
    "at_fault": pgettext_lazy("audit", "at fault"),
    "came_from": pgettext_lazy("audit", "came from"),
    "by_code": pgettext_lazy("audit", "by code"),
    "cause": pgettext_lazy("audit", "cause"),
    "consent": pgettext_lazy("audit", "consent"),
    "dealer": pgettext_lazy("audit", "dealer"),
    "digest": pgettext_lazy("audit", "digest"),
    "decision": pgettext_lazy("audit", "decision"),
    "deputy": pgettext_lazy("audit", "deputy"),
    "due_at": pgettext_lazy("audit", "due"),
    "ended": pgettext_lazy("audit", "ended thereby"),
    "ends_at": pgettext_lazy("audit", "until"),
    "fields": pgettext_lazy("audit", "fields"),
    "from_on": pgettext_lazy("audit", "from"),
    "holder": pgettext_lazy("audit", "holder"),
    "is_late": pgettext_lazy("audit", "late"),
    "is_trusted": pgettext_lazy("audit", "trusted"),
    "kind": pgettext_lazy("audit", "kind"),
    "labour_per_hour": pgettext_lazy("audit", "labour per hour"),
    "may_do_restricted": pgettext_lazy("audit", "restricted operations"),
    "name": pgettext_lazy("audit", "name"),
    "note": pgettext_lazy("audit", "note"),
    "number": pgettext_lazy("audit", "number"),
    "old_part_gate": pgettext_lazy("audit", "old parts"),
    "pass_limit": pgettext_lazy("audit", "passes without review under"),
    "pause": pgettext_lazy("audit", "waits for"),
    "pay_mode": pgettext_lazy("audit", "pay mode"),
    "planned_until": pgettext_lazy("audit", "planned until"),
    "policy": pgettext_lazy("audit", "policy"),
    "previous_due_at": pgettext_lazy("audit", "was due"),
    "promise": pgettext_lazy("audit", "promise"),
    "reason": pgettext_lazy("audit", "reason"),
    "role": pgettext_lazy("audit", "role"),
    "signed_at": pgettext_lazy("audit", "signed at"),
    "signer": pgettext_lazy("audit", "signed by"),
    "starts_at": pgettext_lazy("audit", "from"),
    "valid_from": pgettext_lazy("audit", "in force from"),
    "version": pgettext_lazy("audit", "version"),
    "team": pgettext_lazy("audit", "department"),
    "technician": pgettext_lazy("audit", "technician"),
    "ticket": pgettext_lazy("audit", "ticket"),
    "told": pgettext_lazy("audit", "told"),
    "travel_per_km": pgettext_lazy("audit", "travel per km"),
    "until_on": pgettext_lazy("audit", "until"),
    "urgency": pgettext_lazy("audit", "urgency"),
    "visibility": pgettext_lazy("audit", "seen by"),
    "visit_at": pgettext_lazy("audit", "visit"),
}
CODES: dict[str, Any] = {
    "arrange": _("Arrangement"),
    "callback": _("Callback"),
    "check": _("Supervision check"),
    "complaint": _("Complaint"),
    "consultation": _("Consultation"),
    "customer": _("Customer"),
    "dealer": _("Dealer"),
    "dispatch": _("Dispatch"),
    "first_answer": _("First answer"),
    "high": _("High"),
    "internal": _("Internal"),
    "normal": _("Normal"),
    "repair": _("Repair"),
    "solution": _("Solution"),
    "timed_out": pgettext_lazy("audit", "not answered in time"),
    "urgent": _("Urgent"),
    **{role.value: role.label for role in Role},
}


def spoken(event: str) -> str:
    """ "Ticket: assigned"; words that nobody has listed are shown as they are."""
    noun, _dot, verb = event.partition(".")
    said = VERBS.get(verb, verb.replace("_", " "))
    return gettext("{noun}: {verb}").format(noun=NOUNS.get(noun, noun), verb=said)


def value(thing: Any) -> str:
    """A value of an event's data on one line."""
    if isinstance(thing, dict):
        return ", ".join(f"{FACTS.get(key, key)} = {value(inner)}" for key, inner in thing.items())
    if isinstance(thing, list):
        return words.told(map(value, thing))
    if isinstance(thing, bool):
        return gettext("yes") if thing else gettext("no")
    if thing in (None, ""):
        return words.NOTHING
    text = str(thing)
    if INSTANT.match(text) and (instant := parse_datetime(text)):
        return words.full_moment(instant)
    return str(CODES.get(text, text))


def told(data: dict[str, Any]) -> str:
    """What an event tells, on one line, without what is empty."""
    pair = gettext("{name}: {value}")
    filled = [(name, thing) for name, thing in data.items() if thing]
    return gettext("; ").join(
        pair.format(name=FACTS.get(name, name), value=value(thing)) for name, thing in filled
    )


def label_of(thing: str) -> str:
    """`T-20261122-0006 dispatch`: the promise after the number said in words."""
    head, space, tail = thing.rpartition(" ")
    return f"{head} {CODES[tail]}" if space and tail in CODES else thing
