"""A visit and a callback as rows; for the story use the verbs."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from tests.cast import Cast
from visits.models import Callback, Visit

_serial = count(1)


def a_visit(cast: Cast, ticket: Any, **facts: Any) -> Visit:
    """A planned visit of whoever holds the ticket."""
    row: dict[str, Any] = {
        "number": f"V-20261121-{next(_serial):04d}",
        "ticket": ticket,
        "dealer_id": ticket.dealer_id,
        "technician_name": f"赵师傅 {cast.mark}".strip(),
        "planned_at": timezone.now() + timedelta(hours=3),
    }
    return Visit.objects.create(**(row | facts))


def a_callback(cast: Cast, ticket: Any, **facts: Any) -> Callback:
    """A call that may be made now."""
    now = timezone.now()
    row: dict[str, Any] = {
        "number": f"CB-20261121-{next(_serial):04d}",
        "ticket": ticket,
        "dealer_id": ticket.dealer_id,
        "due_at": now - timedelta(hours=1),
        "late_at": now + timedelta(days=4),
        "next_attempt_at": now - timedelta(hours=1),
    }
    return Callback.objects.create(**(row | facts))
