"""What happens to clocks: every verb that other apps call."""

from sla.services.clocks import cancel_clocks, meet_clock, move_clocks, start_clock
from sla.services.pauses import pause_clocks, resume_clocks
from sla.sweep import sweep

__all__ = [
    "cancel_clocks",
    "meet_clock",
    "move_clocks",
    "pause_clocks",
    "resume_clocks",
    "start_clock",
    "sweep",
]
