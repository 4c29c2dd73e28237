"""Calls to other programs: signed, pinned, retried, and never in the way of anybody else."""

import json
import socket
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import new as hmac
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from core.models import Heartbeat
from notifications import delivery, services
from notifications.models import OutboxMessage, OutboxState, Webhook
from notifications.webhooks import courier, signing
from notifications.webhooks import post as wire
from notifications.webhooks.post import Call, post
from tests.cast import Cast, World


class Receiver(ThreadingHTTPServer):
    """Another program on a loopback port: answers as told, keeps what it got."""

    daemon_threads = True

    def __init__(self) -> None:
        self.status, self.pause = 200, 0.0
        self.seen: list[tuple[dict[str, str], bytes, str]] = []
        super().__init__(("127.0.0.1", 0), Answer)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?from=sanbao"


class Answer(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append((headers, body, self.path))
        time.sleep(self.server.pause)
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Silent: pytest shows what matters."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _workbench(settings: Any) -> None:
    """The receivers of these tests stand on this machine."""
    settings.WEBHOOKS_MAY_STAY_INSIDE = True


def endpoint(cast: Cast, url: str, code: str = "erp", **facts: Any) -> Webhook:
    webhook, _secret = services.create_webhook(
        actor=cast.actor("administrator"), code=code, name="ERP", url=url, **facts
    )
    return webhook


def call(cause: str = "step:1", code: str = "erp") -> OutboxMessage | None:
    return services.call_webhook(
        code=code, event="sla.breached", payload={"number": "T-1", "name": "李"}, cause=cause
    )


def verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As a receiver checks it, by the public specification and without our code."""
    told = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    made = hmac(b64decode(secret.removeprefix("whsec_")), told, sha256).digest()
    return f"v1,{b64encode(made).decode()}" in headers["webhook-signature"].split(" ")


def test_a_call_arrives_once_signed_and_in_the_public_form(
    world: World, receiver: Receiver
) -> None:
    with world.owner.scope():
        webhook = endpoint(world.owner, receiver.url)
        secret = signing.secret_of(webhook)
        message = call()
        assert call() == message
    assert courier.call_due().sent == 1
    assert Heartbeat.objects.get(name="notifications.call_webhooks").handled == 1
    assert courier.call_due().sent == 0
    ((headers, body, path),) = receiver.seen
    assert path == "/hook?from=sanbao"
    assert headers["host"] == f"127.0.0.1:{receiver.server_port}"
    assert headers["webhook-id"] == f"msg_{message.public_id.hex}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert verified(secret, headers, body)
    assert not verified(secret, headers, body + b" ")
    told = json.loads(body)
    assert (told["type"], told["data"]) == ("sla.breached", {"number": "T-1", "name": "李"})
    with world.owner.scope():
        row = OutboxMessage.objects.get()
        assert (row.state, row.answer_code, row.attempts) == (OutboxState.SENT, 200, 1)


def test_the_known_example_of_the_specification_is_signed_as_it_says() -> None:
    headers = signing.signed(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_new_secret_signs_beside_the_old_one_for_a_day(world: World, receiver: Receiver) -> None:
    with world.owner.scope():
        webhook = endpoint(world.owner, receiver.url)
        old = signing.secret_of(webhook)
        new = services.renew_secret(actor=world.owner.actor("administrator"), webhook=webhook)
        call("first")
    assert new != old
    courier.call_due()
    with world.owner.scope():
        Webhook.objects.update(secret_changed_at=timezone.now() - signing.OVERLAP)
        call("second")
    courier.call_due()
    (first, body, _), (second, other_body, _) = receiver.seen
    assert verified(old, first, body)
    assert verified(new, first, body)
    assert verified(new, second, other_body)
    assert not verified(old, second, other_body)


def test_a_new_key_of_the_server_keeps_the_old_secrets_signing(
    world: World, receiver: Receiver, settings: Any
) -> None:
    with world.owner.scope():
        secret = signing.secret_of(endpoint(world.owner, receiver.url))
        call()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the server"
    courier.call_due()
    ((headers, body, _),) = receiver.seen
    assert verified(secret, headers, body)


def test_no_secret_stands_in_the_database(world: World, receiver: Receiver) -> None:
    with world.owner.scope():
        secret = signing.secret_of(endpoint(world.owner, receiver.url))
        call()
        kept = [*Webhook.objects.values_list(), *OutboxMessage.objects.values_list()]
    assert secret.removeprefix("whsec_") not in str(kept)


@pytest.mark.parametrize("status", [500, 503, 404, 401, 302, 307])
def test_any_other_answer_is_tried_again_with_the_same_id_and_the_same_words(
    world: World, receiver: Receiver, status: int
) -> None:
    receiver.status = status
    now = timezone.now()
    with world.owner.scope():
        endpoint(world.owner, receiver.url)
        call()
    assert courier.call_due(now=now + timedelta(seconds=1)).failed == 1
    with world.owner.scope():
        row = OutboxMessage.objects.get()
    assert (row.state, row.answer_code, row.error) == (
        OutboxState.QUEUED,
        status,
        f"Rejected: HTTP {status}",
    )
    receiver.status = 200
    assert courier.call_due(now=row.next_attempt_at).sent == 1
    (first, body, _), (second, again, _) = receiver.seen
    assert (first["webhook-id"], body) == (second["webhook-id"], again)


def test_who_answers_gone_is_paused_and_not_called_again(world: World, receiver: Receiver) -> None:
    receiver.status = 410
    with world.owner.scope():
        endpoint(world.owner, receiver.url)
        call()
    courier.call_due()
    with world.owner.scope():
        assert OutboxMessage.objects.get().state == OutboxState.FAILED
        assert not Webhook.objects.get().is_active
        assert call("step:2") is None


def test_a_call_that_only_this_receiver_refuses_is_given_up_and_the_others_arrive(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def picky(ready: Call) -> int:
        return 400 if b"poison" in ready.body else 200

    monkeypatch.setattr(courier, "post", picky)
    now = timezone.now()
    with world.owner.scope():
        endpoint(world.owner, receiver.url)
        services.call_webhook(code="erp", event="sla.x", payload={"is": "poison"}, cause="bad")
    for n in range(delivery.MOST_ATTEMPTS):
        with world.owner.scope():
            call(f"good {n}")
        now += timedelta(hours=2)
        courier.call_due(now=now)
    with world.owner.scope():
        assert OutboxMessage.objects.get(cause="bad").state == OutboxState.FAILED
        assert OutboxMessage.objects.filter(state=OutboxState.SENT).count() == n + 1
        assert not Webhook.objects.get().is_failing


def test_a_dead_endpoint_is_left_alone_and_gets_everything_when_it_is_back(
    world: World, receiver: Receiver
) -> None:
    receiver.status = 503
    now = timezone.now() + timedelta(seconds=1)
    with world.owner.scope():
        endpoint(world.owner, receiver.url)
        for n in range(30):
            call(f"step:{n}")
    courier.call_due(now=now)
    knocked = len(receiver.seen)
    assert Webhook.FAILING_AFTER <= knocked < Webhook.FAILING_AFTER + courier.OF_ONE
    courier.call_due(now=now + timedelta(seconds=10))
    assert len(receiver.seen) == knocked
    for hours in (2, 4, 6, 8, 10):
        courier.call_due(now=now + timedelta(hours=hours))
    assert len(receiver.seen) == knocked + 5  # one knock each time, whatever waits
    receiver.status = 200
    assert courier.call_due(now=now + timedelta(hours=12)).sent == 30
    with world.owner.scope():
        webhook = Webhook.objects.get()
        assert (webhook.failures, webhook.failing_since, webhook.rests_until) == (0, None, None)
        assert set(OutboxMessage.objects.values_list("state", flat=True)) == {OutboxState.SENT}


def test_what_has_waited_for_days_before_a_dead_endpoint_is_given_up_and_shown(
    world: World, receiver: Receiver
) -> None:
    receiver.status = 503
    with world.owner.scope():
        endpoint(world.owner, receiver.url)
        for n in range(20):
            call(f"step:{n}")
    courier.call_due()
    courier.call_due(now=timezone.now() + timedelta(days=4))
    with world.owner.scope():
        failed = OutboxMessage.objects.filter(state=OutboxState.FAILED)
        assert failed.count() == 20
        assert all(failed.values_list("error", flat=True))


def test_a_slow_endpoint_and_a_dead_one_delay_nobody_elses_call(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "TIMEOUT_SECONDS", 1)
    order: list[str] = []
    real = courier._note

    def note(errand: Any, *rest: Any) -> None:
        order.append(errand.webhook.code)
        real(errand, *rest)

    monkeypatch.setattr(courier, "_note", note)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, and never answers
        slow = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with world.owner.scope():
            endpoint(world.owner, slow, "slow")
            call(code="slow")
            endpoint(world.owner, receiver.url, "well")
            call(code="well")
        tally = courier.call_due()
    assert (tally.sent, tally.failed) == (1, 1)
    assert order == ["well", "slow"]


def test_a_receiver_that_drips_its_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "TIMEOUT_SECONDS", 1)
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            line, _peer = server.accept()
            with line:
                line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not stop.wait(0.2):
                    try:
                        line.sendall(b"a")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        with pytest.raises(TimeoutError):
            post(Call(f"http://127.0.0.1:{server.getsockname()[1]}/", {}, b"{}"))
        stop.set()
        thread.join()


def test_mails_do_not_wait_for_webhooks_nor_webhooks_for_the_morning(
    world: World, receiver: Receiver
) -> None:
    with world.owner.scope():
        endpoint(world.owner, receiver.url)
        call()
    assert delivery.deliver_due().sent == 0
    assert receiver.seen == []
    assert courier.call_due().sent == 1


def test_a_paused_webhook_gets_nothing_new_and_what_waited_leaves_when_it_goes_on(
    world: World, receiver: Receiver
) -> None:
    admin = world.owner.actor("administrator")
    with world.owner.scope():
        webhook = endpoint(world.owner, receiver.url)
        call("before")
        services.pause_webhook(actor=admin, webhook=webhook)
        assert call("while") is None
    assert courier.call_due().sent == 0
    with world.owner.scope():
        services.resume_webhook(actor=admin, webhook=webhook)
    assert courier.call_due().sent == 1


def test_only_what_the_webhook_asked_for_is_queued_and_an_unknown_code_is_nobody(
    world: World, receiver: Receiver
) -> None:
    with world.owner.scope():
        endpoint(world.owner, receiver.url, events=["ticket"])
        assert call() is None
        assert call(code="nobody") is None
    with world.stranger.scope():
        assert call() is None


def test_two_couriers_at_once_make_each_call_once(
    committed_world: World, receiver: Receiver
) -> None:
    with committed_world.owner.scope():
        for code in ("one", "two", "three"):
            endpoint(committed_world.owner, receiver.url, code)
            for n in range(15):
                call(f"step:{n}", code)
    both = threading.Barrier(2)
    errors: list[BaseException] = []

    def run() -> None:
        try:
            both.wait()
            courier.call_due()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    runs = [threading.Thread(target=run) for _ in range(2)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    courier.call_due()
    assert errors == []
    keys = [headers["webhook-id"] for headers, _body, _path in receiver.seen]
    assert len(keys) == len(set(keys)) == 45
    with committed_world.owner.scope():
        assert set(OutboxMessage.objects.values_list("state", "attempts")) == {("sent", 1)}
