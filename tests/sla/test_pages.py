"""The board, the explanation, and the administrator's pages, through HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import Heartbeat
from sla import services
from sla.defaults import install_defaults
from sla.models import Calendar, Clock, PolicyVersion
from tests.cast import World

As = Callable[..., Client]


@pytest.fixture
def clock(world: World) -> Clock:
    """A clock of the cast's dealer that is due in half an hour."""
    with world.owner.scope():
        install_defaults(world.owner.tenant)
        PolicyVersion.objects.update(calendar=Calendar.objects.get(code="always"))
        return begin(world, 1, holder_dealer_id=world.owner.dealer.pk)


def begin(world: World, subject_id: int, **changes: Any) -> Clock:
    given: dict[str, Any] = {
        "actor": world.owner.system(),
        "subject": "ticket",
        "subject_id": subject_id,
        "subject_number": f"T-20261121-000{subject_id}",
        "promise": "arrange",
        "holder_kind": "dealer",
        "holder_label": "德州丰收",
        "facts": {},
        "at": timezone.now() - timedelta(minutes=90),
    }
    made = services.start_clock(**(given | changes))
    assert made is not None
    return made


def test_the_board_shows_who_must_act(world: World, clock: Clock, as_: As) -> None:
    with world.owner.scope():
        begin(world, 2, holder_dealer_id=world.owner.neighbour.pk, holder_label="聊城金穗")
        begin(
            world,
            3,
            promise="dispatch",
            holder_kind="desk",
            holder_label="客服台",
            at=timezone.now() - timedelta(hours=5),
        )
        begin(world, 4, at=timezone.now())  # due in two hours: nobody must act yet
    page = as_("clerk").get(reverse("sla:board"))
    text = page.content.decode()
    assert page.status_code == 200
    for number in (1, 2, 3):
        assert f"T-20261121-000{number}" in text
    assert "T-20261121-0004" not in text
    assert text.index("客服台") < text.index("德州丰收")  # the late one comes first
    assert (page.context["board"].late, page.context["board"].soon) == (1, 2)


def test_the_board_says_what_happens_next(world: World, clock: Clock, as_: As) -> None:
    page = as_("clerk").get(reverse("sla:board"))
    step = page.context["board"].holdings[0].clocks[0].next_step
    assert step is not None and step.state == "planned"
    assert step.get_action_display() in page.content.decode()
    mine = as_("dealer_principal").get(reverse("sla:board"))
    assert all(
        clock.next_step is None for held in mine.context["board"].holdings for clock in held.clocks
    )


def test_a_dealer_sees_only_what_it_holds(world: World, clock: Clock, as_: As) -> None:
    with world.owner.scope():
        begin(world, 2, holder_dealer_id=world.owner.neighbour.pk, holder_label="聊城金穗")
    text = as_("dealer_principal").get(reverse("sla:board")).content.decode()
    assert "T-20261121-0001" in text and "聊城金穗" not in text


def test_the_board_is_filtered(world: World, clock: Clock, as_: As) -> None:
    with world.owner.scope():
        begin(world, 2, promise="dispatch", holder_kind="desk", holder_label="客服台")
    page = as_("clerk").get(reverse("sla:board"), {"holder_kind": "desk"})
    assert [held.label for held in page.context["board"].holdings] == ["客服台"]
    assert list(page.context["filter"].form.fields) == ["promise", "holder_kind"]


def test_the_board_answers_nothing_when_nothing_changed(
    world: World, clock: Clock, as_: As
) -> None:
    clerk = as_("clerk")
    version = clerk.get(reverse("sla:board")).context["version"]
    live = {"HTTP_X_LIVE_VERSION": version, "HTTP_HX_REQUEST": "true"}
    assert clerk.get(reverse("sla:board"), **live).status_code == 204
    with world.owner.scope():
        begin(world, 2)
    fresh = clerk.get(reverse("sla:board"), **live)
    assert fresh.status_code == 200
    assert fresh.content.decode().lstrip().startswith("<section")


