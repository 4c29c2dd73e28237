"""Claims in words: what a line is, how its sum came about, what the audit and a check say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core.models import AuditEvent
from core.money import yuan
from core.words import money
from warranty.models import ClaimLine, CutReason, WorkReportLabour, WorkReportPart
from warranty.states.claims import LineKind

TITLES: dict[str, Any] = {
    "claim.drafted": _("Claim drafted"),
    "claim.saved": _("Draft saved"),
    "claim.submitted": _("Claim filed"),
    "claim.corrected": _("Filed again, corrected"),
    "claim.routed": _("Given to a reviewer"),
    "claim.passed": _("Passed by the checks"),
    "claim.rejected": _("Rejected by the checks"),
    "claim.returned": _("Given back to be corrected"),
    "claim.withdrawn": _("Withdrawn"),
    "claim.given_up": _("Given up"),
    "claim.expiring": _("Reminded that the time to correct it runs out"),
    "claim.expired": _("Not corrected in time"),
    "claim.report_renewed": _("Taken over by a new version of the report"),
    "claim.discarded": _("Draft discarded"),
    "claim.raised": _("Raised to the next level"),
    "claim.decided": _("Decided"),
    "claim.cancelled": _("Cancelled"),
    "claim.appealed": _("Appealed"),
    "claim.appeal_decided": _("Appeal decided"),
    "claim.accepted": _("Decision accepted"),
    "claim.ready": _("Handed to finance"),
    "claim.closed": _("Closed: nothing to pay"),
    "claim.confirmed": _("Confirmed by finance"),
    "claim.sent_back": _("Sent back by finance"),
    "claim.booked": _("Cost booked"),
    "claim.rechecked": _("Checked again"),
    "preauthorisation.created": _("Written down"),
    "preauthorisation.edited": _("Changed"),
    "preauthorisation.submitted": _("Sent in"),
    "preauthorisation.discarded": _("Discarded"),
    "preauthorisation.returned": _("Given back to be completed"),
    "preauthorisation.approved": _("Approved"),
    "preauthorisation.rejected": _("Rejected"),
}
FIELDS: dict[str, Any] = {
    "approved": _("approved"),
    "claimed": _("claimed"),
    "computed": _("computed"),
    "reason": _("reason"),
    "lines": _("lines"),
    "old": _("Before"),
    "new": _("After"),
    "version": _("version"),
    "level": _("level"),
    "outcome": _("result"),
    "round": _("round"),
    "limit_cents": _("limit"),
    "asked_cents": _("asked for"),
    "expires_on": _("until"),
    "correct_by": _("until"),
}
MONEY = frozenset({"approved", "claimed", "computed", "limit_cents", "asked_cents"})
# The figures of a computation, in the order in which they are read.
FIGURES: dict[str, Any] = {
    "price_cents": _("contract price"),
    "markup_percent": _("mark-up, %"),
    "quantity": _("quantity"),
    "minutes": _("minutes worked"),
    "standard_minutes": _("standard minutes"),
    "paid_minutes": _("minutes paid"),
    "rate_cents": _("rate"),
    "claimed_km": _("km driven"),
    "map_km": _("km by the map"),
    "tolerance_percent": _("tolerance, %"),
    "paid_km": _("km paid"),
    "trip_jobs": _("jobs on the trip"),
    "trip_cents": _("whole trip"),
    "invoice_cents": _("invoice"),
    "fee_cents": _("fee"),
    "count": _("how many times"),
    "percent": _("covered, %"),
    "factory_supplied": _("supplied by the factory"),
    "included": _("held in another operation"),
    "limit_cents": _("limit"),
    "factory_percent": _("factory's share, %"),
}


def what(line: ClaimLine) -> str:
    """The part or operation of a line, else its words, else its kind."""
    if line.part is not None:
        return f"{line.part.number} {line.part.name}"
    if line.operation is not None:
        return f"{line.operation.code} {line.operation.name}"
    return line.words or str(line.get_kind_display())


def what_of_row(kind: str, row: WorkReportPart | WorkReportLabour | None, words: str = "") -> str:
    """The same of a line that is not filed yet, by its row of the report."""
    if isinstance(row, WorkReportPart):
        return f"{row.part.number} {row.part.name}"
    if isinstance(row, WorkReportLabour):
        return f"{row.operation.code} {row.operation.name}"
    return words or str(LineKind(kind).label if kind in LineKind.values else kind)


def figures(line: ClaimLine) -> list[tuple[str, str]]:
    """How the computed amount came about, each figure by its name."""
    return figures_of(line.computation)


def figures_of(computation: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The figures of a computation by their names, in the order in which they are read."""
    found = []
    for name, label in FIGURES.items():
        value = computation.get(name)
        if value in (None, ""):
            continue
        found.append((str(label), _figure(name, value)))
    return found


def _figure(name: str, value: Any) -> str:
    if name in ("factory_supplied", "included"):
        return _g("yes")
    if name.endswith("_cents") and str(value).lstrip("-").isdigit():
        return money(yuan(int(value)))
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def reason_name(reason: CutReason | None) -> str:
    """A reason in the reader's language."""
    if reason is None:
        return ""
    is_chinese = (get_language() or "").startswith("zh")
    return reason.name if is_chinese or not reason.name_en else reason.name_en


def event_title(event: AuditEvent) -> str:
    """The event in words; a verb that has none yet, as it is."""
    return str(TITLES.get(event.verb, event.verb))


def event_details(event: AuditEvent) -> str:
    """`Name: value; …` of what stands beside an event."""
    return _g("; ").join(
        f"{FIELDS[name]}: {_value(name, value)}"
        for name, value in event.data.items()
        if name in FIELDS and value not in ("", [], None)
    )


def _value(name: str, value: Any) -> str:
    if name in MONEY and isinstance(value, int):
        return money(yuan(value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
