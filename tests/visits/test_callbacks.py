"""Calls after the work: planned once, attempted, answered; happy closes, unhappy reopens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from core.errors import DomainError
from notifications.models import Notification
from sla.models import Clock
from sla.states import ClockState
from sla.sweep import sweep
from tests.cast import World
from tests.tickets.conftest import Desk, later
from tests.visits.conftest import DAY, done_ticket
from tickets import services as tickets
from tickets.models import Ticket
from tickets.states import TicketState
from visits import queries, services, tasks
from visits.models import Callback
from visits.states import AttemptOutcome, CallbackState

Call = Callable[..., Callback]


def state_of(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).state


class TestPlanning:
    def test_finished_work_asks_for_a_call_after_the_commit(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Call
    ) -> None:
        sent: list[tuple[str, dict[str, int]]] = []
        monkeypatch.setattr(
            current_app, "send_task", lambda name, kwargs: sent.append((name, kwargs))
        )
        with django_capture_on_commit_callbacks(execute=True):
            ticket = done_ticket(desk)
        wanted = {"ticket_id": ticket.pk, "tenant_id": desk.cast.tenant.pk}
        assert ("visits.schedule_callback", wanted) in sent

    def test_the_call_is_due_three_days_later_and_promised(self, desk: Desk, call: Call) -> None:
        callback = call()
        assert callback.due_at == later(400 + 3 * DAY)
        assert callback.dealer == desk.cast.dealer
        clock = Clock.objects.get(subject="callback", subject_id=callback.pk)
        assert (clock.started_at, clock.due_at) == (callback.due_at, callback.late_at)
        assert clock.due_at > callback.due_at + timedelta(days=3)

    def test_a_doubled_task_plans_one_call(self, desk: Desk) -> None:
        ticket = done_ticket(desk)
        for _ in range(2):
            tasks.schedule_callback(tenant_id=desk.cast.tenant.pk, ticket_id=ticket.pk)
        assert Callback.objects.count() == 1

    def test_a_lost_task_is_made_up_for_by_the_next_tick(self, desk: Desk) -> None:
        ticket = done_ticket(desk)
        assert not Callback.objects.exists()
        tasks.schedule_missing()
        tasks.schedule_missing()
        assert Callback.objects.get().ticket == ticket

    def test_imported_history_is_not_called_about(self, desk: Desk) -> None:
        ticket = done_ticket(desk)
        Ticket.objects.filter(pk=ticket.pk).update(source_key="INC0000045")
        tasks.schedule_missing()
        assert not Callback.objects.exists()

    def test_a_ticket_that_was_closed_meanwhile_is_not_called_about(self, desk: Desk) -> None:
        ticket = tickets.close_ticket(actor=desk.clerk, ticket=done_ticket(desk))
        assert services.schedule_callback(actor=desk.clerk, ticket=ticket) is None

    def test_closing_at_the_desk_calls_off_the_call(self, desk: Desk, call: Call) -> None:
        callback = call()
        tickets.close_ticket(actor=desk.clerk, ticket=callback.ticket)
        callback.refresh_from_db()
        assert callback.state == CallbackState.CANCELLED
        clock = Clock.objects.get(subject="callback", subject_id=callback.pk)
        assert clock.state == ClockState.CANCELLED
        with pytest.raises(DomainError, match="不再需要"):
            services.complete_callback(
                actor=desk.clerk, callback=callback, score=5, is_resolved=True
            )

    def test_work_done_again_is_called_about_again(self, desk: Desk, call: Call) -> None:
        first = call()
        services.complete_callback(
            actor=desk.clerk, callback=first, score=1, is_resolved=False, opinion="又坏了"
        )
        ticket = Ticket.objects.get(pk=first.ticket_id)
        tickets.report_done(actor=desk.clerk, ticket=ticket, result="电话指导", at=timezone.now())
        tasks.schedule_missing()
        assert Callback.objects.filter(ticket=ticket).count() == 2


class TestAttempts:
    @pytest.mark.parametrize(
        ("outcome", "wait"),
        [
            (AttemptOutcome.BUSY, timedelta(minutes=30)),
            (AttemptOutcome.NO_ANSWER, timedelta(hours=4)),
            (AttemptOutcome.LATER, timedelta(hours=24)),
        ],
    )
    def test_the_next_attempt_waits_by_what_happened(
        self, desk: Desk, call: Call, outcome: str, wait: timedelta
    ) -> None:
        now = later(400 + 3 * DAY)
        callback = services.record_attempt(
            actor=desk.clerk, callback=call(), outcome=outcome, at=now
        )
        assert callback.next_attempt_at == now + wait
        assert callback.attempt_count == 1

    def test_the_customers_wish_goes_first(self, desk: Desk, call: Call) -> None:
        now, wish = later(400 + 3 * DAY), later(400 + 5 * DAY)
        callback = services.record_attempt(
            actor=desk.clerk,
            callback=call(),
            outcome=AttemptOutcome.LATER,
            call_again_at=wish,
            at=now,
        )
        assert callback.next_attempt_at == wish

    def test_a_wish_in_the_past_is_refused_at_its_field(self, desk: Desk, call: Call) -> None:
        with pytest.raises(DomainError) as refused:
            services.record_attempt(
                actor=desk.clerk,
                callback=call(),
                outcome=AttemptOutcome.LATER,
                call_again_at=later(0),
            )
        assert refused.value.field == "call_again_at"

    def test_after_the_third_attempt_the_call_is_given_up_and_the_ticket_closed(
        self, desk: Desk, call: Call
    ) -> None:
        callback = call()
        for _ in range(3):
            assert callback.state == CallbackState.SCHEDULED
            callback = services.record_attempt(
                actor=desk.clerk, callback=callback, outcome=AttemptOutcome.NO_ANSWER
            )
        assert callback.state == CallbackState.GIVEN_UP
        assert state_of(callback.ticket) == TicketState.CLOSED
        assert callback.attempts.count() == 3


class TestAnswers:
    def test_a_happy_answer_closes_the_ticket_and_keeps_the_promise(
        self, desk: Desk, call: Call
    ) -> None:
        callback = services.complete_callback(
            actor=desk.clerk, callback=call(), score=5, is_resolved=True
        )
        assert callback.state == CallbackState.DONE
        assert callback.called_by_id == desk.clerk.user_id
        assert state_of(callback.ticket) == TicketState.CLOSED
        clock = Clock.objects.get(subject="callback", subject_id=callback.pk)
        assert clock.state == ClockState.MET

    @pytest.mark.parametrize(("score", "is_resolved"), [(2, True), (5, False), (1, False)])
    def test_an_unhappy_answer_reopens_the_ticket_with_the_words(
        self, desk: Desk, call: Call, score: int, is_resolved: bool
    ) -> None:
        callback = services.complete_callback(
            actor=desk.clerk,
            callback=call(),
            score=score,
            is_resolved=is_resolved,
            opinion="还是漏油",
        )
        ticket = Ticket.objects.get(pk=callback.ticket_id)
        assert (ticket.state, ticket.reopen_count) == (TicketState.NEW, 1)
        assert ticket.timeline.filter(event="reopened", params__reason="还是漏油").exists()
        supervisor = desk.cast.people["supervisor"]
        told = Notification.objects.get(user=supervisor, event="callback.unhappy")
        assert told.params["opinion"] == "还是漏油"

    def test_an_unhappy_answer_needs_the_customers_words(self, desk: Desk, call: Call) -> None:
        callback = call()
        with pytest.raises(DomainError) as refused:
            services.complete_callback(
                actor=desk.clerk, callback=callback, score=1, is_resolved=False, opinion=" "
            )
        assert refused.value.field == "opinion"
        callback.refresh_from_db()
        assert (callback.state, callback.attempts.count()) == (CallbackState.SCHEDULED, 0)

    def test_a_second_answer_is_refused_with_a_sentence(self, desk: Desk, call: Call) -> None:
        callback = services.complete_callback(
            actor=desk.clerk, callback=call(), score=5, is_resolved=True
        )
        with pytest.raises(DomainError, match="已经完成"):
            services.complete_callback(
                actor=desk.clerk, callback=callback, score=1, is_resolved=False, opinion="不"
            )
        callback.refresh_from_db()
        assert (callback.score, callback.attempts.count()) == (5, 1)

    def test_a_complaint_without_its_cause_stays_for_the_desk(self, desk: Desk, call: Call) -> None:
        callback = services.complete_callback(
            actor=desk.clerk, callback=call(kind="complaint"), score=5, is_resolved=True
        )
        assert callback.state == CallbackState.DONE
        assert state_of(callback.ticket) == TicketState.DONE
        tasks.schedule_missing()
        assert Callback.objects.count() == 1


def test_a_late_call_climbs_the_ladder_to_the_supervisor_once(desk: Desk, call: Call) -> None:
    callback = call()
    for _ in range(2):
        sweep(callback.late_at + timedelta(seconds=1))
    told = Notification.objects.filter(event="sla.escalated", url__contains=callback.number)
    assert [each.user for each in told] == [desk.cast.people["supervisor"]]


def test_the_queue_puts_the_latest_first_and_hides_what_is_not_due(desk: Desk, call: Call) -> None:
    callback = call()
    clerk, dealer = desk.clerk, desk.dealer
    before, after = callback.due_at - timedelta(1), callback.due_at + timedelta(1)
    assert list(queries.callbacks_now(clerk, at=before)) == []
    assert list(queries.callbacks_later(clerk, at=before)) == [callback]
    assert list(queries.callbacks_now(clerk, at=after)) == [callback]
    assert list(queries.callbacks_now(dealer, at=after)) == []
    assert queries.queue_counts(clerk, at=callback.late_at) == {"now": 1, "late": 1, "later": 0}


def test_another_companys_calls_are_nobodys_business(desk: Desk, call: Call, world: World) -> None:
    call()
    with world.stranger.scope():
        assert not Callback.objects.exists()
