"""Writes about people: who works here, in which role, and with which tokens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import tokens
from accounts.models import ApiToken, Invitation, Membership, User
from accounts.roles import DEALER_ROLES, Role
from core import audit, events
from core.actor import Actor
from core.errors import DomainError, WrongState
from core.models import Tenant
from core.tenancy import current_tenant_id, tenant_scope, verb

INVITATION_LASTS = timedelta(hours=72)
LONGEST_TOKEN = timedelta(days=730)


class NoAdministratorLeft(DomainError):
    code = "people.no_administrator_left"
    message = _("A company keeps at least one active administrator. Name another one first.")


class InvitationClosed(DomainError):
    code = "invitation.closed"
    message = _("This invitation was used, withdrawn or has expired. Ask for a new one.")


# Invitations


@verb
def invite(
    *,
    actor: Actor,
    email: str,
    name: str,
    role: str,
    dealer_id: int | None = None,
    at: datetime | None = None,
) -> Invitation:
    """Invite somebody by mail; an open invitation of the same address is replaced."""
    moment = at or timezone.now()
    address = email.strip().lower()
    _check_dealer(role, dealer_id)
    post = Membership.objects.filter(user__email=address).first()
    if post is not None and post.is_active:
        raise DomainError(_("This person works here already."), field="email")
    if post is not None:
        raise DomainError(
            _("This person was here before: open them in the list and reactivate them."),
            field="email",
        )
    Invitation.objects.filter(email=address, accepted_at=None, revoked_at=None).update(
        revoked_at=moment
    )
    invitation = Invitation(
        email=address,
        name=name,
        role=role,
        dealer_id=dealer_id,
        invited_by_id=actor.user_id,
    )
    return _issue(actor, invitation, moment, "invitation.sent")


@verb
def resend_invitation(
    *, actor: Actor, invitation: Invitation, at: datetime | None = None
) -> Invitation:
    """Mail a new link that counts from now; the old one stops working."""
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if row.accepted_at or row.revoked_at:
        raise WrongState
    return _issue(actor, row, at or timezone.now(), "invitation.sent_again")


def _issue(actor: Actor, invitation: Invitation, moment: datetime, spoken: str) -> Invitation:
    # Whole seconds: the secret is made from them (see tokens.invitation_secret), and a second
    # issue within the same one would not change it.
    expires_at = (moment + INVITATION_LASTS).replace(microsecond=0)
    if invitation.pk and expires_at <= invitation.expires_at:
        expires_at = invitation.expires_at + timedelta(seconds=1)
    invitation.expires_at = expires_at
    secret = tokens.invitation_secret(invitation.public_id, expires_at)
    invitation.digest = tokens.digest(secret)
    invitation.save()
    audit.record(actor, spoken, invitation, role=invitation.role, dealer_id=invitation.dealer_id)
    events.publish("invitation.issued", actor=actor, invitation=invitation)
    return invitation


@verb
def revoke_invitation(*, actor: Actor, invitation: Invitation) -> Invitation:
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if row.accepted_at or row.revoked_at:
        raise WrongState
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    audit.record(actor, "invitation.revoked", row)
    return row


@verb
def accept_invitation(
    *, invitation: Invitation, user: User | None = None, name: str = "", password: str = ""
) -> Membership:
    """Start to work here: a new person with a password, or one who has an account already.

    The caller has seen the secret, and for an account that exists its owner's sign-in.
    """
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not row.is_open:
        raise InvitationClosed
    if user is None:
        if User.objects.filter(email=row.email).exists():
            raise InvitationClosed
        user = User.objects.create_user(row.email, password, name=name)
    elif user.email != row.email:
        raise InvitationClosed
    post, _is_new = Membership.objects.update_or_create(
        user=user, defaults={"role": row.role, "dealer_id": row.dealer_id, "is_active": True}
    )
    row.accepted_at = timezone.now()
    row.save(update_fields=["accepted_at"])
    actor = Actor(tenant_id=current_tenant_id(), label=user.name, role=row.role, user_id=user.pk)
    audit.record(actor, "invitation.accepted", row, role=row.role)
    return post


# Posts


@verb
def change_role(
    *, actor: Actor, membership: Membership, role: str, dealer_id: int | None = None
) -> Membership:
    """Give a person another role from their next click on; their tokens change with it."""
    _check_dealer(role, dealer_id)
    row = _locked(membership)
    before = {"role": row.role, "dealer_id": row.dealer_id}
    after = {"role": role, "dealer_id": dealer_id}
    if before == after:
        return row
    if role != Role.ADMINISTRATOR:
        _keep_an_administrator(row)
    row.role, row.dealer_id = role, dealer_id
    row.save(update_fields=["role", "dealer_id"])
    audit.record(actor, "person.role_changed", row, before=before, after=after)
    return row


@verb
def deactivate(*, actor: Actor, membership: Membership, reason: str = "") -> Membership:
    """End a person's work here: pages and tokens refuse them from now on, history stays."""
    row = _locked(membership)
    if not row.is_active:
        raise WrongState
    _keep_an_administrator(row)
    row.is_active = False
    row.save(update_fields=["is_active"])
    audit.record(actor, "person.deactivated", row, reason=reason)
    return row


