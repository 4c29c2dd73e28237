"""Calendars, policies and the clocks that run by them; knows no ticket, only a subject."""

from sla.models.calendars import (
    Calendar,
    CalendarDay,
    CalendarHours,
    CalendarYear,
    DayKind,
    LocalCalendar,
    Season,
)
from sla.models.clocks import Clock, Delay, Hand, Pause
from sla.models.liability import Fault, Liability
from sla.models.policies import Policy, PolicyVersion, Target
from sla.models.proofs import ClockDifference, ProofRun
from sla.models.steps import Step

__all__ = [
    "Calendar",
    "CalendarDay",
    "CalendarHours",
    "CalendarYear",
    "Clock",
    "ClockDifference",
    "DayKind",
    "Delay",
    "Fault",
    "Hand",
    "Liability",
    "LocalCalendar",
    "Pause",
    "Policy",
    "PolicyVersion",
    "ProofRun",
    "Season",
    "Step",
    "Target",
]
