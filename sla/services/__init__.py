"""What happens to clocks: every verb that other apps call."""

from sla.missed import mark_missed
from sla.services.answering import acknowledge, note_export, settle_liability
from sla.services.calendars import change_hours, remove_local, save_calendar, set_local
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
from sla.services.lists import load_year, set_days
from sla.services.pauses import overdue_waits, pause_clocks, resume_clocks
from sla.services.policies import NewTarget, save_policy, withdraw_version
from sla.services.profiles import install_profile
from sla.services.reapply import reapply_policy
from sla.services.seasons import remove_season, save_season
from sla.sweep import sweep

__all__ = [
    "NewTarget",
    "Promised",
    "acknowledge",
    "announce_delay",
    "cancel_clocks",
    "change_hours",
    "date_anew",
    "install_profile",
    "load_year",
    "mark_missed",
    "meet_clock",
    "meet_clocks",
    "move_clocks",
    "overdue_waits",
    "note_export",
    "pass_clocks",
    "pause_clocks",
    "reapply_policy",
    "recompute",
    "recompute_all",
    "remove_local",
    "remove_season",
    "resume_clocks",
    "save_calendar",
    "save_policy",
    "save_season",
    "set_days",
    "set_local",
    "settle_difference",
    "settle_liability",
    "start_clock",
    "start_clocks",
    "sweep",
    "used_by_hand",
    "withdraw_version",
]
