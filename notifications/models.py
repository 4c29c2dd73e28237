"""Messages to people: what they see in the product, and what leaves it through the outbox."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey


class Channel(models.TextChoices):
    MAIL = "mail", _("E-mail")
    SMS = "sms", _("Text message")


class OutboxState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    BUNDLED = "bundled", _("In a digest")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")


class Notification(TenantModel):
    """One line under somebody's bell; worded from the event when it is shown."""

    dealer_wall: ClassVar[str] = "open"  # queries show each person only their own

    public_id = models.UUIDField(default=uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+"
    )
    cause = models.CharField(max_length=120)
    event = models.CharField(max_length=60)
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    url = models.CharField(max_length=300, blank=True)
    is_urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "user", "cause"],
                name="one_notification_per_cause_and_person",
            ),
            models.UniqueConstraint(
                fields=["tenant", "public_id"], name="notification_public_id_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "user", "-id"],
                condition=Q(read_at=None),
                name="notification_unread",
            ),
            models.Index(fields=["tenant", "user", "-id"], name="notification_newest"),
        ]


class OutboxMessage(TenantModel):
    """A message saved with the change and sent after it: nothing lost, nothing twice (R-031).

    Mails of one `bundle` to one person leave as one letter (R-009). Its rows point with `digest`
    at the row that leads it, the leading one at itself; they never change hands afterwards, so
    that each attempt of that letter says the same.
    """

    public_id = models.UUIDField(default=uuid4, editable=False)
    cause = models.CharField(max_length=160)
    channel = models.CharField(max_length=8, choices=Channel)
    recipient_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
    )
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    event = models.CharField(max_length=60)
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    subject = models.CharField(max_length=40, blank=True)  # "ticket:17", for its timeline
    is_urgent = models.BooleanField(default=False)  # leaves in quiet hours as well
    bundle = models.CharField(max_length=40, blank=True)
    digest = TenantForeignKey("self", null=True, related_name="lines")
    is_held = models.BooleanField(default=False)  # rests until the quiet hours end
    state = models.CharField(max_length=8, choices=OutboxState, default=OutboxState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "channel", "address", "cause"],
                name="one_message_per_cause_and_address",
            ),
            models.UniqueConstraint(fields=["tenant", "public_id"], name="outbox_public_id_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state="queued"),
                name="outbox_queued",
            ),
            models.Index(
                fields=["tenant", "recipient_user", "bundle"],
                condition=Q(state="queued", digest=None) & ~Q(bundle=""),
                name="outbox_to_bundle",
            ),
            models.Index(fields=["tenant", "subject"], name="outbox_of_subject"),
            models.Index(
                fields=["tenant", "-id"], condition=Q(state="failed"), name="outbox_given_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.address}"


class Preference(TenantModel):
    """A person's wish per event: by mail or only under the bell."""

    dealer_wall: ClassVar[str] = "open"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+"
    )
    event = models.CharField(max_length=60)
    by_mail = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "user", "event"], name="one_preference_per_event"
            )
        ]
