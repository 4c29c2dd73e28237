"""Figures and times in words, for people: pages, papers and messages alike.

Pure: values and the active language and time zone in, text out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import gettext, pgettext, pgettext_lazy

NOTHING = "—"
CENT = Decimal("0.01")
MINUTE, HOUR, DAY = 60, 3600, 86400
NEAR = timedelta(days=60)

WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)
MONTHS = (
    pgettext_lazy("month", "Jan"),
    pgettext_lazy("month", "Feb"),
    pgettext_lazy("month", "Mar"),
    pgettext_lazy("month", "Apr"),
    pgettext_lazy("month", "May"),
    pgettext_lazy("month", "Jun"),
    pgettext_lazy("month", "Jul"),
    pgettext_lazy("month", "Aug"),
    pgettext_lazy("month", "Sep"),
    pgettext_lazy("month", "Oct"),
    pgettext_lazy("month", "Nov"),
    pgettext_lazy("month", "Dec"),
)


def money(amount: Decimal | int | str | None) -> str:
    """¥1,234.50: yuan with thousands and two places; a true minus before the sign."""
    if amount is None or amount == "":
        return NOTHING
    value = Decimal(amount).quantize(CENT, ROUND_HALF_UP)
    return f"{'−' if value < 0 else ''}¥{abs(value):,.2f}"


def quantity(value: Decimal | float | None, unit: str = "") -> str:
    """1,234.5 h: thousands, no idle zeros, the unit held to the number."""
    if value is None or value == "":
        return NOTHING
    number = Decimal(str(value))
    text = f"{abs(number):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    sign = "−" if number < 0 else ""
    return f"{sign}{text}\u00a0{unit}" if unit else f"{sign}{text}"


def duration(span: timedelta | float | None) -> str:
    """`1 h 20 min`, `2 d 3 h`, `1 小时 20 分`: the two largest units, whole minutes, no sign."""
    if span is None or span == "":
        return NOTHING
    seconds = span.total_seconds() if isinstance(span, timedelta) else float(span)
    seconds = int(abs(seconds))
    if seconds < MINUTE:
        return pgettext("duration", "under 1 min")
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    if days:
        # A zero is said neither here nor below: "2 d", not "2 d 0 h".
        pattern = DAYS_HOURS if hours else DAYS
    elif hours:
        pattern = HOURS_MINUTES if minutes else HOURS
    else:
        pattern = MINUTES
    return str(pattern).format(d=days, h=hours, m=minutes)


# The same patterns go to static/sanbao/clock.js as data attributes (see {% clock_words %}).
DAYS_HOURS = pgettext_lazy("duration", "{d} d {h} h")
DAYS = pgettext_lazy("duration", "{d} d")
HOURS_MINUTES = pgettext_lazy("duration", "{h} h {m} min")
HOURS = pgettext_lazy("duration", "{h} h")
MINUTES = pgettext_lazy("duration", "{m} min")


def day(value: date | datetime | None, *, today: date | None = None) -> str:
    """`Mon 23 Nov` / `11月23日 周一`; the year only when it is not this one.

    A day of another year that is far away needs no weekday: `24 May 2025`.
    """
    if not value:
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    today = today or timezone.localdate()
    if value.year == today.year:
        pattern = pgettext("day pattern", "{weekday} {day} {month}")
    elif abs(value - today) <= NEAR:
        pattern = pgettext("day pattern", "{weekday} {day} {month} {year}")
    else:
        pattern = pgettext("day pattern", "{day} {month} {year}")
    return pattern.format(
        weekday=WEEKDAYS[value.weekday()],
        day=value.day,
        month=MONTHS[value.month - 1],
        year=value.year,
    )


def moment(value: datetime | None, *, now: datetime | None = None) -> str:
    """The instant in the reader's zone: `14:05` today, else with day and weekday."""
    if not value:
        return NOTHING
    local = timezone.localtime(value)
    today = timezone.localtime(now or timezone.now()).date()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return clock
    return full_moment(value, today=today)


def full_moment(value: datetime | None, *, today: date | None = None) -> str:
    """`Mon 23 Nov, 14:05` / `11月23日 周一 14:05`, always with the day."""
    if not value:
        return NOTHING
    local = timezone.localtime(value)
    pattern = pgettext("moment pattern", "{day}, {time}")
    return pattern.format(day=day(local, today=today), time=f"{local:%H:%M}")


def ago(value: datetime | None, *, now: datetime | None = None) -> str:
    """`20 min ago` / `20 分钟前`; a coming instant says `in 20 min`; from a day on, whole days."""
    if not value:
        return NOTHING
    gap = (now or timezone.now()) - value
    span = abs(gap)
    if span >= timedelta(days=1):
        span = timedelta(days=span.days)
    pattern = gettext("{time} ago") if gap >= timedelta(0) else gettext("in {time}")
    return pattern.format(time=duration(span))


# Kept in the words of the source, as departments are; worded when shown.
STAND_IN = re.compile(r"(?P<name>.+) \(for (?P<absent>.+)\)")


def stand_in(name: str, absent: str) -> str:
    """The name of somebody told, with the one in whose place he is told; as it is kept."""
    return f"{name} (for {absent})" if absent else name


def told(names: Iterable[str]) -> str:
    """Who was told, in the reader's language: `Li for Wang, Zhao`."""
    return ", ".join(map(_told, names))


def _told(name: str) -> str:
    both = STAND_IN.fullmatch(name)
    if both is None:
        return name
    return pgettext("deputy", "{name} for {absent}").format(**both.groupdict())


def named(holder: str) -> str:
    """Who holds something: a department in the reader's language, a name as it is.

    Departments are kept in the words of the source ("Service desk"), so that the same row reads
    right in each language; names of dealers and people have no translation and stay.
    """
    return gettext(holder) if holder else ""
