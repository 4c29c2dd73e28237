"""Pure rules of receipt cards and coverage: lateness, last days, what covers a fault when.

Counting as the law counts: the start day is not counted, months end on the same-numbered day or
the month's last (Civil Code 201, 202), and a last day still counts. Rolling off rest days is the
matter of the remedies, which judge what the user may demand.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from machines.models.plans import Layer, StartRule
from machines.rules import clean_name

NOTHING = Decimal(0)


def add_months(day: date, months: int) -> date:
    """The same-numbered day, or the month's last where it has none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def due_day(invoice_on: date, days: int) -> date:
    """The last day on which a card is in time (R-065): the day of the sale is not counted."""
    return invoice_on + timedelta(days=days)


def days_late(received_on: date, due_on: date) -> int:
    """How many days after the last day in time a card came in; 0: in time."""
    return max(0, (received_on - due_on).days)


def start_day(rule: str, days: Mapping[str, date | None]) -> date | None:
    """The day on which coverage starts by the plan's rule; None while that day is not known."""
    return days.get(rule)


# Which day of a card each rule starts from.
START_FIELDS: dict[str, str] = {
    StartRule.INVOICE: "invoice_on",
    StartRule.DELIVERY: "delivered_on",
    StartRule.INSTALLATION: "installed_on",
    StartRule.ACCEPTANCE: "accepted_on",
}


@dataclass(frozen=True, slots=True)
class LastDays:
    """The last days of a term from a start day on; the promise is never below the floor."""

    ends_on: date
    labour_ends_on: date | None
    travel_ends_on: date | None
    legal_ends_on: date | None


def last_days(term: Any, starts_on: date) -> LastDays:
    """The last days of a CoverageTerm (or what is shaped like one)."""

    def after(months: int | None) -> date | None:
        return None if months is None else add_months(starts_on, months)

    legal = after(term.legal_months)
    promised = add_months(starts_on, term.months)
    return LastDays(
        max(promised, legal or promised),
        after(term.labour_months),
        after(term.travel_months),
        legal,
    )


def tier_at(tiers: Sequence[Mapping[str, Any]], starts_on: date, on: date) -> Mapping[str, Any]:
    """The step of the months that a day falls in; {} when there are no steps or all are over."""
    for tier in tiers:
        if on <= add_months(starts_on, int(tier["until_month"])):
            return tier
    return {}


COVERED, BY_LAW, NO_COVERAGE = "covered", "legal_floor", "no_coverage"
NOT_STARTED, ENDED, OVER_USE, READING_NEEDED = "not_started", "ended", "over_use", "no_reading"
WHY: dict[str, Any] = {
    COVERED: _("Covered."),
    BY_LAW: _("The promise is over; the legal floor still runs."),
    NO_COVERAGE: _("There is no coverage of this kind on the machine."),
    NOT_STARTED: _("Coverage has not started on that day."),
    ENDED: _("Coverage had ended by that day."),
    OVER_USE: _("The meter is above the limit of the coverage."),
    READING_NEEDED: _("Coverage has a use limit: a meter reading is needed."),
}


@dataclass(frozen=True, slots=True)
class Cover:
    """Whether a fault is covered, why, and what share of each kind of cost."""

    is_covered: bool
    why: str
    parts_percent: Decimal = NOTHING
    labour_percent: Decimal = NOTHING
    travel_percent: Decimal = NOTHING
    coverage_id: int | None = None
    ends_on: date | None = None
    answer: str = ""  # of a tier: "new", "swap" …

    @property
    def sentence(self) -> str:
        return str(WHY[self.why])


def judge(rows: Iterable[Any], layer: str, component: str, on: date, reading: int | None) -> Cover:
    """What covers a layer or component on a day at a meter reading; the best row decides.

    A part without a row of its own follows its layer, and a layer without one the whole machine.
    """
    found = _own_rows(list(rows), layer, component)
    judged = [_judge_row(row, on, reading) for row in found]
    order = (COVERED, BY_LAW, READING_NEEDED, OVER_USE, ENDED, NOT_STARTED)
    judged.sort(key=lambda cover: (order.index(cover.why), -(cover.ends_on or on).toordinal()))
    return judged[0] if judged else Cover(False, NO_COVERAGE)


def same_component(one: str, other: str) -> bool:
    return clean_name(one).casefold() == clean_name(other).casefold()


def _own_rows(rows: list[Any], layer: str, component: str) -> list[Any]:
    wanted = [(layer, component), (layer, ""), (Layer.WHOLE, "")]
    for kind, name in wanted:
        found = [r for r in rows if r.layer == kind and same_component(r.component, name)]
        if found:
            return found
    return []


def _judge_row(row: Any, on: date, reading: int | None) -> Cover:
    why = _why(row, on, reading)
    if why not in (COVERED, BY_LAW):
        return Cover(False, why, coverage_id=row.pk, ends_on=row.ends_on)
    tier = tier_at(row.tiers, row.starts_on, on)

    def share(name: str, until: date | None) -> Decimal:
        over = until is not None and on > until
        said = tier.get(f"{name}_percent", getattr(row, f"{name}_percent"))
        return NOTHING if over else Decimal(str(said))

    return Cover(
        True,
        why,
        share("parts", None),
        share("labour", row.labour_ends_on),
        share("travel", row.travel_ends_on),
        row.pk,
        row.ends_on,
        str(tier.get("answer", "")),
    )


def _why(row: Any, on: date, reading: int | None) -> str:
    if on < row.starts_on:
        return NOT_STARTED
    if on > row.ends_on:
        return ENDED
    if row.use_limit is None or (reading is not None and reading <= row.use_limit):
        return COVERED
    by_law = row.legal_ends_on is not None and on <= row.legal_ends_on
    if by_law and row.legal_use_limit is None:
        return BY_LAW
    if reading is None:
        return READING_NEEDED
    return BY_LAW if by_law and reading <= (row.legal_use_limit or 0) else OVER_USE


NO_CARD, LATE_CARD = "no_card", "late_card"
WHY_NOT: dict[str, Any] = {
    "": _("Claims for this machine are accepted."),
    NO_CARD: _("There is no receipt card: claims for this machine are refused until there is."),
    LATE_CARD: _("%(days)s days late: claims will be refused until a waiver."),
}


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether the dealer's claims are recognised (R-066); the user's own rights never depend."""

    is_eligible: bool
    why: str
    registration: Any = None

    @property
    def sentence(self) -> str:
        days = getattr(self.registration, "days_late", 0)
        return str(WHY_NOT[self.why]) % {"days": days}


def eligibility(registration: Any) -> Eligibility:
    """Of a machine's live card, or None."""
    if registration is None:
        return Eligibility(False, NO_CARD)
    if registration.days_late and registration.waived_at is None:
        return Eligibility(False, LATE_CARD, registration)
    return Eligibility(True, "", registration)


def wrong_tiers(tiers: Any) -> str:
    """What is wrong with the steps of a term, in words; nothing: all right."""
    if not isinstance(tiers, list) or not all(isinstance(row, dict) for row in tiers):
        return str(_("Steps are rows of a month and an answer."))
    last = 0
    for row in tiers:
        until = row.get("until_month")
        if type(until) is not int or until <= last:
            return str(_("The months of the steps are whole numbers and rise."))
        if not str(row.get("answer", "")).strip():
            return str(_("Each step says what is given: new, swapped …"))
        last = until
    return ""
