"""What each filed line is worth by the rules: its terms, its price, its share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from dealers.rules import Rates
from machines.card_rules import Cover, judge
from parts.models import Gate, Layer, ReturnDuty
from parts.rules import fold, minutes_on, price_on
from warranty.models import WorkReport
from warranty.rules import amounts
from warranty.rules.amounts import Amount
from warranty.rules.checks import Line
from warranty.services.claims.filings import FiledLine, Filing
from warranty.services.claims.world import World
from warranty.states.claims import ClaimType, LineKind
from warranty.states.reports import PartSource

HUNDRED = amounts.HUNDRED
NOTHING = Decimal(0)
# Coverage is not asked of a machine in stock, nor of what a case of the law decided.
UNCOVERED_TYPES = (ClaimType.PRE_SALE, ClaimType.REPLACEMENT, ClaimType.RETURN)
WHOLE = Cover(True, "", HUNDRED, HUNDRED, HUNDRED)


@dataclass(frozen=True, slots=True)
class Priced:
    """A filed line with what the rules compute for it and what it was judged by."""

    filed: FiledLine
    facts: Line
    amount: Amount
    claimed_cents: int
    gate: str
    coverage_id: int | None


@dataclass(frozen=True, slots=True)
class Pricing:
    """One filing with its world, its rates and its terms at hand."""

    filing: Filing
    world: World
    rates: Rates | None
    covers: dict[int, Cover]
    work: Cover

    def percent(self, cover: Cover, of: str) -> Decimal:
        """The share paid: of the coverage, or of Goodwill where it is agreed or asked."""
        if cover.is_covered:
            return Decimal(getattr(cover, f"{of}_percent"))
        if self.filing.consent is not None or self.filing.asks_goodwill:
            return self.filing.shares.factory
        return NOTHING


def fault_day(report: WorkReport | None, repaired_on: date) -> date:
    """The day that the terms are asked of: of the fault, else of the call, else of the work."""
    if report is None:
        return repaired_on
    if report.fault_on is not None:
        return report.fault_on
    return timezone.localdate(report.reported_at) if report.reported_at else repaired_on


def pricing_of(filing: Filing, world: World) -> Pricing:
    """The rates of the repair day and the terms of the fault's day."""
    claim = filing.claim
    if claim.dealer is None:
        rates = world.standard.get(claim.repaired_on)
    else:
        rates = world.rates.get((claim.dealer.pk, claim.repaired_on))
    covers = _covers(filing, world)
    return Pricing(filing, world, rates, covers, _work_cover(filing, covers, world))


def priced(position: int, line: FiledLine, pricing: Pricing) -> Priced:
    """A filed line with what the rules compute.

    What is not typed asks for what the rules compute; out of its term for the whole, so that
    Goodwill or an appeal can still grant it.
    """
    if line.report_part is not None:
        return _part(position, line, pricing)
    if line.report_labour is not None:
        return _labour(position, line, pricing)
    amount = _other_amount(line, pricing, pricing.percent(pricing.work, "travel"))
    claimed = _claimed(line, amount, pricing.work, lambda: _other_amount(line, pricing, HUNDRED))
    facts = Line(
        position=position,
        kind=line.kind,
        claimed_cents=claimed,
        computed_cents=amount.cents,
        name=line.words,
        quantity=line.quantity,
    )
    return Priced(line, facts, amount, claimed, Gate.NONE, pricing.work.coverage_id)


def _covers(filing: Filing, world: World) -> dict[int, Cover]:
    """What covers each fitted part, by the row of the report."""
    if filing.type in UNCOVERED_TYPES:
        return {}
    claim = filing.claim
    rows = world.coverage.get(claim.machine_id, [])
    on = fault_day(claim.report, claim.repaired_on)
    reading = _reading(claim.report)
    return {
        row.pk: judge(rows, row.part.layer, row.part.component, on, reading)
        for line in filing.lines
        if (row := line.report_part) is not None
    }


