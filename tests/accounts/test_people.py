"""Who works here: roles, leaving, coming back, one person in two companies."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts import services
from accounts.models import Membership
from accounts.queries import people_in_role, people_of_dealer
from core.errors import DomainError
from core.models import AuditEvent
from tests.cast import CANARY, World


def post_of(world: World, who: str) -> Membership:
    return Membership.objects.get(user=world.owner.people[who])


def test_people_in_a_role_are_the_active_ones_of_this_company(world: World) -> None:
    with world.owner.scope():
        assert people_in_role("supervisor") == [world.owner.people["supervisor"]]
        dealer = world.owner.dealer.pk
        principal = world.owner.people["dealer_principal"]
        assert people_of_dealer(dealer, ["dealer_principal"]) == [principal]
        services.deactivate(
            actor=world.owner.system(), membership=post_of(world, "supervisor"), reason="left"
        )
        assert people_in_role("supervisor") == []


def test_deactivating_ends_the_session_and_the_tokens_at_the_next_click(
    world: World, as_: Callable[..., Client], api: Callable[..., Any]
) -> None:
    clerk, rest = as_("clerk"), api("clerk")
    assert clerk.get("/settings/").status_code == 200
    assert rest.get("/api/v1/me/").status_code == 200
    with world.owner.scope():
        address = f"/settings/people/{post_of(world, 'clerk').public_id}/leave/"
    assert as_("administrator").post(address, {"reason": "left the company"}).status_code == 302
    assert clerk.get("/settings/").status_code == 302
    assert rest.get("/api/v1/me/").status_code == 401
    with world.owner.scope():
        event = AuditEvent.objects.get(verb="person.deactivated")
        assert event.data["reason"] == "left the company"


def test_who_comes_back_has_the_role_of_before(world: World, as_: Callable[..., Client]) -> None:
    with world.owner.scope():
        post = post_of(world, "clerk")
        services.deactivate(actor=world.owner.system(), membership=post)
    as_("administrator").post(f"/settings/people/{post.public_id}/return/")
    with world.owner.scope():
        assert (post_of(world, "clerk").is_active, post_of(world, "clerk").role) == (True, "clerk")


def test_the_last_administrator_can_neither_leave_nor_take_another_role(
    world: World, as_: Callable[..., Client]
) -> None:
    with world.owner.scope():
        post = post_of(world, "administrator")
    client = as_("administrator")
    for verb, body in [("leave", {}), ("role", {"role": "clerk", "dealer": ""})]:
        answer = client.post(f"/settings/people/{post.public_id}/{verb}/", body)
        assert answer.status_code == 422
    with world.owner.scope():
        assert post_of(world, "administrator").role == "administrator"
        services.change_role(
            actor=world.owner.system(), membership=post_of(world, "clerk"), role="administrator"
        )
        services.deactivate(actor=world.owner.system(), membership=post)


def test_a_role_of_a_dealer_needs_a_dealer_and_another_one_must_not_have_one(world: World) -> None:
    with world.owner.scope():
        post = post_of(world, "clerk")
        with pytest.raises(DomainError) as refused:
            services.change_role(
                actor=world.owner.system(), membership=post, role="dealer_principal"
            )
        assert refused.value.field == "dealer"
        with pytest.raises(DomainError):
            services.change_role(
                actor=world.owner.system(),
                membership=post,
                role="manager",
                dealer_id=world.owner.dealer.pk,
            )


def test_a_changed_role_counts_from_the_next_click_and_is_audited(
    world: World, as_: Callable[..., Client]
) -> None:
    clerk = as_("clerk")
    assert clerk.get("/settings/people/").status_code == 403
    with world.owner.scope():
        address = f"/settings/people/{post_of(world, 'clerk').public_id}/role/"
    body = {"role": "administrator", "dealer": ""}
    assert as_("administrator").post(address, body).status_code == 302
    assert clerk.get("/settings/people/").status_code == 200
    with world.owner.scope():
        event = AuditEvent.objects.get(verb="person.role_changed")
        assert event.data["before"]["role"] == "clerk"
        assert event.data["after"]["role"] == "administrator"


def test_a_dealer_number_of_another_company_is_unknown_here(
    world: World, as_: Callable[..., Client]
) -> None:
    with world.stranger.scope():
        world.stranger.dealer.number = "D-7777"
        world.stranger.dealer.save()
    with world.owner.scope():
        address = f"/settings/people/{post_of(world, 'clerk').public_id}/role/"
    body = {"role": "dealer_principal", "dealer": "D-7777"}
    answer = as_("administrator").post(address, body)
    assert answer.status_code == 422
    assert "D-7777" in answer.content.decode()


def test_people_are_found_by_a_part_of_the_name_the_mail_or_the_telephone(
    world: World, as_: Callable[..., Client]
) -> None:
    clerk = world.owner.people["clerk"]
    clerk.phone = "138 0013 8000"
    clerk.save()
    client = as_("administrator")
    for question in ("clerk@", "0013"):
        page = client.get("/settings/people/", {"q": question}).content.decode()
        assert clerk.email in page
        assert world.owner.people["manager"].email not in page
        assert CANARY not in page


def test_one_person_in_two_companies_sees_one_at_a_time(
    world: World, as_: Callable[..., Client]
) -> None:
    clerk = world.owner.people["clerk"]
    with world.stranger.scope():
        Membership.objects.create(user=clerk, role="administrator")
    client = as_("clerk")
    client.post("/company/", {"company": world.owner.tenant.pk})
    assert client.get("/settings/people/").status_code == 403
    client.post("/company/", {"company": world.stranger.tenant.pk})
    page = client.get("/settings/people/").content.decode()
    assert world.stranger.people["manager"].email in page
    assert world.owner.people["manager"].email not in page
    # A link out of a mail leads into the company that wrote it.
    answer = client.get(f"/company/{world.owner.tenant.slug}/", {"to": "/settings/profile/"})
    assert answer["Location"] == "/settings/profile/"
    assert client.get("/settings/people/").status_code == 403


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "evil", "/\\evil"])
def test_a_link_out_of_a_mail_leads_nowhere_else(
    world: World, as_: Callable[..., Client], path: str
) -> None:
    answer = as_("clerk").get(f"/company/{world.owner.tenant.slug}/", {"to": path})
    assert answer["Location"] == "/"


def test_nobody_enters_a_company_without_a_post_in_it(
    world: World, as_: Callable[..., Client]
) -> None:
    client = as_("clerk")
    assert client.post("/company/", {"company": world.stranger.tenant.pk}).status_code == 404
    assert client.get(f"/company/{world.stranger.tenant.slug}/").status_code == 404


def test_a_profile_keeps_what_was_typed_when_something_is_wrong(
    world: World, as_: Callable[..., Client]
) -> None:
    client = as_("clerk")
    body = {"name": "王小明", "phone": "call me", "language": "en", "time_zone": "Asia/Urumqi"}
    answer = client.post("/settings/profile/", body)
    assert answer.status_code == 422
    assert "王小明" in answer.content.decode()
    assert client.post("/settings/profile/", body | {"phone": "138 0013 8000"}).status_code == 302
    clerk = world.owner.people["clerk"]
    clerk.refresh_from_db()
    assert (clerk.name, clerk.language, clerk.time_zone) == ("王小明", "en", "Asia/Urumqi")
    assert "My profile" in client.get("/settings/profile/").content.decode()
