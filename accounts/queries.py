"""Who works here: reads about people, for pages, API and other apps."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Membership, User


def people_in_role(role: str) -> list[User]:
    """The active people of a role in the current tenant, by name."""
    return _people(role=role)


def people_of_dealer(dealer_id: int, roles: Iterable[str]) -> list[User]:
    """The active people of a dealer in some roles, by name; its sub-dealers' are not meant."""
    return _people(dealer_id=dealer_id, role__in=list(roles))


def _people(**conditions: object) -> list[User]:
    working = Membership.objects.filter(is_active=True, user__is_active=True, **conditions)
    return [post.user for post in working.select_related("user").order_by("user__name", "id")]
