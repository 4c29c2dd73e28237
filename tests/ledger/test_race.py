"""People and workers who post, reverse and close in the same moment: one of each lands."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Count, Sum
from django.utils import timezone

from core.models import AuditEvent
from ledger import services
from ledger.models import JournalEntry, JournalLine, Period
from ledger.services import AlreadyReversed, BeyondBalance, PeriodClosed, Source
from tests.cast import Cast, World
from tests.hands import HANDS as THREADS
from tests.hands import all_at_once, in_thread
from tests.ledger.conftest import Books, last_month, open_books

SOURCES = 200


def books_of(cast: Cast) -> Books:
    with cast.scope():
        return open_books(cast)


def assert_sound() -> None:
    sums = JournalLine.objects.values("entry").annotate(left=Sum("cents"), lines=Count("pk"))
    assert all(entry["left"] == 0 and entry["lines"] == 2 for entry in sums)
    days = JournalEntry.objects.values_list("on", "number").order_by("number")
    for day in {on for on, _number in days}:
        places = [int(number[-4:]) for on, number in days if on == day]
        assert places == list(range(1, len(places) + 1))


def test_equal_posts_by_eight_hands_are_one_entry_each(committed_world: World) -> None:
    cast = committed_world.owner
    books = books_of(cast)

    def post_all(seed: int) -> dict[int, str]:
        order = list(range(SOURCES))
        random.Random(seed).shuffle(order)
        found = {}
        for place in order:
            with cast.scope():
                found[place] = books.post(place + 1, source=Source("claim", place)).number
        return found

    def hand(seed: int) -> dict[int, str]:
        try:
            return post_all(seed)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(hand, range(THREADS)))
    assert all(answer == answers[0] for answer in answers)
    assert len(set(answers[0].values())) == SOURCES
    with cast.scope():
        assert JournalEntry.objects.count() == SOURCES
        assert AuditEvent.objects.filter(verb="entry.posted").count() == SOURCES
        assert books.cost.lines.aggregate(total=Sum("cents"))["total"] == sum(range(1, 201))
        assert_sound()


def test_an_entry_reversed_by_eight_hands_is_reversed_once(committed_world: World) -> None:
    cast = committed_world.owner
    books = books_of(cast)
    with cast.scope():
        entries = [books.post() for _ in range(25)]
    works = [
        partial(services.reverse_entry, actor=books.actor, entry=entry, reason=f"hand {hand}")
        for entry in entries
        for hand in range(THREADS)
    ]
    answers = all_at_once(cast, works)
    won = [answer for answer in answers if isinstance(answer, JournalEntry)]
    assert Counter(answer.reverses_id for answer in won) == Counter(e.pk for e in entries)
    assert answers.count(AlreadyReversed) == 25 * (THREADS - 1)
    with cast.scope():
        assert books.payable.lines.aggregate(total=Sum("cents"))["total"] == 0
        assert_sound()


def test_posts_racing_a_close_land_before_it_or_not_at_all(committed_world: World) -> None:
    cast = committed_world.owner
    books = books_of(cast)
    finance = cast.actor("finance")
    with cast.scope():
        books.post(on=last_month())
    start = threading.Barrier(THREADS)
    landed_at_close: list[int] = []

    def post(number: int) -> JournalEntry:
        if number < THREADS - 1:
            start.wait(30)
        return books.post(source=Source("claim", 1_000 + number), on=last_month())

    def close() -> Period:
        start.wait(30)
        period = services.close_period(actor=finance, month=last_month())
        landed_at_close.append(JournalEntry.objects.filter(on=last_month()).count())
        return period

    works: list[Callable[[], Any]] = [partial(post, number) for number in range(100)]
    answers = all_at_once(cast, [*works[: THREADS - 1], close, *works[THREADS - 1 :]])
    landed = [answer for answer in answers if isinstance(answer, JournalEntry)]
    assert len(landed) + answers.count(PeriodClosed) == 100
    assert answers.count(PeriodClosed) > 0
    with cast.scope():
        # None after it: what the closing transaction saw is all that there is.
        assert JournalEntry.objects.filter(on=last_month()).count() == landed_at_close[0]
        assert landed_at_close[0] == len(landed) + 1
        assert_sound()


def test_a_post_under_way_is_waited_for_by_the_close(committed_world: World) -> None:
    cast = committed_world.owner
    books = books_of(cast)
    with cast.scope():
        books.post(on=last_month())
    with ThreadPoolExecutor(1) as pool:
        with cast.scope():
            books.post(on=last_month())
            close = partial(services.close_period, actor=books.actor, month=last_month())
            closing = pool.submit(in_thread, cast, close)
            until_it_waits()
            assert not closing.done()
        assert isinstance(closing.result(timeout=30), Period)
    with cast.scope():
        assert JournalEntry.objects.filter(on=last_month()).count() == 2


def until_it_waits() -> None:
    """Until some session stands before a lock."""
    for _ in range(3_000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("nobody waits")


def test_two_offsets_never_use_the_same_money(committed_world: World) -> None:
    cast = committed_world.owner
    books = books_of(cast)
    with cast.scope():
        books.post(10_000)
        books.invoice("FP-1", 20_000)
    works = [
        partial(
            services.offset,
            actor=books.actor,
            dealer=cast.dealer,
            source=Source("settlement", number),
            amounts={"FP-1": 3_000},
            on=timezone.localdate(),
            narration="冲抵货款",
        )
        for number in range(16)
    ]
    answers = all_at_once(cast, works)
    assert answers.count(BeyondBalance) == 13
    with cast.scope():
        assert books.payable.lines.aggregate(total=Sum("cents"))["total"] == -1_000
        assert_sound()
