"""States of a ticket and of an offer, and the moves between them, on one screen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TicketState(models.TextChoices):
    NEW = "new", _("At the desk")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    HANDED_OVER = "handed_over", _("Handed over")
    ARRANGED = "arranged", _("Arranged")
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Work done")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    MERGED = "merged", _("Merged")


_LEAVE = {TicketState.CANCELLED, TicketState.MERGED}

TICKET_MOVES = {
    # The desk may hand over, offer, or settle the matter on the telephone at once.
    TicketState.NEW: {
        TicketState.OFFERED,
        TicketState.HANDED_OVER,
        TicketState.DONE,
        *_LEAVE,
    },
    TicketState.OFFERED: {TicketState.ACCEPTED, TicketState.NEW, *_LEAVE},
    # An offer that nobody answered has nothing to wait for; who has taken the work may wait.
    TicketState.ACCEPTED: {
        TicketState.ARRANGED,
        TicketState.WAITING,
        TicketState.NEW,
        *_LEAVE,
    },
    TicketState.HANDED_OVER: {
        TicketState.ARRANGED,
        TicketState.WAITING,
        TicketState.DONE,
        TicketState.NEW,
        TicketState.OFFERED,
        *_LEAVE,
    },
    TicketState.ARRANGED: {
        TicketState.ARRANGED,
        TicketState.WAITING,
        TicketState.DONE,
        TicketState.NEW,
        *_LEAVE,
    },
    # Work goes on where it stood: arranged, or still to be arranged by who has it.
    TicketState.WAITING: {
        TicketState.ARRANGED,
        TicketState.ACCEPTED,
        TicketState.HANDED_OVER,
        TicketState.DONE,
        TicketState.NEW,
        *_LEAVE,
    },
    TicketState.DONE: {TicketState.CLOSED, TicketState.NEW},
    TicketState.CLOSED: {TicketState.NEW},
}

# States in which somebody still owes work.
OPEN = (
    TicketState.NEW,
    TicketState.OFFERED,
    TicketState.ACCEPTED,
    TicketState.HANDED_OVER,
    TicketState.ARRANGED,
    TicketState.WAITING,
)


class OfferState(models.TextChoices):
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    TIMED_OUT = "timed_out", _("Timed out")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OFFER_MOVES = {
    OfferState.OFFERED: {
        OfferState.ACCEPTED,
        OfferState.REFUSED,
        OfferState.TIMED_OUT,
        OfferState.WITHDRAWN,
    },
    OfferState.ACCEPTED: {OfferState.WITHDRAWN},
}


class TicketKind(models.TextChoices):
    CONSULTATION = "consultation", _("Consultation")
    REPAIR = "repair", _("Repair")
    COMPLAINT = "complaint", _("Complaint")
    INSTALLATION = "installation", _("Installation")
    TRAINING = "training", _("Training")
    RETURN = "return", _("Return")


class Urgency(models.TextChoices):
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


class TicketChannel(models.TextChoices):
    PHONE = "phone", _("Telephone")
    LETTER = "letter", _("Letter")
    VISIT = "visit", _("Visit to the desk")
    WEB = "web", _("Website")
    WECHAT = "wechat", _("WeChat")
    MAIL = "mail", _("E-mail")
    API = "api", _("Interface")
    DEALER = "dealer", _("Dealer")


class Team(models.TextChoices):
    """Who holds the ticket."""

    DESK = "desk", _("Service desk")
    DEALER = "dealer", _("Dealer")
    TECHNICAL = "technical", _("Technical department")
    SALES = "sales", _("Sales representative")


class Visibility(models.TextChoices):
    INTERNAL = "internal", _("Internal")
    DEALER = "dealer", _("Dealer")
    CUSTOMER = "customer", _("Customer")


class FieldSeason(models.TextChoices):
    """Whether the machines of a line work in the fields of a region just now (R-017)."""

    BUSY = "busy", _("Busy season")
    OFF = "off", _("Off season")


class Zone(models.TextChoices):
    """How far the place of the work lies from the base of who travels; nearest first (R-025)."""

    CITY = "city", _("Same city")
    AROUND = "around", _("Same province")
    PROVINCE = "province", _("Another province")
