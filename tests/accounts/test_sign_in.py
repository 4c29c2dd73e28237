"""Signing in: no account is betrayed, guessing is stopped, a new password ends other sessions."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp_auth
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.cast import PASSWORD, World

LOGIN = "/accounts/login/"


def sign_in(client: Client, email: str, password: str = PASSWORD) -> int:
    return client.post(LOGIN, {"login": email, "password": password}).status_code


def sentences(page: str) -> list[str]:
    """What the page says, without its one-time tokens and the address that was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
    page = re.sub(r'nonce="[^"]+"', "", page)
    page = re.sub(r'"X-CSRFToken": "[^"]+"|data-now="[^"]+"', "", page)
    return [line.strip() for line in page.splitlines() if line.strip()]


def test_the_right_password_opens_and_signing_out_closes(world: World) -> None:
    client = Client()
    assert sign_in(client, world.owner.people["clerk"].email) == 302
    assert client.get("/settings/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/settings/").status_code == 302


def test_a_wrong_password_and_an_unknown_address_answer_alike(world: World) -> None:
    known, unknown = world.owner.people["clerk"].email, "nobody@owner.example"
    pages = []
    for address in (known, unknown):
        answer = Client().post(LOGIN, {"login": address, "password": "wrong guess"})
        assert answer.status_code == 200
        pages.append(sentences(answer.content.decode().replace(address, "ADDRESS")))
    assert pages[0] == pages[1]


def test_after_five_wrong_guesses_the_right_password_is_refused_for_a_while(world: World) -> None:
    email = world.owner.people["clerk"].email
    for _ in range(5):
        sign_in(Client(), email, "wrong guess")
    answer = Client().post(LOGIN, {"login": email, "password": PASSWORD})
    assert answer.status_code == 200
    assert "登录失败次数过多" in answer.content.decode()
    # Somebody else is not locked out by it, and after a while neither is the owner.
    assert sign_in(Client(), world.owner.people["manager"].email) == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert sign_in(Client(), email) == 302


def test_nobody_gives_an_account_another_address(world: World, as_: Callable[..., Client]) -> None:
    client = as_("clerk")
    body = {"email": "other@example.com", "action_add": ""}
    assert client.get("/accounts/email/").status_code == 404
    assert client.post("/accounts/email/", body).status_code == 404


def test_with_two_steps_the_password_alone_opens_nothing(world: World) -> None:
    clerk = world.owner.people["clerk"]
    secret = totp_auth.generate_totp_secret()
    totp_auth.TOTP.activate(clerk, secret)
    client = Client()
    answer = client.post(LOGIN, {"login": clerk.email, "password": PASSWORD})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/settings/").status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.get("/settings/").status_code == 302
    now = next(totp_auth.yield_hotp_counters_from_time())
    code = totp_auth.format_hotp_value(totp_auth.hotp_value(secret, now))
    assert client.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/"
    assert client.get("/settings/").status_code == 200


def test_nobody_makes_an_account_without_an_invitation(world: World) -> None:
    body = {"email": "me@example.com", "password1": PASSWORD, "password2": PASSWORD}
    answer = Client().post("/accounts/signup/", body)
    assert answer.status_code in {200, 403}
    from accounts.models import User

    assert not User.objects.filter(email="me@example.com").exists()


def test_a_reset_says_the_same_for_every_address_and_mails_only_the_known(world: World) -> None:
    pages = []
    for address in (world.owner.people["clerk"].email, "nobody@owner.example"):
        answer = Client().post("/accounts/password/reset/", {"email": address}, follow=True)
        pages.append(sentences(answer.content.decode().replace(address, "ADDRESS")))
    assert pages[0] == pages[1]
    assert [letter.to for letter in mail.outbox] == [[world.owner.people["clerk"].email]]


def test_a_reset_goes_on_when_the_mail_server_is_down(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_args: object, **_kwargs: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", down)
    body = {"email": world.owner.people["clerk"].email}
    assert Client().post("/accounts/password/reset/", body).status_code == 302


def test_a_new_password_by_the_mailed_link_ends_every_session(
    world: World, as_: Callable[..., Client]
) -> None:
    elsewhere = as_("clerk")
    clerk = world.owner.people["clerk"]
    visitor = Client()
    visitor.post("/accounts/password/reset/", {"email": clerk.email})
    address = next(word for word in str(mail.outbox[0].body).split() if "/reset/key/" in word)
    path = visitor.get(address.removeprefix("http://testserver"))["Location"]
    new = "another long password"
    assert visitor.post(path, {"password1": new, "password2": new}).status_code == 302
    assert elsewhere.get("/settings/").status_code == 302
    assert sign_in(Client(), clerk.email) == 200
    assert sign_in(Client(), clerk.email, new) == 302


def test_changing_the_password_keeps_this_session_and_ends_the_others(
    world: World, as_: Callable[..., Client]
) -> None:
    here, elsewhere = as_("clerk"), as_("clerk")
    new = "another long password"
    body = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/change/", body).status_code == 302
    assert here.get("/settings/").status_code == 200
    assert elsewhere.get("/settings/").status_code == 302
