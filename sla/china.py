"""Public holidays and make-up workdays (调休) of mainland China, as announced year by year.

Each year's days come from one notice of the General Office of the State Council. The next
year's is published in the autumn; until it is loaded, later dates are provisional.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sla.calendar import DayKind, DayRule, WorkCalendar, windows
from sla.calendar.errors import gettext_noop

KNOWN_THROUGH = date(2026, 12, 31)

NEW_YEAR = gettext_noop("New Year's Day")
SPRING = gettext_noop("Spring Festival")
QINGMING = gettext_noop("Tomb-Sweeping Day")
LABOUR = gettext_noop("Labour Day")
DRAGON_BOAT = gettext_noop("Dragon Boat Festival")
MID_AUTUMN = gettext_noop("Mid-Autumn Festival")
NATIONAL = gettext_noop("National Day")
NATIONAL_AND_MID_AUTUMN = gettext_noop("National Day and Mid-Autumn Festival")


@dataclass(frozen=True, slots=True)
class Festival:
    """One paragraph of a notice: days off from first to last, and the workdays paid for them."""

    name: str
    first: date
    last: date
    makeup: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """One year's notice; number and title as printed."""

    year: int
    number: str
    title: str
    issued_on: date
    festivals: tuple[Festival, ...]

    @property
    def source(self) -> str:
        return f"{self.title}（{self.number}）"


NOTICES = {
    2024: Notice(
        2024,
        "国办发明电〔2023〕7号",
        "国务院办公厅关于2024年部分节假日安排的通知",
        date(2023, 10, 25),
        (
            Festival(NEW_YEAR, date(2024, 1, 1), date(2024, 1, 1)),
            Festival(
                SPRING,
                date(2024, 2, 10),
                date(2024, 2, 17),
                (date(2024, 2, 4), date(2024, 2, 18)),
            ),
            Festival(QINGMING, date(2024, 4, 4), date(2024, 4, 6), (date(2024, 4, 7),)),
            Festival(
                LABOUR,
                date(2024, 5, 1),
                date(2024, 5, 5),
                (date(2024, 4, 28), date(2024, 5, 11)),
            ),
            Festival(DRAGON_BOAT, date(2024, 6, 10), date(2024, 6, 10)),
            Festival(MID_AUTUMN, date(2024, 9, 15), date(2024, 9, 17), (date(2024, 9, 14),)),
            Festival(
                NATIONAL,
                date(2024, 10, 1),
                date(2024, 10, 7),
                (date(2024, 9, 29), date(2024, 10, 12)),
            ),
        ),
    ),
    2025: Notice(
        2025,
        "国办发明电〔2024〕12号",
        "国务院办公厅关于2025年部分节假日安排的通知",
        date(2024, 11, 12),
        (
            Festival(NEW_YEAR, date(2025, 1, 1), date(2025, 1, 1)),
            Festival(
                SPRING,
                date(2025, 1, 28),
                date(2025, 2, 4),
                (date(2025, 1, 26), date(2025, 2, 8)),
            ),
            Festival(QINGMING, date(2025, 4, 4), date(2025, 4, 6)),
            Festival(LABOUR, date(2025, 5, 1), date(2025, 5, 5), (date(2025, 4, 27),)),
            Festival(DRAGON_BOAT, date(2025, 5, 31), date(2025, 6, 2)),
            Festival(
                NATIONAL_AND_MID_AUTUMN,
                date(2025, 10, 1),
                date(2025, 10, 8),
                (date(2025, 9, 28), date(2025, 10, 11)),
            ),
        ),
    ),
    2026: Notice(
        2026,
        "国办发明电〔2025〕7号",
        "国务院办公厅关于2026年部分节假日安排的通知",
        date(2025, 11, 4),
        (
            Festival(NEW_YEAR, date(2026, 1, 1), date(2026, 1, 3), (date(2026, 1, 4),)),
            Festival(
                SPRING,
                date(2026, 2, 15),
                date(2026, 2, 23),
                (date(2026, 2, 14), date(2026, 2, 28)),
            ),
            Festival(QINGMING, date(2026, 4, 4), date(2026, 4, 6)),
            Festival(LABOUR, date(2026, 5, 1), date(2026, 5, 5), (date(2026, 5, 9),)),
            Festival(DRAGON_BOAT, date(2026, 6, 19), date(2026, 6, 21)),
            Festival(MID_AUTUMN, date(2026, 9, 25), date(2026, 9, 27)),
            Festival(
                NATIONAL,
                date(2026, 10, 1),
                date(2026, 10, 7),
                (date(2026, 9, 20), date(2026, 10, 10)),
            ),
        ),
    ),
}


def china_days(*years: int) -> dict[date, DayRule]:
    """The holidays and make-up workdays of the years given, by default of all that are known.

    Names are English sources for gettext.
    """
    rules: dict[date, DayRule] = {}
    for year in years or NOTICES:
        notice = NOTICES[year]
        for festival in notice.festivals:
            for offset in range((festival.last - festival.first).days + 1):
                day = festival.first + timedelta(days=offset)
                rules[day] = DayRule(DayKind.HOLIDAY, festival.name, notice.source)
            for day in festival.makeup:
                rules[day] = DayRule(DayKind.MAKEUP, festival.name, notice.source)
    return rules


def office_calendar(
    *hours: str, zone: str = "Asia/Shanghai", weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
) -> WorkCalendar:
    """A working week with China's holidays; by default Monday to Friday, lunch left out."""
    day = windows(*(hours or ("08:30-12:00", "13:30-17:30")))
    return WorkCalendar(
        zone=zone,
        weekly={weekday: day for weekday in weekdays},
        known_through=KNOWN_THROUGH,
        days=china_days(),
    )
