"""Where no call may go: nothing inside the house, however it is spelled or resolved."""

import socket
from typing import Any

import pytest

from notifications import services
from notifications.models import OutboxMessage, OutboxState
from notifications.webhooks import courier, guard
from notifications.webhooks import post as wire
from notifications.webhooks.post import Call, post
from tests.cast import World


@pytest.fixture(autouse=True)
def _outside_only(settings: Any) -> None:
    settings.WEBHOOKS_MAY_STAY_INSIDE = False


INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.8",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
]
OUTSIDE = ["1.1.1.1", "8.8.8.8", "203.119.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_never_called(address: str) -> None:
    assert not guard.is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_may_be_called(address: str) -> None:
    assert guard.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        "http://example.com/",
    ],
)
def test_no_spelling_of_a_forbidden_address_is_called(url: str) -> None:
    with pytest.raises(guard.Forbidden):
        post(Call(url, {}, b"{}"))


def answers(*addresses: str) -> Any:
    def resolve(_host: str, port: int, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    return resolve


def test_one_answer_that_is_not_public_spoils_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "getaddrinfo", answers("8.8.8.8", "10.0.0.1"))
    with pytest.raises(guard.Forbidden):
        guard.destinations("https://example.com/")


def test_the_call_goes_to_the_very_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that says something else at the second question is asked only once."""
    asked, dialled = [], []

    def resolve(host: str, port: int, **more: Any) -> list[Any]:
        asked.append(host)
        return list(answers("8.8.8.8" if len(asked) == 1 else "127.0.0.1")(host, port))

    def dial(address: tuple[str, int], **_more: Any) -> Any:
        dialled.append(address)
        raise OSError("no network in tests")

    monkeypatch.setattr(guard, "getaddrinfo", resolve)
    monkeypatch.setattr(wire, "create_connection", dial)
    with pytest.raises(OSError, match="no network"):
        post(Call("https://example.com/", {}, b"{}"))
    assert (asked, dialled) == (["example.com"], [("8.8.8.8", 443)])


def test_a_name_that_cannot_be_resolved_is_tried_again_and_a_forbidden_one_is_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_more: Any) -> Any:
        raise socket.gaierror("no such name")

    def call(cause: str) -> None:
        services.call_webhook(code="erp", event="sla.breached", payload={}, cause=cause)

    with world.owner.scope():
        services.create_webhook(
            actor=world.owner.actor("administrator"),
            code="erp",
            name="ERP",
            url="https://example.com/hook",
        )
        call("one")
    monkeypatch.setattr(guard, "getaddrinfo", broken)
    courier.call_due()
    with world.owner.scope():
        assert OutboxMessage.objects.get(cause="one").state == OutboxState.QUEUED
        call("two")
    monkeypatch.setattr(guard, "getaddrinfo", answers("10.0.0.1"))
    courier.call_due()
    with world.owner.scope():
        row = OutboxMessage.objects.get(cause="two")
    assert (row.state, "10.0.0.1" in row.error) == (OutboxState.FAILED, True)
