"""The company's settings: dated, with a reason, audited; and the audit trail itself."""

from collections.abc import Callable

from django.test import Client

from core import audit
from core.models import AuditEvent, Option, Tenant
from core.options import OPTIONS, option
from tests.cast import CANARY, World


def values(**changes: object) -> dict[str, str]:
    """The form as the page shows it, with something changed."""
    present: dict[str, object] = {key: spec.default for key, spec in OPTIONS.items()}
    given = present | changes
    return {key: str(value) for key, value in given.items() if value is not False}


def test_a_changed_limit_counts_from_now_with_author_and_reason(
    world: World, as_: Callable[..., Client]
) -> None:
    client = as_("administrator")
    body = values(**{"callback.after_days": 5}) | {"reason": "harvest"}
    assert client.post("/settings/options/", body).status_code == 302
    with world.owner.scope():
        row = Option.objects.get()
        assert (row.key, row.value, row.reason) == ("callback.after_days", 5, "harvest")
        assert row.author_label == world.owner.people["administrator"].name
        assert option("callback.after_days") == 5
        assert option("callback.after_days", at=row.valid_from.replace(year=2020)) == 3
        assert AuditEvent.objects.filter(verb="option.set").count() == 1
    with world.stranger.scope():
        assert option("callback.after_days") == 3
    assert "harvest" in client.get("/settings/options/").content.decode()


def test_a_change_without_a_reason_changes_nothing_and_keeps_what_was_typed(
    world: World, as_: Callable[..., Client]
) -> None:
    body = values(**{"callback.after_days": 17}) | {"reason": ""}
    answer = as_("administrator").post("/settings/options/", body)
    assert answer.status_code == 422
    assert 'value="17"' in answer.content.decode()
    with world.owner.scope():
        assert not Option.objects.exists()


def test_a_switch_can_be_turned_off_and_a_negative_number_is_refused(
    world: World, as_: Callable[..., Client]
) -> None:
    client = as_("administrator")
    body = values(**{"dispatch.auto_offer": False}) | {"reason": "the desk decides"}
    assert client.post("/settings/options/", body).status_code == 302
    with world.owner.scope():
        assert option("dispatch.auto_offer") is False
    body = values(**{"callback.attempts": -1}) | {"reason": "typing error"}
    assert client.post("/settings/options/", body).status_code == 422


def test_the_company_changes_its_hotline_and_the_old_one_stays_in_the_audit(
    world: World, as_: Callable[..., Client]
) -> None:
    client = as_("administrator")
    tenant = world.owner.tenant
    body = {
        "name": tenant.name,
        "name_en": "Fenghe",
        "hotline": "400-111-2222",
        "address": "",
        "language": "en",
        "time_zone": "Asia/Shanghai",
    }
    assert client.post("/settings/company/", body).status_code == 302
    assert Tenant.objects.get(pk=tenant.pk).hotline == "400-111-2222"
    with world.owner.scope():
        data = AuditEvent.objects.get(verb="company.edited").data
    assert data["before"]["hotline"] == tenant.hotline
    assert data["after"]["hotline"] == "400-111-2222"
    assert client.post("/settings/company/", body | {"time_zone": "Moon"}).status_code == 422


def test_the_audit_trail_pages_by_key_and_is_found_by_event_thing_and_person(
    world: World, as_: Callable[..., Client]
) -> None:
    with world.stranger.scope():
        audit.record(world.stranger.system(), "ticket.closed", world.stranger.customer)
    with world.owner.scope():
        for _ in range(60):
            audit.record(world.owner.system(), "customer.edited", world.owner.customer)
        audit.record(world.owner.actor("clerk"), "ticket.closed", world.owner.machine, reason="ok")
    client = as_("administrator")
    first = client.get("/settings/audit/")
    assert len(first.context["rows"]) == 50
    second = client.get("/settings/audit/", {"after": first.context["next_after"]})
    assert {row.pk for row in first.context["rows"]}.isdisjoint(
        {row.pk for row in second.context["rows"]}
    )
    assert CANARY not in first.content.decode() + second.content.decode()
    for query in (
        {"verb": "ticket."},
        {"q": str(world.owner.machine)},
        {"actor": world.owner.people["clerk"].name.strip()},
    ):
        assert len(client.get("/settings/audit/", query).context["rows"]) == 1, query
    assert client.get("/settings/audit/", {"until": "2001-01-01"}).context["rows"] == []
    assert client.get("/settings/audit/", {"until": "yesterday"}).status_code == 200
    assert client.get("/settings/audit/", {"after": "²"}).status_code == 200
