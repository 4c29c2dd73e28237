"""Reads of claims on suppliers: the list, the sums, and what waits."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from warranty.access import recoveries as access
from warranty.models import RecoveryClaim
from warranty.states.cases import RecoveryState
from warranty.worklists import Work


def recovery_list(actor: Actor) -> QuerySet[RecoveryClaim]:
    return access.visible(actor)


def work(actor: Actor) -> list[Work]:
    """Costs to claim from suppliers, and answers to debit."""
    if actor.is_dealer or not actor.may("recovery.view"):
        return []
    url = reverse("warranty:recoveries")
    rows = access.visible(actor)
    found = []
    if actor.may("recovery.edit"):
        found.append((RecoveryState.FOUND, _("Costs to claim from suppliers")))
    if actor.may("recovery.debit"):
        found.append((RecoveryState.ACCEPTED, _("Accepted by suppliers, to be debited")))
        found.append((RecoveryState.PARTLY, _("Partly accepted by suppliers, to be debited")))
    return [
        Work(label=label, url=f"{url}?state={state}", count=rows.filter(state=state).count())
        for state, label in found
    ]
