"""Trips follow their ticket: planned, replaced, finished, called off."""

from __future__ import annotations

import pytest

from core.errors import WrongState
from tests.cast import World, signed_in
from tests.tickets.conftest import Desk, later
from tests.visits.conftest import arranged, done_ticket
from tickets import services as tickets
from visits import services
from visits.models import Visit
from visits.states import VisitState


def the_visit() -> Visit:
    return Visit.objects.get()


def test_arranging_a_ticket_plans_the_visit(desk: Desk) -> None:
    ticket = arranged(desk)
    visit = the_visit()
    assert visit.ticket == ticket
    assert visit.dealer == desk.cast.dealer
    assert (visit.technician_name, visit.technician_phone) == ("赵师傅", "+8613700137000")
    assert (visit.planned_at, visit.state) == (later(300), VisitState.PLANNED)


def test_arranging_anew_replaces_the_plan(desk: Desk) -> None:
    ticket = arranged(desk)
    tickets.arrange(actor=desk.dealer, ticket=ticket, technician_name="钱师傅", visit_at=later(600))
    old, new = Visit.objects.order_by("id")
    assert (old.state, old.reason_said) == (VisitState.CANCELLED, "重新安排")
    assert (new.state, new.technician_name) == (VisitState.PLANNED, "钱师傅")


def test_a_second_trip_does_not_undo_the_first_one(desk: Desk) -> None:
    ticket = arranged(desk)
    services.check_in(actor=desk.dealer, visit=the_visit())
    tickets.arrange(actor=desk.dealer, ticket=ticket, technician_name="钱师傅", visit_at=later(600))
    first, second = Visit.objects.order_by("id")
    assert first.state == VisitState.FINISHED
    assert second.state == VisitState.PLANNED


def test_the_technician_checks_in_and_finishes(desk: Desk) -> None:
    arranged(desk)
    visit = services.check_in(actor=desk.dealer, visit=the_visit(), at=later(310))
    assert (visit.state, visit.arrived_at) == (VisitState.ARRIVED, later(310))
    visit = services.finish_visit(actor=desk.dealer, visit=visit, result="换了电瓶", at=later(380))
    assert (visit.state, visit.result) == (VisitState.FINISHED, "换了电瓶")
    with pytest.raises(WrongState):
        services.check_in(actor=desk.dealer, visit=visit)


def test_reporting_the_work_done_ends_the_visit(desk: Desk) -> None:
    done_ticket(desk)
    assert (the_visit().state, the_visit().result) == (VisitState.FINISHED, "换了电瓶")


@pytest.mark.parametrize("verb", ["cancel_ticket", "take_back"])
def test_nobody_travels_for_a_ticket_that_is_stopped(desk: Desk, verb: str) -> None:
    getattr(tickets, verb)(actor=desk.clerk, ticket=arranged(desk), reason="客户不修了")
    assert the_visit().state == VisitState.CANCELLED


def test_nobody_travels_for_a_merged_ticket(desk: Desk) -> None:
    tickets.merge_ticket(actor=desk.clerk, ticket=arranged(desk), into=desk.register())
    assert the_visit().state == VisitState.CANCELLED


class TestPages:
    """Strangers and neighbours first; then the technician's two buttons."""

    def test_only_the_dealers_own_people_see_and_touch_the_visit(
        self, desk: Desk, world: World
    ) -> None:
        ticket = arranged(desk)
        visit = the_visit()
        stranger = signed_in(world.stranger, "clerk")
        neighbour = signed_in(world.owner, "neighbour_principal")
        for client in (stranger, neighbour):
            assert client.get(f"/tickets/{ticket.number}/visits/").status_code == 404
            assert client.post(f"/visits/{visit.number}/check-in/").status_code == 404
        assert (
            signed_in(world.owner, "keeper").post(f"/visits/{visit.number}/check-in/").status_code
            == 403
        )

    def test_the_technician_arrives_and_finishes_on_the_ticket(
        self, desk: Desk, world: World
    ) -> None:
        ticket = arranged(desk)
        visit = the_visit()
        technician = signed_in(world.owner, "dealer_technician")
        answer = technician.get(f"/tickets/{ticket.number}/visits/")
        assert visit.number in answer.content.decode()
        asked = {"HX-Request": "true"}
        answer = technician.post(f"/visits/{visit.number}/check-in/", headers=asked)
        assert "现场" in answer.content.decode()
        answer = technician.post(
            f"/visits/{visit.number}/finish/", {"result": "换了电瓶"}, headers=asked
        )
        assert "换了电瓶" in answer.content.decode()
        assert the_visit().state == VisitState.FINISHED

    def test_cancelling_without_a_reason_says_so_at_the_field(
        self, desk: Desk, world: World
    ) -> None:
        arranged(desk)
        clerk = signed_in(world.owner, "clerk")
        answer = clerk.post(f"/visits/{the_visit().number}/cancel/", headers={"HX-Request": "true"})
        assert answer.status_code == 422
        assert f"reason-{the_visit().number}-error" in answer.content.decode()
        assert the_visit().state == VisitState.PLANNED
