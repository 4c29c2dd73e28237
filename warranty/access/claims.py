"""The only gate to claims and pre-authorisations."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import DomainError
from warranty.models import CheckRule, Claim, PreAuthorisation


class DealersOwn(DomainError):
    code = "claim.of_a_dealer"
    message = _("This is a dealer's claim: the dealer files it, corrects it and withdraws it.")


# What only those whose claim it is may do with it.
FILING = frozenset({"claim.submit", "claim.give_up", "claim.appeal"})


def visible(actor: Actor) -> QuerySet[Claim]:
    """The tenant's claims, or those of the actor's own dealers."""
    claims = Claim.objects.all()
    if actor.dealer_ids is None:
        return claims
    return claims.filter(dealer_id__in=actor.dealer_ids)


def get_claim(actor: Actor, number: str, to: str = "claim.view") -> Claim:
    """A claim by number: unknown 404, not allowed 403.

    The company's own technicians file claims too (R-147), but never for a dealer.
    """
    claims = visible(actor).select_related(
        "machine__model", "dealer__level", "payee", "customer", "ticket", "report"
    )
    claim = get_object_or_404(claims, number=number)
    if not actor.may(to):
        raise PermissionDenied
    if to in FILING and not actor.is_dealer and claim.dealer_id is not None:
        raise DealersOwn
    return claim


def visible_pre_authorisations(actor: Actor) -> QuerySet[PreAuthorisation]:
    """The tenant's consents, or those of the actor's own dealers."""
    rows = PreAuthorisation.objects.all()
    if actor.dealer_ids is None:
        return rows
    return rows.filter(dealer_id__in=actor.dealer_ids)


def get_pre_authorisation(actor: Actor, number: str, to: str = "claim.view") -> PreAuthorisation:
    """A consent by number: unknown 404, not allowed 403."""
    rows = visible_pre_authorisations(actor).select_related("machine__model", "dealer", "ticket")
    row = get_object_or_404(rows, number=number)
    if not actor.may(to):
        raise PermissionDenied
    if to in FILING and not actor.is_dealer and row.dealer_id is not None:
        raise DealersOwn
    return row


def visible_rules(actor: Actor) -> QuerySet[CheckRule]:
    """The check table, for the manufacturer's own people."""
    return CheckRule.objects.none() if actor.is_dealer else CheckRule.objects.all()
