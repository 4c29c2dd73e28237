"""A year's list is loaded, shown before, refused with a gap; clocks that waited are dated anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.actor import Actor
from core.errors import DomainError
from core.models import AuditEvent, Tenant
from sla import services
from sla.calendar import windows
from sla.calendar_preview import compared
from sla.daylist import ListedDay
from sla.defaults import install_defaults
from sla.explain import explanation
from sla.models import Calendar, CalendarYear
from tests.cast import World
from tests.sla.conftest import start
from tests.sla.test_settings import YEAR_END, at_the_office

As = Callable[..., Client]
DAYS = [
    ListedDay(date(2027, 1, 1), "holiday", "元旦"),
    ListedDay(date(2027, 1, 2), "makeup", "元旦"),
]


def load(actor: Actor, office: Calendar, year: int = 2027, days: Any = None) -> Any:
    office.refresh_from_db()
    return services.load_year(
        actor=actor,
        calendar=office,
        year=year,
        days=DAYS if days is None else days,
        source="国办发明电〔2026〕9号",
    )


def test_a_year_is_kept_with_its_source_and_who_loaded_it(tenant: Tenant, actor: Actor) -> None:
    office = at_the_office()
    assert list(office.years.order_by("year").values_list("year", flat=True)) == [2024, 2025, 2026]
    change, _settled = load(actor, office)
    loaded = CalendarYear.objects.get(calendar=office, year=2027)
    assert (loaded.source, loaded.loaded_by_label) == ("国办发明电〔2026〕9号", actor.label)
    assert [day.on for day in change.added] == [day.on for day in DAYS]
    office.refresh_from_db()
    assert (office.known_from, office.known_through) == (date(2024, 1, 1), date(2027, 12, 31))
    event = AuditEvent.objects.filter(verb="calendar.year_loaded").latest("pk")
    assert event.data["added"][0] == "2027-01-01 元旦 holiday"


@pytest.mark.parametrize(
    ("year", "sentence"),
    [
        (2028, "2028 cannot be loaded while 2027 is missing"),
        (2022, "2022 cannot be loaded while 2023 is missing"),
        (1999, "between 2000 and 2100"),
        (2101, "between 2000 and 2100"),
    ],
)
def test_a_gap_or_an_unknown_year_is_refused(
    tenant: Tenant, actor: Actor, year: int, sentence: str
) -> None:
    office = at_the_office()
    days = [ListedDay(date(year, 1, 1), "holiday", "元旦")]
    with translation.override("en"), pytest.raises(DomainError) as error:
        load(actor, office, year, days)
    assert sentence in str(error.value) and error.value.field == "year"


def test_days_of_another_year_are_refused(tenant: Tenant, actor: Actor) -> None:
    office = at_the_office()
    with pytest.raises(DomainError):
        load(actor, office, 2027, [*DAYS, ListedDay(date(2026, 12, 31), "holiday", "元旦")])
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_a_year_without_a_working_minute_is_refused(tenant: Tenant, actor: Actor) -> None:
    office = at_the_office()
    every_day = [
        ListedDay(date(2027, 1, 1) + timedelta(days=offset), "holiday", "停产")
        for offset in range(365)
    ]
    with pytest.raises(DomainError) as error:
        load(actor, office, 2027, every_day)
    assert error.value.field == "lines"
    office.refresh_from_db()
    assert office.known_through == date(2026, 12, 31)


def test_a_list_loaded_again_changes_only_what_differs(tenant: Tenant, actor: Actor) -> None:
    office = at_the_office()
    load(actor, office)
    ids = set(office.days.filter(on__year=2027).values_list("pk", flat=True))
    change, _settled = load(actor, office)
    assert len(change.same) == 2 and not (change.added or change.removed or change.changed)
    assert set(office.days.filter(on__year=2027).values_list("pk", flat=True)) == ids
    other = [DAYS[0], ListedDay(date(2027, 1, 2), "holiday", "元旦")]
    change = compared(office, 2027, other)
    assert [(old.kind, new.kind) for old, new in change.pairs] == [("makeup", "holiday")]
    assert [day.on for day in compared(office, 2027, other[:1]).removed] == [date(2027, 1, 2)]


def test_paused_clocks_are_dated_anew_too_and_go_on_as_if_the_list_was_known(
    tenant: Tenant, actor: Actor
) -> None:
    office = at_the_office()
    paused, running = start(at=YEAR_END), start(subject_id=2, at=YEAR_END)
    with time_machine.travel(YEAR_END + timedelta(minutes=10), tick=False):
        services.pause_clocks(actor=actor, subject="thing", subject_id=1, reason="parts")
    with time_machine.travel(YEAR_END + timedelta(minutes=12), tick=False):
        _change, settled = load(actor, office)
    for clock in (paused, running):
        clock.refresh_from_db()
    assert (settled.checked, settled.moved, settled.told) == (2, 2, 0)
    assert paused.due_at == running.due_at == datetime(2027, 1, 2, 2, 0, tzinfo=UTC)
    assert not paused.is_provisional
    assert set(paused.steps.values_list("state", flat=True)) == {"held"}
    assert set(running.steps.values_list("state", flat=True)) == {"planned"}
    with time_machine.travel(YEAR_END + timedelta(minutes=20), tick=False):
        services.resume_clocks(actor=actor, subject="thing", subject_id=1)
    paused.refresh_from_db()
    assert paused.due_at == running.due_at + timedelta(minutes=10)


def test_fired_steps_never_move_and_are_counted(tenant: Tenant, actor: Actor) -> None:
    office = at_the_office()
    clock = start(at=YEAR_END)
    reminder = clock.steps.get(action="warn")
    with time_machine.travel(reminder.at, tick=False):
        services.sweep(reminder.at)
        _change, settled = load(actor, office)
    again = clock.steps.get(action="warn")
    assert (again.state, again.at) == ("fired", reminder.at)
    assert settled.told == 1
    assert clock.steps.get(action="breach").at == datetime(2027, 1, 2, 2, 0, tzinfo=UTC)


def test_days_before_the_first_year_are_said_to_be_unknown(tenant: Tenant, actor: Actor) -> None:
    at_the_office()
    clock = start(at=datetime(2023, 12, 29, 9, 0, tzinfo=UTC))
    assert clock.is_provisional
    with translation.override("en"):
        lines = explanation(clock).lines
    assert not lines[0].is_known and "holidays of this year are not loaded" in lines[0].why
    assert lines[-1].is_known


def test_a_special_day_has_hours_of_its_own(tenant: Tenant, actor: Actor) -> None:
    office = at_the_office()
    day = ListedDay(date(2026, 11, 10), "special", "盘点", windows("15:00-16:00"))
    services.set_days(actor=actor, calendar=office, days=[day])
    clock = start(at=datetime(2026, 11, 10, 2, 0, tzinfo=UTC))
    assert clock.due_at == datetime(2026, 11, 11, 1, 30, tzinfo=UTC)


def test_single_days_wait_for_the_list_of_their_year(tenant: Tenant, actor: Actor) -> None:
    office = at_the_office()
    with pytest.raises(DomainError):
        services.set_days(actor=actor, calendar=office, days=DAYS)
    hotline = Calendar.objects.get(code="hotline")
    services.set_days(actor=actor, calendar=hotline, days=DAYS[:1])
    assert hotline.days.count() == 1


@pytest.fixture
def office_url(world: World) -> str:
    with world.owner.scope():
        install_defaults(world.owner.tenant)
    return reverse("sla:calendar-days", args=["office"])


LIST = {"year": "2027", "source": "通知", "lines": "2027-01-01 元旦 休\n2027-01-02 元旦 班"}


def test_what_is_shown_is_what_is_saved(world: World, as_: As, office_url: str) -> None:
    client = as_("administrator")
    shown = client.post(office_url, LIST)
    text = shown.content.decode()
    assert shown.status_code == 200 and "元旦" in text
    with world.owner.scope():
        assert not CalendarYear.objects.filter(year=2027).exists()
    token = shown.context["form"].fingerprint
    # Somebody changed the lines after looking: they are shown again first.
    other = LIST | {"lines": "2027-01-01 元旦 休", "confirmed": token}
    assert client.post(office_url, other).status_code == 200
    assert client.post(office_url, LIST | {"confirmed": token}).status_code == 302
    with world.owner.scope():
        assert Calendar.objects.get(code="office").known_through == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("2027.csv", "日期,名称,类型\n2027年1月1日,元旦,休\n".encode("gb18030")),
        (
            "2027.ics",
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270101\r\n"
            "SUMMARY:元旦 休\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode(),
        ),
    ],
)
def test_a_file_is_read_into_the_field_of_lines(
    as_: As, office_url: str, name: str, content: bytes
) -> None:
    sent = {"year": "2027", "source": "通知", "upload": SimpleUploadedFile(name, content)}
    shown = as_("administrator").post(office_url, sent)
    assert [day.name for day in shown.context["change"].added] == ["元旦"]
    assert "元旦" in shown.context["form"]["lines"].value()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"year": "1999"}, "year"),
        ({"year": "2028", "lines": "2028-01-01 元旦 休"}, "year"),
        ({"year": "soon"}, "year"),
        ({"source": ""}, "source"),
        ({"lines": ""}, "lines"),
        ({"lines": "# nothing"}, "lines"),
        ({"lines": "2027-02-31 元旦 休"}, "lines"),
        ({"lines": "2026-12-31 元旦 休"}, "lines"),
        ({"lines": "2027-01-01 元旦 休\n2027-01-01 元旦 班"}, "lines"),
        ({"lines": "x" * (1024 * 1024 + 1)}, "lines"),
    ],
)
def test_a_wrong_list_is_refused_at_its_field_and_nothing_is_lost(
    as_: As, office_url: str, change: dict[str, str], field: str
) -> None:
    answer = as_("administrator").post(office_url, LIST | change)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert field in form.errors
    assert form["source"].value() == (LIST | change)["source"]
    assert form["lines"].value() == (LIST | change)["lines"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04\x00\x01", b"a" * (1024 * 1024 + 1)])
def test_an_empty_a_binary_and_a_huge_file_are_refused(
    as_: As, office_url: str, content: bytes
) -> None:
    sent = LIST | {"upload": SimpleUploadedFile("x.csv", content)}
    answer = as_("administrator").post(office_url, sent)
    assert answer.status_code == 422
    assert "upload" in answer.context["form"].errors
    assert answer.context["form"]["lines"].value() == LIST["lines"]


def test_days_of_other_years_can_be_left_out(as_: As, office_url: str) -> None:
    lines = "2026-12-31 元旦 休\n2027-01-01 元旦 休\n2028-01-01 元旦 休"
    shown = as_("administrator").post(office_url, LIST | {"lines": lines, "only_year": "on"})
    assert [day.on for day in shown.context["change"].added] == [date(2027, 1, 1)]


def test_the_preview_counts_the_clocks(world: World, as_: As, office_url: str) -> None:
    with world.owner.scope():
        at_the_office()
        start(at=YEAR_END)
    shown = as_("administrator").post(office_url, LIST)
    assert shown.context["touched"].waiting == 1


def test_a_day_is_entered_on_its_page(world: World, as_: As, office_url: str) -> None:
    url = reverse("sla:calendar-day", args=["office"])
    client = as_("administrator")
    day = {"on": "2026-12-24", "kind": "special", "name": "盘点", "hours": "09：00-11:00"}
    assert client.post(url, day).status_code == 302
    with world.owner.scope():
        row = Calendar.objects.get(code="office").days.get(on=date(2026, 12, 24))
        assert (row.kind, row.windows) == ("special", [["09:00", "11:00"]])
    for change, field in [
        ({"hours": ""}, "hours"),
        ({"hours": "11:00-09:00"}, "hours"),
        ({"hours": "09:00-11:00 10:00-12:00"}, "hours"),
        ({"kind": "holiday"}, "hours"),
        ({"on": "2026-02-31"}, "on"),
        ({"until": "2026-12-01"}, "until"),
        ({"until": "2027-12-01"}, "until"),
        ({"name": ""}, "name"),
        ({"on": "2029-01-01"}, "on"),
    ]:
        answer = client.post(url, day | change)
        assert answer.status_code == 422 and field in answer.context["form"].errors, change


def test_a_list_comes_by_rest_and_twice_changes_nothing(
    world: World, api: Callable[..., Any], office_url: str
) -> None:
    client, url = api("administrator"), "/api/v1/calendars/office/years/"
    sent: dict[str, Any] = {
        "year": 2027,
        "source": "通知",
        "days": "2027-01-01 元旦 休\n2027-01-02 元旦 班",
    }
    first = client.post(url, sent, format="json")
    assert first.status_code == 200 and first.json()["added"] == 2
    again = client.post(url, sent, format="json").json()
    assert (again["added"], again["changed"], again["same"]) == (0, 0, 2)
    read = client.get("/api/v1/calendars/office/").json()
    assert read["known_through"] == "2027-12-31" and len(read["years"]) == 4
    wrongs: list[tuple[dict[str, object], str]] = [
        ({"days": "2027-02-31 元旦 休"}, "days"),
        ({"year": 2029, "days": "2029-01-01 元旦 休"}, "year"),
        ({"year": 1999}, "year"),
        ({"source": ""}, "source"),
        ({"days": ""}, "days"),
    ]
    for wrong, field in wrongs:
        answer = client.post(url, sent | wrong, format="json")
        assert answer.status_code in (400, 422), wrong
        assert field in answer.content.decode()
    assert api("clerk").post(url, sent, format="json").status_code == 403
    assert api("administrator", world.stranger).post(url, sent, format="json").status_code == 404
