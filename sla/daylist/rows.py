"""Lists as lines and as tables: "2027-01-01 元旦 holiday", or a CSV with a head."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from sla.daylist.listed import KINDS, Complaint, ListedDay, named_day, narrow

_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d\d)(\d\d)\b"
)
_WINDOWS = re.compile(r"(?:[\s,;、]*\d{1,2}:\d{2}\s*[-–—~～至]\s*\d{1,2}:\d{2})+\s*$")
_COLUMNS = {
    "date": {"date", "day", "日期", "日子"},
    "name": {"name", "holiday", "节日", "名称", "节假日", "说明"},
    "kind": {"kind", "type", "类型", "类别", "性质", "状态"},
    "hours": {"hours", "windows", "工作时间", "时段"},
}


def read_lines(lines: list[str]) -> Iterator[ListedDay | Complaint]:
    """Lines like "2027-01-01 元旦 holiday" or "2027-02-13 盘点 special 09:00-12:00"."""
    for number, line in enumerate(lines, start=1):
        plain = narrow(line).strip()
        if plain and not plain.startswith("#"):
            try:
                yield _parse_line(plain, number)
            except ValueError as error:
                yield number, _sentence(error)


def _sentence(error: ValueError) -> str:
    """Without its full stop: it stands inside another sentence."""
    return str(error).rstrip(".。")


def _parse_line(line: str, number: int) -> ListedDay:
    found = _DATE.match(line)
    if found is None:
        raise ValueError(_("it does not start with a date like 2027-01-01"))
    on = _date(found)
    rest = line[found.end() :]
    hours = _WINDOWS.search(rest)
    words = [
        word for word in re.split(r"[\s,;、]+", rest[: hours.start()] if hours else rest) if word
    ]
    kind = KINDS.get(words[-1].lower()) if words else None
    if kind is None:
        raise ValueError(
            _("it does not end with holiday, makeup, special or ordinary (休, 班, 特殊, 平日)")
        )
    return named_day(on, kind, " ".join(words[:-1]), hours[0] if hours else "", number)


def heads(line: str, delimiter: str) -> dict[str, int]:
    """Which column is which, by its head in Chinese or English; none without a head."""
    cells = [cell.strip(' "').lower() for cell in narrow(line).split(delimiter)]
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        for column, names in _COLUMNS.items():
            if cell in names and column not in found:
                found[column] = index
                break
    return found


def read_table(
    lines: list[str], head: int, columns: dict[str, int], delimiter: str
) -> Iterator[ListedDay | Complaint]:
    """A CSV with a head: date, name and kind in any order, and hours where days are special."""
    for column, label in (("name", _("name")), ("kind", _("kind"))):
        if column not in columns:
            what = _("the column {label} is missing; the head reads: date, name, kind")
            yield head, what.format(label=label)
            return
    plain = (narrow(line) for line in lines[head:])
    rows = csv.reader(plain, delimiter=delimiter)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield head + rows.line_num, _("the quotation marks do not match")
            return
        number = head + rows.line_num
        if any(cell.strip() for cell in row):
            try:
                yield _parse_row(row, columns, number)
            except ValueError as error:
                yield number, _sentence(error)


def _parse_row(row: list[str], columns: dict[str, int], number: int) -> ListedDay:
    def cell(column: str) -> str:
        index = columns.get(column, len(row))
        return row[index].strip() if index < len(row) else ""

    found = _DATE.fullmatch(cell("date"))
    if found is None:
        raise ValueError(_("“{text}” is no date like 2027-01-01").format(text=cell("date")[:40]))
    on = _date(found)
    kind = KINDS.get(cell("kind").lower())
    if kind is None:
        what = _("“{text}” is no kind of day; write holiday, makeup, special or ordinary")
        raise ValueError(what.format(text=cell("kind")[:40]))
    return named_day(on, kind, " ".join(cell("name").split()), cell("hours"), number)


def _date(found: re.Match[str]) -> date:
    try:
        return date(*(int(part) for part in found.groups() if part is not None))
    except ValueError as error:
        raise ValueError(_("there is no such date")) from error