def _work_cover(filing: Filing, covers: dict[int, Cover], world: World) -> Cover:
    """What covers labour and travel: the terms of the causal part, else the best of the parts."""
    if filing.type in UNCOVERED_TYPES:
        return WHOLE
    fitted = [line.report_part for line in filing.lines if line.report_part is not None]
    causal = [covers[row.pk] for row in fitted if row.is_causal]
    if causal:
        return causal[0]
    if fitted:
        return max((covers[row.pk] for row in fitted), key=lambda cover: cover.labour_percent)
    claim = filing.claim
    rows = world.coverage.get(claim.machine_id, [])
    on = fault_day(claim.report, claim.repaired_on)
    return judge(rows, Layer.WHOLE, "", on, _reading(claim.report))


def _reading(report: WorkReport | None) -> int | None:
    if report is None or report.meter_reading is None:
        return None
    return int(report.meter_reading)


def _claimed(line: FiledLine, amount: Amount, cover: Cover, whole: Callable[[], Amount]) -> int:
    if line.claimed_cents is not None:
        return line.claimed_cents
    return amount.cents if cover.is_covered else whole().cents


def _part(position: int, line: FiledLine, pricing: Pricing) -> Priced:
    row, filing, world, rates = line.report_part, pricing.filing, pricing.world, pricing.rates
    assert row is not None
    claim, part = filing.claim, row.part
    cover = pricing.covers.get(row.pk, WHOLE)
    price = price_on(world.prices.get(part.pk, []), claim.repaired_on)

    def amount_at(percent: Decimal) -> Amount:
        return amounts.part(
            price_cents=price or 0,
            quantity=row.quantity,
            markup_percent=rates.parts_markup_percent if rates else NOTHING,
            percent=percent,
            is_factory_supplied=row.source != PartSource.OWN,
        )

    amount = amount_at(pricing.percent(cover, "parts"))
    claimed = _claimed(line, amount, cover, lambda: amount_at(HUNDRED))
    fits = world.fits.get(part.pk)
    facts = Line(
        position=position,
        kind=LineKind.PART.value,
        claimed_cents=claimed,
        computed_cents=amount.cents,
        code=part.number,
        name=part.name,
        quantity=row.quantity,
        source=row.source,
        fits=fits is None or claim.machine.model_id in fits,
        per_machine=None if fits is None else fits.get(claim.machine.model_id),
        is_main=part.layer == Layer.MAIN,
        is_watched=part.is_watched,
        is_causal=row.is_causal,
        batch=row.old_batch,
        batch_place=_batch_place(filing, world, row),
        has_price=price is not None or row.source != PartSource.OWN,
        new_serial=row.new_serial,
        serial_sold=_serial_sold(filing, world, row),
        cover=cover.why,
        covered_until=cover.ends_on,
        paid_before=_before(filing, world.parts_before.get((claim.machine_id, part.pk), [])),
    )
    return Priced(line, facts, amount, claimed, _gate(filing, part), cover.coverage_id)


def _labour(position: int, line: FiledLine, pricing: Pricing) -> Priced:
    row, filing, world, work = line.report_labour, pricing.filing, pricing.world, pricing.work
    assert row is not None
    claim, operation = filing.claim, row.operation
    standard = minutes_on(
        operation.standard_minutes,
        world.times.get(operation.pk, []),
        claim.machine.model_id,
    )
    done = {each.report_labour.operation_id for each in filing.lines if each.report_labour}
    held = any(operation.pk in world.includes.get(other, ()) for other in done - {operation.pk})

    def amount_at(percent: Decimal) -> Amount:
        return amounts.labour(
            minutes=row.minutes,
            standard_minutes=standard,
            rate_cents=pricing.rates.labour_cents_per_hour if pricing.rates else 0,
            percent=percent,
            is_included=held,
        )

    amount = amount_at(pricing.percent(work, "labour"))
    claimed = _claimed(line, amount, work, lambda: amount_at(HUNDRED))
    before = world.labour_before.get((claim.machine_id, operation.pk), [])
    facts = Line(
        position=position,
        kind=LineKind.LABOUR.value,
        claimed_cents=claimed,
        computed_cents=amount.cents,
        code=operation.code,
        name=operation.name,
        minutes=row.minutes,
        standard_minutes=standard,
        is_restricted=operation.is_restricted,
        cover=work.why,
        covered_until=work.ends_on,
        paid_before=_before(filing, before),
    )
    return Priced(line, facts, amount, claimed, Gate.NONE, work.coverage_id)


