"""What a policy would catch is shown before it is saved; doubtful ones are confirmed (R-002)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core.actor import Actor
from core.models import Tenant
from sla.defaults import install_defaults
from sla.facts import Case
from sla.models import Calendar, Policy, PolicyVersion
from sla.preview import Meant, preview
from sla.services import NewTarget
from tests.cast import World
from tests.sla.test_settings import edit
from tests.tickets.conftest import Desk, desk

__all__ = ["desk"]
As = Callable[..., Client]
LADDER = [{"after": 0, "role": "manager"}]
URGENT = {"urgency": ["urgent"]}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def cases(monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """What the last 30 days brought: two repairs, one of them urgent, and a complaint."""
    found = [
        Case("ticket", "T-1", {"kind": "repair", "urgency": "urgent"}),
        Case("ticket", "T-2", {"kind": "repair", "urgency": "normal"}),
        Case("ticket", "T-3", {"kind": "complaint", "urgency": "normal"}),
    ]
    monkeypatch.setattr("sla.preview.recent_cases", lambda since: found)
    return found


def meant(conditions: dict[str, list[str]], **changes: Any) -> Meant:
    given: dict[str, Any] = {
        "policy": Policy(code="new"),
        "position": 5,
        "conditions": conditions,
        "is_active": True,
        "promises": ["dispatch"],
    }
    return Meant(**(given | changes))


def test_the_cases_that_fit_are_counted_and_named(tenant: Tenant, cases: list[Case]) -> None:
    seen = preview(meant({"kind": ["repair"]}))
    assert (seen.looked_at, seen.caught) == (3, 2)
    assert [case.number for case, _url in seen.first] == ["T-1", "T-2"]
    assert not seen.doubts


@pytest.mark.parametrize(
    ("conditions", "changes", "said"),
    [
        ({}, {}, "catches everything"),
        ({"kind": ["training"]}, {}, "caught nothing"),
        ({"kind": ["repair", "complaint"]}, {}, "caught every one"),
        (URGENT, {"position": 11}, "never count"),
    ],
)
def test_a_doubtful_policy_is_marked(
    tenant: Tenant,
    cases: list[Case],
    conditions: dict[str, list[str]],
    changes: dict[str, Any],
    said: str,
) -> None:
    assert said in " ".join(preview(meant(conditions, **changes)).doubts)


def test_policies_hidden_by_it_are_named(tenant: Tenant, actor: Actor, cases: list[Case]) -> None:
    fault = ["solution"]
    seen = preview(meant({"kind": ["repair"]}, promises=fault, position=60))
    assert any("Grave fault" in doubt and "Ordinary fault" in doubt for doubt in seen.doubts)


def test_what_earlier_policies_promise_already_is_noted(tenant: Tenant, cases: list[Case]) -> None:
    seen = preview(meant(URGENT, position=11, promises=["dispatch", "parts"]))
    assert any("Dispatch" in note for note in seen.notes) and not seen.doubts


def test_a_promise_that_nobody_else_makes_is_missed(
    tenant: Tenant, actor: Actor, cases: list[Case]
) -> None:
    core = Policy.objects.get(code="core")
    seen = preview(meant({"kind": ["repair"]}, policy=core, position=90, promises=["dispatch"]))
    lost = next(doubt for doubt in seen.doubts if "Nobody else" in doubt)
    assert "Parts in house" in lost and "Dispatch" not in lost


def test_a_disabled_policy_is_no_longer_asked(
    tenant: Tenant, actor: Actor, cases: list[Case]
) -> None:
    seen = preview(meant({}, is_active=False))
    assert not seen.doubts and any("not in force" in note for note in seen.notes)


def test_the_tickets_of_the_last_days_are_asked(desk: Desk) -> None:
    recent = desk.register(reported_at=timezone.now(), urgency="urgent")
    desk.register(reported_at=timezone.now())
    seen = preview(meant(URGENT))
    assert (seen.looked_at, seen.caught) == (2, 1)
    assert seen.first[0][0].number == recent.number
    assert recent.number in seen.first[0][1]


def form_of(cast_tenant: Tenant, **changes: Any) -> dict[str, Any]:
    calendar = Calendar.objects.get(code="hotline")
    form = {
        "version": "1",
        "code": "winter",
        "name": "冬季",
        "position": "5",
        "calendar": calendar.pk,
        "is_active": "on",
        "dispatch-minutes": "１h30m",
        "dispatch-warn_percent": "60",
        "dispatch-0-when": "50",
        "dispatch-0-side": "percent",
        "dispatch-0-action": "remind",
        "dispatch-1-when": "30 min",
        "dispatch-1-side": "before",
        "dispatch-1-action": "webhook",
        "dispatch-1-webhook": "erp",
        "dispatch-2-when": "2小时",
        "dispatch-2-side": "after",
        "dispatch-2-action": "escalate",
        "dispatch-2-role": "manager",
        "arrange-minutes": "1 d",
        "arrange-calendar": Calendar.objects.get(code="always").pk,
    }
    return form | changes


@pytest.fixture
def company(world: World) -> World:
    install_defaults(world.owner.tenant)
    return world


def test_a_policy_that_catches_everything_is_saved_once_confirmed(company: World, as_: As) -> None:
    client, url = as_("administrator"), reverse("sla:policy-new")
    with company.owner.scope():
        form = form_of(company.owner.tenant)
    seen = client.post(url, form | {"preview": "1"})
    assert seen.status_code == 200 and seen.context["preview"].doubts
    asked = client.post(url, form)
    assert asked.status_code == 422 and "１h30m" in asked.content.decode()
    with company.owner.scope():
        assert not Policy.objects.filter(code="winter").exists()
    assert client.post(url, form | {"confirmed": "1"}).status_code == 302
    with company.owner.scope():
        targets = {
            one.promise: one
            for one in PolicyVersion.objects.get(policy__code="winter").targets.all()
        }
        assert (targets["dispatch"].minutes, targets["arrange"].minutes) == (90, 1440)
        assert targets["arrange"].hours.code == "always"
        assert targets["dispatch"].ladder == [
            {"percent": 50, "action": "remind"},
            {"after": -30, "action": "webhook", "webhook": "erp"},
            {"after": 120, "action": "escalate", "role": "manager"},
        ]
    shown = client.get(reverse("sla:policy", args=["winter"])).content.decode()
    assert "erp" in shown and client.get(reverse("sla:policies")).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dispatch-minutes", "-5"),
        ("dispatch-minutes", "soon"),
        ("dispatch-minutes", "400 d"),
        ("dispatch-0-when", "1001"),
        ("dispatch-1-when", "2 h"),
        ("dispatch-1-webhook", ""),
        ("dispatch-2-role", ""),
        ("dispatch-2-role", "dealer_clerk"),
        ("dispatch-2-side", "sideways"),
        ("arrange-calendar", "999999"),
        ("fact_urgency", "soon"),
        ("valid_from", "2020-01-01T00:00"),
        ("valid_from", "tomorrow"),
        ("valid_from", "9999-12-31T23:59"),
        ("code", "new"),
        ("code", "profiles"),
        ("code", "core"),
        ("calendar", "999999"),
        ("position", "0"),
    ],
)
def test_bad_input_is_a_sentence_and_nothing_typed_is_lost(
    company: World, as_: As, field: str, value: str
) -> None:
    with company.owner.scope():
        form = form_of(company.owner.tenant, **{field: value})
    answer = as_("administrator").post(reverse("sla:policy-new"), form | {"confirmed": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "冬季" in page and form["dispatch-minutes"] in page and "2小时" in page
    with company.owner.scope():
        assert not Policy.objects.filter(code="winter").exists()


def test_the_same_step_twice_is_refused(company: World, as_: As) -> None:
    with company.owner.scope():
        form = form_of(company.owner.tenant)
    twin = {name.replace("-2-", "-3-"): value for name, value in form.items() if "-2-" in name}
    answer = as_("administrator").post(reverse("sla:policy-new"), form | twin | {"confirmed": "1"})
    assert answer.status_code == 422


def test_the_planned_version_is_seen_and_withdrawn_on_its_page(company: World, as_: As) -> None:
    client = as_("administrator")
    with company.owner.scope():
        core = Policy.objects.get(code="core")
        begins = timezone.now() + timedelta(days=9)
        targets = [NewTarget("dispatch", 45)]
        edit(company.owner.system(), core, valid_from=begins, targets=targets)
    url = reverse("sla:policy-history", args=["core"])
    assert client.get(url).context["rows"][0]["may_withdraw"]
    assert client.get(reverse("sla:policies")).status_code == 200
    withdraw = reverse("sla:policy-withdraw", args=["core"])
    assert client.post(withdraw, {"version": "2"}).status_code == 302
    assert client.post(withdraw, {"version": "x"}).status_code == 302
    assert len(client.get(url).context["rows"]) == 1


def test_a_profile_is_shown_before_it_is_put_into_force(company: World, as_: As) -> None:
    client, url = as_("administrator"), reverse("sla:profile", args=["software"])
    assert client.get(reverse("sla:profiles")).status_code == 200
    assert client.get(url).status_code == 200
    assert client.post(url, {"preview": "1"}).status_code == 200
    with company.owner.scope():
        assert not Policy.objects.filter(code="software").exists()
    assert client.post(url, {"lines": ["no-such-line"]}).status_code == 422
    assert client.post(url).status_code == 302
    with company.owner.scope():
        assert Policy.objects.filter(code="software").exists()
    assert client.get(reverse("sla:profile", args=["bakery"])).status_code == 404


def test_the_api_makes_the_next_version(company: World, api: Any) -> None:
    client, url = api("administrator"), "/api/v1/policies/core/"
    read = client.get(url).json()
    assert [row["version"] for row in read["versions"]] == [1]
    change = {name: read[name] for name in ("version", "name", "position", "calendar")} | {
        "reason": "ERP",
        "targets": [
            {"promise": "dispatch", "minutes": 60, "ladder": [{"after": 0, "role": "manager"}]}
        ],
    }
    assert client.put(url, change, format="json").json()["version"] == 2
    assert client.put(url, change, format="json").status_code == 409
    wrong = change | {"version": 2, "targets": [{"promise": "dispatch", "minutes": 0}]}
    assert client.put(url, wrong, format="json").status_code == 422
    rung = [{"after": -90, "action": "remind"}]
    wrong["targets"] = [{"promise": "dispatch", "minutes": 60, "ladder": rung}]
    assert client.put(url, wrong, format="json").status_code == 422
    wrong["targets"][0]["ladder"] = [{"after": 0, "action": "remind", "role": ["a"]}]
    assert client.put(url, wrong, format="json").status_code == 422
    far = change | {"version": 2, "valid_from": "9999-12-31T23:59:59Z"}
    assert client.put(url, far, format="json").status_code == 422
    assert api("clerk").put(url, change, format="json").status_code == 403