def test_the_explanation_is_a_page_and_a_part(world: World, clock: Clock, as_: As) -> None:
    clerk = as_("clerk")
    page = clerk.get(clock.explanation_url)
    assert "<html" in page.content.decode()
    part = clerk.get(clock.explanation_url, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part and "120" in part
    both = clerk.get(reverse("sla:explanations", args=["ticket", clock.subject_number]))
    assert both.status_code == 200


def test_a_dealer_does_not_read_whom_the_desk_told(world: World, clock: Clock, as_: As) -> None:
    url = clock.explanation_url
    assert "supervisor" not in as_("dealer_principal").get(url).content.decode()
    assert as_("neighbour_principal").get(url).status_code == 404
    assert as_("clerk", world.stranger).get(url).status_code == 404


def test_the_health_page_says_when_the_sweep_is_silent(world: World, as_: As) -> None:
    administrator = as_("administrator")
    assert administrator.get(reverse("sla:health")).context["health"].is_late
    Heartbeat.objects.update_or_create(name="sla.sweep", defaults={"at": timezone.now()})
    assert not administrator.get(reverse("sla:health")).context["health"].is_late


HOURS = {f"day_{day}": "" for day in range(7)}


def test_the_administrator_makes_a_calendar_and_loads_a_year(world: World, as_: As) -> None:
    client = as_("administrator")
    form = HOURS | {"code": "shop", "name": "门店", "zone": "Asia/Shanghai"}
    form |= {"day_0": "08:30-12:00 13：30–17：30", "follows_holidays": "on"}
    made = client.post(reverse("sla:calendar-new"), form)
    assert made.status_code == 302
    url = reverse("sla:calendar-days", args=["shop"])
    sent = {"year": "2027", "source": "通知", "lines": "2027-01-04 元旦 休\n2027-01-03 元旦 班"}
    shown = client.post(url, sent)
    assert shown.status_code == 200 and len(shown.context["change"].added) == 2
    sent |= {"confirmed": shown.context["form"].fingerprint}
    assert client.post(url, sent).status_code == 302
    with world.owner.scope():
        calendar = Calendar.objects.get(code="shop")
        assert calendar.windows["0"] == [["08:30", "12:00"], ["13:30", "17:30"]]
        assert calendar.days.count() == 2
    year = client.get(reverse("sla:calendar", args=["shop"]), {"year": "2027"})
    assert year.content.decode().count('class="day-holiday') == 2  # the day and the legend
    assert client.get(reverse("sla:calendar", args=["shop"]), {"year": "x"}).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("day_0", "12:00-08:30"),
        ("day_0", "morning"),
        ("day_0", "08:00-12:00 11:00-13:00"),
        ("zone", "Mars/Base"),
        ("code", "new"),
    ],
)
def test_a_wrong_calendar_is_refused_at_the_field(as_: As, field: str, value: str) -> None:
    form = HOURS | {"code": "shop", "name": "门店", "zone": "Asia/Shanghai", "day_1": "09:00-10:00"}
    answer = as_("administrator").post(reverse("sla:calendar-new"), form | {field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "门店" in answer.content.decode()


def test_a_calendar_that_never_opens_is_refused(as_: As) -> None:
    form = HOURS | {"code": "shop", "name": "门店", "zone": "Asia/Shanghai"}
    assert as_("administrator").post(reverse("sla:calendar-new"), form).status_code == 422


def test_wrong_lines_are_all_named_and_nothing_is_loaded(
    world: World, clock: Clock, as_: As
) -> None:
    lines = "2027-01-01 元旦 休\n2027-13-01 元旦 休\nhello"
    url = reverse("sla:calendar-days", args=["office"])
    with world.owner.scope():
        before = Calendar.objects.get(code="office").days.count()
    sent = {"year": "2027", "source": "通知", "lines": lines}
    answer = as_("administrator").post(url, sent)
    assert answer.status_code == 422
    assert len(answer.context["form"].errors["lines"]) == 2
    assert lines.splitlines()[0] in answer.content.decode()
    with world.owner.scope():
        assert Calendar.objects.get(code="office").days.count() == before


def policy_form(calendar: Calendar, **changes: Any) -> dict[str, Any]:
    form = {
        "version": "1",
        "name": "紧急",
        "position": "10",
        "calendar": calendar.pk,
        "is_active": "on",
        "fact_urgency": ["urgent", "high"],
        "dispatch-minutes": "45",
        "dispatch-warn_percent": "60",
        "dispatch-0-when": "0",
        "dispatch-0-action": "escalate",
        "dispatch-0-role": "manager",
        "reason": "冬季结束",
        "confirmed": "1",
    }
    return form | changes


def test_the_administrator_changes_a_policy(world: World, clock: Clock, as_: As) -> None:
    client, url = as_("administrator"), reverse("sla:policy", args=["urgent"])
    with world.owner.scope():
        calendar = Calendar.objects.get(code="hotline")
    assert client.get(url).status_code == 200
    assert client.post(url, policy_form(calendar)).status_code == 302
    with world.owner.scope():
        newest = PolicyVersion.objects.get(policy__code="urgent", valid_to=None)
        target = newest.targets.get()
    assert (newest.number, newest.conditions) == (2, {"urgency": ["urgent", "high"]})
    assert (target.promise, target.minutes, target.warn_percent) == ("dispatch", 45, 60)
    assert target.ladder == [{"after": 0, "action": "escalate", "role": "manager"}]
    # A second window of the same administrator still shows version 1.
    late = client.post(url, policy_form(calendar, **{"dispatch-minutes": "99"}))
    assert late.status_code == 422 and "99" in late.content.decode()
    assert "紧急" in client.get(reverse("sla:policies")).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dispatch-minutes", "0"),
        ("dispatch-warn_percent", "100"),
        ("dispatch-0-role", ""),
        ("dispatch-0-role", "dealer_clerk"),
        ("dispatch-0-when", ""),
    ],
)
def test_a_wrong_target_is_refused_at_the_field(
    world: World, clock: Clock, as_: As, field: str, value: str
) -> None:
    with world.owner.scope():
        calendar = Calendar.objects.get(code="hotline")
    url = reverse("sla:policy", args=["urgent"])
    answer = as_("administrator").post(url, policy_form(calendar, **{field: value}))
    assert answer.status_code == 422
    form = next(form for form in answer.context["targets"] if form.prefix == "dispatch")
    assert form.errors or any(rung.errors for rung in form.rungs)


