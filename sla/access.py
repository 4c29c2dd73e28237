"""The gate to clocks, policies and calendars: what of them an actor sees at all."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop

from core.actor import Actor
from sla.models import Calendar, Clock, ClockDifference, LocalCalendar, Policy, Season
from sla.states import Promise

# A name as it would stand on a clock; `core.words.named` says it in the reader's language.
ANOTHER_DEALER = gettext_noop("Another dealer")


def visible(actor: Actor) -> QuerySet[Clock]:
    """The clocks of the tenant; people of a dealer see those that their dealers hold."""
    clocks = Clock.objects.all()
    if actor.dealer_ids is not None:
        clocks = clocks.filter(holder_dealer_id__in=actor.dealer_ids)
    return clocks


def get_clocks(actor: Actor, subject: str, number: str, promise: str = "") -> list[Clock]:
    """The clocks of a subject by its number, the newest first; 404 when none is one's own."""
    clocks = visible(actor).filter(subject=subject, subject_number=number)
    if promise:
        clocks = clocks.filter(promise=promise)
    found = list(
        clocks.select_related("version__policy", "calendar").order_by("-started_at", "-id")
    )
    if not found:
        raise Http404
    return veiled(actor, found)


def veiled(actor: Actor, clocks: list[Clock]) -> list[Clock]:
    """The same clocks, read only: a dealer is not told which other one missed a promise (R-001).

    Who held a clock before stays unseen as well: `Hand` shows a dealer its own hands alone.
    """
    if actor.dealer_ids is not None:
        for clock in clocks:
            if clock.missed_dealer_id and clock.missed_dealer_id not in actor.dealer_ids:
                clock.missed_label = ANOTHER_DEALER
    return clocks


def get_clock(actor: Actor, subject: str, number: str, promise: str) -> Clock:
    """The running clock of a promise, else the newest one that ran; 404 when none is one's own."""
    clocks = get_clocks(actor, subject, number, promise)
    return next((clock for clock in clocks if clock.is_live), clocks[0])


def get_clock_to_acknowledge(actor: Actor, subject: str, number: str, promise: str) -> Clock:
    """A clock that the actor may take on: his role may, or a step of it was told to him.

    People of a dealer never stop the house's ladder.
    """
    clock = get_clock(actor, subject, number, promise)
    if not may_acknowledge(actor, clock):
        raise PermissionDenied
    return clock


def may_acknowledge(actor: Actor, clock: Clock) -> bool:
    if actor.is_dealer:
        return False
    if actor.may("clock.acknowledge"):
        return True
    if clock.promise == Promise.ACKNOWLEDGE and actor.may("ticket.acknowledge"):
        return True
    return clock.steps.filter(told_ids__contains=[actor.person_id]).exists()


def get_clock_to_settle(actor: Actor, subject: str, number: str, promise: str, turn: int) -> Clock:
    """The turn-th clock of a promise, counted from its first, on whose breach to decide."""
    clocks = get_clocks(actor, subject, number, promise)
    if not 0 < turn <= len(clocks):
        raise Http404
    _allowed(actor, "liability.settle")
    return clocks[-turn]


def get_calendar(actor: Actor, code: str, *, to: str = "calendar.manage") -> Calendar:
    calendar = get_object_or_404(Calendar, code=code)
    _allowed(actor, to)
    return calendar


def get_local(actor: Actor, code: str, public_id: UUID) -> LocalCalendar:
    """What counts instead of a calendar at one place."""
    calendar = get_calendar(actor, code)
    return get_object_or_404(calendar.local_ones, public_id=public_id)


def get_season(actor: Actor, public_id: UUID, *, to: str = "calendar.manage") -> Season:
    season = get_object_or_404(Season, public_id=public_id)
    _allowed(actor, to)
    return season


def get_policy(actor: Actor, code: str, *, to: str = "policy.manage") -> Policy:
    policy = get_object_or_404(Policy, code=code)
    _allowed(actor, to)
    return policy


def get_difference(actor: Actor, public_id: UUID, *, to: str = "clock.settle") -> ClockDifference:
    """A difference that the nightly proof found."""
    found = ClockDifference.objects.select_related("clock__calendar", "clock__version__policy")
    difference = get_object_or_404(found, public_id=public_id)
    _allowed(actor, to)
    return difference


def _allowed(actor: Actor, permission: str) -> None:
    if not actor.may(permission):
        raise PermissionDenied
