"""Telling people: the bell, the mailbox, each one's wish and language."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from notifications import queries, services
from notifications.models import Channel, Notification, OutboxMessage
from notifications.wording import WORDINGS, UnknownEvent, storable, word
from tests.cast import World

REFUSED = {"number": "T-20261121-0001", "dealer": "德州丰收农机", "reason": "缺配件"}


def refuse(world: World, who: str = "clerk", cause: str = "refusal:1") -> Notification:
    return services.notify(
        user=world.owner.people[who], event="ticket.refused", params=REFUSED, cause=cause, url="/t/"
    )


def test_one_cause_tells_a_person_once(world: World) -> None:
    with world.owner.scope():
        first, second = refuse(world), refuse(world)
        assert first == second
        assert OutboxMessage.objects.count() == 1
        refuse(world, who="supervisor")
        assert OutboxMessage.objects.count() == 2


def test_who_wants_no_mail_still_finds_it_under_the_bell(world: World) -> None:
    clerk = world.owner.actor("clerk")
    with world.owner.scope():
        services.choose_mail(actor=clerk, by_mail=["sla.breached"])
        refuse(world)
        assert not OutboxMessage.objects.exists()
        assert queries.unread_count(clerk) == 1
        services.choose_mail(actor=clerk, by_mail=["ticket.refused"])
        refuse(world, cause="refusal:2")
        assert OutboxMessage.objects.get().address == world.owner.people["clerk"].email


def test_a_notification_of_a_change_that_was_rolled_back_is_gone_with_it(world: World) -> None:
    with world.owner.scope():
        with pytest.raises(ZeroDivisionError):
            _tell_and_fail(world)
        assert not Notification.objects.exists()
        assert not OutboxMessage.objects.exists()


def _tell_and_fail(world: World) -> None:
    from django.db import transaction

    with transaction.atomic():
        refuse(world)
        raise ZeroDivisionError


def test_a_customer_gets_the_text_message_in_the_language_of_the_company(world: World) -> None:
    with world.owner.scope():
        message = services.message_customer(
            phone="+8613800138000",
            event="ticket.registered.customer",
            params={"number": "T-20261121-0001"},
            cause="registered:1",
            subject="ticket:1",
        )
        assert (message.channel, message.language) == (Channel.SMS, "zh-hans")
        assert message.params["hotline"] == world.owner.tenant.hotline
        assert list(queries.of_subject("ticket:1")) == [message]


def test_an_event_without_words_fails_at_the_sender(world: World) -> None:
    with world.owner.scope(), pytest.raises(UnknownEvent):
        services.notify(user=world.owner.people["clerk"], event="no.such", params={}, cause="x")


def test_instants_are_worded_in_the_zone_and_language_of_the_reader() -> None:
    params = {"number": "T-1", "visit_at": datetime(2026, 11, 23, 1, 30, tzinfo=UTC)}
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        with translation.override("en"):
            assert "09:30" in word("ticket.arranged", params).title
        with translation.override("zh-hans"):
            assert "周一 09:30" in word("ticket.arranged", params).title


def test_a_missing_param_leaves_a_dash_and_no_error() -> None:
    with translation.override("en"):
        assert word("ticket.refused", {"number": "T-1"}).title == "— refused T-1"


def test_a_percent_sign_that_somebody_typed_is_only_text() -> None:
    with translation.override("en"):
        worded = word("ticket.refused", {"reason": "100 % %(number)s broken"})
    assert "100 % %(number)s broken" in worded.body


def test_a_translated_param_is_kept_in_every_language() -> None:
    kept = storable({"kind": gettext_lazy("Manager")})
    assert set(kept["kind"]) == {"en", "zh-hans"}


@pytest.mark.parametrize("event", sorted(WORDINGS))
def test_every_event_can_be_worded_in_both_languages(event: str) -> None:
    for language in ("en", "zh-hans"):
        with translation.override(language):
            worded = word(event, {})
            assert worded.title
            assert "%(" not in worded.title + worded.body
