"""API tokens: shown once, hashed, expiring, revocable."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiToken, Membership
from core.models import AuditEvent
from tests.cast import World


def make(world: World, client: Client, who: str = "clerk", **changes: Any) -> Any:
    with world.owner.scope():
        post = Membership.objects.get(user=world.owner.people[who])
    body = {"name": "call centre", "person": str(post.public_id), "days": "30"}
    return client.post("/settings/tokens/", body | changes)


def rest(secret: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def test_the_secret_is_shown_once_and_only_its_hash_is_kept(
    world: World, as_: Callable[..., Client]
) -> None:
    client = as_("administrator")
    answer = make(world, client)
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert secret not in client.get("/settings/tokens/").content.decode()
    with world.owner.scope():
        assert secret not in str(list(ApiToken.objects.values_list()))
        assert secret not in str(list(AuditEvent.objects.values_list("data")))
    me = rest(secret).get("/api/v1/me/").json()
    assert me["email"] == world.owner.people["clerk"].email
    assert me["role"] == "clerk"


def test_a_revoked_and_an_expired_token_are_refused_alike(
    world: World, as_: Callable[..., Client]
) -> None:
    client = as_("administrator")
    secret = make(world, client).context["secret"]
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        expired = rest(secret).get("/api/v1/me/")
    with world.owner.scope():
        token = ApiToken.objects.get()
    assert rest(secret).get("/api/v1/me/").status_code == 200
    assert client.post(f"/settings/tokens/{token.public_id}/revoke/").status_code == 302
    revoked = rest(secret).get("/api/v1/me/")
    unknown = rest("sb_nobody").get("/api/v1/me/")
    assert {expired.status_code, revoked.status_code, unknown.status_code} == {401}
    assert (
        expired.json()["error"]["message"]
        == revoked.json()["error"]["message"]
        == unknown.json()["error"]["message"]
    )


def test_a_token_for_somebody_of_another_company_cannot_be_made(
    world: World, as_: Callable[..., Client]
) -> None:
    with world.stranger.scope():
        theirs = Membership.objects.get(user=world.stranger.people["clerk"])
    answer = make(world, as_("administrator"), person=str(theirs.public_id))
    assert answer.status_code == 422
    assert answer.context["form"].errors["person"]


def test_a_token_for_longer_than_two_years_is_refused(
    world: World, as_: Callable[..., Client]
) -> None:
    answer = make(world, as_("administrator"), days="731")
    assert answer.context["form"].errors["days"]
