"""What is wrong with a report as it was sent, and what its writer should look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from machines.models import Machine
from parts.models import LabourOperation, Part, PartSerial
from parts.queries import fits_of, parts_by_number, standard_minutes
from parts.rules import fold, is_too_many
from warranty.models import Evidence, WorkReport, WorkReportPart
from warranty.rules import reports as rules
from warranty.rules.reports import Flaw
from warranty.states.reports import FittedBy, PartSource, ReportState

MOST_ROWS = 60
PART_DEFAULTS: dict[str, Any] = {
    "source": PartSource.OWN,
    "old_serial": "",
    "new_serial": "",
    "old_batch": "",
    "is_causal": False,
    "fitted_by": FittedBy.FACTORY,
}

Row = dict[str, Any]


def checked_parts(
    machine: Machine, rows: Sequence[Mapping[str, Any]]
) -> tuple[list[Row], list[Flaw]]:
    """Rows as they are stored, `part` found by its number in any spelling, and what is wrong."""
    found = _parts_of(rows)
    counts = fits_of([part.pk for part in found.values()], machine.model)
    kept: list[Row] = []
    flaws: list[Flaw] = []
    used: dict[int, Decimal] = {}
    for place, row in enumerate(rows):
        part = _part(row, found)
        if part is None:
            number = str(row.get("part") or "").strip()
            sentence = _("There is no part with this number.") if number else _("Name the part.")
            flaws.append(Flaw(("parts", place, "part"), sentence))
            continue
        flaws += _quantity_flaws(place, row, part, counts[part.pk], used)
        kept.append(PART_DEFAULTS | {**_trimmed(row), "part": part})
    flaws += _causal_flaws(rows)
    if len(rows) > MOST_ROWS:
        flaws.append(Flaw(("parts", MOST_ROWS, "part"), _("A report has at most 60 rows.")))
    return kept, flaws


def _parts_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Part]:
    named = [row.get("part") for row in rows]
    return {each.number: each for each in named if isinstance(each, Part)} | parts_by_number(
        [each for each in named if isinstance(each, str)]
    )


def _part(row: Mapping[str, Any], found: Mapping[str, Part]) -> Part | None:
    named = row.get("part")
    return named if isinstance(named, Part) else found.get(fold(str(named or "")))


def _trimmed(row: Mapping[str, Any]) -> Row:
    known = {"quantity", *PART_DEFAULTS}
    return {
        key: value.strip() if isinstance(value, str) else value
        for key, value in row.items()
        if key in known and value is not None
    }


def _quantity_flaws(
    place: int,
    row: Mapping[str, Any],
    part: Part,
    per_machine: Decimal | None,
    used: dict[int, Decimal],
) -> list[Flaw]:
    path = ("parts", place, "quantity")
    quantity = row.get("quantity")
    if quantity is None or quantity <= 0:
        return [Flaw(path, _("Write how many, more than zero."))]
    if rules.is_too_fine(quantity):
        return [Flaw(path, _("A quantity has at most two decimals."))]
    if per_machine == 0:
        sentence = _("This machine does not have the part %(part)s.")
        return [Flaw(("parts", place, "part"), sentence, {"part": part.number})]
    used[part.pk] = used.get(part.pk, Decimal(0)) + quantity
    if is_too_many(used[part.pk], per_machine):
        sentence = _("The machine has only %(count)s of this part.")
        return [Flaw(path, sentence, {"count": f"{per_machine:f}".rstrip("0").rstrip(".")})]
    return []


def _causal_flaws(rows: Sequence[Mapping[str, Any]]) -> list[Flaw]:
    causal = [place for place, row in enumerate(rows) if row.get("is_causal")]
    sentence = _("One part caused the fault: mark only one.")
    return [Flaw(("parts", place, "is_causal"), sentence) for place in causal[1:]]


def checked_labour(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Row], list[Flaw]]:
    """Rows with `operation` found by its code; each operation once, each takes some minutes."""
    codes = {fold(str(row.get("operation") or "")) for row in rows}
    found = {each.code: each for each in LabourOperation.objects.filter(code__in=codes)}
    kept: list[Row] = []
    flaws: list[Flaw] = []
    seen: set[int] = set()
    for place, row in enumerate(rows):
        named = row.get("operation")
        operation = (
            named if isinstance(named, LabourOperation) else found.get(fold(str(named or "")))
        )
        minutes = row.get("minutes")
        if operation is None:
            sentence = (
                _("There is no labour operation with this code.")
                if named
                else _("Name the operation.")
            )
            flaws.append(Flaw(("labour", place, "operation"), sentence))
            continue
        if operation.pk in seen:
            sentence = _("This operation stands here already: add its minutes there.")
            flaws.append(Flaw(("labour", place, "operation"), sentence))
        seen.add(operation.pk)
        if not isinstance(minutes, int) or not 0 < minutes <= 60 * 24 * 31:
            sentence = _("Write the minutes as a whole number above zero.")
            flaws.append(Flaw(("labour", place, "minutes"), sentence))
        kept.append({"operation": operation, "minutes": minutes})
    if len(rows) > MOST_ROWS:
        flaws.append(Flaw(("labour", MOST_ROWS, "operation"), _("A report has at most 60 rows.")))
    return kept, flaws


def fact_flaws(facts: Mapping[str, Any]) -> list[Flaw]:
    now = timezone.now()
    return rules.time_flaws(facts, now) + rules.number_flaws(facts) + rules.money_flaws(facts)


def warnings(actor: Actor, report: WorkReport) -> list[Flaw]:
    """What may be true and looks odd: told to the writer, judged by the checks of the claim."""
    told = rules.charge_warnings({name: getattr(report, name) for name in _CHARGE})
    before = rules.earlier_reading(report.meter_reading, earlier_readings(report))
    if before is not None:
        sentence = _("The meter stood higher before: %(before)s. Look again, or say why.")
        told.append(Flaw(("meter_reading",), sentence, {"before": f"{before:f}"}))
    parts = list(WorkReportPart.objects.filter(report=report).select_related("part"))
    told += _serial_warnings(actor, report, parts)
    told += _operation_warnings(report)
    told += _photo_warnings(report)
    return told


_CHARGE = ("charged_cents", "charge_told_at")


def earlier_readings(report: WorkReport) -> list[Decimal]:
    """Meter readings of other jobs on the machine that ended before this one."""
    others = WorkReport.objects.filter(
        machine_id=report.machine_id,
        meter_reading__isnull=False,
        meter_unit=report.meter_unit,
        state=ReportState.SIGNED,
    ).exclude(number=report.number)
    ended_at = report.finished_at or report.started_at
    if ended_at is not None:
        others = others.filter(finished_at__lt=ended_at)
    readings = others.values_list("meter_reading", flat=True)
    return [reading for reading in readings if reading is not None]


def _serial_warnings(
    actor: Actor, report: WorkReport, parts: Sequence[WorkReportPart]
) -> list[Flaw]:
    """A new piece that was never sold to this dealer (K18); foreign ones look unknown."""
    wanted = {fold(row.new_serial) for row in parts if row.part.is_serialised} - {""}
    pieces = PartSerial.objects.filter(serial_number__in=wanted)
    if report.dealer_id is not None:
        pieces = pieces.filter(Q(dealer_id=report.dealer_id) | Q(dealer=None))
    known = set(pieces.values_list("part_id", "serial_number"))
    told = []
    for place, row in enumerate(parts):
        if not row.part.is_serialised:
            continue
        path = ("parts", place, "new_serial")
        if not row.new_serial:
            told.append(Flaw(path, _("Each piece of this part has a serial number: write it.")))
        elif (row.part_id, fold(row.new_serial)) not in known:
            told.append(Flaw(path, _("No piece with this serial number is known here.")))
    return told


def _operation_warnings(report: WorkReport) -> list[Flaw]:
    rows = report.labour.select_related("operation").order_by("position")
    sentence = _("This operation is not made for the machine's model.")
    return [
        Flaw(("labour", place, "operation"), sentence)
        for place, row in enumerate(rows)
        if standard_minutes(row.operation, report.machine.model) is None
    ]


def _photo_warnings(report: WorkReport) -> list[Flaw]:
    return [
        Flaw(
            ("evidence", str(evidence.public_id)),
            _("This photo was used before, in %(number)s."),
            {"number": number},
        )
        for evidence, number in used_before(report)
    ]


def used_before(report: WorkReport) -> list[tuple[Evidence, str]]:
    """Photos of a report that another report held first, whoever took them (K18)."""
    mine = list(Evidence.objects.filter(report=report))
    hashes = {each for row in mine for each in (row.sha256, row.original_sha256)} - {""}
    uses = (
        Evidence.objects.filter(Q(sha256__in=hashes) | Q(original_sha256__in=hashes))
        .filter(report__isnull=False)
        .exclude(report__state=ReportState.VOID)
        .order_by("pk")
        .values_list("sha256", "original_sha256", "report__number")
    )
    first: dict[str, str] = {}
    for own, original, number in uses:
        for each in {own, original} - {""}:
            first.setdefault(each, number)
    found = []
    for row in mine:
        numbers = [first.get(each, "") for each in (row.original_sha256, row.sha256)]
        others = [number for number in numbers if number and number != report.number]
        if others:
            found.append((row, others[0]))
    return found