def _other_amount(line: FiledLine, pricing: Pricing, percent: Decimal) -> Amount:
    """Travel, fees and invoices; a fixed fee or Goodwill is asked as it is, for a person."""
    report, rates = pricing.filing.claim.report, pricing.rates
    if line.kind == LineKind.TRAVEL and report is not None:
        return _travel(pricing.filing, pricing.world, rates, report, percent)
    if line.kind == LineKind.NIGHT:
        return amounts.fixed(
            fee_cents=rates.night_cents if rates else 0,
            count=report.nights if report else 0,
            percent=percent,
        )
    if line.kind == LineKind.DIAGNOSIS:
        return amounts.fixed(fee_cents=rates.diagnosis_cents if rates else 0)
    if line.kind in (LineKind.FREIGHT, LineKind.SUBLET, LineKind.CONSUMABLE):
        return amounts.invoice(invoice_cents=line.claimed_cents or 0, percent=percent)
    # A fixed fee or Goodwill has no rule: a person grants it, unless consent was given before.
    if pricing.filing.consent is None:
        return amounts.invoice(invoice_cents=0)
    share = pricing.filing.shares.factory if line.kind == LineKind.GOODWILL else HUNDRED
    return amounts.invoice(invoice_cents=line.claimed_cents or 0, percent=share)


def _travel(
    filing: Filing, world: World, rates: Rates | None, report: WorkReport, percent: Decimal
) -> Amount:
    claim = filing.claim
    jobs = world.trips.get((report.dealer_id, report.trip_key), []) if report.trip_key else []
    ids = [job for job, _machine in jobs]
    others = sum(
        cents
        for job in ids
        if job != report.pk
        for other, cents in world.travel_paid.get(job, [])
        if other != claim.pk
    )
    return amounts.travel(
        claimed_km=report.distance_km or NOTHING,
        map_km=report.map_km,
        tolerance_percent=rates.km_tolerance_percent if rates else NOTHING,
        rate_cents=rates.travel_cents_per_km if rates else 0,
        percent=percent,
        jobs=len(ids) if report.pk in ids else 1,
        place=ids.index(report.pk) if report.pk in ids else 0,
        paid_to_others_cents=others,
    )


def _gate(filing: Filing, part: Any) -> str:
    """What the money of a part waits for: as the dealer's grade says, else as the part says."""
    if part.return_duty == ReturnDuty.DEALER_SCRAPS:
        return str(Gate.NONE)
    dealer = filing.claim.dealer
    if dealer is None:
        return str(Gate.NONE)
    return str(dealer.level.old_part_gate or part.gate)


def _before(filing: Filing, found: list[Any]) -> str:
    """The number of the newest other claim that had it, done before this one or on its day."""
    claim = filing.claim
    earlier = [
        each
        for each in found
        if each.claim_id != claim.pk and each.repaired_on <= claim.repaired_on
    ]
    return max(earlier, key=lambda each: each.repaired_on).number if earlier else ""


def _serial_sold(filing: Filing, world: World, row: Any) -> str:
    number = fold(row.new_serial)
    if row.source != PartSource.OWN or not number:
        return "missing" if row.part.is_serialised and row.source == PartSource.OWN else ""
    piece = world.serials.get((row.part_id, number))
    if piece is None:
        return "unknown" if row.part.is_serialised else ""
    dealer_id = filing.claim.dealer_id or 0
    if piece.dealer_id is None or dealer_id == 0:
        return "ok"
    return "ok" if piece.dealer_id in (dealer_id, world.payees.get(dealer_id)) else "other_dealer"


def _batch_place(filing: Filing, world: World, row: Any) -> int:
    if not row.part.is_watched or not row.old_batch:
        return 0
    others = set(world.batches.get((row.part_id, fold(row.old_batch)), ())) - {filing.claim.pk}
    return len(others) + 1


def frozen(row: Any) -> dict[str, Any]:
    """A coverage as it was when the claim was filed."""
    names = (
        "layer",
        "component",
        "starts_on",
        "ends_on",
        "labour_ends_on",
        "travel_ends_on",
        "use_limit",
        "use_unit",
        "parts_percent",
        "labour_percent",
        "travel_percent",
        "legal_ends_on",
    )
    shown = {name: getattr(row, name) for name in names}
    return {"id": row.pk, **{name: _text(value) for name, value in shown.items()}}


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)
