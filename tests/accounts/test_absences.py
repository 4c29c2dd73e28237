"""Absences and deputies: who is told instead of whom, and who may say so (R-014)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import absences, queries
from accounts.models import Absence, Membership, User
from core.errors import DomainError
from core.models import AuditEvent
from core.tenancy import tenant_scope
from notifications.models import Notification
from tests.cast import CANARY, Cast, World, a_ticket
from tickets import services as tickets

DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def post_of(cast: Cast, who: str) -> Membership:
    return Membership.objects.select_related("user").get(user=cast.people[who])


def away(cast: Cast, who: str, deputy: str = "", **changes: Any) -> Absence:
    """Somebody of the cast is away from now on for three days."""
    start = changes.pop("starts_at", timezone.now())
    given: dict[str, Any] = {
        "actor": cast.system(),
        "member": post_of(cast, who),
        "deputy": post_of(cast, deputy) if deputy else None,
        "starts_at": start,
        "ends_at": start + 3 * DAY,
    }
    return absences.enter_absence(**given | changes)


def in_place_of(cast: Cast, who: str, at: datetime) -> User | None:
    return queries.stand_ins([cast.people[who]], at)[cast.people[who].pk]


# Who stands in


def test_the_deputy_stands_in_from_the_start_to_the_end_and_no_longer(
    world: World, now: datetime
) -> None:
    cast = world.owner
    with cast.scope():
        away(cast, "clerk", "engineer", starts_at=now + DAY, ends_at=now + 2 * DAY)
        people = [cast.people["clerk"], cast.people["engineer"]]
        just_before = now + DAY - timedelta(microseconds=1)
        assert queries.stand_ins(people, just_before) == {}
        inside = {cast.people["clerk"].pk: cast.people["engineer"]}
        assert queries.stand_ins(people, now + DAY) == inside
        assert queries.stand_ins(people, now + 2 * DAY) == {}


def test_a_deputy_who_is_away_hands_on_to_his_own(world: World, now: datetime) -> None:
    cast = world.owner
    with cast.scope():
        away(cast, "clerk", "engineer")
        away(cast, "engineer", "keeper")
        assert in_place_of(cast, "clerk", timezone.now()) == cast.people["keeper"]


def test_deputies_in_a_circle_leave_the_work_to_the_supervisors(world: World) -> None:
    cast = world.owner
    with cast.scope():
        away(cast, "clerk", "engineer")
        away(cast, "engineer", "clerk")
        later = timezone.now()
        assert in_place_of(cast, "clerk", later) is None
        found = queries.reached([cast.people["clerk"]], later)
        assert found.people == [cast.people["supervisor"]]
        assert found.instead == {cast.people["supervisor"].pk: cast.people["clerk"].name}


def test_without_a_deputy_the_work_falls_to_the_supervisors(world: World) -> None:
    cast = world.owner
    with cast.scope():
        away(cast, "clerk")
        later = timezone.now()
        assert in_place_of(cast, "clerk", later) is None
        assert queries.reached([cast.people["clerk"]], later).people == [cast.people["supervisor"]]


def test_a_deputy_who_left_the_company_stands_in_for_nobody(world: World) -> None:
    cast = world.owner
    with cast.scope():
        away(cast, "clerk", "engineer")
        Membership.objects.filter(user=cast.people["engineer"]).update(is_active=False)
        assert in_place_of(cast, "clerk", timezone.now()) is None


def test_when_all_supervisors_are_away_the_work_goes_further_up(world: World) -> None:
    cast = world.owner
    with cast.scope():
        away(cast, "clerk")
        away(cast, "supervisor")
        found = queries.reached([cast.people["clerk"]], timezone.now())
        assert found.people == [cast.people["manager"]]


def test_when_nobody_above_is_there_the_person_himself_is_told(world: World) -> None:
    cast = world.owner
    with cast.scope():
        for who in ("clerk", "supervisor", "manager", "administrator"):
            away(cast, who)
        found = queries.reached([cast.people["clerk"]], timezone.now())
        assert (found.people, found.instead) == ([cast.people["clerk"]], {})


def test_colleagues_who_are_there_do_without_the_supervisors(world: World) -> None:
    cast = world.owner
    with cast.scope():
        away(cast, "clerk")
        found = queries.reached([cast.people["clerk"], cast.people["keeper"]], timezone.now())
        assert found.people == [cast.people["keeper"]]


def test_for_a_dealers_person_without_a_deputy_its_principal_is_told(world: World) -> None:
    cast = world.owner
    with cast.scope():
        away(cast, "dealer_clerk")
        found = queries.reached([cast.people["dealer_clerk"]], timezone.now())
        assert found.people == [cast.people["dealer_principal"]]


def test_a_person_is_told_once_though_he_stands_in_for_two(world: World) -> None:
    cast = world.owner
    with cast.scope():
        away(cast, "clerk", "engineer")
        away(cast, "keeper", "engineer")
        names = ("clerk", "keeper", "engineer")
        found = queries.reached([cast.people[name] for name in names], timezone.now())
        assert found.people == [cast.people["engineer"]]
        said = found.instead[cast.people["engineer"].pk]
        assert said == f"{cast.people['clerk'].name}, {cast.people['keeper'].name}"


def test_the_number_of_queries_does_not_grow_with_the_people(
    world: World, django_assert_num_queries: Any
) -> None:
    cast = world.owner
    with cast.scope():
        everybody = list(cast.people.values())
        for who in ("clerk", "engineer", "keeper", "finance"):
            away(cast, who)
        later = timezone.now()
        with django_assert_num_queries(1):
            queries.stand_ins(everybody, later)
        with django_assert_num_queries(1):
            queries.reached(everybody, later)
        with django_assert_num_queries(2):
            queries.reached([cast.people["clerk"], cast.people["keeper"]], later)
        with django_assert_num_queries(0):
            queries.reached([], later)


# Entered, changed, ended


def test_two_absences_of_one_person_do_not_overlap(world: World, now: datetime) -> None:
    cast = world.owner
    with cast.scope():
        away(cast, "clerk", starts_at=now, ends_at=now + 2 * DAY)
        with pytest.raises(absences.AlreadyAway) as refused:
            away(cast, "clerk", starts_at=now + DAY, ends_at=now + 3 * DAY)
        assert refused.value.field == "starts_at"
        # One after the other, and somebody else's at the same time, are no overlap.
        away(cast, "clerk", starts_at=now + 2 * DAY, ends_at=now + 3 * DAY)
        away(cast, "engineer", starts_at=now, ends_at=now + 2 * DAY)


def test_the_database_itself_refuses_an_overlap(world: World, now: datetime) -> None:
    cast = world.owner
    with cast.scope():
        away(cast, "clerk")
        row = {"member": post_of(cast, "clerk"), "entered_label": "x"}
        with pytest.raises(IntegrityError, match="one_absence_of_a_person"), transaction.atomic():
            Absence.objects.create(**row, starts_at=now + DAY, ends_at=now + 2 * DAY)
        withdrawn = {"withdrawn_at": now}
        Absence.objects.create(**row, **withdrawn, starts_at=now, ends_at=now + DAY)


def test_two_who_enter_the_same_absence_at_once_get_one(committed_world: World) -> None:
    cast = committed_world.owner
    start = timezone.now()

    def enter() -> bool:
        try:
            with tenant_scope(cast.tenant.pk):
                away(cast, "clerk", starts_at=start, ends_at=start + DAY)
        except absences.AlreadyAway:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = sorted(job.result(timeout=60) for job in [pool.submit(enter) for _ in range(2)])
    assert done == [False, True]
    with cast.scope():
        assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": DAY, "ends_at": DAY}, "ends_at"),
        ({"starts_at": 2 * DAY, "ends_at": DAY}, "ends_at"),
        ({"starts_at": -2 * DAY, "ends_at": -DAY}, "ends_at"),
        ({"starts_at": -32 * DAY, "ends_at": DAY}, "starts_at"),
        ({"starts_at": 0 * DAY, "ends_at": 732 * DAY}, "ends_at"),
        ({"deputy": "clerk"}, "deputy"),
        ({"deputy": "dealer_principal"}, "deputy"),
        ({"who": "dealer_clerk", "deputy": "neighbour_principal"}, "deputy"),
        ({"who": "dealer_clerk", "deputy": "supervisor"}, "deputy"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    world: World, now: datetime, changes: dict[str, Any], field: str
) -> None:
    cast = world.owner
    who, deputy = changes.pop("who", "clerk"), changes.pop("deputy", "")
    times = {name: now + offset for name, offset in changes.items()}
    with cast.scope(), pytest.raises(DomainError) as refused:
        away(cast, who, deputy, **times)
    assert refused.value.field == field
    with cast.scope():
        assert Absence.objects.count() == 0


def test_a_deputy_of_another_company_is_refused_by_the_database(world: World) -> None:
    with world.stranger.scope():
        theirs = post_of(world.stranger, "clerk")
    with world.owner.scope(), pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(
            member=post_of(world.owner, "clerk"),
            deputy=theirs,
            starts_at=timezone.now(),
            ends_at=timezone.now() + DAY,
        )
        connection.check_constraints()


def test_who_comes_back_earlier_gets_his_own_messages_again(world: World) -> None:
    cast = world.owner
    with cast.scope():
        absence = away(cast, "clerk", "engineer")
        planned = absence.ends_at
        back = timezone.now() + DAY
        ended = absences.end_absence(actor=cast.actor("supervisor"), absence=absence, at=back)
        assert (ended.ends_at, ended.is_withdrawn) == (back, False)
        assert queries.stand_ins([cast.people["clerk"]], back) == {}
        event = AuditEvent.objects.get(verb="absence.ended")
        assert event.data["planned_until"] == planned.isoformat().replace("+00:00", "Z")[:23] + "Z"


def test_an_absence_that_has_not_begun_is_withdrawn_and_frees_its_time(
    world: World, now: datetime
) -> None:
    cast = world.owner
    with cast.scope():
        absence = away(cast, "clerk", starts_at=now + DAY, ends_at=now + 2 * DAY)
        assert absences.end_absence(actor=cast.system(), absence=absence).is_withdrawn
        assert queries.stand_ins([cast.people["clerk"]], now + DAY) == {}
        away(cast, "clerk", starts_at=now + DAY, ends_at=now + 2 * DAY)
        with pytest.raises(DomainError):
            absences.end_absence(actor=cast.system(), absence=absence)


def test_a_deputy_named_later_is_told_and_both_names_stay_on_record(world: World) -> None:
    cast = world.owner
    with cast.scope():
        absence = away(cast, "clerk")
        assert Notification.objects.count() == 0
        absences.name_deputy(
            actor=cast.actor("supervisor"), absence=absence, deputy=post_of(cast, "engineer")
        )
        assert in_place_of(cast, "clerk", timezone.now()) == cast.people["engineer"]
        told = Notification.objects.get()
        assert (told.user, told.event) == (cast.people["engineer"], "absence.deputy")
        event = AuditEvent.objects.get(verb="absence.deputy_named")
        assert event.object_label == cast.people["clerk"].name
        assert event.data["after"] == cast.people["engineer"].name


def test_who_names_himself_is_not_told_of_it(world: World) -> None:
    cast = world.owner
    with cast.scope():
        away(cast, "clerk", "supervisor", actor=cast.actor("supervisor"))
        assert Notification.objects.count() == 0


def test_the_bell_of_a_ticket_rings_at_the_deputy(world: World) -> None:
    cast = world.owner
    with cast.scope():
        away(cast, "engineer", "keeper")
        Notification.objects.all().delete()
        ticket = a_ticket(cast)
        tickets.hand_over(actor=cast.actor("clerk"), ticket=ticket, team="technical")
        told = Notification.objects.filter(event="ticket.assigned")
        assert [row.user for row in told] == [cast.people["keeper"]]


def test_the_deputy_finds_the_tickets_of_who_is_away_among_his_own(
    world: World, as_: Callable[..., Client]
) -> None:
    cast = world.owner
    with cast.scope():
        ticket = a_ticket(cast, team="technical", assignee=cast.people["engineer"])
    keeper = as_("keeper")
    assert ticket.number not in keeper.get("/tickets/?mine=1").content.decode()
    with cast.scope():
        absence = away(cast, "engineer", "keeper")
    assert ticket.number in keeper.get("/tickets/?mine=1").content.decode()
    with cast.scope():
        absences.end_absence(actor=cast.system(), absence=absence)
    assert ticket.number not in keeper.get("/tickets/?mine=1").content.decode()


# Pages


def typed(at: datetime) -> str:
    return at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M")


def entry(world: World, **changes: Any) -> dict[str, str]:
    start = timezone.now() + DAY
    return {"starts_at": typed(start), "ends_at": typed(start + DAY), "deputy": ""} | changes


def test_everybody_enters_his_own_absence_and_only_that(
    world: World, as_: Callable[..., Client]
) -> None:
    cast = world.owner
    with cast.scope():
        engineer, keeper = post_of(cast, "engineer"), post_of(cast, "keeper")
    body = entry(world, member=str(keeper.public_id), deputy=str(keeper.public_id))
    answer = as_("engineer").post("/settings/absences/", body)
    assert answer.status_code == 302
    with cast.scope():
        absence = Absence.objects.get()
        assert (absence.member, absence.deputy) == (engineer, keeper)


def test_the_supervisor_enters_anybodys_of_the_company(
    world: World, as_: Callable[..., Client]
) -> None:
    with world.owner.scope():
        clerk = post_of(world.owner, "clerk")
    body = entry(world, member=str(clerk.public_id), reason="年假")
    client = as_("supervisor")
    assert client.post("/settings/absences/", body).status_code == 302
    page = client.get("/settings/absences/").content.decode()
    assert clerk.user.name in page
    assert "年假" in page


def test_a_dealers_principal_enters_those_of_his_own_dealer(
    world: World, as_: Callable[..., Client]
) -> None:
    cast = world.owner
    with cast.scope():
        own, house = post_of(cast, "dealer_clerk"), post_of(cast, "clerk")
        neighbour = post_of(cast, "neighbour_principal")
        away(cast, "clerk", reason="secret of the house")
    client = as_("dealer_principal")
    for theirs in (house, neighbour):
        body = entry(world, member=str(theirs.public_id))
        answer = client.post("/settings/absences/", body)
        assert answer.status_code == 422
        assert answer.context["form"].errors["member"]
    body = entry(world, member=str(own.public_id))
    assert client.post("/settings/absences/", body).status_code == 302
    page = client.get("/settings/absences/").content.decode()
    assert own.user.name in page
    assert "secret of the house" not in page


def test_people_of_other_companies_can_be_neither_chosen_nor_seen(
    world: World, as_: Callable[..., Client]
) -> None:
    with world.stranger.scope():
        theirs = post_of(world.stranger, "clerk")
        away(world.stranger, "clerk")
    client = as_("supervisor")
    for name in ("member", "deputy"):
        answer = client.post("/settings/absences/", entry(world, **{name: str(theirs.public_id)}))
        assert answer.context["form"].errors[name]
    assert CANARY not in client.get("/settings/absences/").content.decode()


def test_the_list_of_people_shows_who_is_away(world: World, as_: Callable[..., Client]) -> None:
    with world.owner.scope():
        away(world.owner, "clerk", "engineer")
    page = as_("administrator").get("/settings/people/")
    away_now = [absence for _row, _dealer, absence in page.context["rows"] if absence]
    assert [absence.user for absence in away_now] == [world.owner.people["clerk"]]


def test_a_wrong_entry_keeps_what_was_typed(world: World, as_: Callable[..., Client]) -> None:
    body = entry(world, reason="年假") | {"ends_at": "2026-01-01T10:00"}
    answer = as_("clerk").post("/settings/absences/", body)
    assert answer.status_code == 422
    assert answer.context["form"].errors["ends_at"]
    assert "年假" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "of", "status"),
    [
        ("clerk", "clerk", 302),
        ("supervisor", "clerk", 302),
        ("administrator", "clerk", 302),
        ("engineer", "clerk", 403),
        ("dealer_principal", "clerk", 404),
        ("dealer_principal", "dealer_clerk", 302),
        ("dealer_clerk", "dealer_principal", 403),
        ("neighbour_principal", "dealer_clerk", 404),
        ("supervisor", "dealer_clerk", 403),
    ],
)
def test_who_may_end_whose_absence(
    world: World, as_: Callable[..., Client], who: str, of: str, status: int
) -> None:
    with world.owner.scope():
        absence = away(world.owner, of)
    client = as_(who)
    for verb in ("deputy", "end"):
        answer = client.post(f"/settings/absences/{absence.public_id}/{verb}/")
        assert answer.status_code == status, verb
    foreign = as_(who, world.stranger)
    assert foreign.post(f"/settings/absences/{absence.public_id}/end/").status_code == 404


def test_the_list_of_the_rest_api_tells_who_is_away(world: World, api: Callable[..., Any]) -> None:
    with world.owner.scope():
        away(world.owner, "clerk", "engineer")
        away(world.owner, "dealer_clerk")
    (row,) = api("keeper").get("/api/v1/absences/").json()["results"]
    assert row["name"] == world.owner.people["clerk"].name
    assert row["deputy_name"] == world.owner.people["engineer"].name
    (row,) = api("dealer_principal").get("/api/v1/absences/").json()["results"]
    assert row["deputy"] is None
    assert api("neighbour_principal").get("/api/v1/absences/").json()["results"] == []
