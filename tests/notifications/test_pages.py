"""The bell, its page and its API: each person's own, and nobody else's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from notifications import services
from notifications.models import Notification, Preference
from tests.cast import World


@pytest.fixture
def told(world: World) -> Notification:
    """The clerk was told of a refusal."""
    with world.owner.scope():
        return services.notify(
            user=world.owner.people["clerk"],
            event="ticket.refused",
            params={"number": "T-20261121-0042", "dealer": "D", "reason": "R"},
            cause="refusal:1",
            url="/settings/profile/",
            urgent=True,
        )


def test_the_page_shows_what_i_was_told_by_day_and_nobody_elses(
    world: World, as_: Callable[..., Client], told: Notification
) -> None:
    with world.owner.scope():
        older = services.notify(
            user=world.owner.people["clerk"],
            event="ticket.closed",
            params={"number": "T-20261120-0001"},
            cause="close:1",
        )
        Notification.objects.filter(pk=older.pk).update(
            created_at=told.created_at - timedelta(days=1)
        )
    answer = as_("clerk").get("/notifications/")
    assert len(answer.context["days"]) == 2
    assert "T-20261121-0042" in answer.content.decode()
    assert "T-20261121-0042" not in as_("supervisor").get("/notifications/").content.decode()


def test_following_a_line_leads_to_the_thing_and_marks_it_read(
    world: World, as_: Callable[..., Client], told: Notification
) -> None:
    address = f"/notifications/{told.public_id}/"
    assert as_("supervisor").get(address).status_code == 404
    assert as_("clerk", world.stranger).get(address).status_code == 404
    assert as_("clerk").get(address)["Location"] == "/settings/profile/"
    with world.owner.scope():
        told.refresh_from_db()
    assert told.read_at is not None
    assert as_("clerk").get("/notifications/", {"show": "unread"}).context["days"] == []


def test_nobody_marks_what_another_one_has_not_read(
    world: World, as_: Callable[..., Client], told: Notification
) -> None:
    body = {"id": str(told.public_id)}
    assert as_("supervisor").post("/notifications/read/", body).status_code == 404
    as_("supervisor").post("/notifications/read/")
    with world.owner.scope():
        told.refresh_from_db()
        assert told.read_at is None
    assert as_("clerk").post("/notifications/read/", {"id": "nonsense"}).status_code == 404
    assert as_("clerk").post("/notifications/read/", body).status_code == 302
    with world.owner.scope():
        told.refresh_from_db()
        assert told.read_at is not None


def test_the_bell_answers_only_when_something_is_new(
    world: World, as_: Callable[..., Client], told: Notification
) -> None:
    client = as_("clerk")
    first = client.get("/notifications/bell/", headers={"X-Live-Version": "0"})
    assert 'data-version="1"' in first.content.decode()
    again = client.get("/notifications/bell/", headers={"X-Live-Version": "1"})
    assert (again.status_code, again.content) == (204, b"")


def test_my_choice_of_mails_is_kept_and_is_mine_alone(
    world: World, as_: Callable[..., Client]
) -> None:
    client = as_("clerk")
    assert client.post("/settings/notifications/", {"mail": ["ticket.closed"]}).status_code == 302
    shown = {
        choice.event: choice.by_mail
        for choice in client.get("/settings/notifications/").context["choices"]
    }
    assert [event for event, by_mail in shown.items() if by_mail] == ["ticket.closed"]
    # Events of dealers are no choice of the desk's, and nobody can smuggle one in.
    assert "ticket.offered" not in shown
    with world.owner.scope():
        others = Preference.objects.exclude(user=world.owner.people["clerk"])
        assert not others.exists()


def test_the_api_lists_my_notifications_and_marks_them_read(
    world: World, api: Callable[..., Any], told: Notification
) -> None:
    rest = api("clerk")
    (row,) = rest.get("/api/v1/notifications/").json()["results"]
    assert row["id"] == str(told.public_id)
    assert "T-20261121-0042" in row["title"]
    assert api("supervisor").get("/api/v1/notifications/").json()["results"] == []
    address = f"/api/v1/notifications/{told.public_id}/read/"
    assert api("supervisor").post(address).status_code == 404
    assert rest.post(address).json() == {"marked": 1}
    assert rest.post(address).json() == {"marked": 0}
    assert rest.get("/api/v1/notifications/", {"is_unread": "true"}).json()["results"] == []
    assert rest.post("/api/v1/notifications/read/").json() == {"marked": 0}


def test_the_api_lists_people_and_tokens_for_administrators_only(
    world: World, api: Callable[..., Any]
) -> None:
    rest = api("administrator")
    emails = {row["email"] for row in rest.get("/api/v1/people/").json()["results"]}
    assert world.owner.people["clerk"].email in emails
    assert world.stranger.people["clerk"].email not in emails
    (only,) = rest.get("/api/v1/people/", {"role": "keeper"}).json()["results"]
    assert rest.get(f"/api/v1/people/{only['id']}/").json()["email"] == only["email"]
    (token,) = rest.get("/api/v1/tokens/").json()["results"]
    assert "digest" not in token
    assert api("clerk").get("/api/v1/people/").status_code == 403
    assert api("clerk").get("/api/v1/tokens/").status_code == 403
