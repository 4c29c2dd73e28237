"""The outbox's postman: nothing lost, nothing twice, one failure stops nobody else."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language

from core.models import Heartbeat, Tenant
from core.tenancy import tenant_scope
from notifications import delivery, services
from notifications.models import OutboxMessage, OutboxState
from tests.cast import World

PHONE = "+8613800138000"


@pytest.fixture(autouse=True)
def spool(settings: Any, tmp_path: Path) -> Path:
    settings.SMS_SPOOL = tmp_path / "sms"
    settings.SMS_GATEWAY_URL = ""
    return tmp_path / "sms"


def text(cause: str = "one", event: str = "ticket.registered.customer") -> OutboxMessage:
    return services.message_customer(
        phone=PHONE, event=event, params={"number": "T-1"}, cause=cause, subject="ticket:1"
    )


def letter(world: World, cause: str = "one") -> None:
    services.notify(
        user=world.owner.people["clerk"],
        event="ticket.refused",
        params={"number": "T-1", "dealer": "D", "reason": "R"},
        cause=cause,
        url="/tickets/T-1/",
    )


def only() -> OutboxMessage:
    return OutboxMessage.objects.get()


def test_a_text_message_without_a_gateway_becomes_a_file(world: World, spool: Path) -> None:
    with world.owner.scope():
        message = text()
    assert delivery.deliver_due().sent == 1
    written = (spool / f"sanbao-{message.public_id}.txt").read_text()
    assert f"To: {PHONE}" in written
    assert "T-1" in written
    with world.owner.scope():
        assert only().state == OutboxState.SENT
    assert delivery.deliver_due().sent == 0


def test_a_mail_has_both_forms_a_link_into_the_company_and_a_message_id_of_its_own(
    world: World,
) -> None:
    with world.owner.scope():
        letter(world)
        key = only().public_id
    delivery.deliver_due()
    sent: Any = mail.outbox[0]
    assert sent.to == [world.owner.people["clerk"].email]
    assert sent.extra_headers["Message-ID"].startswith(f"<sanbao-{key}@")
    assert "http://testserver/company/owner/?to=%2Ftickets%2FT-1%2F" in sent.body
    assert sent.alternatives[0].mimetype == "text/html"


def test_each_company_gets_its_messages_sent_and_its_own_name_on_them(world: World) -> None:
    for cast in (world.owner, world.stranger):
        with cast.scope():
            text()
    assert delivery.deliver_due().sent == 2
    with world.owner.scope():
        assert OutboxMessage.objects.filter(state=OutboxState.SENT).count() == 1


class Broken:
    """Refuses the first messages, then lets them through."""

    def __init__(self, failures: int, error: Exception) -> None:
        self.failures, self.error, self.tries = failures, error, 0

    def __call__(self, _letter: Any) -> None:
        self.tries += 1
        if self.tries <= self.failures:
            raise self.error


def test_failed_mail_is_recorded_and_retried_until_it_arrives(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = Broken(3, OSError("gateway down"))
    monkeypatch.setattr(delivery, "send_sms", gateway)
    with world.owner.scope():
        text()
    now, waits = timezone.now(), []
    for _ in range(3):
        delivery.deliver_due(now=now)
        with world.owner.scope():
            row = only()
        assert row.state == OutboxState.QUEUED
        assert "gateway down" in row.error
        waits.append(row.next_attempt_at - now)
        # Before its time it rests.
        assert delivery.deliver_due(now=row.next_attempt_at - timedelta(seconds=1)).sent == 0
        now = row.next_attempt_at
    assert gateway.tries == 3
    assert waits[0] >= timedelta(seconds=15)
    assert waits[2] >= timedelta(seconds=60)
    delivery.deliver_due(now=now)
    with world.owner.scope():
        assert (only().state, only().error) == (OutboxState.SENT, "")


def test_after_the_last_attempt_it_is_given_up_and_can_be_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch, as_: Callable[..., Any]
) -> None:
    gateway = Broken(delivery.MOST_ATTEMPTS, OSError("gateway down"))
    monkeypatch.setattr(delivery, "send_sms", gateway)
    with world.owner.scope():
        message = text()
    now = timezone.now()
    for _ in range(delivery.MOST_ATTEMPTS + 3):
        delivery.deliver_due(now=now)
        now += timedelta(hours=2)
    assert gateway.tries == delivery.MOST_ATTEMPTS
    with world.owner.scope():
        assert only().state == OutboxState.FAILED
    page = as_("administrator").get("/settings/messages/").content.decode()
    assert "gateway down" in page
    address = f"/settings/messages/{message.public_id}/send/"
    assert as_("administrator", world.stranger).post(address).status_code == 404
    assert as_("clerk").post(address).status_code == 403
    assert as_("administrator").post(address).status_code == 302
    delivery.deliver_due(now=now)
    with world.owner.scope():
        assert only().state == OutboxState.SENT


def test_a_message_that_cannot_be_worded_does_not_stop_the_others(
    world: World, spool: Path
) -> None:
    with world.owner.scope():
        bad = text("bad")
        OutboxMessage.objects.filter(pk=bad.pk).update(event="no.such.event")
        text("good")
    tally = delivery.deliver_due()
    assert (tally.sent, tally.failed) == (1, 1)
    assert len(list(spool.iterdir())) == 1


def test_who_is_told_of_a_sent_message_cannot_have_it_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch, spool: Path
) -> None:
    told: list[Any] = []

    def publish(event: str, *, message: OutboxMessage) -> None:
        told.append((event, message.subject, message.state, get_language()))
        raise ValueError("a subscriber's fault")

    monkeypatch.setattr(delivery.events, "publish", publish)
    with world.owner.scope():
        OutboxMessage.objects.filter(pk=text().pk).update(language="en")
    delivery.deliver_due()
    assert told == [("message.sent", "ticket:1", "sent", "en")]
    with world.owner.scope():
        assert only().state == OutboxState.SENT


def test_a_postman_who_died_loses_his_message_to_the_next_one_after_the_lease(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_args: Any) -> None:
        raise SystemExit

    now = timezone.now()
    with world.owner.scope():
        text()
    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(delivery, "_deliver", die)
        delivery.deliver_due(now=now + timedelta(seconds=1))
    assert delivery.deliver_due(now=now + timedelta(minutes=1)).sent == 0
    assert delivery.deliver_due(now=now + timedelta(minutes=6)).sent == 1


def test_the_heartbeat_says_when_it_ran_and_how_far_behind_it_was(world: World) -> None:
    with world.owner.scope():
        row = text()
    delivery.deliver_due(now=row.next_attempt_at + timedelta(seconds=90))
    beat = Heartbeat.objects.get(name="notifications.deliver")
    assert beat.handled == 1
    assert 89 < beat.lag_seconds < 91


@pytest.fixture
def gateway() -> Any:
    """A gateway on a loopback port that answers what the test says."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(length))
            server.seen.append((body, self.headers["Idempotency-Key"]))
            self.send_response(server.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Silent: pytest shows what matters."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.seen, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("status", "state"), [(200, "sent"), (503, "queued"), (429, "queued"), (400, "failed")]
)
def test_the_gateway_decides_sent_later_or_never(
    world: World, gateway: Any, settings: Any, status: int, state: str
) -> None:
    gateway.status = status
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{gateway.server_port}/send"
    with world.owner.scope():
        row = text()
    delivery.deliver_due()
    (body, key) = gateway.seen[0]
    assert body["to"] == PHONE
    assert body["id"] == key == f"sanbao-{row.public_id}"
    with world.owner.scope():
        assert only().state == state


