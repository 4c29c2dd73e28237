"""Calendars, policies and the clocks that run by them; knows no ticket, only a subject."""

from sla.models.calendars import Calendar, CalendarDay, DayKind
from sla.models.clocks import Clock, Pause
from sla.models.policies import Policy, Target
from sla.models.steps import Step

__all__ = [
    "Calendar",
    "CalendarDay",
    "Clock",
    "DayKind",
    "Pause",
    "Policy",
    "Step",
    "Target",
]
