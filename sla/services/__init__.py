"""What happens to clocks: every verb that other apps call."""

from sla.services.calendars import load_days, save_calendar
from sla.services.clocks import cancel_clocks, meet_clock, move_clocks, start_clock
from sla.services.pauses import pause_clocks, resume_clocks
from sla.services.settings import NewTarget, save_policy
from sla.sweep import sweep

__all__ = [
    "NewTarget",
    "cancel_clocks",
    "load_days",
    "meet_clock",
    "move_clocks",
    "pause_clocks",
    "resume_clocks",
    "save_calendar",
    "save_policy",
    "start_clock",
    "sweep",
]