def test_a_gateway_that_is_not_there_leaves_the_message_in_the_queue(
    world: World, settings: Any
) -> None:
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"
    with world.owner.scope():
        text()
    delivery.deliver_due()
    with world.owner.scope():
        assert (only().state, only().attempts) == (OutboxState.QUEUED, 1)


def test_two_postmen_at_once_send_each_message_once(committed_db: str, spool: Path) -> None:
    tenant = Tenant.objects.create(slug="race", name="赛跑")
    with tenant_scope(tenant.pk):
        for number in range(40):
            text(f"cause {number}")
    sent: list[str] = []
    both = threading.Barrier(2)

    def slow(letter: Any) -> None:
        sent.append(letter.key)

    def run(errors: list[BaseException]) -> None:
        try:
            both.wait()
            delivery.deliver_due()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    errors: list[BaseException] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(delivery, "send_sms", slow)
        postmen = [threading.Thread(target=run, args=[errors]) for _ in range(2)]
        for postman in postmen:
            postman.start()
        for postman in postmen:
            postman.join()
        # What one of them passed over while the other held it is sent by the next tick.
        delivery.deliver_due()
    assert errors == []
    assert sorted(sent) == sorted(set(sent))
    assert len(sent) == 40
    with tenant_scope(tenant.pk):
        assert set(OutboxMessage.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_the_wait_doubles_and_never_passes_an_hour_and_a_half() -> None:
    for attempts in range(1, 12):
        middle = min(timedelta(seconds=30) * 2 ** (attempts - 1), timedelta(hours=1))
        for _ in range(20):
            assert middle / 2 <= delivery.wait_after(attempts) <= middle * 1.5
