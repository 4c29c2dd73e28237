"""A supervisor has a running promise follow the policy as it is now (R-002).

Nothing follows by itself: a changed policy touches no clock until somebody asks for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import audit
from core.actor import Actor
from core.errors import DomainError, WrongState
from core.events import publish
from core.states import locked
from core.tenancy import verb
from sla.calendar import CalendarError
from sla.calendars import calendar_for
from sla.facts import facts_of as stated
from sla.ladder import RISING, Rung, rungs_of
from sla.models import Calendar, Clock, Step, Target
from sla.rules import instants
from sla.services.clocks import first_of, targets_in_force
from sla.services.dating import AHEAD, DATES, FIXED, date_anew, facts_of, rows_of, rung_of, step_of
from sla.states import LIVE, ClockState, StepState
from sla.subjects import lock

REPLACED = gettext_noop("Replaced by the new version of the policy")
KEPT = gettext_noop("Acknowledged before")


@dataclass(frozen=True, slots=True)
class Outlook:
    """A running clock beside what the policy in force now would make of it."""

    clock: Clock
    target: Target | None  # none: no policy in force promises it any more
    due_at: datetime | None
    is_same: bool
    is_late: bool  # it would be overdue at once


def outlooks(clocks: Sequence[Clock], *, at: datetime | None = None) -> list[Outlook]:
    """What re-applying would do to each clock; nothing is written."""
    now = at or timezone.now()
    asked = _asked(clocks, now)
    rows = rows_of(clocks)
    found = []
    for clock in clocks:
        new = asked.get(clock.pk)
        if new is None:
            found.append(Outlook(clock, None, None, is_same=True, is_late=False))
            continue
        try:
            due = instants(facts_of(_promised_by(copy(clock), new, now), rows[clock.pk])).due_at
        except CalendarError:
            due = None
        found.append(
            Outlook(
                clock,
                new.target,
                due,
                is_same=new.target.version_id == clock.version_id,
                is_late=due is not None and due <= now and clock.state == ClockState.RUNNING,
            )
        )
    return found


@verb
def reapply_policy(*, actor: Actor, clock: Clock, at: datetime | None = None) -> Clock:
    """Promise a running clock by the newest version in force that fits its subject.

    Time used, pauses, hands and agreed delays stay. Steps that fired stay fired and do not fire
    again; those ahead are laid out anew.
    """
    now = at or timezone.now()
    # The subject first, as everybody who writes its clocks does.
    lock(clock.subject, clock.subject_id)
    clock = locked(clock)
    if clock.state not in LIVE:
        raise WrongState
    new = _asked([clock], now).get(clock.pk)
    if new is None:
        raise DomainError(_("No policy in force promises this any more; the clock keeps its time."))
    if new.target.version_id == clock.version_id:
        return clock
    before, was = clock.due_at, clock.version
    _promised_by(clock, new, now)
    _lay_rungs(clock, rungs_of(new.target.ladder))
    date_anew(clock)
    clock.save(
        update_fields=["version", "calendar", "minutes", "warn_percent", "hours_as_of", *DATES]
    )
    audit.record(
        actor,
        "clock.reapplied",
        clock,
        promise=clock.promise,
        policy=new.target.version.policy.code,
        version=new.target.version.number,
        previous_policy=was.policy.code if was else "",
        previous_version=was.number if was else 0,
        previous_due_at=before,
        due_at=clock.due_at,
    )
    publish("sla.reapplied", actor=actor, clock=clock, previous_due_at=before, at=now)
    return clock


@dataclass(frozen=True, slots=True)
class _Asked:
    """The target in force of a clock, its minutes, and the calendar of the place."""

    target: Target
    minutes: int
    calendar: Calendar


def _asked(clocks: Sequence[Clock], at: datetime) -> dict[int, _Asked]:
    """What the policies of that instant promise each clock; none if its subject says nothing."""
    by_subject: dict[str, set[int]] = defaultdict(set)
    for clock in clocks:
        by_subject[clock.subject].add(clock.subject_id)
    said = {subject: stated(subject, ids) for subject, ids in by_subject.items()}
    in_force = targets_in_force({clock.promise for clock in clocks}, at=at)
    versions = {clock.version_id for clock in clocks}
    given: dict[tuple[int | None, str], int] = {
        (version_id, promise): minutes
        for version_id, promise, minutes in Target.objects.filter(
            version__in=versions - {None}
        ).values_list("version_id", "promise", "minutes")
    }
    found: dict[int, _Asked] = {}
    for clock in clocks:
        facts = said[clock.subject].get(clock.subject_id)
        target = first_of(in_force, facts).get(clock.promise) if facts is not None else None
        if facts is None or target is None:
            continue
        # Where somebody had given this clock minutes of its own, it keeps them.
        promised = given.get((clock.version_id, clock.promise), clock.minutes)
        minutes = target.minutes if promised == clock.minutes else clock.minutes
        place = calendar_for(target.hours, facts.get("region", ""), clock.holder_dealer_id)
        found[clock.pk] = _Asked(target, minutes, place)
    return found


def _promised_by(clock: Clock, new: _Asked, at: datetime) -> Clock:
    """The clock (not saved) as the other version promises it, with the hours of today."""
    clock.version, clock.minutes, clock.calendar = new.target.version, new.minutes, new.calendar
    clock.warn_percent, clock.hours_as_of = new.target.warn_percent, at
    return clock


def _lay_rungs(clock: Clock, rungs: Iterable[Rung]) -> None:
    """Cancel the rungs ahead and add the new ones, without those that were told already."""
    steps = clock.steps.filter(is_wait=False).exclude(action__in=FIXED)
    steps.filter(state__in=AHEAD).update(state=StepState.CANCELLED, reason=REPLACED)
    told = {rung_of(step) for step in steps.filter(state=StepState.FIRED)}
    last = clock.steps.aggregate(last=Max("position"))["last"] or 1
    added = []
    for position, rung in enumerate((rung for rung in rungs if rung not in told), start=last + 1):
        stops = clock.acknowledged_at is not None and rung.action in RISING
        unfit = not rung.fits(clock.minutes)
        step = step_of(rung, clock, position, at=clock.due_at)  # dated anew with the rest
        if stops or unfit:
            step.state, step.reason = StepState.SUPPRESSED, KEPT if stops else ""
        added.append(step)
    Step.objects.bulk_create(added)
