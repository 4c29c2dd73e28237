"""The business calendar: which instants count, and how far a promise reaches (R-016).

Pure: aware datetimes in, UTC datetimes out.
"""

from sla.calendar.errors import CalendarError
from sla.calendar.values import (
    AROUND_THE_CLOCK,
    DayKind,
    DayRule,
    Hours,
    Window,
    WorkCalendar,
    around_the_clock,
    windows,
)
from sla.calendar.walk import (
    Due,
    Pause,
    Pauses,
    Reason,
    Step,
    add_share,
    add_time,
    add_working,
    explain_due,
    is_working,
    merge_pauses,
    next_opening,
    working_minutes,
    working_time,
)

__all__ = [
    "AROUND_THE_CLOCK",
    "CalendarError",
    "DayKind",
    "DayRule",
    "Due",
    "Hours",
    "Pause",
    "Pauses",
    "Reason",
    "Step",
    "Window",
    "WorkCalendar",
    "add_share",
    "add_time",
    "add_working",
    "around_the_clock",
    "explain_due",
    "is_working",
    "merge_pauses",
    "next_opening",
    "windows",
    "working_minutes",
    "working_time",
]
