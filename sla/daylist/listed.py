"""One day of a list, and what may be wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from sla.calendar import CalendarError, Window
from sla.calendar.values import checked

HOLIDAY, MAKEUP, SPECIAL, ORDINARY = "holiday", "makeup", "special", "ordinary"
KINDS = {
    "holiday": HOLIDAY,
    "休": HOLIDAY,
    "假": HOLIDAY,
    "放假": HOLIDAY,
    "休息": HOLIDAY,
    "假日": HOLIDAY,
    "节假日": HOLIDAY,
    "法定节假日": HOLIDAY,
    "makeup": MAKEUP,
    "make-up": MAKEUP,
    "workday": MAKEUP,
    "班": MAKEUP,
    "补班": MAKEUP,
    "调休": MAKEUP,
    "上班": MAKEUP,
    "工作日": MAKEUP,
    "special": SPECIAL,
    "特殊": SPECIAL,
    "特殊时间": SPECIAL,
    # The day follows its week again.
    "ordinary": ORDINARY,
    "平日": ORDINARY,
}
LONGEST_NAME = 60
# What the input methods of the office write for digits and signs.
_WIDE = str.maketrans("０１２３４５６７８９－：／．，；　", "0123456789-:/.,; ")
_DASHES = re.compile(r"\s*[-–—~～至]\s*")
_BETWEEN = re.compile(r"[\s,;、]+")

Complaint = tuple[int, str]


@dataclass(frozen=True, slots=True)
class ListedDay:
    """One day of a list; `line` is where it stood."""

    on: date
    kind: str
    name: str
    windows: tuple[Window, ...] = ()
    line: int = 0

    @property
    def label(self) -> str:
        """The kind in words."""
        return {
            HOLIDAY: _("Holiday"),
            MAKEUP: _("Make-up workday"),
            SPECIAL: _("Special hours"),
        }.get(self.kind, _("Ordinary day"))


def narrow(text: str) -> str:
    """The same with plain digits, colons and commas."""
    return text.translate(_WIDE).replace("\ufeff", "")


def windows_in(text: str) -> tuple[Window, ...]:
    """The windows of a day as people write them: "08:30-12:00、13：30～17：30"."""
    plain = _DASHES.sub("-", narrow(text).strip())
    try:
        return checked(Window.parse(part) for part in _BETWEEN.split(plain) if part)
    except CalendarError as error:
        raise ValueError(_(error.message) % error.params) from error


def window_words(windows: Iterable[Window]) -> str:
    """The same windows as a field or a line holds them."""
    return " ".join(map(str, windows))


def named_day(on: date, kind: str, name: str, hours: str, line: int) -> ListedDay:
    """A day of a list once its parts are known; a sentence says what is wrong with it."""
    if kind != ORDINARY and not name:
        raise ValueError(_("the name of the day is missing"))
    if len(name) > LONGEST_NAME:
        raise ValueError(_("the name is longer than 60 characters"))
    windows = windows_in(hours)
    if kind == SPECIAL and not windows:
        raise ValueError(_("a special day needs its hours, like 09:00-12:00"))
    if kind in (HOLIDAY, ORDINARY) and windows:
        raise ValueError(_("only special days and make-up workdays have hours"))
    return ListedDay(on, kind, name, windows, line)
