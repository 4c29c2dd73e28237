"""When the telephone rings: seasons of each line, weekdays, festivals and hours of the day."""

from __future__ import annotations

from datetime import date, timedelta
from math import exp
from random import Random

from portal.demo.companies import YEAR, Company, Line
from sla.china import NOTICES, SPRING

DAY = 86_400
DAYS = 365
# From midnight on; the line is staffed from nine to ten at night.
HOURS = (2, 1, 1, 1, 2, 6, 20, 50, 82, 100, 100, 82, 50, 60, 84, 92, 84, 62, 50, 40, 32, 20, 10, 4)
WEEKDAYS = (1.12, 1.05, 1.03, 1.02, 1.05, 0.88, 0.78)
_EPOCH = date(1970, 1, 1)


def moments(chance: Random, company: Company, count: int, now: int) -> list[tuple[int, Line]]:
    """`count` instants of the year before `now`, in order, each with the line it is about.

    Instants are seconds of China's wall clock since 1970: the country has one zone and no
    summer time, so that working hours are plain arithmetic.
    """
    last = now // DAY
    days = range(last - DAYS, last + 1)
    choices = [(day, line) for day in days for line in company.lines]
    weights = [
        line.share * _season(line, day) * _week(day) * _festival(day) for day, line in choices
    ]
    found: list[tuple[int, Line]] = []
    while len(found) < count:
        for day, line in chance.choices(choices, weights, k=count - len(found)):
            hour = chance.choices(range(24), HOURS)[0]
            at = day * DAY + hour * 3_600 + chance.randrange(3_600)
            if now - DAYS * DAY <= at < now:
                found.append((at, line))
    return sorted(found, key=lambda moment: moment[0])


def _date(day: int) -> date:
    return _EPOCH + timedelta(days=day)


def _season(line: Line, day: int) -> float:
    """1 in the quiet time, more in the season; the year is a circle."""
    of_year = _date(day).timetuple().tm_yday
    total = 1.0
    for bump in line.seasons:
        away = abs(of_year - bump.day)
        away_days = min(float(away), YEAR - away)
        total += bump.height * exp(-((away_days / bump.width) ** 2) / 2)
    return total


def _week(day: int) -> float:
    return WEEKDAYS[_date(day).weekday()]


def _festival(day: int) -> float:
    """Almost nobody calls in the Spring Festival, and few in the week before."""
    on = _date(day)
    notice = NOTICES.get(on.year)
    for festival in notice.festivals if notice else ():
        if festival.name == SPRING:
            if festival.first <= on <= festival.last:
                return 0.12
            if festival.first - timedelta(days=7) <= on < festival.first:
                return 0.5
    return 1.0
