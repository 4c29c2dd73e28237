"""Every promise of a ticket: who has it when, what stops it, what keeps it, what ends it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.errors import DomainError, WrongState
from core.models import Option
from core.options import set_option
from dealers.models import Outlet
from sla import services as sla
from sla.models import Clock, Hand, Pause, Season
from tests.cast import a_ticket, at
from tests.tickets.conftest import TEN, Desk, accept, arrange, done, later, offer
from tests.tickets.promises import (
    holder,
    newest,
    promise_everything,
    states,
    steps_ahead,
)
from tickets import rules, services
from tickets.models import Ticket
from tickets.promises import STANDS_STILL
from tickets.services.facts import facts
from visits import services as visits
from visits.models import Visit

DESK = ("desk", "Service desk")


@pytest.fixture(autouse=True)
def everything(desk: Desk) -> None:
    promise_everything()


def hands(ticket: Ticket, promise: str = "solution") -> list[str]:
    """The kinds of those who held the customer's clock, in their order."""
    rows = Hand.objects.filter(clock=newest(ticket, promise)).order_by("started_at", "id")
    return list(rows.values_list("holder_kind", flat=True))


def arranged(desk: Desk) -> Ticket:
    return arrange(desk, accept(desk, offer(desk, desk.register())))


def check_in(desk: Desk, ticket: Ticket, minutes: float = 60) -> Visit:
    visit = Visit.objects.get(ticket=ticket, state="planned")
    return visits.check_in(actor=desk.dealer, visit=visit, at=later(minutes))


# The facts


@pytest.mark.parametrize(
    ("place", "bases", "zone"),
    [
        ("371402", ["371426"], "city"),
        ("371402", ["370102"], "around"),
        ("371402", ["130102"], "province"),
        ("371402", ["130102", "370102", "371400"], "city"),
        ("37", ["371402"], None),
        ("37", ["130102"], "province"),
        ("371402", ["37"], None),
        ("371402", ["37", "370102"], "around"),
        ("371402", [], None),
        ("371402", [""], None),
        ("", ["371402"], None),
    ],
)
def test_the_zone_is_measured_from_the_nearest_base(
    place: str, bases: list[str], zone: str | None
) -> None:
    assert rules.zone(place, bases) == zone


def test_a_ticket_states_what_a_policy_may_ask(desk: Desk) -> None:
    ticket = desk.register()
    stated = facts(ticket)
    assert stated["region"] == "371402" and stated["team"] == "desk"
    assert stated["product_line"] == "HARVESTER" and stated["customer_class"] == "ordinary"
    assert "zone" not in stated  # nobody travels yet
    assert facts(offer(desk, ticket))["zone"] == "city"


def test_the_season_of_a_line_is_busy_or_off_in_its_region(desk: Desk) -> None:
    ticket = desk.register()
    assert "season" not in facts(ticket)  # nobody wrote down seasons of this line
    Season.objects.create(
        product_line_code="HARVESTER",
        region_code="37",
        starts_on=date(2026, 6, 1),
        ends_on=date(2026, 6, 20),
    )
    assert facts(ticket, at=at("2026-06-05 10:00"))["season"] == "busy"
    assert facts(ticket, at=at("2026-06-25 10:00"))["season"] == "off"
    assert facts(ticket, at=at("2026-06-05 10:00"))["province"] == "37"


def test_an_outlet_nearer_than_the_dealer_counts(desk: Desk) -> None:
    ticket = offer(desk, desk.register(region_code="370102"))
    assert facts(ticket)["zone"] == "around"
    outlet = Outlet.objects.create(dealer=desk.cast.dealer, name="济南网点", region_code="370112")
    assert facts(ticket)["zone"] == "city"
    outlet.is_active = False
    outlet.save()
    assert facts(ticket)["zone"] == "around"


def test_the_arrival_is_promised_by_zone(desk: Desk) -> None:
    promise_everything({"zone": ["city"]}, arrival=120)
    near = offer(desk, desk.register())
    far = offer(desk, desk.register(region_code="110101"))
    assert newest(near, "arrival").minutes == 120
    assert newest(far, "arrival").minutes == 720


# Whose time it is


