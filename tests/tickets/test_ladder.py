"""What rungs do to a ticket: reminded, raised, offered to the next (R-022, R-030)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.models import AuditEvent
from dealers.models import Territory
from notifications.models import Notification
from sla import services as sla
from sla.models import Clock, Step, Target
from tests.tickets.conftest import TEN, Desk, accept, arrange, later, offer
from tickets import services
from tickets.models import Offer, Ticket
from tickets.wording import sentence


def rung(ticket: Ticket, promise: str, action: str, at: datetime, role: str = "") -> Step:
    """One more rung of the newest clock of a promise."""
    clock = Clock.objects.filter(subject_id=ticket.pk, promise=promise).latest("id")
    return Step.objects.create(clock=clock, position=50, action=action, at=at, role=role)


def events(ticket: Ticket) -> list[str]:
    return list(ticket.timeline.order_by("id").values_list("event", flat=True))


def bells(desk: Desk, who: str, event: str) -> int:
    return Notification.objects.filter(user=desk.cast.people[who], event=event).count()


def fresh(ticket: Ticket) -> Ticket:
    ticket.refresh_from_db()
    return ticket


# Remind


def test_the_holder_is_reminded_again(desk: Desk) -> None:
    ticket = accept(desk, offer(desk, desk.register()))
    rung(ticket, "arrange", "remind", later(60))
    sla.sweep(later(61))
    assert "reminded" in events(ticket)
    assert bells(desk, "dealer_clerk", "sla.reminded") == 1
    assert bells(desk, "supervisor", "sla.reminded") == 0


def test_a_wait_that_should_be_over_is_told_once_for_all_that_stands_still(desk: Desk) -> None:
    ticket = accept(desk, offer(desk, desk.register()))
    sla.pause_clocks(
        actor=desk.clerk,
        subject="ticket",
        subject_id=ticket.pk,
        reason="customer",
        promises=["arrange", "arrival"],
        until=later(60),
        at=later(15),
    )
    sla.sweep(later(61))
    assert events(ticket).count("waited") == 2
    assert bells(desk, "dealer_clerk", "sla.waited") == 1
    assert bells(desk, "dealer_clerk", "sla.reminded") == 0


# Raise


def test_a_ticket_is_raised_one_degree(desk: Desk) -> None:
    ticket = desk.register()
    rung(ticket, "dispatch", "raise", later(60))
    sla.sweep(later(61))
    assert fresh(ticket).urgency == "high"
    assert "raised" in events(ticket)
    assert AuditEvent.objects.filter(verb="ticket.raised").count() == 1
    assert bells(desk, "manager", "ticket.urgent") == 0
    with translation.override("en"):
        said = sentence(ticket.timeline.get(event="raised"))
    assert said == "Urgency raised to High: Dispatch is not kept."


def test_what_becomes_urgent_goes_to_management_at_once(desk: Desk) -> None:
    ticket = desk.register(urgency="high")
    rung(ticket, "dispatch", "raise", later(60))
    sla.sweep(later(61))
    assert fresh(ticket).urgency == "urgent"
    assert bells(desk, "manager", "ticket.urgent") == 1
    assert bells(desk, "engineer", "ticket.urgent") == 1


def test_nothing_is_more_urgent_than_urgent(desk: Desk) -> None:
    ticket = desk.register(urgency="urgent")
    rung(ticket, "dispatch", "raise", later(60))
    version = ticket.version
    sla.sweep(later(61))
    assert (fresh(ticket).urgency, ticket.version) == ("urgent", version)


def test_a_raise_that_names_a_role_tells_it(desk: Desk) -> None:
    ticket = desk.register()
    step = rung(ticket, "dispatch", "raise", later(60), role="manager")
    sla.sweep(later(61))
    step.refresh_from_db()
    assert step.told == [desk.cast.people["manager"].name]


# Take back and offer to the next


def with_neighbour(desk: Desk) -> None:
    """The neighbour answers for the same county, behind the dealer."""
    Territory.objects.create(dealer=desk.cast.neighbour, region_code="371402", priority=90)


def test_a_ticket_that_was_accepted_and_left_lying_goes_to_the_next(desk: Desk) -> None:
    with_neighbour(desk)
    ticket = accept(desk, offer(desk, desk.register()))
    rung(ticket, "arrange", "reassign", later(130))
    sla.sweep(later(131))
    assert (fresh(ticket).state, ticket.dealer) == ("offered", desk.cast.neighbour)
    assert "reassigned" in events(ticket)
    assert bells(desk, "dealer_principal", "ticket.withdrawn") == 1
    assert bells(desk, "neighbour_principal", "ticket.offered") == 1
    assert bells(desk, "supervisor", "ticket.reassigned") == 1
    states = dict(Offer.objects.values_list("dealer_id", "state"))
    assert states[desk.cast.dealer.pk] == "withdrawn"
    # The next one has two hours of its own, from now on.
    running = Clock.objects.get(promise="arrange", state="running")
    assert running.holder_dealer_id == desk.cast.neighbour.pk
    assert running.started_at == later(131)


def test_an_offer_that_is_not_answered_is_taken_before_it_is_late(desk: Desk) -> None:
    with_neighbour(desk)
    ticket = offer(desk, desk.register())
    rung(ticket, "arrange", "reassign", later(60))
    sla.sweep(later(61))
    assert fresh(ticket).dealer == desk.cast.neighbour
    first = Clock.objects.filter(promise="arrange").earliest("id")
    assert (first.state, first.missed_at) == ("cancelled", None)


def test_without_a_next_dealer_the_desk_decides(desk: Desk) -> None:
    ticket = accept(desk, offer(desk, desk.register()))
    rung(ticket, "arrange", "reassign", later(130))
    sla.sweep(later(131))
    assert (fresh(ticket).state, ticket.dealer) == ("new", None)
    assert Clock.objects.filter(promise="dispatch", state="running").count() == 1
    assert bells(desk, "supervisor", "ticket.reassigned") == 1


def test_two_dealers_do_not_pass_a_ticket_to_and_fro(desk: Desk) -> None:
    with_neighbour(desk)
    ticket = accept(desk, offer(desk, desk.register()))
    rung(ticket, "arrange", "reassign", later(130))
    sla.sweep(later(131))
    rung(ticket, "arrange", "reassign", later(140))
    sla.sweep(later(141))
    assert (fresh(ticket).state, ticket.dealer) == ("new", None)


def test_what_is_arranged_is_not_taken_back(desk: Desk) -> None:
    with_neighbour(desk)
    ticket = accept(desk, offer(desk, desk.register()))
    step = rung(ticket, "arrange", "reassign", later(130))
    arrange(desk, ticket)
    sla.sweep(later(131))
    step.refresh_from_db()
    assert (fresh(ticket).state, ticket.dealer) == ("arranged", desk.cast.dealer)
    assert step.state == "cancelled"


def test_an_acknowledged_ticket_stays_with_its_dealer(desk: Desk) -> None:
    with_neighbour(desk)
    ticket = accept(desk, offer(desk, desk.register()))
    step = rung(ticket, "arrange", "reassign", later(130))
    sla.acknowledge(actor=desk.supervisor, clock=step.clock, note="I call them", at=later(100))
    sla.sweep(later(600))
    step.refresh_from_db()
    assert fresh(ticket).dealer == desk.cast.dealer
    assert (step.state, step.reason) == (
        "suppressed",
        f"acknowledged: {desk.supervisor.label}",
    )
    with translation.override("en"):
        said = sentence(ticket.timeline.get(event="acknowledged_with"))
    assert said == f"{desk.supervisor.label} takes it on: Arrangement. I call them"


def test_a_department_loses_it_to_the_desk(desk: Desk) -> None:
    ticket = services.hand_over(actor=desk.clerk, ticket=desk.register(), team="technical", at=TEN)
    rung(ticket, "arrange", "reassign", later(130))
    sla.sweep(later(131))
    assert (fresh(ticket).state, ticket.team) == ("new", "desk")


# Urgent cases


@pytest.fixture
def asked(desk: Desk) -> Ticket:
    """An urgent ticket that management must acknowledge within half an hour."""
    urgent = Target.objects.filter(version__policy__code="urgent").first()
    assert urgent is not None
    Target.objects.update_or_create(
        version=urgent.version,
        promise="acknowledge",
        defaults={"minutes": 30, "ladder": [{"after": 15, "role": "administrator"}]},
    )
    return desk.register(urgency="urgent")


def acknowledgement() -> Clock:
    return Clock.objects.get(promise="acknowledge")


def test_management_and_the_technical_lead_get_one_message_and_must_acknowledge(
    desk: Desk, asked: Ticket
) -> None:
    clock = acknowledgement()
    assert (clock.state, clock.holder_kind, clock.due_at) == ("running", "management", later(30))
    for who in ("manager", "supervisor", "engineer"):
        assert bells(desk, who, "ticket.urgent") == 1
    services.acknowledge_urgent(actor=desk.cast.actor("manager"), ticket=asked, at=later(10))
    assert (acknowledgement().state, acknowledgement().finished_at) == ("met", later(10))
    assert "acknowledged" in events(asked)


def test_a_second_acknowledgement_is_harmless(desk: Desk, asked: Ticket) -> None:
    for who in ("manager", "supervisor"):
        services.acknowledge_urgent(actor=desk.cast.actor(who), ticket=asked, at=later(10))
    assert events(asked).count("acknowledged") == 1
    assert acknowledgement().acknowledged_label == desk.cast.people["manager"].name


def test_nobody_acknowledged_goes_up(desk: Desk, asked: Ticket) -> None:
    sla.sweep(later(46))
    clock = acknowledgement()
    assert (clock.missed_at, clock.missed_label) == (later(30), "Management")
    assert bells(desk, "manager", "sla.breached") == 1
    assert bells(desk, "administrator", "sla.escalated") == 1


def test_the_open_ones_stand_on_the_managers_page(
    desk: Desk, asked: Ticket, as_: Callable[..., Client]
) -> None:
    client = as_("manager")
    page = client.get(reverse("dashboards:manager"))
    waiting = page.context["waiting"]
    assert [clock.subject_number for clock in waiting.first] == [asked.number]
    assert acknowledgement().acknowledge_url in page.content.decode()
    client.post(acknowledgement().acknowledge_url)
    assert client.get(reverse("dashboards:manager")).context["waiting"].count == 0


def test_the_managers_page_shows_three_and_counts_the_rest(
    desk: Desk, asked: Ticket, as_: Callable[..., Client]
) -> None:
    for _ in range(4):
        desk.register(urgency="urgent")
    waiting = as_("manager").get(reverse("dashboards:manager")).context["waiting"]
    assert (waiting.count, len(waiting.first), waiting.more) == (5, 3, 2)


def test_an_ordinary_ticket_asks_nobody(desk: Desk, asked: Ticket) -> None:
    desk.register()
    assert Clock.objects.filter(promise="acknowledge").count() == 1


def test_a_ticket_that_becomes_urgent_asks_too(desk: Desk, asked: Ticket) -> None:
    ticket = desk.register()
    services.edit_ticket(
        actor=desk.clerk, ticket=ticket, version=ticket.version, changes={"urgency": "urgent"}
    )
    assert Clock.objects.filter(promise="acknowledge", subject_id=ticket.pk).count() == 1
