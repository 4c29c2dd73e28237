"""One problem or wish reported, who holds it, and everything that happened to it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.history import history
from core.models import StoredFile
from core.search import SearchTrigger
from core.states import guard
from dealers.models import Dealer
from knowledge.models import Severity, Symptom
from machines.models import Customer, Machine, ProductLine
from tickets.states import (
    OFFER_MOVES,
    OPEN,
    TICKET_MOVES,
    OfferState,
    Team,
    TicketChannel,
    TicketKind,
    TicketState,
    Urgency,
    Visibility,
)


@history(exclude=["updated_at"])
class Ticket(TenantModel):
    """One problem or wish reported (R-094); a row of the service register (R-095)."""

    dealer_wall: ClassVar[str] = "own:dealer"

    number = models.CharField(_("ticket number"), max_length=30)
    kind = models.CharField(_("kind"), max_length=15, choices=TicketKind, default=TicketKind.REPAIR)
    state = models.CharField(
        _("state"), max_length=12, choices=TicketState, default=TicketState.NEW
    )
    urgency = models.CharField(_("urgency"), max_length=8, choices=Urgency, default=Urgency.NORMAL)
    severity = models.CharField(
        _("severity"), max_length=10, choices=Severity, default=Severity.GENERAL
    )
    channel = models.CharField(
        _("channel"), max_length=8, choices=TicketChannel, default=TicketChannel.PHONE
    )
    customer = TenantForeignKey(Customer, models.PROTECT, null=True, related_name="tickets")
    machine = TenantForeignKey(Machine, models.PROTECT, null=True, related_name="tickets")
    product_line = TenantForeignKey(ProductLine, models.PROTECT, null=True, related_name="+")
    symptom = TenantForeignKey(Symptom, models.PROTECT, null=True, related_name="+")
    summary = models.CharField(_("summary"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    caller_name = models.CharField(_("caller"), max_length=80, blank=True)
    caller_phone = models.CharField(_("caller's telephone"), max_length=20, blank=True)
    region_code = models.CharField(_("region"), max_length=6, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    wished_for = models.CharField(_("wished time"), max_length=80, blank=True)

    # Who holds it now. `dealer` is set while it is offered to or held by a dealer.
    team = models.CharField(_("held by"), max_length=10, choices=Team, default=Team.DESK)
    dealer = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="tickets")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
    )
    technician_name = models.CharField(_("technician"), max_length=80, blank=True)
    technician_phone = models.CharField(_("technician's telephone"), max_length=20, blank=True)
    visit_at = models.DateTimeField(_("visit at"), null=True)

    reported_at = models.DateTimeField(_("reported at"))
    handed_over_at = models.DateTimeField(_("handed over at"), null=True)
    arranged_at = models.DateTimeField(_("arranged at"), null=True)
    done_at = models.DateTimeField(_("done at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    result = models.TextField(_("result"), blank=True)
    cause = models.TextField(_("cause"), blank=True)
    # The verdict on a complaint with what is to be done, as the customer was told.
    opinion = models.TextField(_("opinion"), blank=True)
    opinion_at = models.DateTimeField(_("opinion given at"), null=True)
    cancel_reason = models.CharField(_("reason for cancelling"), max_length=200, blank=True)
    merged_into = TenantForeignKey("self", models.PROTECT, null=True, related_name="merged")
    reopen_count = models.PositiveSmallIntegerField(default=0)
    reassign_count = models.PositiveSmallIntegerField(default=0)
    has_breach = models.BooleanField(_("a promise was missed"), default=False)

    # Raised with each change; two people at once are told apart by it.
    version = models.PositiveIntegerField(default=1)
    source_key = models.CharField(max_length=80, blank=True)  # number in an imported history
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="ticket_number_once"),
            models.UniqueConstraint(
                fields=["tenant", "source_key"],
                condition=~Q(source_key=""),
                name="imported_ticket_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False),
                name="a_closed_ticket_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="arranged")
                | Q(arranged_at__isnull=False, visit_at__isnull=False)
                | ~Q(source_key=""),
                name="arranged_means_a_time_is_named",
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False),
                name="a_merged_ticket_says_into_which",
            ),
            models.CheckConstraint(
                condition=~Q(team="dealer") | Q(dealer__isnull=False),
                name="a_dealer_holds_by_name",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-reported_at", "-id"], name="ticket_newest"),
            models.Index(
                fields=["tenant", "state", "-reported_at", "-id"],
                name="ticket_by_state",
            ),
            models.Index(
                fields=["tenant", "dealer", "state", "-reported_at"],
                name="ticket_by_dealer",
            ),
            models.Index(
                fields=["tenant", "updated_at"],
                condition=Q(state__in=[str(state) for state in OPEN]),
                name="ticket_idle",
            ),
            models.Index(
                fields=["tenant", "region_code", "-reported_at"],
                name="ticket_by_region",
            ),
            # Cover the manager's figures: what is open and where, what was done when.
            models.Index(
                fields=["tenant", "state", "dealer", "region_code"],
                include=["id"],
                condition=Q(state__in=[str(state) for state in OPEN]),
                name="ticket_open_figures",
            ),
            models.Index(
                fields=["tenant", "done_at"],
                condition=Q(done_at__isnull=False),
                name="ticket_by_done",
            ),
        ]
        triggers = [
            guard("ticket_moves", TICKET_MOVES),
            SearchTrigger(
                kind="ticket",
                columns=["number", "summary", "caller_name", "caller_phone"],
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Offer(TenantModel):
    """A ticket offered to a dealer, and the answer (R-020)."""

    dealer_wall: ClassVar[str] = "own:dealer"

    ticket = TenantForeignKey(Ticket, models.CASCADE, related_name="offers")
    dealer = TenantForeignKey(Dealer, models.PROTECT, related_name="offers")
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OFFERED)
    is_automatic = models.BooleanField(default=False)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    answered_by_label = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "ticket"],
                condition=Q(state__in=["offered", "accepted"]),
                name="one_live_offer_per_ticket",
            )
        ]
        indexes = [
            models.Index(
                fields=["tenant", "dealer", "state", "-offered_at"],
                name="offer_by_dealer",
            )
        ]
        triggers = [guard("offer_moves", OFFER_MOVES)]


class EntryKind(models.TextChoices):
    NOTE = "note", _("Note")
    EVENT = "event", _("Event")
    MESSAGE = "message", _("Message")
    CALL = "call", _("Telephone call")


class TimelineEntry(TenantModel):
    """One line of a ticket's story; events are worded when shown, in the reader's language."""

    dealer_wall: ClassVar[str] = "with:ticket"

    ticket = TenantForeignKey(Ticket, models.CASCADE, related_name="timeline")
    at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=EntryKind)
    visibility = models.CharField(
        _("who may read it"),
        max_length=8,
        choices=Visibility,
        default=Visibility.INTERNAL,
    )
    event = models.CharField(max_length=40, blank=True)
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    text = models.TextField(_("text"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
    )
    author_label = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["tenant", "ticket", "-at", "-id"], name="timeline_of")]


class TicketAttachment(StoredFile):
    """A photo or paper of a ticket."""

    dealer_wall: ClassVar[str] = "with:ticket"

    ticket = TenantForeignKey(Ticket, models.CASCADE, related_name="attachments")
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.DEALER)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "public_id"], name="ticket_attachment_public_id_once"
            )
        ]


class TicketWatch(TenantModel):
    """A person who wants to hear of each change."""

    ticket = TenantForeignKey(Ticket, models.CASCADE, related_name="watches")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "ticket", "user"], name="watched_once")
        ]


class SupervisionCheck(TenantModel):
    """The desk's own check, four hours after hand-over: arranged or not (R-021)."""

    ticket = TenantForeignKey(Ticket, models.CASCADE, related_name="checks")
    holder_label = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    is_arranged = models.BooleanField(null=True)
    is_cancelled = models.BooleanField(default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "ticket"],
                condition=Q(checked_at=None, is_cancelled=False),
                name="one_open_check_per_ticket",
            )
        ]
        indexes = [
            models.Index(
                fields=["tenant", "due_at"],
                condition=Q(checked_at=None, is_cancelled=False),
                name="check_open_by_due",
            )
        ]


class SavedView(TenantModel):
    """A list's filters under a name, as a person's own tab."""

    dealer_wall: ClassVar[str] = "open"  # queries show each person only their own

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+"
    )
    noun = models.CharField(max_length=20, default="ticket")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "user", "noun", "name"],
                name="one_saved_view_per_name",
            )
        ]
