"""A claim's draft as a form: every text is kept as typed; what cannot be read is said at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from warranty import claim_words
from warranty.models import Claim, WorkReportLabour, WorkReportPart
from warranty.rules.drafts import ADDED_KINDS, TYPED_TYPES
from warranty.services.claims.pricing import Priced
from warranty.states.claims import ClaimType, LineKind

BLANK_LINES = 2
LINE_TEXTS = ("claimed", "words", "invoice_number", "quantity")
TEXTS = ("type", "pre_authorisation", "late_reason", "goodwill_reason")
SHARES = ("factory", "dealer", "user")
MOST_LINES = 200


@dataclass(slots=True)
class LineFields:
    """One line of the form: what it is, what is typed, what the rules would pay."""

    index: int
    line: Mapping[str, Any]
    what: str
    priced: Priced | None
    errors: dict[str, str]

    @property
    def prefix(self) -> str:
        return f"lines-{self.index}"

    @property
    def is_new(self) -> bool:
        return not self.line.get("kind")

    @property
    def is_added(self) -> bool:
        """A line that people add beside what the report says."""
        return self.is_new or self.line.get("kind") in ADDED_KINDS

    @property
    def kind_label(self) -> str:
        kind = str(self.line.get("kind", ""))
        return str(LineKind(kind).label) if kind in LineKind.values else ""

    @property
    def computed_cents(self) -> int | None:
        return self.priced.amount.cents if self.priced else None

    @property
    def figures(self) -> list[tuple[str, str]]:
        return claim_words.figures_of(self.priced.amount.figures) if self.priced else []


def draft_of(data: Mapping[str, str], before: Mapping[str, Any]) -> dict[str, Any]:
    """The draft that was sent: rows of the report stay what they are, texts stay as typed."""
    old = {index: dict(line) for index, line in enumerate(before.get("lines", []))}
    lines = []
    for index in range(min(len(old) + BLANK_LINES, MOST_LINES)):
        line = old.get(index, {})
        prefix = f"lines-{index}"
        if index not in old:
            kind = data.get(f"{prefix}-kind", "")
            if not kind:
                continue
            line = {"key": f"added:{index}", "kind": kind, "row": None}
        elif line.get("kind") in ADDED_KINDS and data.get(f"{prefix}-kind"):
            line["kind"] = data[f"{prefix}-kind"]
        for name in LINE_TEXTS:
            if f"{prefix}-{name}" in data:
                line[name] = data[f"{prefix}-{name}"].strip()
        line["left_out"] = data.get(f"{prefix}-left_out") == "on"
        # What people added and strike out again was never there.
        if line["left_out"] and line.get("kind") in ADDED_KINDS:
            continue
        lines.append(line)
    draft: dict[str, Any] = {**before, "lines": lines}
    for name in TEXTS:
        if name in data:
            draft[name] = data[name].strip()
    draft["ask_review"] = data.get("ask_review") == "on"
    shares = {name: data.get(f"goodwill-{name}", "").strip() for name in SHARES}
    draft["goodwill"] = shares if any(shares.values()) else {}
    return draft


def fields_of(
    claim: Claim, draft: Mapping[str, Any], errors: Mapping[str, str], priced: Sequence[Priced]
) -> list[LineFields]:
    """The lines of the form with blank ones at the end; `priced` has those that are asked for."""
    rows = _rows(claim)
    asked = iter(priced)
    found = []
    lines = list(draft.get("lines", []))
    for index, line in enumerate([*lines, *([{}] * BLANK_LINES)]):
        is_asked = index < len(lines) and not line.get("left_out")
        prefix = f"lines-{index}-"
        found.append(
            LineFields(
                index=index,
                line=line,
                what=_what(line, rows),
                priced=next(asked, None) if is_asked else None,
                errors={
                    name.removeprefix(prefix): text
                    for name, text in errors.items()
                    if name.startswith(prefix)
                },
            )
        )
    return found


def _rows(claim: Claim) -> dict[tuple[str, int], WorkReportPart | WorkReportLabour]:
    parts = WorkReportPart.objects.filter(report=claim.report_id).select_related("part")
    labour = WorkReportLabour.objects.filter(report=claim.report_id).select_related("operation")
    return {(LineKind.PART.value, row.pk): row for row in parts} | {
        (LineKind.LABOUR.value, row.pk): row for row in labour
    }


def _what(
    line: Mapping[str, Any], rows: Mapping[tuple[str, int], WorkReportPart | WorkReportLabour]
) -> str:
    kind, row = str(line.get("kind", "")), line.get("row")
    found = rows.get((kind, row)) if isinstance(row, int) else None
    return claim_words.what_of_row(kind, found, str(line.get("words", "")))


def type_choices() -> list[tuple[str, str]]:
    return [(kind.value, str(ClaimType(kind).label)) for kind in TYPED_TYPES]


def added_choices() -> list[tuple[str, str]]:
    return [(kind.value, str(LineKind(kind).label)) for kind in ADDED_KINDS]
