"""A rung that names a webhook: the program behind it hears of the promise, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

import sla.services
from notifications import services
from notifications.models import OutboxMessage
from sla.models import Calendar, Step
from tests.cast import World, a_ticket


@pytest.mark.parametrize(("after", "event"), [(-30, "sla.warned"), (30, "sla.breached")])
def test_a_rung_calls_its_webhook_once_with_the_facts_of_the_promise(
    world: World, after: int, event: str
) -> None:
    cast = world.owner
    with cast.scope():
        services.create_webhook(
            actor=cast.actor("administrator"), code="erp", name="ERP", url="https://erp.example/"
        )
        Calendar.objects.get_or_create(
            code="always",
            defaults={
                "name": "always",
                "windows": {str(day): [["00:00", "24:00"]] for day in range(7)},
                "is_default": not Calendar.objects.filter(is_default=True).exists(),
            },
        )
        ticket = a_ticket(cast)
        clock = sla.services.start_clock(
            actor=cast.system(),
            subject="ticket",
            subject_id=ticket.pk,
            subject_number=ticket.number,
            promise="dispatch",
            holder_kind="desk",
            holder_label="desk",
            facts={},
            minutes=120,
        )
        assert clock is not None
        clock.steps.all().delete()
        for position, code in enumerate(("erp", "nobody")):
            Step.objects.create(
                clock=clock,
                position=position,
                action="webhook",
                webhook=code,
                after_minutes=after,
                at=clock.due_at + timedelta(minutes=after),
            )
        when = clock.due_at + timedelta(minutes=after)
        sla.services.sweep(when)
        sla.services.sweep(when + timedelta(minutes=1))
        call = OutboxMessage.objects.get(channel="webhook")
    assert (call.event, call.address) == (event, "erp")
    assert (call.params["number"], call.params["promise"]) == (ticket.number, "dispatch")
    assert call.params["due_at"][:16] == clock.due_at.isoformat()[:16]
    assert call.next_attempt_at <= timezone.now()
