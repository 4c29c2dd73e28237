"""Two at once over the same claim: one wins, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread
from typing import Any

from django.db import connection
from django.utils import timezone

from core.errors import DomainError
from tests.cast import Cast, World
from tests.warranty.reviews.builders import (
    a_claim,
    decided,
    decisions,
    install,
    lines_of,
    person,
)
from warranty.models import Adjudication, Appeal, Claim
from warranty.services import reviews


def at_once(cast: Cast, *steps: Callable[[], Any]) -> list[str]:
    """Run each step in a thread of its own; "done", "nothing" or the error's code."""
    barrier, outcomes = Barrier(len(steps)), list[str]()

    def run(step: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            with cast.scope():
                outcomes.append("nothing" if step() is None else "done")
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


def test_of_two_deciders_one_wins(committed_world: World) -> None:
    cast = committed_world.owner
    install(cast)
    with cast.scope():
        claims = [a_claim(cast) for _each in range(5)]
        made = {claim.pk: decisions(claim, 100_00, 0) for claim in claims}
        hands = [person(cast, "second_engineer", "engineer"), cast.actor("technical_manager")]
    for claim in claims:
        steps = [
            lambda hand=hand, claim=claim: reviews.decide_claim(
                actor=hand, claim=claim, decisions=made[claim.pk]
            )
            for hand in hands
        ]
        assert at_once(cast, *steps) == ["done", "state.not_allowed"]
    with cast.scope():
        assert Adjudication.objects.count() == len(claims)


def test_an_appeal_and_the_end_of_its_time_never_both_count(committed_world: World) -> None:
    cast = committed_world.owner
    install(cast)
    dealer, system = cast.actor("dealer_principal"), cast.system()
    later = timezone.now() + timedelta(days=16)
    for _each in range(5):
        with cast.scope():
            claim = decided(cast, 100_00, 20_00)
            cut = lines_of(claim)[1].pk
        outcomes = at_once(
            cast,
            partial(reviews.appeal_claim, actor=dealer, claim=claim, lines={cut: "属实"}),
            partial(reviews.make_ready, actor=system, claim=claim, at=later),
        )
        with cast.scope():
            claim.refresh_from_db()
            has_appeal = Appeal.objects.filter(claim=claim).exists()
        if claim.state == "appealed":
            assert has_appeal and outcomes == ["done", "nothing"]
        else:
            assert claim.state == "finance" and not has_appeal
            assert outcomes == ["done", "state.not_allowed"]


def test_of_two_in_finance_one_confirms(committed_world: World) -> None:
    cast = committed_world.owner
    install(cast)
    with cast.scope():
        claim = decided(cast, 100_00, 50_00)
        reviews.make_ready(actor=cast.system(), claim=claim)
    outcomes = at_once(
        cast,
        lambda: reviews.confirm_claim(actor=cast.actor("finance"), claim=claim),
        lambda: reviews.confirm_claim(actor=cast.actor("finance_manager"), claim=claim),
        lambda: reviews.send_back(actor=cast.actor("finance"), claim=claim, words="复核"),
    )
    assert outcomes.count("done") == 1 and outcomes.count("state.not_allowed") == 2
    with cast.scope():
        assert Claim.objects.get(pk=claim.pk).state in {"payable", "review"}
