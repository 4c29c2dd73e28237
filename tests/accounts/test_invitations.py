"""Invitations: by mail, once, for 72 hours, and only their hash is kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import services, tokens
from accounts.models import Invitation, Membership, User
from core.models import Tenant
from core.tenancy import tenant_scope
from notifications import delivery
from notifications.models import OutboxMessage
from sla.models import Policy
from tests.cast import PASSWORD, World

NEW = {"email": "New.Person@Example.com", "name": "新同事", "role": "clerk", "dealer": ""}
ACCEPT = {"name": "新同事", "password": "correct horse battery", "again": "correct horse battery"}


def invited(world: World, **changes: object) -> tuple[Invitation, str]:
    facts: dict[str, object] = {"email": "new@example.com", "name": "New", "role": "clerk"}
    with world.owner.scope():
        invitation = services.invite(actor=world.owner.system(), **(facts | changes))  # type: ignore[arg-type]
    return invitation, link(invitation)


def link(invitation: Invitation) -> str:
    secret = tokens.invitation_secret(invitation.public_id, invitation.expires_at)
    return f"/invitation/{secret}/"


def test_an_invited_person_follows_the_mail_and_starts_to_work(
    world: World, as_: Callable[..., Client]
) -> None:
    assert as_("administrator").post("/settings/people/invite/", NEW).status_code == 302
    delivery.deliver_due()
    (letter,) = mail.outbox
    assert letter.to == ["new.person@example.com"]
    address = next(word for word in str(letter.body).split() if "/invitation/" in word)
    path = address.removeprefix("http://testserver")
    newcomer = Client()
    assert newcomer.get(path).status_code == 200
    assert newcomer.post(path, ACCEPT)["Location"] == "/"
    assert newcomer.get("/settings/profile/").status_code == 200
    with world.owner.scope():
        assert Membership.objects.get(user__email="new.person@example.com").role == "clerk"
    # Once is once.
    assert Client().get(path).status_code == 404


def test_who_reads_the_database_cannot_make_the_link(world: World) -> None:
    invitation, address = invited(world)
    secret = address.split("/")[2]
    with world.owner.scope():
        stored = [*Invitation.objects.values_list(), *OutboxMessage.objects.values_list()]
    assert secret not in str(stored)
    assert secret.removeprefix("si_") not in str(stored)


@pytest.mark.parametrize("hours", [71, 73])
def test_an_invitation_lasts_72_hours(world: World, hours: int) -> None:
    _invitation, address = invited(world)
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert Client().get(address).status_code == (200 if hours < 72 else 404)


def test_sending_again_makes_a_new_link_and_ends_the_old_one(
    world: World, as_: Callable[..., Client]
) -> None:
    invitation, old = invited(world)
    answer = as_("administrator").post(f"/settings/invitations/{invitation.public_id}/send/")
    assert answer.status_code == 302
    with world.owner.scope():
        invitation.refresh_from_db()
        assert OutboxMessage.objects.filter(event="invitation").count() == 2
    assert Client().get(old).status_code == 404
    assert Client().get(link(invitation)).status_code == 200


def test_a_withdrawn_invitation_opens_nothing(world: World, as_: Callable[..., Client]) -> None:
    invitation, address = invited(world)
    as_("administrator").post(f"/settings/invitations/{invitation.public_id}/revoke/")
    assert Client().post(address, ACCEPT).status_code == 404
    assert not User.objects.filter(email="new@example.com").exists()


def test_an_account_that_exists_joins_only_after_its_own_sign_in(
    world: World, as_: Callable[..., Client]
) -> None:
    """The stranger's clerk is invited by the owner: the mailbox alone is not enough."""
    person = world.stranger.people["clerk"]
    _invitation, address = invited(world, email=person.email, role="manager")
    assert Client().post(address, ACCEPT).status_code == 422
    assert as_("clerk").post(address).status_code == 422
    theirs = as_("clerk", world.stranger)
    assert theirs.post(address).status_code == 302
    with world.owner.scope():
        assert Membership.objects.get(user=person).role == "manager"
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_weak_password_is_refused_at_its_field_and_the_name_is_kept(world: World) -> None:
    _invitation, address = invited(world)
    answer = Client().post(address, {"name": "小李", "password": "123", "again": "123"})
    assert answer.status_code == 422
    assert "小李" in answer.content.decode()
    assert answer.context["form"].errors["password"]
    answer = Client().post(address, ACCEPT | {"again": "something else"})
    assert answer.context["form"].errors["again"]


def test_who_works_here_is_not_invited_a_second_time(
    world: World, as_: Callable[..., Client]
) -> None:
    body = NEW | {"email": world.owner.people["clerk"].email.upper()}
    answer = as_("administrator").post("/settings/people/invite/", body)
    assert answer.status_code == 422
    assert answer.context["form"].errors["email"]


def test_a_dealers_person_is_invited_with_the_dealers_number(
    world: World, as_: Callable[..., Client]
) -> None:
    client = as_("administrator")
    body = NEW | {"role": "dealer_clerk"}
    answer = client.post("/settings/people/invite/", body)
    assert answer.context["form"].errors["dealer"]
    assert client.post("/settings/people/invite/", body | {"dealer": "d-0001"}).status_code == 302
    with world.owner.scope():
        assert Invitation.objects.get().dealer_id == world.owner.dealer.pk


def test_a_new_company_starts_with_one_command_and_its_administrators_invitation(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("create_company", "新厂", "new-works", "boss@new.example")
    printed = capsys.readouterr().out
    path = next(w for w in printed.split() if "/invitation/" in w).partition("testserver")[2]
    boss = Client()
    assert boss.post(path, ACCEPT).status_code == 302
    assert boss.get("/settings/people/").status_code == 200
    tenant = Tenant.objects.get(slug="new-works")
    assert tenant.name == "新厂"
    with tenant_scope(tenant.pk):
        assert Policy.objects.exists()
