"""Reads of statutory cases: the list, what waits, and what happened."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.models import AuditEvent
from core.tenancy import whole_tenant
from warranty.access import cases as access
from warranty.models import StatutoryCase
from warranty.states.cases import CaseState
from warranty.worklists import Work

MOST_EVENTS = 60
# Whom a state waits for, by the permission of the next step; in words.
WAITING: tuple[tuple[str, str, Any], ...] = (
    ("case.record_choice", CaseState.TRIGGERED, _("Users who may choose: record what they want")),
    ("case.approve", CaseState.USER_CHOSE, _("Choices of users to approve")),
    ("case.carry_out", CaseState.APPROVED, _("Approved exchanges and returns to carry out")),
)


def case_list(actor: Actor) -> QuerySet[StatutoryCase]:
    return access.visible(actor)


def work(actor: Actor) -> list[Work]:
    """What waits for this person; a dealer hears of users who may choose."""
    if not actor.may("case.view"):
        return []
    waiting = [row for row in WAITING if actor.may(row[0])]
    if actor.is_dealer:
        waiting = [("case.view", CaseState.TRIGGERED, _("Users who may demand more than a repair"))]
    return [
        Work(
            label=label,
            url=f"{reverse('warranty:cases')}?state={state}",
            count=access.visible(actor).filter(state=state).count(),
        )
        for _permission, state, label in waiting
    ]


def events_of(thing: Any) -> list[AuditEvent]:
    """What was done to a case, a spot check or a recovery, the newest first."""
    with whole_tenant():
        rows = AuditEvent.objects.filter(noun=thing._meta.model_name, object_id=thing.pk)
        return list(rows.order_by("-pk")[:MOST_EVENTS])