def test_the_desk_has_the_customers_clock_until_a_dealer_accepts(desk: Desk) -> None:
    ticket = desk.register()
    assert newest(ticket, "solution").is_through
    assert holder(ticket, "solution") == DESK
    offer(desk, ticket)
    assert holder(ticket, "solution") == DESK
    accept(desk, ticket)
    assert holder(ticket, "solution") == ("dealer", str(desk.cast.dealer))
    assert newest(ticket, "solution").holder_dealer_id == desk.cast.dealer.pk
    assert hands(ticket) == ["desk", "dealer"]


def test_a_department_has_it_as_soon_as_it_is_handed_over(desk: Desk) -> None:
    ticket = services.hand_over(
        actor=desk.clerk, ticket=desk.register(), team="technical", at=later(5)
    )
    assert holder(ticket, "solution") == ("technical", "Technical department")
    offer(desk, ticket)
    assert holder(ticket, "solution") == DESK


def test_a_refusal_leaves_it_at_the_desk_and_taking_back_returns_it(desk: Desk) -> None:
    ticket = offer(desk, desk.register())
    services.refuse_offer(actor=desk.dealer, ticket=ticket, reason="太远", at=later(8))
    assert holder(ticket, "solution") == DESK and hands(ticket) == ["desk"]
    ticket = accept(desk, offer(desk, ticket))
    services.take_back(actor=desk.clerk, ticket=ticket, reason="换人", at=later(30))
    assert holder(ticket, "solution") == DESK
    assert hands(ticket) == ["desk", "dealer", "desk"]
    assert newest(ticket, "solution").started_at == TEN


def test_a_breach_stands_against_who_had_it_then(desk: Desk) -> None:
    ticket = arranged(desk)
    done_at = TEN + timedelta(hours=80)
    services.report_done(actor=desk.dealer, ticket=ticket, result="修好", at=done_at)
    clock = newest(ticket, "solution")
    assert clock.state == "met" and clock.missed_at == TEN + timedelta(hours=72)
    assert (clock.missed_kind, clock.missed_dealer_id) == ("dealer", desk.cast.dealer.pk)


def test_from_the_arrival_on_it_is_the_technicians_time(desk: Desk) -> None:
    ticket = arranged(desk)
    visit = check_in(desk, ticket)
    repair = newest(ticket, "repair")
    assert (repair.holder_kind, repair.holder_label) == ("technician", "赵师傅")
    assert repair.holder_dealer_id == desk.cast.dealer.pk
    assert repair.due_at == later(60) + timedelta(hours=24)
    assert states(ticket)["arrival"] == "met"
    assert hands(ticket) == ["desk", "dealer", "technician"]
    # He leaves before it is done: the dealer's time again; the repair is still owed.
    visits.finish_visit(actor=desk.dealer, visit=visit, at=later(120))
    assert hands(ticket)[-1] == "dealer"
    assert states(ticket)["repair"] == "running"
    done(desk, ticket)
    assert states(ticket)["repair"] == "met" and states(ticket)["solution"] == "met"


def test_work_done_without_a_check_in_keeps_the_arrival(desk: Desk) -> None:
    ticket = done(desk, arranged(desk))
    assert states(ticket)["arrival"] == "met"
    assert "repair" not in states(ticket)


def test_nobody_arrives_for_a_question(desk: Desk) -> None:
    ticket = services.hand_over(
        actor=desk.clerk, ticket=desk.register(kind="consultation"), team="technical", at=later(5)
    )
    assert "arrival" not in states(ticket) and "arrange" in states(ticket)


def test_a_dealers_own_intake_starts_what_the_desks_would(desk: Desk) -> None:
    ticket = desk.register(desk.dealer)
    running = {promise for promise, state in states(ticket).items() if state == "running"}
    assert running == {"first_answer", "arrange", "arrival", "solution"}
    assert {holder(ticket, promise)[0] for promise in running} == {"dealer"}
    assert newest(ticket, "solution").is_through


# Waiting


@pytest.mark.parametrize("reason", sorted(STANDS_STILL))
def test_a_wait_stops_every_promise_of_the_table_and_no_other(desk: Desk, reason: str) -> None:
    ticket = arranged(desk)
    check_in(desk, ticket)
    before = {promise for promise, state in states(ticket).items() if state == "running"}
    services.pause_ticket(actor=desk.dealer, ticket=ticket, reason=reason, at=later(70))
    stopped = {promise for promise, state in states(ticket).items() if state == "paused"}
    assert stopped == before & {str(promise) for promise in STANDS_STILL[reason]}
    assert states(ticket)["check"] == "running"  # the desk's own check waits for nobody


