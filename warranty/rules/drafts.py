"""A claim as it is typed: lines proposed from the report, and what people add or strike out.

A draft is JSON and keeps every text as typed; `parsed` reads it, `problems` says what cannot be
read, each with the name of its field. Shape:

    {"type": "repair", "lines": [{"key": "part:12", "kind": "part", "claimed": "", ...}],
     "pre_authorisation": "", "late_reason": "", "goodwill_reason": "",
     "goodwill": {"factory": "100", "dealer": "0", "user": "0"}, "ask_review": false}

An empty `claimed` asks for what the rules compute. `left_out` strikes a proposed line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.money import parse_amount
from warranty.rules.amounts import Shares
from warranty.states.claims import ClaimType, LineKind

MOST_LINES = 200
MOST_TEXT = 4_000
# Kinds that a dealer may add beside what the report proposes; goods and work come from it alone.
ADDED_KINDS = (
    LineKind.FREIGHT,
    LineKind.SUBLET,
    LineKind.CONSUMABLE,
    LineKind.DIAGNOSIS,
    LineKind.FIXED,
    LineKind.GOODWILL,
)
# What may stand several times without a row of the report of its own.
REPEATED = (
    LineKind.FREIGHT,
    LineKind.SUBLET,
    LineKind.CONSUMABLE,
    LineKind.FIXED,
    LineKind.GOODWILL,
)
BY_INVOICE = (LineKind.FREIGHT, LineKind.SUBLET)
# Replacement and return of a machine are claimed by the case, not by hand.
TYPED_TYPES = (
    ClaimType.REPAIR,
    ClaimType.FIRST_SERVICE,
    ClaimType.SOLD_PART,
    ClaimType.PRE_SALE,
    ClaimType.OUTSIDE,
    ClaimType.GOODWILL,
)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line of a draft as read; `row` is the report's row of a part or an operation."""

    key: str
    kind: str
    row: int | None
    words: str
    quantity: Decimal
    # None: whatever the rules compute.
    claimed_cents: int | None
    invoice_number: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as read."""

    type: str
    lines: tuple[DraftLine, ...]
    consent: str
    late_reason: str
    goodwill_reason: str
    shares: Shares
    asks_review: bool


def proposed(
    parts: Sequence[int], labour: Sequence[int], *, has_travel: bool, has_nights: bool
) -> dict[str, Any]:
    """The draft that a signed report proposes: each row once, travel, nights; nothing retyped."""
    lines = [_line(f"part:{row}", LineKind.PART, row) for row in parts]
    lines += [_line(f"labour:{row}", LineKind.LABOUR, row) for row in labour]
    if has_travel:
        lines.append(_line("travel", LineKind.TRAVEL))
    if has_nights:
        lines.append(_line("night", LineKind.NIGHT))
    return {"type": ClaimType.REPAIR.value, "lines": lines}


def _line(key: str, kind: LineKind, row: int | None = None) -> dict[str, Any]:
    return {"key": key, "kind": kind.value, "row": row, "claimed": ""}


def checked_shape(draft: Any) -> dict[str, Any]:
    """The draft if it has the shape of one; its texts may be anything, for they stay as typed."""
    wrong = DomainError(_("This draft cannot be read."), field="draft")
    if not isinstance(draft, dict) or not isinstance(draft.get("lines", []), list):
        raise wrong
    if len(draft.get("lines", [])) > MOST_LINES:
        raise DomainError(_("A claim has at most %(most)s lines."), field="lines", most=MOST_LINES)
    if not all(isinstance(line, dict) for line in draft.get("lines", [])):
        raise wrong
    texts = [*_texts(draft), *(text for line in draft.get("lines", []) for text in _texts(line))]
    if any(len(text) > MOST_TEXT for text in texts):
        raise DomainError(_("A text is longer than %(most)s characters."), most=MOST_TEXT)
    return draft


def _texts(values: Mapping[str, Any]) -> list[str]:
    return [value for value in values.values() if isinstance(value, str)]


def parsed(draft: Mapping[str, Any]) -> Draft:
    """The draft as values; the first thing that cannot be read is a DomainError at its field."""
    found, wrong = _read(draft)
    if wrong:
        field, sentence = next(iter(wrong.items()))
        raise DomainError(sentence, field=field)
    return found


def problems(draft: Mapping[str, Any]) -> dict[str, str]:
    """Every field that cannot be read, with its sentence."""
    return _read(draft)[1]


def _read(draft: Mapping[str, Any]) -> tuple[Draft, dict[str, str]]:
    wrong: dict[str, str] = {}
    lines = []
    for index, line in enumerate(draft.get("lines", [])):
        if not line.get("left_out"):
            lines.append(_read_line(line, f"lines-{index}", wrong))
    once = [(line.kind, line.row) for line in lines if line.kind not in REPEATED]
    if len(set(once)) < len(once):
        wrong["lines"] = _("A row of the report stands twice.")
    if not lines:
        wrong["lines"] = _("A claim has at least one line.")
    type_ = str(draft.get("type") or ClaimType.REPAIR)
    if type_ not in ClaimType.values:
        wrong["type"] = _("Choose the type of the claim.")
    goodwill_reason = str(draft.get("goodwill_reason", "")).strip()
    if type_ == ClaimType.GOODWILL and not goodwill_reason:
        wrong["goodwill_reason"] = _("Say why goodwill is asked.")
    found = Draft(
        type=type_,
        lines=tuple(lines),
        consent=str(draft.get("pre_authorisation", "")).strip(),
        late_reason=_short(draft, "late_reason", wrong),
        goodwill_reason=_short(draft, "goodwill_reason", wrong),
        shares=_shares(draft.get("goodwill") or {}, wrong),
        asks_review=bool(draft.get("ask_review")),
    )
    return found, wrong


def _read_line(line: Mapping[str, Any], place: str, wrong: dict[str, str]) -> DraftLine:
    kind = str(line.get("kind", ""))
    row = line.get("row")
    if kind not in LineKind.values:
        wrong[f"{place}-kind"] = _("Choose what this line is.")
    words = str(line.get("words", "")).strip()
    invoice = str(line.get("invoice_number", "")).strip()
    claimed: int | None = None
    typed = str(line.get("claimed", "") or "").strip()
    if typed:
        try:
            claimed = parse_amount(typed)
        except DomainError as error:
            wrong[f"{place}-claimed"] = str(error)
        if claimed is not None and claimed < 0:
            wrong[f"{place}-claimed"] = _("An amount claimed is never below zero.")
    elif kind in ADDED_KINDS and kind != LineKind.DIAGNOSIS:
        wrong[f"{place}-claimed"] = _("Say how much.")
    if kind in ADDED_KINDS and kind != LineKind.DIAGNOSIS and not words:
        wrong[f"{place}-words"] = _("Say what this was.")
    if kind in BY_INVOICE and not invoice:
        wrong[f"{place}-invoice_number"] = _("Freight and outside service need their invoice.")
    if len(words) > 200:
        wrong[f"{place}-words"] = _("At most 200 characters.")
    if len(invoice) > 40:
        wrong[f"{place}-invoice_number"] = _("At most 40 characters.")
    quantity = _number(line.get("quantity") or "1")
    if quantity is None or not 0 < quantity < 10**8:
        wrong[f"{place}-quantity"] = _("Write a number above zero.")
        quantity = Decimal(1)
    return DraftLine(
        key=str(line.get("key", "")),
        kind=kind,
        row=row if isinstance(row, int) else None,
        words=words,
        quantity=quantity,
        claimed_cents=claimed,
        invoice_number=invoice,
    )


def _short(draft: Mapping[str, Any], name: str, wrong: dict[str, str]) -> str:
    text = str(draft.get(name, "")).strip()
    if len(text) > 400:
        wrong[name] = _("At most 400 characters.")
    return text


def _shares(typed: Mapping[str, Any], wrong: dict[str, str]) -> Shares:
    if not isinstance(typed, Mapping) or not typed:
        return Shares()
    parts = {name: _number(typed.get(name) or "0") for name in ("factory", "dealer", "user")}
    numbers = [part for part in parts.values() if part is not None]
    if len(numbers) < 3:
        wrong["goodwill"] = _("Shares are numbers in percent.")
        return Shares()
    try:
        return Shares(*numbers)
    except DomainError as error:
        wrong["goodwill"] = str(error)
        return Shares()


def _number(typed: Any) -> Decimal | None:
    """What somebody typed as a number with at most two places; None: it is none."""
    text = unicodedata.normalize("NFKC", str(typed)).replace(" ", "").removesuffix("%")
    try:
        number = Decimal(text)
        is_read = number.is_finite() and number == number.quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return number if is_read else None