@verb
def reactivate(*, actor: Actor, membership: Membership) -> Membership:
    row = _locked(membership)
    if row.is_active:
        raise WrongState
    row.is_active = True
    row.save(update_fields=["is_active"])
    audit.record(actor, "person.reactivated", row)
    return row


def _locked(membership: Membership) -> Membership:
    return Membership.objects.select_for_update().get(pk=membership.pk)


def _keep_an_administrator(leaving: Membership) -> None:
    if leaving.role != Role.ADMINISTRATOR or not leaving.is_active:
        return
    # All of them are locked: two administrators must not dismiss each other at once.
    posts = Membership.objects.select_for_update(of=("self",)).order_by("pk")
    active = posts.filter(role=Role.ADMINISTRATOR, is_active=True, user__is_active=True)
    if all(post.pk == leaving.pk for post in active):
        raise NoAdministratorLeft


def _check_dealer(role: str, dealer_id: int | None) -> None:
    if role in DEALER_ROLES and dealer_id is None:
        raise DomainError(_("This role belongs to a dealer: give its number."), field="dealer")
    if role not in DEALER_ROLES and dealer_id is not None:
        raise DomainError(
            _("Only dealer roles have a dealer: leave the number empty."), field="dealer"
        )


# One's own profile


@verb
def edit_profile(
    *, actor: Actor, user: User, name: str, phone: str, language: str, time_zone: str
) -> User:
    """A person changes what is said about them, and how pages speak to them."""
    user.name, user.phone, user.language, user.time_zone = name, phone, language, time_zone
    user.save(update_fields=["name", "phone", "language", "time_zone"])
    audit.record(actor, "person.profile_edited", user)
    return user


# API tokens


@verb
def create_token(
    *,
    actor: Actor,
    membership: Membership,
    name: str,
    expires_at: datetime,
) -> tuple[ApiToken, str]:
    """A token that acts as a person's post, and its secret, which is never seen again."""
    if not membership.is_active:
        raise DomainError(_("This person does not work here any more."), field="person")
    now = timezone.now()
    if not now < expires_at <= now + LONGEST_TOKEN:
        raise DomainError(_("A token lasts at least a day and at most two years."), field="days")
    secret = tokens.new_secret("sb")
    row = ApiToken.objects.create(
        membership=membership,
        name=name,
        prefix=secret[: tokens.SHOWN],
        digest=tokens.digest(secret),
        expires_at=expires_at,
    )
    audit.record(actor, "token.created", row, acts_as=str(membership), expires_at=expires_at)
    return row, secret


@verb
def revoke_token(*, actor: Actor, token: ApiToken) -> ApiToken:
    """Stop a token at once; doing it twice changes nothing."""
    row = ApiToken.objects.select_for_update().get(pk=token.pk)
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        audit.record(actor, "token.revoked", row)
    return row


# Companies


@verb
def edit_company(*, actor: Actor, tenant: Tenant, **changes: Any) -> Tenant:
    """Change what papers, messages and pages say of the company."""
    before = {name: getattr(tenant, name) for name in changes}
    changed = {name: value for name, value in changes.items() if before[name] != value}
    if not changed:
        return tenant
    for name, value in changed.items():
        setattr(tenant, name, value)
    tenant.save(update_fields=list(changed))
    old = {name: before[name] for name in changed}
    audit.record(actor, "company.edited", tenant, before=old, after=changed)
    return tenant


def create_company(
    *, name: str, slug: str, admin_email: str, admin_name: str = "", language: str = "zh-hans"
) -> tuple[Tenant, Invitation, str]:
    """A new, empty company with the defaults of every app, and its administrator's invitation.

    Returns the secret of the invitation too: there may be no mail server yet.
    """
    with transaction.atomic():
        tenant = Tenant.objects.create(name=name, slug=slug, language=language)
        with tenant_scope(tenant.pk):
            actor = Actor.system(tenant.pk, name)
            audit.record(actor, "company.created", tenant)
            events.publish("company.created", tenant=tenant)
            invitation = invite(
                actor=actor,
                email=admin_email,
                name=admin_name or admin_email.partition("@")[0],
                role=Role.ADMINISTRATOR,
            )
    secret = tokens.invitation_secret(invitation.public_id, invitation.expires_at)
    return tenant, invitation, secret
