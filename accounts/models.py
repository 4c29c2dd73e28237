"""People, the companies they work for, their invitations, API tokens and absences."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.base import TenantModel
from core.fields import TenantForeignKey
from core.history import history


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. Belongs to no tenant; `Membership` says where they work."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


@history()
class Membership(TenantModel):
    """A person's post in one company: one role there, and a dealer for a dealer's people."""

    dealer_wall: ClassVar[str] = "own:dealer_id"

    public_id = models.UUIDField(default=uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", db_index=False)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    # The dealer lives on a higher floor: the link is a number here, kept in the tenant by
    # dealers' own migration (see dealers.models).
    dealer_id = models.BigIntegerField(null=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "user"], name="one_membership_per_person_and_company"
            ),
            models.UniqueConstraint(
                fields=["tenant", "public_id"], name="membership_public_id_once"
            ),
            models.CheckConstraint(
                condition=models.Q(role__startswith="dealer_", dealer_id__isnull=False)
                | (~models.Q(role__startswith="dealer_") & models.Q(dealer_id__isnull=True)),
                name="dealer_roles_have_a_dealer_and_others_none",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "role"], name="membership_by_role"),
            models.Index(fields=["user"], name="membership_of_user"),
        ]

    def __str__(self) -> str:
        return self.user.name

    @property
    def role_label(self) -> Any:
        return Role(self.role).label


class Invitation(TenantModel):
    """An invitation by mail: single use, expiring, only its hash is kept."""

    public_id = models.UUIDField(default=uuid4, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=20, choices=Role)
    dealer_id = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "digest"], name="invitation_digest_once"),
            models.UniqueConstraint(
                fields=["tenant", "public_id"], name="invitation_public_id_once"
            ),
        ]
        indexes = [models.Index(fields=["digest"], name="invitation_by_digest")]

    def __str__(self) -> str:
        return self.email

    @property
    def role_label(self) -> Any:
        return Role(self.role).label

    @property
    def is_open(self) -> bool:
        """Whether its link still opens the door."""
        is_used = self.accepted_at is not None or self.revoked_at is not None
        return not is_used and self.expires_at > timezone.now()


class ApiToken(TenantModel):
    """A REST client's token: hashed, expiring, revocable, acting as one membership."""

    public_id = models.UUIDField(default=uuid4, editable=False)
    membership = TenantForeignKey(Membership, models.PROTECT, related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "digest"], name="token_digest_once"),
            models.UniqueConstraint(fields=["tenant", "public_id"], name="token_public_id_once"),
        ]
        indexes = [models.Index(fields=["digest"], name="token_by_digest")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


@history()
class Absence(TenantModel):
    """A time in which somebody is away, and who stands in (R-014).

    An end before the planned one moves `ends_at`; the history keeps what was planned.
    """

    dealer_wall: ClassVar[str] = "with:member"

    public_id = models.UUIDField(default=uuid4, editable=False)
    member = TenantForeignKey(Membership, models.PROTECT, related_name="absences")
    # Empty: what would reach this person falls to the supervisors.
    deputy = TenantForeignKey(Membership, models.PROTECT, null=True, related_name="stands_in")
    starts_at = models.DateTimeField(_("away from"))
    ends_at = models.DateTimeField(_("away until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    entered_label = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="absence_public_id_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="an_absence_ends_after_its_start"
            ),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=F("member")), name="a_deputy_is_somebody_else"
            ),
            # A person's id as a range of one: so plain GiST can compare it, without an extension.
            ExclusionConstraint(
                name="one_absence_of_a_person_at_a_time",
                expressions=[
                    (
                        Func(
                            F("member"),
                            F("member"),
                            Value("[]"),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        "&&",
                    ),
                    (
                        Func(
                            F("starts_at"),
                            F("ends_at"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                condition=Q(withdrawn_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "ends_at"],
                condition=Q(withdrawn_at=None),
                name="absence_by_end",
            ),
        ]

    def __str__(self) -> str:
        return self.member.user.name

    @property
    def user(self) -> User:
        return self.member.user

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    def covers(self, at: datetime) -> bool:
        """Whether the person is away at that instant; on the end they are back."""
        return not self.is_withdrawn and self.starts_at <= at < self.ends_at

    @property
    def state(self) -> str:
        """ "withdrawn", "over", "now" or "coming", for pages."""
        now = timezone.now()
        if self.is_withdrawn:
            return "withdrawn"
        if self.ends_at <= now:
            return "over"
        return "now" if self.starts_at <= now else "coming"
