"""Two clerks answer the same call at the same moment: one answer is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections
from django.utils import timezone

from core.errors import DomainError
from tests.cast import World, a_ticket
from tests.visits.builders import a_callback
from tickets import services as tickets
from tickets.models import Ticket
from visits import services
from visits.models import Callback, CallbackAttempt


def _together(*works: Any) -> list[Any]:
    """Run each in a thread of its own, all at once; what it gave or raised."""
    start = Barrier(len(works))

    def run(work: Any) -> Any:
        start.wait()
        try:
            return work()
        except DomainError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def _a_call(world: World) -> Callback:
    with world.owner.scope():
        ticket = a_ticket(world.owner, state="done", done_at=timezone.now(), result="换了电瓶")
        return a_callback(world.owner, ticket)


def test_of_two_clerks_one_answers(committed_world: World) -> None:
    owner = committed_world.owner
    callback = _a_call(committed_world)

    def answer(who: str, score: int) -> Any:
        actor = owner.actor(who)

        def work() -> Any:
            with owner.scope():
                return services.complete_callback(
                    actor=actor, callback=callback, score=score, is_resolved=True, opinion="好"
                )

        return work

    given = _together(answer("clerk", 5), answer("supervisor", 4))
    assert sorted(type(each).__name__ for each in given) == ["CallMadeAlready", "Callback"]
    with owner.scope():
        kept = next(each for each in given if isinstance(each, Callback))
        assert Callback.objects.get().score == kept.score
        assert CallbackAttempt.objects.count() == 1


def test_answering_and_closing_at_once_never_wait_in_a_circle(committed_world: World) -> None:
    owner = committed_world.owner
    clerk = owner.actor("clerk")
    for _ in range(5):
        callback = _a_call(committed_world)

        def answer(callback: Callback = callback) -> Any:
            with owner.scope():
                return services.complete_callback(
                    actor=clerk, callback=callback, score=5, is_resolved=True
                )

        def close(callback: Callback = callback) -> Any:
            with owner.scope():
                return tickets.close_ticket(actor=clerk, ticket=callback.ticket)

        _together(answer, close)
        with owner.scope():
            assert Ticket.objects.get(pk=callback.ticket_id).state == "closed"
            assert Callback.objects.get(pk=callback.pk).state in ("done", "cancelled")


def test_two_workers_plan_one_call(committed_world: World) -> None:
    owner = committed_world.owner
    with owner.scope():
        ticket = a_ticket(owner, state="done", done_at=timezone.now(), result="换了电瓶")

    def plan() -> Any:
        with owner.scope():
            return services.schedule_callback(actor=owner.system(), ticket=ticket)

    given = _together(plan, plan)
    assert sorted(each is None for each in given) == [False, True]
    with owner.scope():
        assert Callback.objects.count() == 1
