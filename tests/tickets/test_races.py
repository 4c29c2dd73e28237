"""Two at once: one wins, the other is told; nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection

from core.errors import DomainError, WrongState
from sla.defaults import install_defaults
from sla.models import Clock
from tests.cast import World
from tests.tickets.conftest import Desk, accept, later, offer
from tickets import services
from tickets.models import Offer, Ticket


def at_once(desk: Desk, *steps: Callable[[], Any]) -> list[str]:
    """Run each step in a thread with a connection of its own; "done" or the error's code."""
    barrier, outcomes = Barrier(len(steps)), list[str]()

    def run(step: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            with desk.cast.scope():
                step()
            outcomes.append("done")
        except DomainError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def at_work(world: World) -> Desk:
    install_defaults(world.owner.tenant)
    return Desk(world.owner)


def test_two_clicks_accept_an_offer_once(committed_world: World) -> None:
    desk = at_work(committed_world)
    with desk.cast.scope():
        ticket = offer(desk, desk.register())
    outcomes = at_once(
        desk,
        lambda: services.accept_offer(actor=desk.dealer, ticket=ticket),
        lambda: services.accept_offer(actor=desk.cast.actor("dealer_clerk"), ticket=ticket),
    )
    assert outcomes == ["done", WrongState.code]
    with desk.cast.scope():
        assert ticket.timeline.filter(event="accepted").count() == 1


def test_an_offer_is_accepted_or_withdrawn_never_both(committed_world: World) -> None:
    desk = at_work(committed_world)
    with desk.cast.scope():
        ticket = offer(desk, desk.register())
    outcomes = at_once(
        desk,
        lambda: services.accept_offer(actor=desk.dealer, ticket=ticket),
        lambda: services.withdraw_offer(actor=desk.clerk, ticket=ticket, reason="错了"),
    )
    assert outcomes == ["done", WrongState.code]
    with desk.cast.scope():
        states = set(Offer.objects.values_list("state", flat=True))
        ticket.refresh_from_db()
        assert (ticket.state, states) in [("accepted", {"accepted"}), ("new", {"withdrawn"})]


def test_two_clerks_offer_one_ticket_to_one_dealer_only(committed_world: World) -> None:
    desk = at_work(committed_world)
    with desk.cast.scope():
        ticket = desk.register()
    outcomes = at_once(
        desk,
        lambda: services.offer_ticket(actor=desk.clerk, ticket=ticket, dealer=desk.cast.dealer),
        lambda: services.offer_ticket(
            actor=desk.supervisor, ticket=ticket, dealer=desk.cast.neighbour
        ),
    )
    assert outcomes == ["done", WrongState.code]
    with desk.cast.scope():
        assert Offer.objects.count() == 1
        assert Clock.objects.filter(promise="arrange").count() == 1


def test_a_double_arrangement_meets_the_clock_once(committed_world: World) -> None:
    desk = at_work(committed_world)
    with desk.cast.scope():
        ticket = accept(desk, offer(desk, desk.register()))

    def arrange() -> None:
        services.arrange(
            actor=desk.dealer, ticket=ticket, technician_name="赵", visit_at=later(300)
        )

    # The second one is a change of the arrangement: allowed, and told as such.
    assert at_once(desk, arrange, arrange) == ["done", "done"]
    with desk.cast.scope():
        assert ticket.timeline.filter(event="arranged").count() == 1
        assert ticket.timeline.filter(event="rearranged").count() == 1
        assert Clock.objects.get(promise="arrange").state == "met"


def test_numbers_taken_at_once_are_all_different(committed_world: World) -> None:
    desk = at_work(committed_world)
    assert at_once(desk, *[desk.register] * 6) == ["done"] * 6
    with desk.cast.scope():
        numbers = sorted(Ticket.objects.values_list("number", flat=True))
    assert numbers == [f"T-20261110-{n:04d}" for n in range(1, 7)]


def test_two_merges_into_each_other_do_not_wait_for_ever(committed_world: World) -> None:
    desk = at_work(committed_world)
    with desk.cast.scope():
        first, second = desk.register(), desk.register()
    outcomes = at_once(
        desk,
        lambda: services.merge_ticket(actor=desk.clerk, ticket=first, into=second),
        lambda: services.merge_ticket(actor=desk.supervisor, ticket=second, into=first),
    )
    assert outcomes[0] == "done" and len(set(outcomes)) == 2
    with desk.cast.scope():
        assert Ticket.objects.filter(state="merged").count() == 1