def test_waiting_for_parts_is_the_supplys_time(desk: Desk) -> None:
    ticket = arranged(desk)
    services.pause_ticket(actor=desk.dealer, ticket=ticket, reason="parts", at=later(30))
    assert holder(ticket, "parts") == ("parts", "Parts supply")
    assert newest(ticket, "parts").due_at == later(30) + timedelta(hours=72)
    assert states(ticket)["solution"] == "paused"
    assert hands(ticket)[-1] == "parts"
    services.resume_ticket(actor=desk.dealer, ticket=ticket, at=later(90))
    assert states(ticket)["parts"] == "met"
    assert hands(ticket) == ["desk", "dealer", "parts", "dealer"]
    assert newest(ticket, "solution").due_at == TEN + timedelta(hours=73)


def test_whether_parts_stop_the_solution_is_a_setting(desk: Desk) -> None:
    set_option(actor=desk.clerk, key="pause.parts_stop_solution", value=False)
    ticket = arranged(desk)
    services.pause_ticket(actor=desk.dealer, ticket=ticket, reason="parts")
    assert states(ticket)["solution"] == "running" and states(ticket)["arrival"] == "paused"
    assert holder(ticket, "solution")[0] == "parts"


def test_a_wait_has_a_planned_end_ahead(desk: Desk) -> None:
    ticket = arranged(desk)
    with pytest.raises(DomainError) as refused:
        services.pause_ticket(
            actor=desk.dealer, ticket=ticket, reason="customer", until=later(10), at=later(30)
        )
    assert refused.value.field == "until"
    services.pause_ticket(
        actor=desk.dealer, ticket=ticket, reason="customer", until=later(90), at=later(30)
    )
    untils = set(Pause.objects.values_list("until", flat=True))
    assert untils == {later(90)}


def test_work_may_wait_before_it_is_arranged_but_an_offer_may_not(desk: Desk) -> None:
    ticket = offer(desk, desk.register())
    with pytest.raises(WrongState):
        services.pause_ticket(actor=desk.dealer, ticket=ticket, reason="customer")
    ticket = accept(desk, ticket)
    services.pause_ticket(actor=desk.dealer, ticket=ticket, reason="customer", at=later(15))
    assert states(ticket)["arrange"] == "paused"
    ticket = services.resume_ticket(actor=desk.dealer, ticket=ticket, at=later(25))
    assert ticket.state == "accepted"
    assert newest(ticket, "arrange").due_at == later(5 + 120 + 10)


def test_a_wait_ends_when_the_desk_takes_the_work_back(desk: Desk) -> None:
    ticket = arranged(desk)
    services.pause_ticket(actor=desk.dealer, ticket=ticket, reason="parts", at=later(30))
    services.take_back(actor=desk.clerk, ticket=ticket, reason="换人", at=later(90))
    after = states(ticket)
    assert (after["solution"], after["parts"], after["dispatch"]) == (
        "running",
        "cancelled",
        "running",
    )
    pause = Pause.objects.get(clock=newest(ticket, "solution"))
    assert pause.ended_at == later(90)  # the hour that it stood still is not lost
    assert newest(ticket, "solution").due_at == TEN + timedelta(hours=73)


def test_who_stands_at_the_machine_waits_no_longer(desk: Desk) -> None:
    ticket = arranged(desk)
    services.pause_ticket(actor=desk.dealer, ticket=ticket, reason="weather", at=later(30))
    check_in(desk, ticket, 90)
    ticket.refresh_from_db()
    assert ticket.state == "arranged" and states(ticket)["repair"] == "running"


# The first answer


def test_internal_note_is_no_response(desk: Desk) -> None:
    ticket = desk.register()
    services.add_note(actor=desk.clerk, ticket=ticket, text="等经理")
    assert states(ticket)["first_answer"] == "running"


def test_logged_phone_call_is_a_response(desk: Desk) -> None:
    ticket = desk.register()
    services.add_note(actor=desk.clerk, ticket=ticket, text="已电话指导", is_call=True)
    assert states(ticket)["first_answer"] == "met"


