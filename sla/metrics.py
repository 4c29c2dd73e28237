"""What of the sweep a monitoring system reads: how much is due, and since when (R-009)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from core.metrics import Figure


def backlog() -> Iterator[Figure]:
    """Due and failing steps of the whole installation, through the door that only counts."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM sla_backlog(%s)", [now])
        due, oldest, failing, differing = cursor.fetchone()
    age = (now - oldest).total_seconds() if oldest else 0
    yield Figure("sanbao_steps_due", "Steps that are due and not fired yet", due)
    yield Figure("sanbao_steps_oldest_due_seconds", "For how long the oldest has been due", age)
    yield Figure("sanbao_steps_failing", "Steps whose effect has raised", failing)
    yield Figure(
        "sanbao_clock_differences", "Clocks whose stored times are not the computed ones", differing
    )
