"""Holidays out of an iCalendar file (RFC 5545): all-day events, nothing else.

Our own small reader: of the format we need unfolding, VEVENT and four properties, and every
complaint must name the line it is about, which no library tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from sla.daylist.listed import HOLIDAY, MAKEUP, Complaint, ListedDay, named_day

# No holiday lasts longer; a longer event is no holiday but a wrong file.
MOST_DAYS = 31
_HEAD = re.compile(r"([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:\"[^\"]*\"|[^\";:,]*))*):(.*)", re.DOTALL)
_DAYS = re.compile(r"P(?:(\d{1,3})W|(\d{1,3})D)")
# The mark that says which it is: make-up first, since its words may hold a mark of a holiday.
_MAKEUP = re.compile(r"补班|上班|调休|班|make-?up|work(?:ing)? ?day", re.IGNORECASE)
_HOLIDAY = re.compile(r"放假|节假日|假期|休|假|holiday|day off", re.IGNORECASE)
_MARK = re.compile(
    r"[（(\[【](?:休|假|放假|班|补班|上班|调休)[)）\]】]|(?<=\S)\s*[-—:： ]\s*"
    r"(?:休|放假|假期|班|补班|上班|调休)\b|第\d+天[/／]共\d+天"
)
_ESCAPED = re.compile(r"\\([\\,;nN])")

Property = tuple[int, str, str, str]  # line, name, parameters, value
Event = dict[str, tuple[int, str, str]]


def read_ical(lines: list[str]) -> Iterator[ListedDay | Complaint]:
    """Each day of each all-day event; DTEND is the day after the last one."""
    event: Event | None = None
    opened: list[str] = []
    for number, name, parameters, value in _unfolded(lines):
        if not name:
            yield number, _("it is no line of an iCal file")
        elif name == "BEGIN":
            opened.append(value.upper())
            if opened[1:] == ["VEVENT"]:
                event = {"BEGIN": (number, "", "")}
        elif name == "END":
            if not opened or opened.pop() != value.upper():
                yield number, _("END does not match its BEGIN")
                return
            if event is not None and opened == ["VCALENDAR"]:
                yield from _days(event)
                event = None
        elif event is not None and opened[1:] == ["VEVENT"]:
            event.setdefault(name, (number, parameters.upper(), value))
    if opened:
        yield len(lines), _("the file breaks off: END:{name} is missing").format(name=opened[-1])


def _unfolded(lines: list[str]) -> Iterator[Property]:
    """Logical lines with the number of their first one; a continuation begins with a blank."""
    whole: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        line = line.lstrip("\ufeff")
        if line[:1] in (" ", "\t") and whole:
            whole[-1] = (whole[-1][0], whole[-1][1] + line[1:])
        elif line.strip():
            whole.append((number, line))
    for number, line in whole:
        found = _HEAD.fullmatch(line)
        name, parameters, value = found.groups() if found else ("", "", "")
        yield number, name.upper(), parameters, value.strip()


def _days(event: Event) -> Iterator[ListedDay | Complaint]:
    if event.get("STATUS", (0, "", ""))[2].upper() == "CANCELLED":
        return
    begun = event["BEGIN"][0]
    number, _parameters, summary = event.get("SUMMARY", (begun, "", ""))
    try:
        if "RRULE" in event or "RDATE" in event:
            number = event.get("RRULE", event.get("RDATE", event["BEGIN"]))[0]
            raise ValueError(_("repeated events are not taken: each year has its own list"))
        first, last = _span(event)
        kind = _kind(summary)
        name = " ".join(_MARK.sub(" ", _plain(summary)).split()) or _plain(summary)
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            yield named_day(date.fromordinal(ordinal), kind, name, "", begun)
    except _At as error:
        yield error.line, str(error)
    except ValueError as error:
        yield number, str(error)


class _At(ValueError):
    """A complaint about another line than that of the name."""

    def __init__(self, line: int, what: str) -> None:
        self.line = line
        super().__init__(what)


def _span(event: Event) -> tuple[date, date]:
    """First and last day; without an end the event lasts one day."""
    if "DTSTART" not in event:
        raise _At(event["BEGIN"][0], _("the event has no day (DTSTART)"))
    first = _day(event["DTSTART"])
    line = event["DTSTART"][0]
    last = first
    if "DTEND" in event:
        line = event["DTEND"][0]
        last = _day(event["DTEND"]) - timedelta(days=1)
    elif "DURATION" in event:
        line, _parameters, text = event["DURATION"]
        found = _DAYS.fullmatch(text.upper())
        if found is None:
            raise _At(line, _("it lasts no whole days; only all-day events are taken"))
        weeks, days = found.groups()
        last = first + timedelta(days=(int(weeks) * 7 if weeks else int(days)) - 1)
    if last < first:
        raise _At(line, _("it ends before it begins (the end is the day after the last one)"))
    if (last - first).days >= MOST_DAYS:
        raise _At(line, _("it lasts longer than 31 days"))
    return first, last


def _day(found: tuple[int, str, str]) -> date:
    line, parameters, text = found
    if not re.fullmatch(r"\d{8}", text) or "DATE-TIME" in parameters:
        raise _At(line, _("“{text}” is no whole day like 20270101").format(text=text[:40]))
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError as error:
        raise _At(line, _("there is no such date")) from error


def _kind(summary: str) -> str:
    if _MAKEUP.search(summary):
        return MAKEUP
    if _HOLIDAY.search(summary):
        return HOLIDAY
    what = _("“{text}” does not say whether it is a holiday or a make-up workday (休, 班)")
    raise ValueError(what.format(text=summary[:40]))


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], text).strip()
