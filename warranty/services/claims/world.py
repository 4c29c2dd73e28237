"""Everything the checks ask of the database, for any number of filings, in some twenty queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from dealers.models import Dealer
from dealers.queries import rates_for_many, standard_rates
from dealers.rules import Rates
from machines.card_queries import LIVE
from machines.models import Coverage, Registration, RegistrationState
from parts.models import OperationFit, OperationIncludes, PartFit, PartPrice, PartSerial, PriceKind
from parts.rules import fold
from warranty.models import (
    CheckRule,
    Claim,
    ClaimLine,
    Evidence,
    OldPartReturn,
    ReviewLevel,
    WorkReport,
    WorkReportPart,
)
from warranty.services.claims.filings import Filing
from warranty.states.claims import ClaimState, ClaimType, LineKind
from warranty.states.oldparts import OldPartState
from warranty.states.reports import ReportState

# Claims that stand for nothing: not filed yet, or given up.
_NOTHING = (ClaimState.DRAFT, ClaimState.VOID)
PAID_BEFORE = timedelta(days=366)
MOST_PHOTOS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """The meter of a machine on a signed report."""

    report_id: int
    number: str
    finished_at: Any
    reading: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Before:
    """A part or operation on an earlier claim of the same machine."""

    claim_id: int
    number: str
    repaired_on: date


@dataclass(slots=True)
class World:
    """Rows by what they are asked by."""

    prices: dict[int, list[PartPrice]]
    fits: dict[int, dict[int, Decimal]]
    times: dict[int, list[tuple[int | None, int]]]
    includes: dict[int, set[int]]
    rates: dict[tuple[int, date], Rates | None]
    standard: dict[date, Rates | None]
    coverage: dict[int, list[Coverage]]
    cards: dict[int, Registration]
    readings: dict[int, list[Reading]]
    parts_before: dict[tuple[int, int], list[Before]]
    labour_before: dict[tuple[int, int], list[Before]]
    same_report: dict[str, list[tuple[int, str]]]
    first_service: dict[int, list[tuple[int, str]]]
    overdue: dict[int, int]
    trips: dict[tuple[int | None, str], list[tuple[int, int]]]
    travel_paid: dict[int, list[tuple[int, int]]]
    photos: dict[int, list[Evidence]]
    photo_elsewhere: dict[str, list[tuple[int, str]]]
    serials: dict[tuple[int, str], PartSerial]
    batches: dict[tuple[int, str], list[int]]
    consent_used: dict[int, list[tuple[int, int]]]
    payees: dict[int, int]


def load(filings: Sequence[Filing]) -> World:
    """Load the world of some filings; the number of queries does not grow with them."""
    claims = [filing.claim for filing in filings]
    machines = {claim.machine_id for claim in claims}
    reports = {claim.report_id for claim in claims if claim.report_id}
    lines = [line for filing in filings for line in filing.lines]
    fitted = [line.report_part for line in lines if line.report_part]
    parts = {row.part_id for row in fitted}
    operations = {line.report_labour.operation_id for line in lines if line.report_labour}
    trips = _trips(claims)
    return World(
        prices=_grouped(
            PartPrice.objects.filter(part_id__in=parts, kind=PriceKind.DEALER), "part_id"
        ),
        fits=_fits(parts),
        times=_times(operations),
        includes=_includes(operations),
        rates=rates_for_many(
            (claim.dealer, claim.repaired_on) for claim in claims if claim.dealer is not None
        ),
        standard=standard_rates(claim.repaired_on for claim in claims if claim.dealer_id is None),
        coverage=_grouped(Coverage.objects.filter(LIVE, machine_id__in=machines), "machine_id"),
        cards={
            card.machine_id: card
            for card in Registration.objects.filter(
                machine_id__in=machines, state=RegistrationState.REGISTERED
            )
        },
        readings=_readings(machines),
        parts_before=_before(claims, LineKind.PART, "part_id", parts),
        labour_before=_before(claims, LineKind.LABOUR, "operation_id", operations),
        same_report=_same_report(claims),
        first_service=_first_service(filings, machines),
        overdue=_overdue(claims),
        trips=trips,
        travel_paid=_travel_paid(trips),
        photos=(photos := _grouped(Evidence.objects.filter(report_id__in=reports), "report_id")),
        photo_elsewhere=_elsewhere(photos),
        serials=_serials(fitted),
        batches=_batches(fitted),
        consent_used=_consent_used(filings),
        payees=_payees(claims),
    )


def rule_rows() -> tuple[list[CheckRule], list[ReviewLevel]]:
    """Every row of the check table and of the review levels: two queries."""
    return list(CheckRule.objects.select_related("reason")), list(ReviewLevel.objects.all())


def _grouped(rows: Iterable[Any], by: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, by)].append(row)
    return found


def _fits(parts: set[int]) -> dict[int, dict[int, Decimal]]:
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    rows = PartFit.objects.filter(part_id__in=parts)
    for part, model, per_machine in rows.values_list("part_id", "model_id", "per_machine"):
        found[part][model] = per_machine
    return found


def _times(operations: set[int]) -> dict[int, list[tuple[int | None, int]]]:
    found: dict[int, list[tuple[int | None, int]]] = defaultdict(list)
    rows = OperationFit.objects.filter(operation_id__in=operations)
    for operation, model, minutes in rows.values_list("operation_id", "model_id", "minutes"):
        found[operation].append((model, minutes))
    return found


def _includes(operations: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = OperationIncludes.objects.filter(operation_id__in=operations)
    for operation, included in rows.values_list("operation_id", "included_id"):
        found[operation].add(included)
    return found


def _readings(machines: set[int]) -> dict[int, list[Reading]]:
    rows = WorkReport.objects.filter(
        machine_id__in=machines,
        state=ReportState.SIGNED,
        meter_reading__isnull=False,
        finished_at__isnull=False,
    ).values_list("machine_id", "pk", "number", "finished_at", "meter_reading", "meter_unit")
    found: dict[int, list[Reading]] = defaultdict(list)
    for machine, report, number, finished_at, reading, unit in rows:
        if reading is not None:
            found[machine].append(Reading(report, number, finished_at, reading, unit))
    return found


def _before(
    claims: Sequence[Claim], kind: str, by: str, wanted: set[int]
) -> dict[tuple[int, int], list[Before]]:
    """Lines of the newest versions of other claims that were not refused as a whole."""
    found: dict[tuple[int, int], list[Before]] = defaultdict(list)
    if not wanted:
        return found
    earliest = min(claim.repaired_on for claim in claims) - PAID_BEFORE
    rows = (
        ClaimLine.objects.filter(
            Q(version__claim__approved_cents=None) | Q(version__claim__approved_cents__gt=0),
            kind=kind,
            version__claim__machine_id__in={claim.machine_id for claim in claims},
            version__claim__repaired_on__gte=earliest,
            **{f"{by}__in": wanted},
        )
        .exclude(version__claim__state__in=_NOTHING)
        .values_list(
            "version__claim__machine_id",
            by,
            "version__claim_id",
            "version__claim__number",
            "version__claim__repaired_on",
        )
        .distinct()
    )
    for machine, thing, *rest in rows:
        found[machine, thing].append(Before(*rest))
    return found


def _same_report(claims: Iterable[Claim]) -> dict[str, list[tuple[int, str]]]:
    numbers = {claim.report.number for claim in claims if claim.report}
    rows = Claim.objects.filter(report__number__in=numbers).exclude(state=ClaimState.VOID)
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for report, pk, number in rows.values_list("report__number", "pk", "number"):
        found[report].append((pk, number))
    return found


def _first_service(
    filings: Sequence[Filing], machines: set[int]
) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    if not any(filing.type == ClaimType.FIRST_SERVICE for filing in filings):
        return found
    rows = Claim.objects.filter(machine_id__in=machines, type=ClaimType.FIRST_SERVICE)
    rows = rows.filter(Q(approved_cents=None) | Q(approved_cents__gt=0))
    used = rows.exclude(state__in=_NOTHING).values_list("machine_id", "pk", "number")
    for machine, pk, number in used:
        found[machine].append((pk, number))
    return found


def _overdue(claims: Iterable[Claim]) -> dict[int, int]:
    dealers = {claim.dealer_id for claim in claims if claim.dealer_id}
    rows = OldPartReturn.objects.filter(dealer_id__in=dealers, state=OldPartState.OVERDUE)
    found: dict[int, int] = defaultdict(int)
    for dealer in rows.values_list("dealer_id", flat=True):
        found[dealer] += 1
    return found


def _trips(claims: Iterable[Claim]) -> dict[tuple[int | None, str], list[tuple[int, int]]]:
    """Of each trip its signed reports, in the order they were made: (report, machine)."""
    keys = {claim.report.trip_key for claim in claims if claim.report and claim.report.trip_key}
    found: dict[tuple[int | None, str], list[tuple[int, int]]] = defaultdict(list)
    if keys:
        rows = WorkReport.objects.filter(trip_key__in=keys, state=ReportState.SIGNED)
        for dealer, key, report, machine in rows.order_by("pk").values_list(
            "dealer_id", "trip_key", "pk", "machine_id"
        ):
            found[dealer, key].append((report, machine))
    return found


def _travel_paid(
    trips: dict[tuple[int | None, str], list[tuple[int, int]]],
) -> dict[int, list[tuple[int, int]]]:
    """What filed claims took for the travel of a report: (claim, cents) by the report."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    reports = {report for jobs in trips.values() if len(jobs) > 1 for report, _machine in jobs}
    if reports:
        rows = ClaimLine.objects.filter(
            kind=LineKind.TRAVEL, version__claim__report_id__in=reports
        ).exclude(version__claim__state__in=_NOTHING)
        latest: dict[int, tuple[int, int, int]] = {}
        for report, claim, number, cents in rows.order_by("version__number").values_list(
            "version__claim__report_id", "version__claim_id", "version__number", "computed_cents"
        ):
            latest[claim] = (report, number, cents)
        for claim, (report, _number, cents) in latest.items():
            found[report].append((claim, cents))
    return found


