"""Every write to a ticket: one verb each, in one transaction with all that follows from it."""

from tickets.services.closing import cancel_ticket, close_ticket, merge_ticket, reopen_ticket
from tickets.services.dispatch import (
    Bulk,
    accept_offer,
    assign_tickets,
    hand_over,
    offer_ticket,
    refuse_offer,
    take_back,
    time_out_offer,
    withdraw_offer,
)
from tickets.services.intake import register_ticket, route_ticket
from tickets.services.notes import (
    add_note,
    attach_file,
    edit_ticket,
    record_check,
    unwatch,
    watch,
)
from tickets.services.urgent import acknowledge_urgent
from tickets.services.views import delete_view, save_view
from tickets.services.work import (
    announce_delay,
    arrange,
    give_opinion,
    note_arrival,
    note_departure,
    pause_ticket,
    report_done,
    resume_ticket,
)

__all__ = [
    "Bulk",
    "accept_offer",
    "acknowledge_urgent",
    "add_note",
    "announce_delay",
    "arrange",
    "assign_tickets",
    "attach_file",
    "cancel_ticket",
    "close_ticket",
    "delete_view",
    "edit_ticket",
    "give_opinion",
    "hand_over",
    "merge_ticket",
    "note_arrival",
    "note_departure",
    "offer_ticket",
    "pause_ticket",
    "record_check",
    "refuse_offer",
    "register_ticket",
    "reopen_ticket",
    "report_done",
    "resume_ticket",
    "route_ticket",
    "save_view",
    "take_back",
    "time_out_offer",
    "unwatch",
    "watch",
    "withdraw_offer",
]
