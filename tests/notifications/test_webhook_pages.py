"""Webhooks in the hands of an administrator."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.models import AuditEvent
from notifications import services
from notifications.models import OutboxMessage, OutboxState, Webhook
from notifications.webhooks import courier, signing
from notifications.webhooks.post import Call
from tests.cast import World

LIST = "/settings/webhooks/"
ERP: dict[str, Any] = {
    "code": "erp",
    "name": "ERP",
    "url": "https://erp.example/hook",
    "events": ["sla"],
}


@pytest.fixture
def erp(world: World) -> Webhook:
    with world.owner.scope():
        webhook, _secret = services.create_webhook(actor=world.owner.actor("administrator"), **ERP)
    return webhook


def test_a_new_webhook_shows_its_secret_once(world: World, as_: Callable[..., Client]) -> None:
    admin = as_("administrator")
    answer = admin.post(f"{LIST}new/", ERP)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    with world.owner.scope():
        secret = signing.secret_of(Webhook.objects.get())
    assert answer.context["secret"] == secret
    assert secret in answer.content.decode().replace("&#x3D;", "=")
    assert secret[6:20] not in admin.get(f"{LIST}erp/").content.decode()
    assert secret[6:20] not in admin.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"url": "http://erp.example/hook"}, "url"),
        ({"url": "erp.example"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "https://erp.example:99999/"}, "url"),
        ({"url": "https://erp.example/a b"}, "url"),
        ({"url": "https://me:secret@erp.example/"}, "url"),
        ({"url": "ftp://erp.example/"}, "url"),
        ({"code": "two words"}, "code"),
        ({"code": "new"}, "code"),
        ({"events": ["no-such"]}, "events"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_be_called_is_refused_at_its_field_and_stays_typed(
    world: World, as_: Callable[..., Client], given: dict[str, Any], field: str
) -> None:
    answer = as_("administrator").post(f"{LIST}new/", ERP | given)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"]["code"].value() == given.get("code", "erp")
    with world.owner.scope():
        assert not Webhook.objects.exists()


def test_a_code_is_given_once_in_each_company(
    world: World, as_: Callable[..., Client], erp: Webhook
) -> None:
    assert as_("administrator").post(f"{LIST}new/", ERP).status_code == 422
    assert as_("administrator", world.stranger).post(f"{LIST}new/", ERP).status_code == 200


def test_an_administrator_edits_pauses_resumes_and_all_of_it_is_on_record(
    world: World, as_: Callable[..., Client], erp: Webhook
) -> None:
    admin = as_("administrator")
    page = f"{LIST}erp/"
    changed = {"name": "ERP 2", "url": "https://new.example/", "events": []}
    assert admin.post(f"{page}edit/", changed)["Location"] == page
    admin.post(f"{page}pause/")
    admin.post(f"{page}pause/")
    admin.post(f"{page}test/")
    admin.post(f"{page}resume/")
    admin.post(f"{page}test/")
    with world.owner.scope():
        erp.refresh_from_db()
        assert (erp.name, erp.url, erp.events, erp.is_active) == (
            "ERP 2",
            "https://new.example/",
            [],
            True,
        )
        # A paused one takes no test.
        assert OutboxMessage.objects.get().event == "webhook.test"
        verbs = AuditEvent.objects.filter(noun="webhook").order_by("pk")
        assert list(verbs.values_list("verb", flat=True)) == [
            "webhook.created",
            "webhook.edited",
            "webhook.paused",
            "webhook.resumed",
            "webhook.tested",
        ]


def test_a_new_address_is_tried_at_once_though_the_old_one_was_failing(
    world: World, as_: Callable[..., Client], erp: Webhook
) -> None:
    with world.owner.scope():
        Webhook.objects.update(
            failures=9,
            failing_since=timezone.now(),
            rests_until=timezone.now() + timedelta(hours=1),
        )
    admin = as_("administrator")
    assert "bg-red-lt" in admin.get(LIST).content.decode()
    admin.post(f"{LIST}erp/edit/", {"name": "ERP", "url": "https://new.example/"})
    with world.owner.scope():
        erp.refresh_from_db()
    assert (erp.failures, erp.failing_since, erp.rests_until) == (0, None, None)


def test_a_new_secret_is_another_one_and_shown_once(
    world: World, as_: Callable[..., Client], erp: Webhook
) -> None:
    answer = as_("administrator").post(f"{LIST}erp/secret/")
    assert answer.context["secret"] != signing.secret_of(erp)
    with world.owner.scope():
        erp.refresh_from_db()
    assert answer.context["secret"] == signing.secret_of(erp)


def test_the_log_shows_each_call_and_a_given_up_one_is_sent_again_from_both_pages(
    world: World, as_: Callable[..., Client], erp: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.owner.scope():
        for n in range(2):
            services.call_webhook(code="erp", event="sla.breached", payload={}, cause=f"step:{n}")
    monkeypatch.setattr(courier, "post", lambda _call: 500)
    courier.call_due()
    admin = as_("administrator")
    queued = admin.get(f"{LIST}erp/").content.decode()
    assert queued.count("Rejected: HTTP 500") == 2
    retried = admin.get("/settings/messages/", {"show": "retrying"})
    assert [row.webhook for row, _title in retried.context["rows"]] == [erp, erp]
    assert admin.get("/settings/messages/").context["rows"] == []
    with world.owner.scope():
        OutboxMessage.objects.update(state=OutboxState.FAILED)
        first, second = OutboxMessage.objects.order_by("pk")
    shown = admin.get("/settings/messages/")
    assert [title for _row, title in shown.context["rows"]] == ["sla.breached"] * 2
    assert f'href="{LIST}erp/"' in shown.content.decode()
    again = f"{LIST}erp/calls/{first.public_id}/send/"
    assert as_("administrator", world.stranger).post(again).status_code == 404
    assert admin.post(again)["Location"] == f"{LIST}erp/"
    admin.post(f"/settings/messages/{second.public_id}/send/")
    assert admin.post(again).status_code == 409
    keys: list[str] = []

    def take(call: Call) -> int:
        keys.append(call.headers["webhook-id"])
        return 204

    monkeypatch.setattr(courier, "post", take)
    assert courier.call_due().sent == 2
    assert set(keys) == {f"msg_{row.public_id.hex}" for row in (first, second)}


def test_a_call_of_another_webhook_is_not_found_under_this_one(
    world: World, as_: Callable[..., Client], erp: Webhook
) -> None:
    with world.owner.scope():
        services.create_webhook(
            actor=world.owner.actor("administrator"), **(ERP | {"code": "other"})
        )
        call = services.call_webhook(code="other", event="sla.x", payload={}, cause="1")
        assert call is not None
        OutboxMessage.objects.update(state=OutboxState.FAILED)
    address = f"{LIST}erp/calls/{call.public_id}/send/"
    assert as_("administrator").post(address).status_code == 404


def test_the_list_asks_no_query_per_webhook(
    world: World, as_: Callable[..., Client], django_assert_max_num_queries: Any
) -> None:
    admin = as_("administrator")
    with world.owner.scope():
        for n in range(20):
            services.create_webhook(
                actor=world.owner.actor("administrator"), **(ERP | {"code": f"c{n}"})
            )
    with django_assert_max_num_queries(20):
        assert len(admin.get(LIST).context["rows"]) == 20


def test_the_api_lists_and_shows_webhooks_without_their_secrets(
    world: World, api: Callable[..., Any], erp: Webhook
) -> None:
    rest = api("administrator")
    (row,) = rest.get("/api/v1/webhooks/").json()["results"]
    assert row["code"] == "erp"
    assert "secret" not in str(row)
    assert rest.get("/api/v1/webhooks/erp/").json() == row
    assert rest.get("/api/v1/webhooks/other/").status_code == 404
    assert api("clerk").get("/api/v1/webhooks/").status_code == 403
