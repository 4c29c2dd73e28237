"""What a clock chip shows at an instant: pure, from the attributes a clock has.

A clock, here, is anything with name, holder_label, state, started_at, due_at, warn_at,
missed_at and finished_at; core knows no other thing about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext, pgettext

from core import words

# Share of the promised time after which a running clock turns amber, if the clock says nothing.
WARN_SHARE = 0.75


class ClockLike(Protocol):
    name: str
    holder_label: str
    state: str
    started_at: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    missed_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True)
class Face:
    """Tone is the colour and the icon; text the words; explanation the whole story."""

    tone: str  # paused | ok | warn | late | met | off
    text: str
    explanation: str
    due_label: str
    warn_at: datetime | None
    ticking: bool


def warn_moment(clock: ClockLike) -> datetime | None:
    """When the chip turns amber: the clock's own moment, else 75 % of its time."""
    if clock.warn_at or not (clock.started_at and clock.due_at):
        return clock.warn_at
    return clock.started_at + (clock.due_at - clock.started_at) * WARN_SHARE


def face(clock: ClockLike, *, now: datetime) -> Face:
    """Read the clock as a person would at `now`."""
    tone, text = _tone_and_text(clock, now)
    due_label = words.moment(clock.due_at, now=now) if clock.due_at else ""
    return Face(
        tone=tone,
        text=text,
        explanation=_explanation(clock),
        due_label=due_label,
        warn_at=warn_moment(clock),
        ticking=clock.state == "running" or (clock.state == "missed" and not clock.finished_at),
    )


def _tone_and_text(clock: ClockLike, now: datetime) -> tuple[str, str]:
    if clock.state == "cancelled":
        return "off", pgettext("clock", "Cancelled")
    if clock.state == "paused":
        return "paused", pgettext("clock", "Paused")
    if clock.state == "met" and not clock.missed_at:
        done = words.moment(clock.finished_at, now=now)
        return "met", pgettext("clock", "Kept at {moment}").format(moment=done)
    due = clock.due_at
    if due is None:
        return "ok", pgettext("clock", "No deadline")
    if clock.finished_at:
        late = words.duration(clock.finished_at - due)
        return "late", pgettext("clock", "Done {time} late").format(time=late)
    if clock.state == "missed" or now >= due:
        since = words.moment(due, now=now)
        return "late", late_pattern().format(moment=since, time=words.duration(now - due))
    warn = warn_moment(clock)
    tone = "warn" if warn and now >= warn else "ok"
    # Rounded up to the minute: a promise of 2 h reads "2 h left" when it starts, and the
    # last minute reads "1 min left", never "0 min".
    left = timedelta(minutes=-((now - due) // timedelta(minutes=1)))
    return tone, left_pattern().format(time=words.duration(left))


def left_pattern() -> str:
    return pgettext("clock", "{time} left")


def late_pattern() -> str:
    return pgettext("clock", "Late since {moment} ({time})")


def _explanation(clock: ClockLike) -> str:
    lines = [
        gettext("{clock}: {holder}").format(
            clock=clock.name, holder=words.named(clock.holder_label)
        )
    ]
    for label, value in (
        (gettext("Started {moment}"), clock.started_at),
        (gettext("Due {moment}"), clock.due_at),
        (gettext("Missed {moment}"), clock.missed_at),
        (gettext("Finished {moment}"), clock.finished_at),
    ):
        if value:
            lines.append(label.format(moment=words.full_moment(value)))
    return "\n".join(lines)
