"""Who hears of consent before the work: reviewers of what is asked, its maker's side of answers."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import User
from accounts.queries import people_in_role, people_of_dealer, reached
from accounts.roles import Role
from core.money import yuan
from core.words import money
from notifications import services as notifications
from notifications.services import Told
from warranty.models import PreAuthorisation

ASKED = "asked"


def tell_of_consent(row: PreAuthorisation, how: str) -> None:
    """Tell those who answer that consent is asked for, or the makers what the answer is."""
    now = timezone.now()
    people = _reviewers() if how == ASKED else _makers(row)
    about = {
        "number": row.number,
        "machine": row.machine.serial_number,
        "asked": money(yuan(row.asked_cents)),
        "limit": money(yuan(row.limit_cents)) if row.limit_cents is not None else "",
        "reason": row.reason,
        "due_on": row.expires_on,
    }
    notifications.notify_all(
        told=[
            Told(
                user,
                f"preauthorisation.{how}",
                about,
                f"preauthorisation:{row.pk}:{how}:{now.isoformat()}",
                url=f"/warranty/pre-authorisations/{row.number}/",
            )
            for user in reached(people, now).people
        ]
    )


def _reviewers() -> list[User]:
    return people_in_role(Role.ENGINEER)


def _makers(row: PreAuthorisation) -> list[User]:
    if row.dealer_id is None:
        return list(User.objects.filter(pk=row.created_by_id or 0, is_active=True))
    return people_of_dealer(row.dealer_id, (Role.DEALER_PRINCIPAL, Role.DEALER_CLERK))
