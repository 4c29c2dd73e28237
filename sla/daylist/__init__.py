"""Holidays as people have them: pasted lines, CSV or an iCal file, checked as a whole (R-016).

Pure: bytes or text in, days or all complaints out. Every complaint names its line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _

from sla.daylist import rows
from sla.daylist.ical import read_ical
from sla.daylist.listed import (
    HOLIDAY,
    LONGEST_NAME,
    MAKEUP,
    ORDINARY,
    SPECIAL,
    Complaint,
    ListedDay,
    named_day,
    narrow,
    window_words,
    windows_in,
)

__all__ = [
    "HOLIDAY",
    "LONGEST_NAME",
    "MOST_BYTES",
    "MAKEUP",
    "ORDINARY",
    "SPECIAL",
    "ListedDay",
    "NotReadable",
    "decoded",
    "named_day",
    "parse",
    "window_words",
    "windows_in",
    "written",
]

MOST_BYTES = 1024 * 1024
# No list of one year is longer; the complaints about a wrong file must fit a page.
MOST_LINES = 20_000
MOST_COMPLAINTS = 50


class NotReadable(ValueError):
    """The file is no list at all; the sentence says why."""


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, else GB18030; no binary file."""
    if len(content) > MOST_BYTES:
        raise NotReadable(_("The file is larger than 1 MB; a list of one year is far smaller."))
    if not content.strip():
        raise NotReadable(_("The file is empty."))
    coding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    for name in (coding, "gb18030"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(mark) == "Cc" and mark not in "\t\r\n" for mark in text):
            return text
        break
    raise NotReadable(
        _("This is no text file. Save the list as CSV or iCal (.ics), or paste its lines.")
    )


def parse(text: str, year: int | None = None) -> tuple[list[ListedDay], list[str]]:
    """The days of a list in whichever of the three forms, and what is wrong with it.

    Days of another year than the one given are wrong.
    """
    days: dict[date, ListedDay] = {}
    complaints: list[Complaint] = []
    for found in _reader(text):
        if isinstance(found, ListedDay):
            if year is not None and found.on.year != year:
                what = _("{day} is no day of {year}").format(day=found.on, year=year)
                complaints.append((found.line, what))
            elif found.on in days:
                first = days[found.on].line
                twice = _("{day} is listed twice, first on line {first}")
                complaints.append((found.line, twice.format(day=found.on, first=first)))
            else:
                days[found.on] = found
        else:
            complaints.append(found)
    said = [
        _("Line {number}: {what}.").format(number=number, what=what)
        for number, what in sorted(complaints)[:MOST_COMPLAINTS]
    ]
    if left_out := len(complaints) - len(said):
        said.append(_("… and {count} more lines like these.").format(count=left_out))
    return sorted(days.values(), key=lambda day: day.on), said


def written(days: Iterable[ListedDay]) -> str:
    """The same days as lines, which `parse` reads back."""
    return "\n".join(_written(day) for day in days)


def _written(day: ListedDay) -> str:
    return " ".join([f"{day.on:%Y-%m-%d}", day.name, day.kind, window_words(day.windows)]).strip()


def _reader(text: str) -> Iterator[ListedDay | Complaint]:
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        return iter([(MOST_LINES, _("the list is too long; it ends here"))])
    if text.lstrip("\ufeff \t\r\n").upper().startswith("BEGIN:VCALENDAR"):
        return read_ical(lines)
    for number, line in enumerate(lines, start=1):
        plain = narrow(line).strip()
        if plain and not plain.startswith("#"):
            delimiter = "\t" if "\t" in line else ";" if ";" in line else ","
            columns = rows.heads(line, delimiter)
            if "date" in columns:
                return rows.read_table(lines, number, columns, delimiter)
            break
    return rows.read_lines(lines)
