"""Tables as files for Excel; a cell that begins like a formula stays a text."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font

from core.errors import DomainError

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What a spreadsheet takes for a formula (or hides one behind).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
MOST_ROWS = 20_000


class TooManyRows(DomainError):
    code = "export.too_many_rows"
    message = _("More than %(most)s rows: narrow the filter and export in parts.")


def at_most(rows: QuerySet[Any], most: int = MOST_ROWS) -> Iterator[Any]:
    """The rows of an export, or a sentence when they are more than one file should hold."""
    found = rows[: most + 1]
    for place, row in enumerate(found):
        if place == most:
            raise TooManyRows(most=f"{most:,}")
        yield row


def answer(
    kind: str, name: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """A download named `name-20261121.xlsx`; unknown kinds are CSV."""
    kind = kind if kind in TYPES else CSV
    content = (as_xlsx if kind == XLSX else as_csv)(head, rows)
    file_name = f"{name}-{timezone.localdate():%Y%m%d}.{kind}"
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name)}"
    return response


def as_csv(head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with the mark that Excel looks for; dangerous texts get an apostrophe in front."""
    sheet = StringIO()
    writer = csv.writer(sheet)
    writer.writerow([_harmless(cell) for cell in head])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return sheet.getvalue().encode("utf-8-sig")


def as_xlsx(head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet with a bold head that stays; every text is stored as a text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append([_typed(sheet, cell, bold=True) for cell in head])
    for row in rows:
        sheet.append([_typed(sheet, cell) for cell in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _plain(cell: Any) -> Any:
    """Instants in the reader's zone, lazy words as words."""
    if cell is None:
        return ""
    if isinstance(cell, datetime) and timezone.is_aware(cell):
        return timezone.localtime(cell).replace(tzinfo=None, microsecond=0)
    return str(cell) if hasattr(cell, "_proxy____args") else cell


def _harmless(cell: Any) -> Any:
    value = _plain(cell)
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value


def _typed(sheet: Any, cell: Any, *, bold: bool = False) -> Cell:
    value = _plain(cell)
    if isinstance(value, str):
        made = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
        made.data_type = "s"
    else:
        made = WriteOnlyCell(sheet, value=value)
    if bold:
        made.font = Font(bold=True)
    return made
