"""What happened to cases, spot checks and recoveries, as lines of a story."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.models import AuditEvent
from core.money import yuan
from core.words import money
from warranty.remedies.values import Option
from warranty.remedies_words import OPTIONS
from warranty.states.cases import Remedy, Verdict

TITLES: dict[str, Any] = {
    "case.warning": _("One step before a right of the user"),
    "case.triggered": _("The user may choose"),
    "case.grew": _("The user may demand more"),
    "case.user_chose": _("The user has chosen"),
    "case.approved": _("Approved"),
    "case.refused": _("Not approved; the user chooses again"),
    "case.carried_out": _("Carried out"),
    "case.recovered": _("Cost got back"),
    "case.dropped": _("Dropped"),
    "spot_check.drawn": _("Sample drawn"),
    "spot_check.papers": _("Papers handed in"),
    "spot_check.papers_in": _("All papers are in"),
    "spot_check.item_decided": _("Claim decided"),
    "spot_check.decided": _("Spot check decided"),
    "recovery.found": _("Cost found"),
    "recovery.claimed": _("Claimed from the supplier"),
    "recovery.answered": _("The supplier answered"),
    "recovery.debited": _("Debited"),
    "recovery.take_parts": _("Parts sent instead of money"),
    "recovery.close": _("Closed"),
}
# What the codes of an event's data are called.
CODES: dict[str, Any] = {"choice": Remedy, "verdict": Verdict}
PLAIN = ("signer", "reason", "serial", "claim", "words", "piece")


def told(events: list[AuditEvent]) -> list[dict[str, Any]]:
    """Each event: what, by whom, when, and what was written."""
    return [
        {
            "at": event.at,
            "title": str(TITLES.get(event.verb, event.verb)),
            "who": event.actor_label,
            "text": " · ".join(_details(event.data)),
        }
        for event in events
    ]


def options_said(options: list[str]) -> list[str]:
    """Options by their codes, in the reader's language."""
    return [str(OPTIONS[Option(each)]) for each in options]


def _details(data: dict[str, Any]) -> list[str]:
    said = []
    for name, value in data.items():
        if not value:
            continue
        if name in CODES:
            said.append(str(dict(CODES[name].choices).get(value, value)))
        elif name in PLAIN:
            said.append(str(value))
        elif name in ("cents", "cost"):
            said.append(money(yuan(value)))
        elif name == "options":
            said += options_said(value)
        elif name == "claims":
            said.append(", ".join(value))
    return said
