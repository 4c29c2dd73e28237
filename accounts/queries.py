"""Who works here: reads about people, for pages, API and other apps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, Model, Q, QuerySet, When
from django.db.models.functions import Now

from accounts.access import visible, visible_absences
from accounts.models import Absence, ApiToken, Invitation, Membership, User
from accounts.stand_ins import Reached, absences_at, reached, stand_ins, stands_in_for, told_names
from core.actor import Actor
from core.models import AuditEvent, Option
from core.options import OPTIONS

__all__ = [
    "Reached",
    "absences",
    "absences_at",
    "api_tokens",
    "audit_events",
    "audit_of",
    "colleagues",
    "open_invitations",
    "option_history",
    "people",
    "people_in_role",
    "people_of_dealer",
    "reached",
    "stand_ins",
    "stands_in_for",
    "told_names",
]


def people_in_role(role: str) -> list[User]:
    """The active people of a role in the current tenant, by name."""
    return _people(role=role)


def people_of_dealer(dealer_id: int, roles: Iterable[str]) -> list[User]:
    """The active people of a dealer in some roles, by name; its sub-dealers' are not meant."""
    return _people(dealer_id=dealer_id, role__in=list(roles))


def _people(**conditions: object) -> list[User]:
    working = Membership.objects.filter(is_active=True, user__is_active=True, **conditions)
    return [post.user for post in working.select_related("user").order_by("user__name", "id")]


def people(actor: Actor) -> QuerySet[Membership]:
    """Everybody who works or worked here, the newest first."""
    return visible(actor).order_by("-id")


def colleagues(actor: Actor) -> QuerySet[Membership]:
    """Who works in the same house: the company's people, or those of the same dealer."""
    working = visible(actor).filter(is_active=True, user__is_active=True)
    return working.filter(dealer_id=actor.dealer_id).order_by("user__name", "id")


def absences(actor: Actor, *, is_over: bool, at: datetime) -> QuerySet[Absence]:
    """Who of the same house is or will be away; or was, with what was withdrawn."""
    found = visible_absences(actor).filter(member__dealer_id=actor.dealer_id)
    over = Q(ends_at__lte=at) | Q(withdrawn_at__isnull=False)
    return found.filter(over) if is_over else found.exclude(over)


def open_invitations(actor: Actor) -> QuerySet[Invitation]:
    """Invitations that nobody took or withdrew; the expired ones too, to be sent again."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None).order_by("-id")


def api_tokens(actor: Actor) -> QuerySet[ApiToken]:
    """The company's tokens, the newest first, the dead ones at the end."""
    is_dead = Case(When(revoked_at=None, expires_at__gt=Now(), then=0), default=1)
    found = ApiToken.objects.select_related("membership__user")
    return found.annotate(is_dead=is_dead).order_by("is_dead", "-id")


def audit_events(actor: Actor) -> QuerySet[AuditEvent]:
    """The company's audit trail, newest first (R-003)."""
    return AuditEvent.objects.order_by("-id")


def option_history(actor: Actor) -> QuerySet[Option]:
    """Every value that a setting ever had, newest first (R-002)."""
    return Option.objects.filter(key__in=OPTIONS).order_by("-id")


def audit_of(actor: Actor, thing: Model, at_most: int = 50) -> list[AuditEvent]:
    """What was done to one thing, newest first."""
    found = audit_events(actor).filter(noun=thing._meta.model_name, object_id=thing.pk)
    return list(found[:at_most])
