"""Who hears of a claim: the dealer's people of their claims, reviewers of what waits for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.queries import people_in_role, people_of_dealer, reached
from accounts.roles import Role
from core.money import yuan
from core.words import money
from notifications import services as notifications
from notifications.services import Told
from warranty.links import page_of_claim
from warranty.models import Claim
from warranty.queries.decisions import review_limits

FILERS = (Role.DEALER_PRINCIPAL, Role.DEALER_CLERK)


def tell_dealer(claim: Claim, event: str, *, approved: int | None = None, **params: Any) -> None:
    """Tell who files for the dealer; the company's own technician hears of his own claim."""
    if approved is not None:
        params |= {"approved": money(yuan(approved)), "claimed": money(yuan(claim.claimed_cents))}
    _tell(_filers(claim), claim, event, params)


def tell_reviewers(claim: Claim, event: str, **params: Any) -> None:
    """Tell those who decide the level on which a claim stands."""
    roles = {limit.role for limit in review_limits() if limit.level == claim.level}
    _tell([user for role in sorted(roles) for user in people_in_role(role)], claim, event, params)


def tell_of_appeal(claim: Claim) -> None:
    """Tell those who decide appeals; whoever decided first has no part in it."""
    people = people_in_role(Role.TECHNICAL_MANAGER)
    _tell([user for user in people if user.pk != claim.decided_by_id], claim, "appealed", {})


def _filers(claim: Claim) -> list[User]:
    if claim.dealer_id is None:
        return list(User.objects.filter(pk=claim.created_by_id or 0, is_active=True))
    return people_of_dealer(claim.dealer_id, FILERS)


def _tell(people: Iterable[User], claim: Claim, event: str, params: dict[str, Any]) -> None:
    now = timezone.now()
    about = {"number": claim.number, "machine": claim.machine.serial_number, **params}
    notifications.notify_all(
        told=[
            Told(
                user,
                f"claim.{event}",
                about,
                # The same thing may happen again to the same claim, and is told again.
                f"claim:{claim.pk}:{event}:{now.isoformat()}",
                url=page_of_claim(claim.number),
            )
            for user in reached(people, now).people
        ]
    )
