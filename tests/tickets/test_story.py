"""What a call sets in motion: numbers, clocks, checks, bells, messages, and who may see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from accounts.models import User
from core.errors import Conflict, DomainError
from core.models import AuditEvent
from core.options import set_option
from core.tenancy import dealer_wall
from machines import services as machines
from notifications.models import Notification, OutboxMessage
from sla import services as sla
from sla.firing import Firing
from sla.models import Clock
from tests.cast import World
from tests.tickets.conftest import TEN, Desk, accept, arrange, done, later, offer
from tickets import access, queries, services
from tickets.models import Ticket
from tickets.services import subscribers
from tickets.wording import sentence


def clocks(ticket: Ticket) -> dict[str, str]:
    """The newest clock of each promise, by its state."""
    rows = Clock.objects.filter(subject="ticket", subject_id=ticket.pk).order_by("id")
    return dict(rows.values_list("promise", "state"))


def running(ticket: Ticket) -> set[str]:
    return {promise for promise, state in clocks(ticket).items() if state == "running"}


def events(ticket: Ticket) -> list[str]:
    return list(ticket.timeline.order_by("id").values_list("event", flat=True))


def bells(who: User, event: str) -> int:
    return Notification.objects.filter(user=who, event=event).count()


def texts(event: str) -> int:
    return OutboxMessage.objects.filter(channel="sms", event=event).count()


# Intake


def test_a_call_is_numbered_answered_and_its_clock_runs(desk: Desk) -> None:
    ticket = desk.register(caller_phone="１３８ ０013-8000")
    assert ticket.number == "T-20261110-0001"
    assert ticket.caller_phone == "+8613800138000"
    assert (ticket.state, ticket.team) == ("new", "desk")
    assert ticket.product_line == desk.cast.line
    assert ticket.region_code == "371402"
    assert "dispatch" in running(ticket)
    assert Clock.objects.get(promise="dispatch").due_at == later(120)
    assert texts("ticket.registered.customer") == 1
    assert AuditEvent.objects.filter(verb="ticket.registered").count() == 1


def test_numbers_have_no_gaps_and_are_each_tenants_own(desk: Desk, world: World) -> None:
    with pytest.raises(DomainError):
        desk.register(caller_phone="12")
    numbers = [desk.register().number for _ in range(3)]
    assert numbers == [f"T-20261110-000{n}" for n in (1, 2, 3)]
    with world.stranger.scope():
        theirs = services.register_ticket(
            actor=world.stranger.actor("clerk"), kind="repair", summary="x", reported_at=TEN
        )
    assert theirs.number == "T-20261110-0001"


def test_the_number_carries_the_companys_own_day(desk: Desk) -> None:
    # 00:30 on the 11th in Shanghai is still the 10th in Greenwich.
    late = TEN + timedelta(hours=14, minutes=30)
    assert desk.register(reported_at=late).number == "T-20261111-0001"


def test_a_landline_gets_no_text_message(desk: Desk) -> None:
    desk.register(caller_phone="0534-2345678")
    assert OutboxMessage.objects.filter(channel="sms").count() == 0


def test_an_impossible_telephone_is_said_at_its_field(desk: Desk) -> None:
    with pytest.raises(DomainError) as refused:
        desk.register(caller_phone="12")
    assert refused.value.field == "caller_phone"


def test_an_urgent_call_is_reported_upward_at_once(desk: Desk) -> None:
    ticket = desk.register(urgency="urgent")
    for role in ("manager", "supervisor", "engineer"):
        assert bells(desk.cast.people[role], "ticket.urgent") == 1
    assert "first_answer" in running(ticket)


# Routing


def test_a_repair_is_offered_to_the_dealer_of_the_territory(desk: Desk) -> None:
    ticket = desk.register(route=True)
    assert (ticket.state, ticket.dealer) == ("offered", desk.cast.dealer)
    assert events(ticket)[-1] == "offered_by_rule"


def test_without_automatic_offers_the_dealer_is_only_proposed(desk: Desk) -> None:
    set_option(actor=desk.clerk, key="dispatch.auto_offer", value=False)
    ticket = desk.register(route=True)
    assert (ticket.state, ticket.dealer) == ("new", None)
    assert queries.next_dealers(ticket) == [desk.cast.dealer]


def test_unusual_faults_go_to_the_technical_department(desk: Desk) -> None:
    ticket = desk.register(route=True, symptom=desk.cast.unusual)
    assert (ticket.state, ticket.team) == ("handed_over", "technical")
    assert bells(desk.cast.people["engineer"], "ticket.assigned") == 1


def test_bought_in_goods_go_to_the_sales_representative(desk: Desk) -> None:
    ticket = desk.register(route=True, machine=None, product_line=desk.cast.bought_in)
    assert (ticket.state, ticket.team) == ("handed_over", "sales")


@pytest.mark.parametrize("kind", ["consultation", "complaint", "return"])
def test_questions_and_complaints_stay_at_the_desk(desk: Desk, kind: str) -> None:
    assert desk.register(route=True, kind=kind).state == "new"


def test_a_region_without_a_dealer_leaves_the_ticket_at_the_desk(desk: Desk) -> None:
    ticket = desk.register(route=True, region_code="650100")
    assert ticket.state == "new"
    assert events(ticket)[-1] == "no_dealer"


# The main job


def test_from_the_call_to_the_close(desk: Desk) -> None:
    ticket = offer(desk, desk.register())
    assert clocks(ticket)["dispatch"] == "met"
    assert {"arrange", "check"} <= running(ticket)
    assert Clock.objects.get(promise="arrange").holder_dealer_id == desk.cast.dealer.pk
    check = queries.open_check(ticket)
    assert check is not None and check.due_at == later(5 + 240)
    assert bells(desk.cast.people["dealer_principal"], "ticket.offered") == 1

    ticket = accept(desk, ticket)
    assert clocks(ticket)["arrange"] == "running", "accepting alone stops nothing (R-020)"

    ticket = arrange(desk, ticket)
    assert clocks(ticket)["arrange"] == "met"
    assert texts("ticket.arranged.customer") == 1

    services.record_check(actor=desk.clerk, ticket=ticket, is_arranged=True, at=later(60))
    assert clocks(ticket)["check"] == "met"

    ticket = done(desk, ticket)
    assert running(ticket) == set()
    assert bells(desk.cast.people["clerk"], "ticket.done") == 1
    ticket = services.close_ticket(actor=desk.clerk, ticket=ticket)
    assert ticket.closed_at is not None
    assert events(ticket) == [
        "registered",
        "offered",
        "accepted",
        "arranged",
        "checked_arranged",
        "done",
        "closed",
    ]


def test_a_refusal_returns_to_the_desk_and_the_next_dealer_is_proposed(desk: Desk) -> None:
    ticket = offer(desk, desk.register())
    with pytest.raises(DomainError) as refused:
        services.refuse_offer(actor=desk.dealer, ticket=ticket, reason="  ")
    assert refused.value.field == "reason"
    ticket = services.refuse_offer(actor=desk.dealer, ticket=ticket, reason="太远", at=later(9))
    assert (ticket.state, ticket.team, ticket.dealer) == ("new", "desk", None)
    assert clocks(ticket) == {
        "dispatch": "running",
        "first_answer": "running",
        "solution": "running",
        "arrange": "cancelled",
        "arrival": "cancelled",
        "check": "cancelled",
    }
    assert queries.open_check(ticket) is None
    assert queries.next_dealers(ticket) == []
    assert bells(desk.cast.people["clerk"], "ticket.refused") == 1


def breached(clock: Clock) -> None:
    firing = Firing(clock, clock.steps.get(action="breach"), (), {}, is_late=False)
    subscribers.clocks_fired(firings=[firing], at=later(126))


def test_an_offer_nobody_answers_ends_with_the_mark_on_the_dealer(desk: Desk) -> None:
    ticket = offer(desk, desk.register())
    clock = Clock.objects.get(promise="arrange")
    breached(clock)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.has_breach, ticket.dealer) == ("new", True, None)
    assert ticket.offers.get().state == "timed_out"
    clock.refresh_from_db()
    assert (clock.state, clock.missed_at) == ("cancelled", later(125))
    assert "dispatch" in running(ticket)
    assert bells(desk.cast.people["supervisor"], "ticket.timed_out") == 1


def test_a_late_arrangement_after_acceptance_only_marks(desk: Desk) -> None:
    ticket = accept(desk, offer(desk, desk.register()))
    clock = Clock.objects.get(promise="arrange")
    breached(clock)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.has_breach) == ("accepted", True)


def test_the_sweep_times_an_offer_out_and_tells_the_ladder(desk: Desk) -> None:
    ticket = offer(desk, desk.register())
    sla.sweep(later(130))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.has_breach) == ("new", True)
    assert bells(desk.cast.people["dealer_principal"], "sla.breached") == 1
    assert bells(desk.cast.people["supervisor"], "ticket.timed_out") == 1


def test_a_check_that_finds_nothing_arranged_goes_to_management(desk: Desk) -> None:
    ticket = accept(desk, offer(desk, desk.register()))
    services.record_check(actor=desk.clerk, ticket=ticket, is_arranged=False, note="没人接")
    for role in ("manager", "supervisor"):
        told = Notification.objects.get(user=desk.cast.people[role], event="ticket.not_arranged")
        assert told.is_urgent
    with pytest.raises(DomainError):
        services.record_check(actor=desk.clerk, ticket=ticket, is_arranged=True)


def test_a_dealers_own_intake_is_filed_and_its_clock_runs_at_once(desk: Desk) -> None:
    ticket = desk.register(actor=desk.dealer)
    assert (ticket.state, ticket.channel, ticket.dealer) == ("accepted", "dealer", desk.cast.dealer)
    assert running(ticket) == {"arrange", "arrival", "first_answer", "solution"}
    assert bells(desk.cast.people["clerk"], "ticket.filed") == 1
    assert arrange(desk, ticket).state == "arranged"


def test_waiting_for_parts_stops_no_check_of_the_desk(desk: Desk) -> None:
    ticket = arrange(desk, accept(desk, offer(desk, desk.register())))
    services.pause_ticket(actor=desk.dealer, ticket=ticket, reason="parts", at=later(30))
    assert clocks(ticket)["check"] == "running"
    with pytest.raises(DomainError):
        services.pause_ticket(actor=desk.dealer, ticket=ticket, reason="coffee")


@pytest.mark.parametrize("urgency", ["normal", "urgent"])
def test_only_who_waits_for_urgent_help_is_texted_at_night(desk: Desk, urgency: str) -> None:
    arrange(desk, accept(desk, offer(desk, desk.register(urgency=urgency))))
    message = OutboxMessage.objects.get(event="ticket.arranged.customer")
    assert message.is_urgent is (urgency == "urgent")


def test_arranging_anew_tells_the_customer_anew(desk: Desk) -> None:
    ticket = arrange(desk, accept(desk, offer(desk, desk.register())))
    arrange(desk, ticket)
    assert texts("ticket.arranged.customer") == 2
    assert events(ticket)[-1] == "rearranged"


def test_a_visit_before_the_call_is_refused(desk: Desk) -> None:
    ticket = accept(desk, offer(desk, desk.register()))
    with pytest.raises(DomainError) as refused:
        services.arrange(actor=desk.dealer, ticket=ticket, technician_name="赵", visit_at=later(-1))
    assert refused.value.field == "visit_at"


# How it ends


def test_work_without_a_result_is_not_done(desk: Desk) -> None:
    with pytest.raises(DomainError) as refused:
        services.report_done(actor=desk.clerk, ticket=desk.register(), result=" ")
    assert refused.value.field == "result"


def test_a_complaint_closes_only_with_its_cause(desk: Desk) -> None:
    ticket = desk.register(kind="complaint")
    ticket = services.report_done(actor=desk.clerk, ticket=ticket, result="道歉")
    with pytest.raises(DomainError) as refused:
        services.close_ticket(actor=desk.clerk, ticket=ticket)
    assert refused.value.field == "cause"


def test_reopening_keeps_the_story_and_starts_the_promises_anew(desk: Desk) -> None:
    ticket = desk.in_state("closed")
    lines = len(events(ticket))
    ticket = services.reopen_ticket(actor=desk.clerk, ticket=ticket, reason="又坏了")
    assert (ticket.state, ticket.reopen_count, ticket.result) == ("new", 1, "")
    assert len(events(ticket)) == lines + 1
    assert "dispatch" in running(ticket)
    assert offer(desk, ticket).state == "offered", "the same dealer may be asked again"


def test_cancelling_ends_every_promise_and_tells_the_dealer(desk: Desk) -> None:
    ticket = offer(desk, desk.register())
    ticket = services.cancel_ticket(actor=desk.clerk, ticket=ticket, reason="客户自己修好了")
    assert running(ticket) == set()
    assert ticket.offers.get().state == "withdrawn"
    assert bells(desk.cast.people["dealer_principal"], "ticket.cancelled") == 1


def test_merging_moves_files_and_watchers_and_keeps_both_stories(desk: Desk) -> None:
    first, second = desk.register(), desk.register()
    services.add_note(actor=desk.clerk, ticket=second, text="还有一个轮胎")
    services.watch(actor=desk.supervisor, ticket=second)
    merged = services.merge_ticket(actor=desk.clerk, ticket=second, into=first)
    assert merged.merged_into == first
    assert running(merged) == set()
    assert queries.is_watching(desk.supervisor, first)
    story = [entry.text or entry.event for entry in queries.timeline(desk.clerk, first)]
    assert "还有一个轮胎" in story and "merged_from" in story
    with pytest.raises(DomainError):
        services.merge_ticket(actor=desk.clerk, ticket=first, into=first)
    with pytest.raises(DomainError):
        services.merge_ticket(actor=desk.clerk, ticket=first, into=second)


# Notes, edits, watching


def test_an_internal_note_is_no_answer_but_a_call_is(desk: Desk) -> None:
    ticket = desk.register(urgency="urgent")
    services.add_note(actor=desk.clerk, ticket=ticket, text="等经理")
    assert "first_answer" in running(ticket)
    services.add_note(actor=desk.clerk, ticket=ticket, text="已电话指导", is_call=True)
    assert clocks(ticket)["first_answer"] == "met"


def test_a_dealer_reads_no_internal_line_and_writes_none(desk: Desk) -> None:
    ticket = offer(desk, desk.register())
    services.add_note(actor=desk.clerk, ticket=ticket, text="此客户常投诉")
    services.add_note(actor=desk.clerk, ticket=ticket, text="带上电瓶", visibility="dealer")
    with dealer_wall(desk.dealer.dealer_ids):
        services.add_note(actor=desk.dealer, ticket=ticket, text="知道了", visibility="internal")
        read = [entry.text for entry in queries.timeline(desk.dealer, ticket) if entry.text]
    assert read == ["知道了", "带上电瓶"]


def test_two_clerks_who_edit_do_not_overwrite_each_other(desk: Desk) -> None:
    ticket = desk.register()
    services.edit_ticket(
        actor=desk.clerk, ticket=ticket, version=1, changes={"summary": "发动机冒黑烟"}
    )
    with pytest.raises(Conflict):
        services.edit_ticket(
            actor=desk.supervisor, ticket=ticket, version=1, changes={"summary": "别的"}
        )
    ticket.refresh_from_db()
    assert (ticket.summary, ticket.version) == ("发动机冒黑烟", 2)


def test_an_edit_without_a_change_changes_nothing(desk: Desk) -> None:
    ticket = desk.register()
    same = services.edit_ticket(
        actor=desk.clerk, ticket=ticket, version=1, changes={"summary": ticket.summary}
    )
    assert same.version == 1


def test_what_becomes_urgent_is_reported_upward(desk: Desk) -> None:
    ticket = desk.register()
    services.edit_ticket(actor=desk.clerk, ticket=ticket, version=1, changes={"urgency": "urgent"})
    assert bells(desk.cast.people["manager"], "ticket.urgent") == 1


def test_watchers_hear_of_changes_but_not_of_their_own(desk: Desk) -> None:
    ticket = desk.register()
    services.watch(actor=desk.supervisor, ticket=ticket)
    services.watch(actor=desk.clerk, ticket=ticket)
    services.cancel_ticket(actor=desk.clerk, ticket=ticket, reason="x")
    assert bells(desk.cast.people["supervisor"], "ticket.changed") == 1
    assert bells(desk.cast.people["clerk"], "ticket.changed") == 0
    services.unwatch(actor=desk.supervisor, ticket=ticket)
    assert not queries.is_watching(desk.supervisor, ticket)


def test_the_story_is_told_in_the_readers_language(desk: Desk) -> None:
    ticket = arrange(desk, accept(desk, offer(desk, desk.register())))
    entry = ticket.timeline.get(event="arranged")
    with translation.override("en"):
        assert sentence(entry) == "Arranged: 赵师傅 comes on Tue 10 Nov, 15:00."
    with translation.override("zh-hans"):
        assert sentence(entry) == "已落实：赵师傅 11月10日 周二 15:00 上门。"


# Other companies, other dealers


def test_a_dealer_sees_a_customer_only_while_it_holds_their_ticket(desk: Desk) -> None:
    ticket = desk.register(machine=None, customer=desk.cast.neighbour_customer)
    ticket = offer(desk, ticket)
    assert desk.cast.neighbour_customer.served_by.filter(dealer=desk.cast.dealer).exists()
    services.refuse_offer(actor=desk.dealer, ticket=ticket, reason="太远")
    assert not desk.cast.neighbour_customer.served_by.filter(dealer=desk.cast.dealer).exists()


def test_the_wall_lets_a_dealer_see_only_its_own_tickets(desk: Desk) -> None:
    ticket = offer(desk, desk.register())
    with dealer_wall(desk.neighbour.dealer_ids):
        assert list(access.visible(desk.neighbour)) == []
        assert not Ticket.objects.filter(pk=ticket.pk).exists()
    with dealer_wall(desk.dealer.dealer_ids):
        assert list(access.visible(desk.dealer)) == [ticket]


def test_the_next_dealer_reads_nothing_of_the_one_before(desk: Desk) -> None:
    ticket = desk.register()
    services.add_note(actor=desk.clerk, ticket=ticket, text="带电瓶", visibility="dealer", at=TEN)
    ticket = offer(desk, ticket)
    services.add_note(actor=desk.dealer, ticket=ticket, text="我们太忙", at=later(6))
    services.refuse_offer(actor=desk.dealer, ticket=ticket, reason="太远", at=later(7))
    given = services.offer_ticket(
        actor=desk.clerk, ticket=ticket, dealer=desk.cast.neighbour, at=later(8)
    )
    with dealer_wall(desk.neighbour.dealer_ids):
        read = list(queries.timeline(desk.neighbour, given.ticket))
    assert [entry.text or entry.event for entry in read] == ["offered", "带电瓶", "registered"]
    assert "我们太忙" in [entry.text for entry in queries.timeline(desk.clerk, given.ticket)]


def test_merged_customers_take_their_tickets_along(desk: Desk) -> None:
    ticket = desk.register()
    machines.merge_customers(
        actor=desk.clerk, source=desk.cast.customer, target=desk.cast.neighbour_customer
    )
    ticket.refresh_from_db()
    assert ticket.customer == desk.cast.neighbour_customer


def test_bulk_assignment_says_which_could_not_be_done(desk: Desk) -> None:
    free, busy = desk.register(), offer(desk, desk.register())
    bulk = services.assign_tickets(
        actor=desk.supervisor, tickets=[busy, free], dealer=desk.cast.dealer
    )
    assert [ticket.pk for ticket in bulk.done] == [free.pk]
    assert [ticket.pk for ticket, _why in bulk.refused] == [busy.pk]


def test_the_same_matter_is_found_before_it_is_entered_twice(desk: Desk) -> None:
    ticket = desk.register()
    found = queries.duplicates(desk.clerk, machine=desk.cast.machine, at=later(60))
    assert found == [ticket]
    assert queries.duplicates(desk.clerk) == []