def test_a_note_to_the_dealer_is_no_response_and_one_to_the_customer_is(desk: Desk) -> None:
    ticket = desk.register()
    services.add_note(actor=desk.clerk, ticket=ticket, text="带上电瓶", visibility="dealer")
    assert states(ticket)["first_answer"] == "running"
    services.add_note(actor=desk.clerk, ticket=ticket, text="明天到", visibility="customer")
    assert states(ticket)["first_answer"] == "met"


def test_dealer_acceptance_is_a_response_if_set(desk: Desk) -> None:
    ticket = accept(desk, offer(desk, desk.register()))
    assert states(ticket)["first_answer"] == "running"
    set_option(actor=desk.clerk, key="answer.acceptance", value=True)
    other = services.accept_offer(actor=desk.dealer, ticket=offer(desk, desk.register()))
    assert states(other)["first_answer"] == "met"


def test_what_counts_as_an_answer_can_be_switched_off(desk: Desk) -> None:
    for key in ("call", "note", "arrangement", "arrival"):
        Option.objects.create(key=f"answer.{key}", value=False, valid_from=TEN, author_label="x")
    ticket = arranged(desk)
    services.add_note(actor=desk.clerk, ticket=ticket, text="x", is_call=True)
    services.add_note(actor=desk.clerk, ticket=ticket, text="x", visibility="customer")
    check_in(desk, ticket)
    assert states(ticket)["first_answer"] == "running"


# Complaints


def complaint(desk: Desk) -> Ticket:
    return desk.register(kind="complaint", summary="等了三天没有人来")