def test_a_foreign_calendar_is_no_choice(world: World, clock: Clock, as_: As) -> None:
    with world.stranger.scope():
        install_defaults(world.stranger.tenant)
        foreign = Calendar.objects.get(code="hotline")
    url = reverse("sla:policy", args=["urgent"])
    answer = as_("administrator").post(url, policy_form(foreign))
    assert "calendar" in answer.context["form"].errors


def test_the_api_lists_clocks_by_the_same_filter(world: World, clock: Clock, api: Any) -> None:
    with world.owner.scope():
        begin(world, 2, promise="dispatch", holder_kind="desk", holder_label="客服台")
        begin(world, 3, at=timezone.now() - timedelta(hours=5))
    clerk = api("clerk")
    everything = clerk.get("/api/v1/clocks/").json()["results"]
    assert {row["number"][-1] for row in everything} == {"1", "2", "3"}
    desk = clerk.get("/api/v1/clocks/", {"promise": "dispatch"}).json()["results"]
    assert [row["number"] for row in desk] == ["T-20261121-0002"]
    late = clerk.get("/api/v1/clocks/", {"is_late": "true"}).json()["results"]
    assert [row["number"] for row in late] == ["T-20261121-0003"]
    one = clerk.get("/api/v1/clocks/", {"number": clock.subject_number}).json()["results"]
    assert one[0]["due_at"] and "id" not in one[0]
    assert clerk.get("/api/v1/clocks/", {"promise": "wish"}).status_code in (400, 422)
    dealer = api("neighbour_principal").get("/api/v1/clocks/").json()["results"]
    assert dealer == []


def test_the_api_explains(world: World, clock: Clock, api: Any) -> None:
    url = f"/api/v1/clocks/ticket/{clock.subject_number}/"
    told = api("clerk").get(url).json()[0]
    assert told["days"][-1]["sum_minutes"] == 120
    assert [step["action"] for step in told["steps"]] == ["warn", "breach", "escalate", "escalate"]
    assert api("dealer_principal").get(url).json()[0]["steps"] == []
    assert api("neighbour_principal").get(url).status_code == 404


def test_the_api_reads_policies_and_calendars(world: World, clock: Clock, api: Any) -> None:
    administrator = api("administrator")
    urgent = administrator.get("/api/v1/policies/urgent/").json()
    assert {target["promise"] for target in urgent["targets"]} >= {"dispatch", "arrange"}
    office = administrator.get("/api/v1/calendars/office/").json()
    assert len(office["days"]) > 60
    assert api("clerk").get("/api/v1/policies/").status_code == 403
