"""Alarms of lower floors that are strangers to the messages: here both are known."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.queries import people_in_role
from accounts.roles import Role
from notifications import services


def tell_of_missing_list(*, missing: Any, week: str) -> None:
    """On "calendar.list_missing": each administrator once per calendar, year and week (R-016)."""
    calendar = missing.calendar
    for user in people_in_role(Role.ADMINISTRATOR):
        services.notify(
            user=user,
            event="calendar.list_missing",
            params={
                "calendar": calendar.name,
                "year": str(missing.year),
                "through_on": calendar.known_through,
            },
            cause=f"calendar:{calendar.pk}:list:{missing.year}:{week}",
            url=f"{reverse('sla:calendar-days', args=[calendar.code])}?year={missing.year}",
        )
