"""The gate of the pages: who comes in, who is sent to sign in, who is refused."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from tests.cast import World

HTMX = {"HX-Request": "true"}
LIVE = {"X-Live-Version": "3"}


def test_a_visitor_is_sent_to_sign_in_and_back(world: World) -> None:
    answer = Client().get("/settings/people/?q=wang")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/settings/people/%3Fq%3Dwang"


def test_a_part_of_a_page_with_an_expired_session_answers_401_and_no_sign_in_page(
    world: World,
) -> None:
    assert Client().get("/notifications/bell/", headers=HTMX).status_code == 401
    assert Client().get("/notifications/bell/", headers=LIVE).status_code == 401


def test_a_role_without_the_permission_is_refused_with_a_sentence(
    world: World, as_: Callable[..., Client]
) -> None:
    answer = as_("clerk").get("/settings/people/")
    assert answer.status_code == 403
    assert as_("administrator").get("/settings/people/").status_code == 200


def test_who_lost_every_company_is_told_so_at_home(
    world: World, as_: Callable[..., Client]
) -> None:
    client = as_("clerk")
    with world.owner.scope():
        _post(world, "clerk").update(is_active=False)
    answer = client.get("/settings/", follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert answer.templates[0].name == "accounts/no_company.html"


def _post(world: World, who: str) -> Any:
    from accounts.models import Membership

    return Membership.objects.filter(user=world.owner.people[who])


def test_settings_show_each_role_only_what_it_may_open(
    world: World, as_: Callable[..., Client]
) -> None:
    for_clerk = as_("clerk").get("/settings/").content.decode()
    for_administrator = as_("administrator").get("/settings/").content.decode()
    for address in ("/settings/people/", "/settings/audit/", "/settings/tokens/"):
        assert address not in for_clerk
        assert address in for_administrator
    assert "/settings/profile/" in for_clerk