def test_a_complaint_is_promised_an_answer_an_opinion_and_a_solution(desk: Desk) -> None:
    ticket = complaint(desk)
    owed = ("complaint_answer", "opinion", "solution")
    hours = [(newest(ticket, promise).due_at - TEN) // timedelta(hours=1) for promise in owed]
    assert hours == [24, 48, 72]
    assert all(newest(ticket, promise).is_through for promise in owed)
    assert "opinion" not in states(desk.register())


def test_giving_the_opinion_keeps_its_promise_and_answers(desk: Desk) -> None:
    ticket = complaint(desk)
    ticket = services.give_opinion(
        actor=desk.clerk, ticket=ticket, opinion=" 属实，当天派人 ", at=later(300)
    )
    assert (ticket.opinion, ticket.opinion_at) == ("属实，当天派人", later(300))
    after = states(ticket)
    assert (after["opinion"], after["complaint_answer"]) == ("met", "met")
    assert after["solution"] == "running"
    entry = ticket.timeline.get(event="opinion")
    assert entry.visibility == "customer"


def test_an_opinion_is_for_open_complaints_and_says_something(desk: Desk) -> None:
    with pytest.raises(DomainError):
        services.give_opinion(actor=desk.clerk, ticket=desk.register(), opinion="x")
    ticket = complaint(desk)
    with pytest.raises(DomainError) as refused:
        services.give_opinion(actor=desk.clerk, ticket=ticket, opinion="  ")
    assert refused.value.field == "opinion"
    services.cancel_ticket(actor=desk.clerk, ticket=ticket, reason="撤诉")
    with pytest.raises(WrongState):
        services.give_opinion(actor=desk.clerk, ticket=ticket, opinion="x")


def test_the_result_with_its_cause_is_an_opinion_too(desk: Desk) -> None:
    ticket = complaint(desk)
    services.report_done(actor=desk.clerk, ticket=ticket, result="道歉", cause="漏派", at=later(60))
    assert states(ticket)["opinion"] == "met"


# Ends and moves


def test_imported_closed_ticket_does_not_escalate(desk: Desk) -> None:
    ticket = a_ticket(desk.cast, state="closed", closed_at=later(60), source_key="INC-1")
    sla.sweep(timezone.now() + timedelta(days=400))
    assert steps_ahead(ticket) == 0 and states(ticket) == {}
    ticket.refresh_from_db()
    assert not ticket.has_breach


def test_a_swept_breach_tells_the_dealer_of_its_technicians_time(desk: Desk) -> None:
    ticket = arranged(desk)
    check_in(desk, ticket)
    sla.sweep(timezone.now())
    lines = ticket.timeline.filter(event="breached", params__promise="repair")
    assert [line.visibility for line in lines] == ["dealer"]
    assert newest(ticket, "repair").missed_label == "赵师傅"


def test_closed_ticket_sends_no_more_mail(desk: Desk) -> None:
    ticket = done(desk, arranged(desk))
    services.close_ticket(actor=desk.clerk, ticket=ticket)
    assert steps_ahead(ticket) == 0
    assert not set(states(ticket).values()) & {"running", "paused"}


def test_a_cancelled_ticket_has_no_step_ahead(desk: Desk) -> None:
    ticket = arranged(desk)
    services.pause_ticket(actor=desk.dealer, ticket=ticket, reason="parts", at=later(30))
    services.cancel_ticket(actor=desk.clerk, ticket=ticket, reason="不修了", at=later(60))
    assert steps_ahead(ticket) == 0


def test_merged_ticket_does_not_escalate(desk: Desk) -> None:
    first, second = desk.register(), offer(desk, desk.register())
    services.merge_ticket(actor=desk.clerk, ticket=second, into=first)
    assert steps_ahead(second) == 0
    assert states(first)["solution"] == "running"


def test_a_merge_keeps_the_earlier_promise_with_its_pauses(desk: Desk) -> None:
    old = arranged(desk)
    services.pause_ticket(actor=desk.dealer, ticket=old, reason="customer", at=later(30))
    young = desk.register(reported_at=later(300))
    services.merge_ticket(actor=desk.clerk, ticket=old, into=young, at=later(330))
    clock = Clock.objects.get(subject_id=young.pk, promise="solution", state="running")
    assert clock.started_at == TEN and clock.subject_number == young.number
    assert (clock.state, clock.holder_kind) == ("running", "desk")
    assert clock.due_at == TEN + timedelta(hours=72 + 5)
    assert steps_ahead(old) == 0


def test_a_merge_into_the_older_one_keeps_the_older_promise(desk: Desk) -> None:
    old, young = desk.register(), desk.register(reported_at=later(300))
    services.merge_ticket(actor=desk.clerk, ticket=young, into=old, at=later(330))
    assert newest(old, "solution").due_at == TEN + timedelta(hours=72)
    assert states(young)["solution"] == "cancelled"


def test_a_reopened_ticket_is_promised_anew(desk: Desk) -> None:
    ticket = done(desk, arranged(desk))
    services.reopen_ticket(actor=desk.clerk, ticket=ticket, reason="又坏了", at=later(500))
    clock = newest(ticket, "solution")
    assert (clock.state, clock.started_at) == ("running", later(500))
    assert holder(ticket, "solution") == DESK
    kept = Clock.objects.filter(subject_id=ticket.pk, promise="solution", state="met")
    assert kept.count() == 1


def test_priority_change_keeps_running_promises_and_their_pauses(desk: Desk) -> None:
    promise_everything({"urgency": ["urgent"]}, solution=60)
    ticket = arranged(desk)
    services.pause_ticket(actor=desk.dealer, ticket=ticket, reason="customer", at=later(30))
    ticket.refresh_from_db()
    services.edit_ticket(
        actor=desk.clerk, ticket=ticket, version=ticket.version, changes={"urgency": "urgent"}
    )
    services.resume_ticket(actor=desk.dealer, ticket=ticket, at=later(90))
    assert newest(ticket, "solution").due_at == TEN + timedelta(hours=73)
    services.take_back(actor=desk.clerk, ticket=ticket, reason="换人", at=later(95))
    services.report_done(actor=desk.clerk, ticket=ticket, result="好了", at=later(100))
    services.reopen_ticket(actor=desk.clerk, ticket=ticket, reason="又坏了", at=later(110))
    assert newest(ticket, "solution").minutes == 60  # what starts now goes by the new urgency


def test_a_policy_out_of_force_promises_nothing_new_and_running_clocks_go_on(desk: Desk) -> None:
    ticket = desk.register()
    version = newest(ticket, "solution").version
    assert version is not None
    version.is_active = False
    version.save()
    assert states(ticket)["solution"] == "running"
    fresh = Clock.objects.filter(subject_id=desk.register().pk, promise="solution")
    assert not fresh.filter(version=version).exists()