def _elsewhere(photos: dict[int, list[Evidence]]) -> dict[str, list[tuple[int, str]]]:
    """By content, the other reports on which the same photo stands, as it is or as it was."""
    hashes: set[str] = set()
    for rows in photos.values():
        for row in rows:
            hashes |= {row.sha256, row.original_sha256} - {""}
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    if hashes:
        rows_ = Evidence.objects.filter(
            Q(sha256__in=hashes) | Q(original_sha256__in=hashes), report__isnull=False
        ).values_list("sha256", "original_sha256", "report_id", "report__number")
        for one, other, report, number in rows_:
            for content in {one, other} - {""}:
                found[content].append((report, number))
    return found


def _serials(fitted: Iterable[WorkReportPart]) -> dict[tuple[int, str], PartSerial]:
    numbers = {fold(row.new_serial) for row in fitted} - {""}
    if not numbers:
        return {}
    rows = PartSerial.objects.filter(
        part_id__in={row.part_id for row in fitted}, serial_number__in=numbers
    )
    return {(row.part_id, row.serial_number): row for row in rows}


def _batches(fitted: Iterable[WorkReportPart]) -> dict[tuple[int, str], list[int]]:
    """Filed claims of each watched batch, by part and folded batch."""
    watched = {row.part_id for row in fitted if row.part.is_watched and row.old_batch}
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    if watched:
        rows = (
            WorkReportPart.objects.filter(part_id__in=watched, report__claims__isnull=False)
            .exclude(old_batch="")
            .exclude(report__claims__state__in=_NOTHING)
            .values_list("part_id", "old_batch", "report__claims__pk")
        )
        for part, batch, claim in rows:
            found[part, fold(batch)].append(claim)
    return found


def _consent_used(filings: Iterable[Filing]) -> dict[int, list[tuple[int, int]]]:
    """What filed claims took of each consent: (claim, cents)."""
    ids = {filing.consent.pk for filing in filings if filing.consent}
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    if ids:
        rows = Claim.objects.filter(pre_authorisation_id__in=ids).exclude(state__in=_NOTHING)
        used = rows.values_list("pre_authorisation_id", "pk", "claimed_cents")
        for consent, claim, cents in used:
            found[consent].append((claim, cents))
    return found


def _payees(claims: Iterable[Claim]) -> dict[int, int]:
    """The dealer above each dealer of the second level: its pieces may have been bought there."""
    dealers = {claim.dealer_id for claim in claims if claim.dealer_id}
    rows = Dealer.objects.filter(pk__in=dealers, parent__isnull=False)
    return dict(rows.values_list("pk", "parent_id"))
