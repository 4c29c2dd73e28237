"""From rows to frozen facts and priced lines: the one place where a filing is looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from dealers.rules import Rates
from warranty.models import WorkReport
from warranty.rules.checks import Book, ClaimFacts, Consent, Grade, Level, Photo, Rule, in_force
from warranty.services.claims.filings import Filing
from warranty.services.claims.pricing import NOTHING, Priced, frozen, priced, pricing_of
from warranty.services.claims.world import MOST_PHOTOS_NAMED, World, load, rule_rows


@dataclass(frozen=True, slots=True)
class Gathered:
    """One filing, ready to be judged and written down."""

    filing: Filing
    facts: ClaimFacts
    lines: tuple[Priced, ...]
    rates: Rates | None
    coverage: tuple[dict[str, Any], ...]


def gather(filings: Sequence[Filing]) -> list[Gathered]:
    """The facts of any number of filings in a bounded number of queries."""
    world = load(filings)
    return [_gathered(filing, world) for filing in filings]


def book_for(filing: Filing, rows: tuple[list[Any], list[Any]]) -> Book:
    """The rows of the check table that a filing is asked, as values."""
    rules, levels = rows
    dealer = filing.claim.dealer
    chosen = in_force(rules, filing.filed_on, dealer.level_id if dealer else None)
    return Book(
        tuple(
            Rule(
                id=row.pk,
                code=row.code,
                outcome=row.outcome,
                position=row.position,
                softened=row.softened,
                level=row.level,
                parameters=row.parameters,
                reason=row.reason.code if row.reason else "",
                from_on=row.from_on.isoformat(),
            )
            for row in chosen
        ),
        tuple(Level(row.level, row.up_to_cents) for row in levels),
    )


def books() -> tuple[list[Any], list[Any]]:
    """The check table and the review levels as they stand."""
    return rule_rows()


def _gathered(filing: Filing, world: World) -> Gathered:
    pricing = pricing_of(filing, world)
    lines = tuple(priced(position, line, pricing) for position, line in enumerate(filing.lines, 1))
    asked = {line.coverage_id for line in lines} - {None}
    rows = world.coverage.get(filing.claim.machine_id, [])
    return Gathered(
        filing=filing,
        facts=_facts(filing, world, pricing.rates, lines),
        lines=lines,
        rates=pricing.rates,
        coverage=tuple(frozen(row) for row in rows if row.pk in asked),
    )


def _facts(
    filing: Filing, world: World, rates: Rates | None, lines: tuple[Priced, ...]
) -> ClaimFacts:
    claim, report = filing.claim, filing.claim.report
    dealer = claim.dealer
    card = world.cards.get(claim.machine_id)
    before, after = _meters(filing, world)
    trip = world.trips.get((report.dealer_id, report.trip_key), []) if report else []
    photos = world.photos.get(report.pk, []) if report else []
    visit = report.visit if report else None
    return ClaimFacts(
        number=claim.number,
        type=filing.type,
        filed_on=filing.filed_on,
        repaired_on=claim.repaired_on,
        file_by=claim.file_by,
        lines=tuple(line.facts for line in lines),
        late_reason=filing.late_reason,
        asks_goodwill=filing.asks_goodwill,
        asks_review=filing.asks_review,
        has_dealer=dealer is not None,
        dealer_works=dealer is None or _works(dealer, claim.repaired_on),
        grade=_grade(dealer),
        card=_card(card),
        card_days_late=card.days_late if card else 0,
        reading=report.meter_reading if report else None,
        reading_unit=report.meter_unit if report else "",
        reading_before=before,
        reading_after=after,
        same_report=_other(world.same_report.get(report.number, []), claim.pk) if report else "",
        is_repeat=report.is_repeat if report else False,
        first_service_used=_other(world.first_service.get(claim.machine_id, []), claim.pk),
        overdue_pieces=world.overdue.get(claim.dealer_id or 0, 0),
        distance_km=report.distance_km if report else None,
        map_km=report.map_km if report else None,
        km_tolerance_percent=rates.km_tolerance_percent if rates else NOTHING,
        trip_machines=max(1, len({machine for _job, machine in trip})),
        planned_at=visit.planned_at if visit else None,
        arrived_at=report.arrived_at if report else None,
        visit_arrived_at=visit.arrived_at if visit else None,
        repair_days=_repair_days(report),
        is_signed=report is None or bool(report.signature) or report.signed_by_code,
        used_photos=tuple(_used(world, photos, report))[:MOST_PHOTOS_NAMED],
        photo_count=len(photos),
        charged_cents=report.charged_cents if report else 0,
        is_charge_told=report is None or _was_told(report),
        consent=_consent(filing, world),
        freight_limit_cents=rates.freight_limit_cents if rates else 0,
        has_rates=rates is not None,
        draw=draw(claim.number),
    )


def draw(number: str) -> int:
    """A number from 0 to 99 for a claim, the same for ever: which ones are looked at is chance."""
    return int(hashlib.sha256(f"sample:{number}".encode()).hexdigest(), 16) % 100


def _works(dealer: Any, on: date) -> bool:
    ends_on = dealer.agreement_ends_on
    return bool(dealer.is_active) and (ends_on is None or ends_on >= on)


def _grade(dealer: Any) -> Grade:
    if dealer is None:
        return Grade(is_trusted=True, may_do_restricted=True)
    level = dealer.level
    return Grade(level.pass_limit_cents, level.is_trusted, level.may_do_restricted)


def _card(card: Any) -> str:
    if card is None:
        return "no_card"
    if not card.days_late:
        return ""
    return "late_card" if card.waived_at is None else "waived"


def _meters(filing: Filing, world: World) -> tuple[Decimal | None, Decimal | None]:
    """The highest earlier and the lowest later reading, of other jobs, in the same measure."""
    report = filing.claim.report
    if report is None or report.meter_reading is None or report.finished_at is None:
        return None, None
    others = [
        each
        for each in world.readings.get(filing.claim.machine_id, [])
        if each.number != report.number and each.unit == report.meter_unit
    ]
    before = [each.reading for each in others if each.finished_at < report.finished_at]
    after = [each.reading for each in others if each.finished_at > report.finished_at]
    return max(before, default=None), min(after, default=None)


def _repair_days(report: WorkReport | None) -> int:
    """Calendar days that the work took, the first and the last counted."""
    if report is None or report.started_at is None or report.finished_at is None:
        return 0
    first, last = timezone.localdate(report.started_at), timezone.localdate(report.finished_at)
    return (last - first + timedelta(days=1)).days


def _was_told(report: WorkReport) -> bool:
    """Whether the user knew the price before the work began."""
    if not report.charged_cents:
        return True
    told = report.charge_told_at
    return told is not None and (report.started_at is None or told <= report.started_at)


def _used(world: World, photos: Sequence[Any], report: WorkReport | None) -> list[Photo]:
    from_ = report.number if report else ""
    found = []
    for photo in photos:
        contents = {photo.sha256, photo.original_sha256} - {""}
        others = {
            number
            for content in contents
            for _report, number in world.photo_elsewhere.get(content, [])
            if number != from_
        }
        if others:
            found.append(Photo(photo.original_name, min(others)))
    return found


def _consent(filing: Filing, world: World) -> Consent | None:
    row = filing.consent
    if row is None:
        return None
    used = sum(
        cents for claim, cents in world.consent_used.get(row.pk, []) if claim != filing.claim.pk
    )
    return Consent(
        number=row.number,
        left_cents=max(0, (row.limit_cents or 0) - used),
        expires_on=row.expires_on,
        part_numbers=tuple(row.part_numbers),
        operation_codes=tuple(row.operation_codes),
        is_goodwill=row.is_goodwill,
    )


def _other(found: list[tuple[int, str]], own: int) -> str:
    return next((number for pk, number in found if pk != own), "")
