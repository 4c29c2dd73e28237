"""The nightly proof: what is stored otherwise than computed is shown, never mended in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.actor import Actor
from core.errors import DomainError, WrongState
from core.models import Heartbeat, Tenant
from core.tenancy import tenant_scope
from sla import services
from sla.defaults import install_defaults
from sla.models import Clock, ClockDifference, ProofRun, Step
from sla.proof import prove, prove_all
from tests.cast import World
from tests.sla.conftest import minutes, start

pytestmark = pytest.mark.django_db

As = Callable[..., Client]


def running(subject_id: int = 1) -> Clock:
    return start(subject_id=subject_id, at=timezone.now())


def open_kinds() -> list[str]:
    rows = ClockDifference.objects.filter(settled_at=None).order_by("what")
    return list(rows.values_list("what", flat=True))


def test_clocks_as_they_must_be_show_nothing(tenant: Tenant, actor: Actor) -> None:
    running(1)
    running(2)
    services.pause_clocks(actor=actor, subject="thing", subject_id=2, reason="parts")
    services.resume_clocks(actor=actor, subject="thing", subject_id=2)
    run = prove()
    assert (run.checked, run.differing) == (2, 0)
    assert open_kinds() == []


def test_a_due_time_moved_by_hand_is_found_and_left_alone(tenant: Tenant) -> None:
    clock = running()
    moved = clock.due_at + minutes(7)
    Clock.objects.filter(pk=clock.pk).update(due_at=moved)
    assert prove().differing == 1
    found = ClockDifference.objects.get()
    assert (found.what, found.stored_at, found.computed_at) == ("due_at", moved, clock.due_at)
    clock.refresh_from_db()
    assert clock.due_at == moved


def test_a_step_moved_by_hand_is_found(tenant: Tenant) -> None:
    clock = running()
    Step.objects.filter(clock=clock, action="escalate").update(at=clock.due_at + minutes(999))
    prove()
    assert open_kinds() == ["steps"]


def test_what_the_sweep_overlooked_is_found(tenant: Tenant) -> None:
    clock = start(at=timezone.now() - timedelta(days=9))
    prove()
    assert open_kinds() == ["not_fired", "not_marked"]
    assert clock.missed_at is None
    services.sweep()
    prove()
    assert open_kinds() == []


def test_a_second_night_finds_the_same_once(tenant: Tenant) -> None:
    clock = running()
    Clock.objects.filter(pk=clock.pk).update(warn_at=clock.warn_at - minutes(1))
    prove()
    first = ClockDifference.objects.get()
    prove(timezone.now() + timedelta(hours=1))
    again = ClockDifference.objects.get()
    assert (again.pk, again.found_at) == (first.pk, first.found_at)
    assert again.seen_at > first.seen_at
    Clock.objects.filter(pk=clock.pk).update(warn_at=clock.warn_at)
    assert prove().differing == 0


def test_adopting_dates_the_clock_as_computed(tenant: Tenant, actor: Actor) -> None:
    clock = running()
    Clock.objects.filter(pk=clock.pk).update(due_at=clock.due_at + minutes(7))
    prove()
    services.settle_difference(actor=actor, difference=ClockDifference.objects.get(), adopt=True)
    assert Clock.objects.get().due_at == clock.due_at
    assert prove().differing == 0
    with pytest.raises(WrongState):
        services.settle_difference(
            actor=actor, difference=ClockDifference.objects.get(), adopt=True
        )


def test_what_is_kept_with_a_reason_is_not_found_again(tenant: Tenant, actor: Actor) -> None:
    clock = running()
    moved = clock.due_at + minutes(7)
    Clock.objects.filter(pk=clock.pk).update(due_at=moved)
    prove()
    found = ClockDifference.objects.get()
    with pytest.raises(DomainError):
        services.settle_difference(actor=actor, difference=found, adopt=False, note=" ")
    services.settle_difference(actor=actor, difference=found, adopt=False, note="promised so")
    assert prove().differing == 0
    assert Clock.objects.get().due_at == moved
    Clock.objects.filter(pk=clock.pk).update(due_at=moved + minutes(1))
    assert prove().differing == 1


def test_every_company_is_proven_and_a_heartbeat_says_so(tenant: Tenant) -> None:
    running()
    prove_all()
    assert Heartbeat.objects.get(name="sla.prove").handled >= 1
    assert ProofRun.objects.get().checked == 1


def test_the_proof_asks_a_batch_at_a_time(tenant: Tenant) -> None:
    for subject_id in range(1, 4):
        running(subject_id)
    with CaptureQueriesContext(connection) as few:
        prove()
    for subject_id in range(4, 24):
        running(subject_id)
    with CaptureQueriesContext(connection) as many:
        prove()
    assert len(many) == len(few)


def test_the_administrator_settles_it_on_a_page(world: World, as_: As) -> None:
    install_defaults(world.owner.tenant)
    with tenant_scope(world.owner.tenant.pk):
        clock = start(subject="thing", at=timezone.now(), minutes=120)
        Clock.objects.filter(pk=clock.pk).update(due_at=clock.due_at + minutes(7))
        prove()
        found = ClockDifference.objects.get()
    client, url = as_("administrator"), reverse("sla:difference", args=[found.public_id])
    assert clock.subject_number in client.get(reverse("sla:health")).content.decode()
    refused = client.post(url, {"keep": "", "note": ""})
    assert refused.status_code == 422
    assert client.post(url, {"adopt": "", "note": "x"}).status_code == 302
    with tenant_scope(world.owner.tenant.pk):
        assert Clock.objects.get().due_at == clock.due_at
    assert as_("clerk").get(url).status_code == 403
