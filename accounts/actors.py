"""From a signed-in person or a token to the Actor that all gates ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from accounts.models import User
from accounts.roles import PERMISSIONS
from core.actor import Actor


@dataclass(frozen=True, slots=True)
class Company:
    """One of the companies that a person may work in."""

    membership_id: int
    tenant_id: int
    slug: str
    name: str
    role: str
    dealer_id: int | None
    is_current: bool = False

    @property
    def pk(self) -> int:
        return self.tenant_id


def companies_of(user: User) -> list[Company]:
    """The companies of a person, through the one door that looks across tenants for them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT membership_id, tenant_id, slug, name, role, dealer_id"
            " FROM accounts_companies_of(%s)",
            [user.pk],
        )
        return [Company(*row) for row in cursor.fetchall()]


def actor_for(user: User, company: Company, *, via_token: bool = False) -> Actor:
    """The actor of a person in a company; runs inside its tenant's scope.

    A dealer's people see their dealer and its sub-dealers; who those are is asked of the
    dealers app through `ACTOR_DEALERS`, since this floor knows no dealer.
    """
    dealer_ids = None if company.dealer_id is None else _dealers_under()(company.dealer_id)
    return Actor(
        tenant_id=company.tenant_id,
        label=user.name,
        role=company.role,
        user_id=user.pk,
        membership_id=company.membership_id,
        permissions=PERMISSIONS[company.role],
        dealer_id=company.dealer_id,
        dealer_ids=dealer_ids,
        via_token=via_token,
    )


def _dealers_under() -> Callable[[int], tuple[int, ...]]:
    function: Callable[[int], tuple[int, ...]] = import_string(settings.ACTOR_DEALERS)
    return function
