"""A changed policy moves no clock by itself; a supervisor may have clocks follow it (R-002)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from core.errors import DomainError, WrongState
from core.models import AuditEvent, Job
from sla import services
from sla.models import Clock, PolicyVersion
from sla.reapply_jobs import BATCH, run_reapply, start_reapply
from sla.services import NewTarget
from sla.services.reapply import outlooks
from tests.cast import World
from tests.sla.test_settings import edit
from tests.tickets.conftest import TEN, Desk, desk, later
from tickets import wording
from tickets.models import TimelineEntry

__all__ = ["desk"]
As = Callable[..., Client]
LADDER = ({"after": 0, "role": "supervisor"}, {"after": 60, "role": "manager"})
LONGER = [NewTarget("dispatch", 180, 75, LADDER)]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def change(site: Desk, *targets: NewTarget) -> PolicyVersion:
    policy = PolicyVersion.objects.get(policy__code="core", valid_to=None).policy
    edit(site.cast.system(), policy, targets=targets or LONGER)
    # Decided a minute after the clocks of the test have begun.
    policy.versions.filter(number=1).update(valid_to=later(1))
    policy.versions.filter(number=2).update(valid_from=later(1))
    return policy.versions.get(valid_to=None)


def dispatch() -> Clock:
    return Clock.objects.get(promise="dispatch")


def again(site: Desk, clock: Clock, at: Any = None) -> Clock:
    return services.reapply_policy(actor=site.supervisor, clock=clock, at=at)


def test_a_changed_policy_touches_no_ticket(desk: Desk) -> None:
    desk.register()
    before = list(Clock.objects.order_by("id").values())
    change(desk)
    assert list(Clock.objects.order_by("id").values()) == before


def test_a_clock_follows_the_policy_and_the_ticket_says_so(desk: Desk) -> None:
    ticket = desk.register()
    newest = change(desk)
    clock = again(desk, dispatch())
    assert (clock.minutes, clock.due_at, clock.version) == (180, later(180), newest)
    assert clock.steps.get(action="breach").at == later(180)
    line = TimelineEntry.objects.get(ticket=ticket, event="reapplied")
    assert line.visibility == "internal"
    assert "2" in wording.sentence(line) and "Dispatch" in wording.sentence(line)
    event = AuditEvent.objects.get(verb="clock.reapplied")
    assert event.actor_label == desk.supervisor.label
    assert again(desk, clock).version == newest
    assert TimelineEntry.objects.filter(event="reapplied").count() == 1


def test_used_time_pauses_and_fired_steps_stay(desk: Desk) -> None:
    ticket = desk.register()
    services.sweep(later(95))  # the reminder at 75 % has gone out
    given: dict[str, Any] = {"actor": desk.clerk, "subject": "ticket", "subject_id": ticket.pk}
    services.pause_clocks(**given, reason="customer", promises=["dispatch"], at=later(100))
    services.resume_clocks(**given, at=later(130))
    change(desk, NewTarget("dispatch", 180, 50, ({"after": 30, "role": "manager"},)))
    clock = again(desk, dispatch(), later(131))
    assert clock.due_at == later(210)
    steps = {(step.action, step.role, step.after_minutes): step for step in clock.steps.all()}
    assert steps["warn", "", 0].state == "fired"
    assert steps["breach", "", 0].state == "planned"
    assert steps["escalate", "supervisor", 0].state == "cancelled"
    assert "new version" in steps["escalate", "supervisor", 0].reason
    assert steps["escalate", "manager", 60].state == "cancelled"
    assert steps["escalate", "manager", 30].at == later(240)
    assert clock.pauses.count() == 1


def test_what_was_told_is_not_told_twice(desk: Desk) -> None:
    desk.register()
    services.sweep(later(125))
    change(desk)
    clock = again(desk, dispatch(), later(126))
    supervisors = clock.steps.filter(action="escalate", role="supervisor")
    assert [step.state for step in supervisors] == ["fired"]
    assert clock.steps.get(action="escalate", role="manager", state="planned").at == later(240)
    assert clock.missed_at == later(120)


def test_a_paused_clock_stays_paused(desk: Desk) -> None:
    ticket = desk.register()
    services.pause_clocks(
        actor=desk.clerk, subject="ticket", subject_id=ticket.pk, reason="parts", at=later(30)
    )
    change(desk)
    clock = again(desk, dispatch(), later(40))
    assert clock.state == "paused"
    assert set(clock.steps.filter(state="planned").values_list("action", flat=True)) == set()
    services.resume_clocks(actor=desk.clerk, subject="ticket", subject_id=ticket.pk, at=later(60))
    assert dispatch().due_at == later(210)


def test_it_is_said_beforehand_what_would_be_overdue(desk: Desk) -> None:
    desk.register()
    change(desk, NewTarget("dispatch", 30))
    (seen,) = outlooks([dispatch()], at=later(60))
    assert (seen.due_at, seen.is_late, seen.is_same) == (later(30), True, False)
    assert dispatch().due_at == later(120)
    kept = outlooks([Clock.objects.get(promise="first_answer")], at=later(60))[0]
    assert kept.target is None  # the new version names no such promise any more


def test_a_promise_nobody_makes_any_more_is_kept(desk: Desk) -> None:
    desk.register()
    change(desk)
    answer = Clock.objects.get(promise="first_answer")
    with pytest.raises(DomainError, match="No policy"):
        again(desk, answer)
    services.cancel_clocks(
        actor=desk.clerk, subject="ticket", subject_id=answer.subject_id, reason="x"
    )
    with pytest.raises(WrongState):
        again(desk, dispatch())


def test_minutes_given_to_one_clock_stay_its_own(desk: Desk) -> None:
    ticket = desk.register()
    Clock.objects.filter(promise="dispatch").update(minutes=33)
    change(desk)
    assert again(desk, dispatch()).due_at == TEN + timedelta(minutes=33)
    assert ticket.pk == dispatch().subject_id


def test_the_statements_of_an_outlook_do_not_grow_with_the_clocks(desk: Desk) -> None:
    for _each in range(4):
        desk.register()
    change(desk)
    clocks = list(Clock.objects.filter(promise="dispatch").select_related("calendar"))
    outlooks(clocks)  # the calendars are kept from now on

    def statements(some: list[Clock]) -> int:
        with CaptureQueriesContext(connection) as queries:
            outlooks(some)
        return len(queries)

    assert statements(clocks) == statements(clocks[:1])


def test_a_job_has_the_chosen_clocks_follow_in_batches(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sla.reapply_jobs.BATCH", 2)
    for _each in range(3):
        desk.register()
    newest = change(desk)
    answers = list(Clock.objects.filter(promise="first_answer").values_list("pk", flat=True))
    clocks = list(Clock.objects.filter(promise="dispatch").values_list("pk", flat=True))
    job = start_reapply(actor=desk.supervisor, policy=newest.policy, clocks=[*clocks, answers[0]])
    run_reapply(tenant_id=desk.cast.tenant.pk, job_id=job.pk)
    run_reapply(tenant_id=desk.cast.tenant.pk, job_id=job.pk)
    job = Job.objects.get(pk=job.pk)
    assert (job.state, job.done, job.result) == ("done", 4, {"moved": 3, "left": 1})
    assert Clock.objects.filter(version=newest).count() == 3
    assert AuditEvent.objects.filter(verb="clock.reapplied").count() == 3
    told = AuditEvent.objects.filter(verb="clock.reapplied").first()
    assert told and told.actor_label == desk.supervisor.label and BATCH == 50


def test_the_page_lists_old_and_new_times_and_orders_the_chosen(
    desk: Desk, world: World, as_: As
) -> None:
    desk.register(reported_at=timezone.now())
    change(desk)
    url = reverse("sla:policy-running", args=["core"])
    supervisor = as_("supervisor")
    page = supervisor.get(url).content.decode()
    assert dispatch().subject_number in page
    assert supervisor.post(url).status_code == 422
    answer = supervisor.post(url, {"clock": [str(dispatch().pk)]})
    assert answer.status_code == 302
    assert supervisor.get(answer["Location"]).status_code == 200
    assert as_("clerk").get(url).status_code == 403
