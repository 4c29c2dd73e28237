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
    WEBHOOK = "webhook", _("Webhook")


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


class Webhook(TenantModel):
    """Where another program wants to be called; the secret is derived, see `webhooks.signing`."""

    code = models.SlugField(_("Code"), max_length=40, db_index=False)
    name = models.CharField(_("Name"), max_length=80)
    url = models.CharField(_("Address"), max_length=500)
    events = models.JSONField(default=list)  # families such as "sla"; empty: all
    is_active = models.BooleanField(default=True)
    public_id = models.UUIDField(default=uuid4, editable=False)
    secret_number = models.PositiveSmallIntegerField(default=1)
    secret_changed_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    failing_since = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)  # nobody knocks before
    last_sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    FAILING_AFTER: ClassVar[int] = 5

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="webhook_code_once"),
            models.UniqueConstraint(fields=["tenant", "public_id"], name="webhook_public_id_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_failing(self) -> bool:
        return self.failures >= self.FAILING_AFTER

    def wants(self, event: str) -> bool:
        return not self.events or event.partition(".")[0] in self.events


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
    webhook = TenantForeignKey(Webhook, null=True, related_name="calls")
    address = models.CharField(max_length=254)  # of a webhook its code
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
    answer_code = models.PositiveSmallIntegerField(null=True)  # what a webhook answered last
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
                condition=Q(state="queued") & ~Q(channel="webhook"),
                name="outbox_queued",
            ),
            models.Index(
                fields=["tenant", "webhook", "next_attempt_at"],
                condition=Q(state="queued", channel="webhook"),
                name="outbox_to_call",
            ),
            models.Index(
                fields=["tenant", "webhook", "-id"],
                condition=Q(channel="webhook"),
                name="outbox_of_webhook",
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
