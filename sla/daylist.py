"""Holidays as people paste them: one line a day, checked as a whole (R-016).

Pure: text in, days or all complaints out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

HOLIDAY, MAKEUP, ORDINARY = "holiday", "makeup", "ordinary"
KINDS = {
    "holiday": HOLIDAY,
    "休": HOLIDAY,
    "假": HOLIDAY,
    "放假": HOLIDAY,
    "节假日": HOLIDAY,
    "makeup": MAKEUP,
    "make-up": MAKEUP,
    "workday": MAKEUP,
    "班": MAKEUP,
    "补班": MAKEUP,
    "调休": MAKEUP,
    "上班": MAKEUP,
    # The day follows its week again.
    "ordinary": ORDINARY,
    "平日": ORDINARY,
}
LONGEST_NAME = 60
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True, slots=True)
class ListedDay:
    on: date
    kind: str
    name: str


def parse(text: str) -> tuple[list[ListedDay], list[str]]:
    """Lines like "2027-01-01 元旦 holiday"; each complaint names its line."""
    days: dict[date, ListedDay] = {}
    complaints: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            day = _parse_line(line)
            if day.on in days:
                raise ValueError(_("this day is listed twice"))
        except ValueError as error:
            complaints.append(_("Line {number}: {what}.").format(number=number, what=error))
        else:
            days[day.on] = day
    return sorted(days.values(), key=lambda day: day.on), complaints


def written(days: Iterable[ListedDay]) -> str:
    """The same days as lines, which `parse` reads back."""
    return "\n".join(f"{day.on:%Y-%m-%d} {day.name} {day.kind}" for day in days)


def _parse_line(line: str) -> ListedDay:
    found = _DATE.match(line.strip())
    if found is None:
        raise ValueError(_("it does not start with a date like 2027-01-01"))
    try:
        on = date(*map(int, found.groups()))
    except ValueError as error:
        raise ValueError(_("there is no such date")) from error
    words = re.split(r"[\s,，;；、]+", line.strip()[found.end() :].strip(" \t,，;；、"))
    kind = KINDS.get(words[-1].lower())
    if kind is None:
        raise ValueError(_("it does not end with holiday, makeup or ordinary (休, 班, 平日)"))
    name = " ".join(words[:-1])
    if kind != ORDINARY and not name:
        raise ValueError(_("the name of the day is missing"))
    if len(name) > LONGEST_NAME:
        raise ValueError(_("the name is longer than 60 characters"))
    return ListedDay(on, kind, name)
