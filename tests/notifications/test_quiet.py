"""Quiet hours: who is not in a hurry waits until they end, and nobody is forgotten."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.test import Client

from core.errors import DomainError
from core.options import set_option
from notifications import delivery, queries, services
from notifications.models import Notification, OutboxMessage, OutboxState
from notifications.quiet import quiet_until
from tests.cast import World

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(hour: int, minute: int = 0, day: int = 21) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "start", "end", "until"),
    [
        (at(21, 59), 22, 7, None),
        (at(22), 22, 7, at(7, day=22)),
        (at(23, 59), 22, 7, at(7, day=22)),
        (at(0, day=22), 22, 7, at(7, day=22)),
        (at(6, 59, day=22), 22, 7, at(7, day=22)),
        (at(7), 22, 7, None),
        (at(13), 12, 14, at(14)),
        (at(14), 12, 14, None),
        (at(11, 59), 12, 14, None),
        (at(22), 22, 0, at(0, day=22)),
        (at(0), 0, 7, at(7)),
        (at(3), 5, 5, None),
        (at(5), 5, 5, None),
    ],
)
def test_quiet_hours_end_at_their_hour_on_the_right_day(
    moment: datetime, start: int, end: int, until: datetime | None
) -> None:
    assert quiet_until(moment.astimezone(UTC), SHANGHAI, start, end) == until


def test_every_instant_of_two_years_is_either_awake_or_woken_later() -> None:
    for zone in ("Europe/Berlin", "Asia/Shanghai", "Australia/Lord_Howe"):
        moment = datetime(2025, 1, 1, tzinfo=UTC)
        for _ in range(2 * 366 * 24 * 2):
            moment += timedelta(minutes=30)
            until = quiet_until(moment, ZoneInfo(zone), 22, 7)
            if until is not None:
                assert timedelta(0) < until - moment <= timedelta(hours=10)
                assert quiet_until(until, ZoneInfo(zone), 22, 7) is None


@pytest.fixture
def quiet(world: World) -> None:
    """The owner is left in peace from 22 to 7; the test's night begins in a far future."""
    with world.owner.scope(), time_machine.travel(at(12, day=1), tick=False):
        let_count(world, 22, 7)


def let_count(world: World, start: int, end: int) -> None:
    admin = world.owner.actor("administrator")
    for key, value in (("quiet.from", start), ("quiet.to", end)):
        set_option(actor=admin, key=key, value=value, reason="night")


def tell(world: World, cause: str = "one", *, urgent: bool = False) -> None:
    services.notify(
        user=world.owner.people["clerk"],
        event="ticket.refused",
        params={"number": "T-1"},
        cause=cause,
        urgent=urgent,
    )


def test_at_night_the_bell_rings_at_once_and_the_mail_comes_in_the_morning(
    world: World, quiet: None
) -> None:
    with time_machine.travel(at(23, 30), tick=False) as clock:
        with world.owner.scope():
            tell(world)
            assert Notification.objects.count() == 1
        assert delivery.deliver_due().sent == 0
        with world.owner.scope():
            row = OutboxMessage.objects.get()
            assert (row.state, row.is_held, row.attempts) == (OutboxState.QUEUED, True, 0)
            assert row.next_attempt_at == at(7, day=22)
            assert queries.outbox_counts(world.owner.actor("administrator"))["held"] == 1
        clock.move_to(at(6, 59, day=22))
        assert delivery.deliver_due().sent == 0
        clock.move_to(at(7, day=22))
        assert delivery.deliver_due().sent == 1
    with world.owner.scope():
        assert OutboxMessage.objects.get().is_held is False


def test_what_is_urgent_and_what_somebody_waits_for_leaves_at_night(
    world: World, quiet: None
) -> None:
    with time_machine.travel(at(2), tick=False):
        with world.owner.scope():
            tell(world, "calm")
            tell(world, "urgent", urgent=True)
            services.mail_outsider(
                email="new@owner.example",
                event="ticket.registered.customer",
                params={},
                cause="registered",
            )
        assert delivery.deliver_due().sent == 2
    assert len(mail.outbox) == 2


def test_a_customer_is_not_woken_by_a_text_message_that_can_wait(
    world: World, quiet: None, settings: Any, tmp_path: Any
) -> None:
    settings.SMS_SPOOL = tmp_path
    texts: list[dict[str, Any]] = [
        {"event": "ticket.registered.customer"},
        {"event": "ticket.done.customer"},
        {"event": "ticket.arranged.customer", "urgent": True},
    ]
    with time_machine.travel(at(2), tick=False):
        with world.owner.scope():
            for facts in texts:
                services.message_customer(
                    phone="+8613800138000", params={}, cause=facts["event"], **facts
                )
        assert delivery.deliver_due().sent == 2
        with world.owner.scope():
            held = OutboxMessage.objects.get(is_held=True)
    assert held.event == "ticket.done.customer"


def test_a_retry_that_falls_into_the_night_waits_as_well(
    world: World, quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_letter: Any) -> None:
        raise OSError("mail server down")

    with time_machine.travel(at(21, 59), tick=False) as clock:
        with world.owner.scope():
            tell(world)
        with monkeypatch.context() as patched:
            patched.setattr(delivery, "send_mail", refuse)
            assert delivery.deliver_due().failed == 1
        clock.move_to(at(22, 30))
        assert delivery.deliver_due().sent == 0
        clock.move_to(at(7, day=22))
        assert delivery.deliver_due().sent == 1


def test_quiet_hours_that_are_changed_free_whom_they_held_or_keep_them_longer(
    world: World, quiet: None
) -> None:
    with time_machine.travel(at(22, 30), tick=False) as clock:
        with world.owner.scope():
            tell(world)
        delivery.deliver_due()
        clock.shift(60)
        with world.owner.scope():
            let_count(world, 22, 9)
        delivery.deliver_due()
        with world.owner.scope():
            assert OutboxMessage.objects.get().next_attempt_at == at(9, day=22)
        clock.shift(60)
        with world.owner.scope():
            let_count(world, 8, 8)
        assert delivery.deliver_due().sent == 1


def test_an_hour_that_no_day_has_is_refused_at_its_field(
    world: World, as_: Callable[..., Client]
) -> None:
    with world.owner.scope(), pytest.raises(DomainError) as refused:
        set_option(actor=world.owner.actor("administrator"), key="quiet.to", value=24)
    assert refused.value.field == "quiet.to"
    page = as_("administrator").get("/settings/options/")
    assert "quiet.from" in page.content.decode()
    values = {field.name: field.value() for field, _unit in page.context["form"].option_fields()}
    answer = as_("administrator").post(
        "/settings/options/", {**values, "quiet.to": "24", "reason": "x"}
    )
    assert answer.status_code == 422
    assert "quiet.to" in answer.context["form"].errors


def test_each_company_sleeps_by_its_own_clock(world: World, quiet: None) -> None:
    with time_machine.travel(at(23), tick=False):
        for cast in (world.owner, world.stranger):
            with cast.scope():
                services.notify(
                    user=cast.people["clerk"], event="ticket.refused", params={}, cause="one"
                )
        assert delivery.deliver_due().sent == 1
    assert [letter.to for letter in mail.outbox] == [[world.stranger.people["clerk"].email]]
