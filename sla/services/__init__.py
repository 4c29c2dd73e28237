"""What happens to clocks: every verb that other apps call."""

from sla.missed import mark_missed
from sla.services.answering import acknowledge, settle_liability
from sla.services.calendars import load_days, save_calendar
from sla.services.clocks import (
    Promised,
    cancel_clocks,
    meet_clock,
    meet_clocks,
    move_clocks,
    start_clock,
    start_clocks,
)
from sla.services.dating import date_anew, recompute, recompute_all
from sla.services.delays import announce_delay
from sla.services.differences import settle_difference
from sla.services.hands import pass_clocks, used_by_hand
from sla.services.pauses import overdue_waits, pause_clocks, resume_clocks
from sla.services.settings import NewTarget, save_policy
from sla.sweep import sweep

__all__ = [
    "NewTarget",
    "Promised",
    "acknowledge",
    "announce_delay",
    "cancel_clocks",
    "date_anew",
    "load_days",
    "mark_missed",
    "meet_clock",
    "meet_clocks",
    "move_clocks",
    "overdue_waits",
    "pass_clocks",
    "pause_clocks",
    "recompute",
    "recompute_all",
    "resume_clocks",
    "save_calendar",
    "save_policy",
    "settle_difference",
    "settle_liability",
    "start_clock",
    "start_clocks",
    "sweep",
    "used_by_hand",
]
