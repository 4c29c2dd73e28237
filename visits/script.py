"""What the clerk says and asks; one sentence a line, in the order of the conversation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tickets.models import Ticket
from tickets.states import TicketKind

_GREETING = _("Good day, this is the service desk of %(company)s. Am I speaking with %(name)s?")
_SCORE = _("How satisfied are you with the service, from 1 (not at all) to 5 (fully)?")
_WISH = _("Is there anything that we could do better?")
_THANKS = _("Thank you. Our hotline is %(hotline)s whenever you need us.")

_MATTER = {
    TicketKind.REPAIR: _("On %(day)s “%(summary)s” was repaired. Does the machine run well now?"),
    TicketKind.INSTALLATION: _(
        "On %(day)s your machine was installed. Does it run, and was its use explained to you?"
    ),
    TicketKind.TRAINING: _("On %(day)s you were trained. Can you work with the machine alone?"),
    TicketKind.COMPLAINT: _("You complained about “%(summary)s”. Has it been put right?"),
    TicketKind.RETURN: _("You returned goods: “%(summary)s”. Is the matter settled?"),
    TicketKind.CONSULTATION: _("You asked us about “%(summary)s”. Did our answer help?"),
}


def lines(ticket: Ticket, *, company: str, hotline: str, day: str) -> list[str]:
    """The script for a ticket, worded in the language that is active."""
    facts = {
        "company": company,
        "hotline": hotline or company,
        "name": ticket.caller_name or (ticket.customer.name if ticket.customer else ""),
        "summary": ticket.summary,
        "day": day,
    }
    parts = (_GREETING, _MATTER[TicketKind(ticket.kind)], _SCORE, _WISH, _THANKS)
    return [str(part) % facts for part in parts]
