"""Telling many at once: the same rules as for one, in a handful of statements."""

import threading
from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import Tenant
from core.tenancy import tenant_scope
from notifications import services
from notifications.models import Notification, OutboxMessage
from notifications.services import Told
from notifications.wording import UnknownEvent
from tests.cast import Cast, World

PEOPLE = ("clerk", "supervisor", "manager", "administrator")


def late(cast: Cast, causes: Iterable[str], people: Iterable[str] = PEOPLE) -> list[Told]:
    return [
        Told(
            cast.people[who],
            "sla.breached",
            {"number": "T-1", "promise": "P", "holder": "desk", "due_at": timezone.now()},
            cause,
            url="/t/",
            bundle="sla",
        )
        for cause in causes
        for who in people
    ]


def test_a_thousand_are_told_in_as_many_statements_as_one(world: World) -> None:
    counts = []
    with world.owner.scope():
        for size in (1, 1000):
            told = late(world.owner, [f"of {size}: {n}" for n in range(size)])
            with CaptureQueriesContext(connection) as asked:
                new = services.notify_all(told=told)
            assert len(new) == size * len(PEOPLE)
            counts.append(len(asked))
        assert Notification.objects.count() == 1001 * len(PEOPLE)
        assert OutboxMessage.objects.count() == 1001 * len(PEOPLE)
    assert counts[0] == counts[1]


def test_nobody_is_told_twice_of_one_cause_neither_together_nor_later(world: World) -> None:
    with world.owner.scope():
        once = services.notify_all(told=late(world.owner, ["a", "a", "b"]))
        assert len(once) == 2 * len(PEOPLE)
        again = services.notify_all(told=late(world.owner, ["b", "c"]))
        assert {bell.cause for bell in again} == {"c"}
        assert OutboxMessage.objects.count() == 3 * len(PEOPLE)


def test_each_one_gets_mail_as_they_wish_and_who_left_gets_none(world: World) -> None:
    people = world.owner.people
    with world.owner.scope():
        services.choose_mail(actor=world.owner.actor("clerk"), by_mail=["ticket.refused"])
        people["supervisor"].is_active = False
        services.notify_all(told=late(world.owner, ["a"]))
        assert Notification.objects.count() == len(PEOPLE)
        mailed = set(OutboxMessage.objects.values_list("address", flat=True))
    assert mailed == {people["manager"].email, people["administrator"].email}


def test_a_new_address_brings_no_second_mail_of_an_old_cause(world: World) -> None:
    clerk = world.owner.people["clerk"]
    with world.owner.scope():
        services.notify_all(told=late(world.owner, ["a"], ["clerk"]))
        clerk.email = "moved@owner.example"
        services.notify_all(told=late(world.owner, ["a"], ["clerk"]))
        assert OutboxMessage.objects.count() == 1


def test_a_bundled_mail_waits_for_company_and_an_urgent_one_for_nobody(world: World) -> None:
    clerk = world.owner.people["clerk"]
    with world.owner.scope():
        now = timezone.now()
        for cause, urgent in (("calm", False), ("urgent", True)):
            services.notify(
                user=clerk,
                event="sla.breached",
                params={},
                cause=cause,
                urgent=urgent,
                bundle="sla",
            )
        calm, urgent_one = OutboxMessage.objects.order_by("cause")
    assert (calm.bundle, urgent_one.bundle) == ("sla", "")
    assert calm.next_attempt_at - now >= services.BUNDLE_WAIT
    assert urgent_one.next_attempt_at - now < timedelta(minutes=1)
    assert (calm.is_urgent, urgent_one.is_urgent) == (False, True)


def test_an_unknown_event_among_many_tells_nobody(world: World) -> None:
    told = [*late(world.owner, ["a"]), Told(world.owner.people["clerk"], "no.such", {}, "b")]
    with world.owner.scope():
        with pytest.raises(UnknownEvent):
            services.notify_all(told=told)
        assert not Notification.objects.exists()


def test_nobody_to_tell_is_no_statement_and_no_error(world: World) -> None:
    with world.owner.scope():
        assert services.notify_all(told=[]) == []


def test_two_who_tell_the_same_people_at_once_tell_them_once(committed_world: World) -> None:
    cast = committed_world.owner
    causes = [f"cause {n}" for n in range(50)]
    both = threading.Barrier(2)
    new: list[int] = []
    errors: list[BaseException] = []

    def run(order: list[str]) -> None:
        try:
            with tenant_scope(Tenant.objects.get(slug="owner").pk):
                both.wait()
                new.append(len(services.notify_all(told=late(cast, order))))
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    runs = [
        threading.Thread(target=run, args=[order]) for order in (causes, list(reversed(causes)))
    ]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert errors == []
    assert sum(new) == len(causes) * len(PEOPLE)
    with cast.scope():
        assert Notification.objects.count() == OutboxMessage.objects.count() == sum(new)
