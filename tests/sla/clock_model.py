"""A clock in plain Python, told in stretches of running time; nothing of it reads a table.

It shares only the walk over a calendar without pauses, which `test_calendar_proof` proves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sla.calendar import WorkCalendar, working_time
from sla.calendar.walk import add_time
from sla.ladder import REMIND, Rung
from sla.states import StepAction

Step = tuple[str, int]  # action, position


@dataclass
class ModelStep:
    action: str
    rung: Rung
    at: datetime
    state: str = "planned"


@dataclass
class ModelPause:
    reason: str
    start: datetime
    end: datetime | None = None
    until: datetime | None = None


@dataclass
class ModelClock:
    """One promise: the stretches in which it ran, who held it, what lies ahead."""

    started: datetime
    minutes: int
    calendar: WorkCalendar
    rungs: list[Rung]
    holder: str
    is_through: bool
    state: str = "running"
    agreed: datetime | None = None
    told: datetime | None = None
    finished: datetime | None = None
    missed: tuple[datetime, str] | None = None
    pauses: list[ModelPause] = field(default_factory=list)
    hands: list[tuple[str, datetime]] = field(default_factory=list)
    steps: list[ModelStep] = field(default_factory=list)
    waits: list[ModelStep] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hands.append((self.holder, self.started))
        self.steps = [
            ModelStep(StepAction.WARN, Rung(percent=75), self.started),
            ModelStep(StepAction.BREACH, Rung(after=0), self.started),
            *(ModelStep(rung.action, rung, self.started) for rung in self.rungs),
        ]
        for step in self.steps:
            if not step.rung.fits(self.minutes):
                step.state = "suppressed"
        self.redate()

    # When

    @property
    def is_live(self) -> bool:
        return self.state in ("running", "paused")

    @property
    def stands_from(self) -> datetime | None:
        if self.state != "paused":
            return None
        begin = self.pauses[-1].start
        for pause in reversed(self.pauses[:-1]):
            begin = pause.start if pause.end == begin else begin
        return begin

    def stretches(self) -> list[tuple[datetime, datetime | None]]:
        """The running stretches; a pause that still lasts has taken nothing out yet."""
        found: list[tuple[datetime, datetime | None]] = []
        begin = self.started
        for pause in self.pauses:
            if pause.end is not None:
                found.append((begin, pause.start))
                begin = pause.end
        return [*found, (begin, None)]

    def reached(self, worked: timedelta) -> datetime:
        """The instant at which so much working time has run."""
        if worked <= timedelta(0):
            return self.started
        for begin, end in self.stretches():
            ran = working_time(self.calendar, begin, end) if end else worked
            if worked <= ran:
                return add_time(self.calendar, begin, worked).at
            worked -= ran
        raise AssertionError("the last stretch has no end")

    def ran(self, until: datetime) -> timedelta:
        return sum(
            (
                working_time(self.calendar, begin, min(end or until, until))
                for begin, end in self.stretches()
            ),
            timedelta(0),
        )

    @property
    def total(self) -> timedelta:
        return self.ran(self.due) if self.agreed else timedelta(minutes=self.minutes)

    @property
    def due(self) -> datetime:
        return self._agreed_due() if self.agreed else self.reached(self.total)

    def _agreed_due(self) -> datetime:
        """Each standstill after the word was given puts off what was left by its end."""
        assert self.agreed and self.told
        due = self.agreed
        begin: datetime | None = None
        ends = [(pause.start, pause.end) for pause in self.pauses if pause.end]
        for index, (start, end) in enumerate(ends):
            begin = begin or start
            goes_on = index + 1 < len(ends) and ends[index + 1][0] == end
            if goes_on:
                continue
            begin = max(begin, self.told)
            if begin < min(due, end):
                left = working_time(self.calendar, begin, due)
                is_lost = bool(working_time(self.calendar, begin, end))
                put_off = add_time(self.calendar, end, left).at
                due = put_off if is_lost else max(due, end)
            begin = None
        return due

    def instant(self, rung: Rung) -> datetime:
        if rung.percent is not None:
            worked = self.total * rung.percent // 100
        else:
            worked = self.total + timedelta(minutes=rung.after)
        return self.due if worked == self.total else self.reached(worked)

    def redate(self) -> None:
        for step in self.steps:
            if step.state in ("planned", "held"):
                step.at = self.instant(step.rung)
                is_held = self.stands_from is not None and step.at > self.stands_from
                step.state = "held" if is_held else "planned"

    # What happens

    def pause(self, reason: str, at: datetime, until: datetime | None) -> bool:
        """Whether an interval begins."""
        if self.state == "paused":
            pause = self.pauses[-1]
            if pause.reason == reason:
                if until:
                    pause.until = until
                    self._wait(until)
                return False
            pause.end = at
        self.miss(at, strictly=True)
        self.state = "paused"
        begin = max(at, self.missed[0]) if self.missed else at
        self.pauses.append(ModelPause(reason, begin, until=until))
        self._end_waits()
        for step in self.steps:
            if step.state == "planned" and step.at > begin:
                step.state = "held"
        self.redate()
        if until:
            self._wait(until)
        return True

    def resume(self, at: datetime) -> None:
        pause = self.pauses[-1]
        pause.end = max(at, pause.start)
        self.state = "running"
        self._end_waits()
        self.redate()

    def delay(self, agreed: datetime, told: datetime) -> None:
        self.agreed, self.told = agreed, told
        self.redate()

    def give(self, holder: str, at: datetime) -> None:
        if self.is_through and holder != self.holder:
            self.holder = holder
            self.hands.append((holder, at))

    def finish(self, state: str, at: datetime) -> None:
        self.miss(at, strictly=True)
        if self.state == "paused":
            self.resume(at)
        self.state, self.finished = state, at
        for step in [*self.steps, *self.waits]:
            if step.state in ("planned", "held"):
                step.state = "cancelled"

    def sweep(self, now: datetime) -> None:
        due = self.due
        breach = next(step for step in self.steps if step.action == StepAction.BREACH)
        if self.is_live and breach.state == "planned" and breach.at <= now:
            self.miss(now, strictly=False)
        for step in self.steps:
            if step.state != "planned" or step.at > now:
                continue
            is_reminder = step.action == StepAction.WARN or (
                step.action == REMIND and step.at < due
            )
            step.state = "suppressed" if is_reminder and due <= now else "fired"
            if step.state == "fired" and self.state == "running" and due <= now:
                self.miss(now, strictly=False)
        for step in self.waits:
            if step.state == "planned" and step.at <= now:
                step.state = "fired"

    def miss(self, at: datetime, *, strictly: bool) -> None:
        """A running clock is late from its due time on; that instant itself is in time."""
        due = self.due
        is_late = due < at if strictly else due <= at
        if self.missed is None and is_late and (self.state == "running" or not strictly):
            held = [holder for holder, since in self.hands if since < due]
            self.missed = (due, (held or [self.hands[0][0]])[-1])

    def _wait(self, until: datetime) -> None:
        self._end_waits()
        self.waits.append(ModelStep(REMIND, Rung(), until))

    def _end_waits(self) -> None:
        for step in self.waits:
            if step.state == "planned":
                step.state = "cancelled"
