"""The gates of people, invitations and tokens."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts import tokens
from accounts.models import Absence, ApiToken, Invitation, Membership
from core.actor import Actor


def visible(actor: Actor) -> QuerySet[Membership]:
    """The people of the company; a dealer's people see only those of their dealer."""
    return Membership.objects.select_related("user")


def get_membership(actor: Actor, public_id: UUID, *, to: str = "user.manage") -> Membership:
    found = get_object_or_404(visible(actor), public_id=public_id)
    if not actor.may(to):
        raise PermissionDenied
    return found


def get_invitation(actor: Actor, public_id: UUID, *, to: str = "user.manage") -> Invitation:
    found = get_object_or_404(Invitation, public_id=public_id)
    if not actor.may(to):
        raise PermissionDenied
    return found


def get_token(actor: Actor, public_id: UUID, *, to: str = "token.manage") -> ApiToken:
    found = get_object_or_404(ApiToken, public_id=public_id)
    if not actor.may(to):
        raise PermissionDenied
    return found


def visible_absences(actor: Actor) -> QuerySet[Absence]:
    """Everybody sees when colleagues are away; a dealer's people only those of their dealer."""
    return Absence.objects.select_related("member__user", "deputy__user")


def get_absence(actor: Actor, public_id: UUID) -> Absence:
    """An absence to change: one's own, or any of a colleague with "absence.manage"."""
    found = get_object_or_404(visible_absences(actor), public_id=public_id)
    if found.member.user_id == actor.user_id:
        return found
    if not actor.may("absence.manage") or found.member.dealer_id != actor.dealer_id:
        raise PermissionDenied
    return found


def tenant_of_invitation(secret: str) -> int | None:
    """Whose invitation this secret opens, through the door that looks across tenants."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_tenant_of_invitation(%s)", [tokens.digest(secret)])
        found: int | None = cursor.fetchone()[0]
        return found


def invitation_of(secret: str) -> Invitation | None:
    """The open invitation of a secret; runs inside its tenant's scope."""
    found = Invitation.objects.filter(digest=tokens.digest(secret)).first()
    return found if found is not None and found.is_open else None
