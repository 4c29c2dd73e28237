"""What people may do with a ticket, as one table: for the page, the portal and their addresses.

Each action says who may (a permission), when (states), what is asked (a form) and which verb of
`tickets.services` is called; the order is the order on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.actor import Actor
from tickets import access, forms, services
from tickets.models import Ticket
from tickets.states import OPEN, TicketKind, TicketState

Work = Callable[[Actor, Ticket, Mapping[str, Any]], Any]
NEW, OFFERED, ACCEPTED = TicketState.NEW, TicketState.OFFERED, TicketState.ACCEPTED
HANDED_OVER, ARRANGED = TicketState.HANDED_OVER, TicketState.ARRANGED
WAITING, DONE, CLOSED = TicketState.WAITING, TicketState.DONE, TicketState.CLOSED
EVERY = frozenset(TicketState)
DESK, DEALERS = "desk", "dealers"


@dataclass(frozen=True)
class Action:
    """One thing to do with a ticket. `who` narrows it to one side of the wall."""

    verb: str
    label: Promise | str
    permission: str
    states: frozenset[str]
    work: Work
    said: Promise | str  # after it was done
    form: type[forms.ActorForm] | None = None
    icon: str = "check"
    tone: str = ""
    help: Promise | str = ""
    confirm: Promise | str = ""
    who: str = ""
    kinds: frozenset[str] = frozenset()  # of ticket; empty: every kind

    def fits(self, actor: Actor, ticket: Ticket) -> bool:
        """Whether it stands on the page of this ticket for this person."""
        if ticket.state not in self.states or not access.may(actor, ticket, self.permission):
            return False
        if self.kinds and ticket.kind not in self.kinds:
            return False
        return not self.who or (self.who == DEALERS) == actor.is_dealer


def _states(*states: str) -> frozenset[str]:
    return frozenset(states)


def _offer(actor: Actor, ticket: Ticket, data: Mapping[str, Any]) -> Any:
    return services.offer_ticket(actor=actor, ticket=ticket, dealer=data["dealer"])


def _merge(actor: Actor, ticket: Ticket, data: Mapping[str, Any]) -> Any:
    return services.merge_ticket(actor=actor, ticket=ticket, into=data["into"])


def _edit(actor: Actor, ticket: Ticket, data: Mapping[str, Any]) -> Any:
    changes = dict(data)
    version = changes.pop("version")
    return services.edit_ticket(actor=actor, ticket=ticket, version=version, changes=changes)


def _plain(service: Callable[..., Any]) -> Work:
    """The service takes exactly what the form gives."""

    def work(actor: Actor, ticket: Ticket, data: Mapping[str, Any]) -> Any:
        return service(actor=actor, ticket=ticket, **data)

    return work


ACTIONS: tuple[Action, ...] = (
    Action(
        "accept",
        pgettext_lazy("offer", "Accept"),
        "offer.answer",
        _states(OFFERED),
        _plain(services.accept_offer),
        _("Accepted. Now name who goes and when."),
        tone="success",
        who=DEALERS,
    ),
    Action(
        "refuse",
        pgettext_lazy("offer", "Refuse"),
        "offer.answer",
        _states(OFFERED),
        _plain(services.refuse_offer),
        _("Refused; the ticket is back at the service desk."),
        forms.RefuseForm,
        icon="x",
        tone="danger",
        who=DEALERS,
    ),
    Action(
        "check",
        _("Record the check"),
        "ticket.check",
        _states(*OPEN),
        _plain(services.record_check),
        _("The check is recorded."),
        forms.CheckForm,
        icon="checklist",
        help=_(
            "Call the holder: is it settled who goes and when? “Not arranged” tells management."
        ),
        who=DESK,
    ),
    Action(
        "offer",
        _("Offer to a dealer"),
        "ticket.dispatch",
        _states(NEW, HANDED_OVER),
        _offer,
        _("Offered."),
        forms.OfferForm,
        icon="send",
        who=DESK,
    ),
    Action(
        "hand-over",
        _("Hand over to a department"),
        "ticket.dispatch",
        _states(NEW),
        _plain(services.hand_over),
        _("Handed over."),
        forms.HandOverForm,
        icon="users-group",
        who=DESK,
    ),
    Action(
        "arrange",
        _("Arrange the visit"),
        "ticket.arrange",
        _states(ACCEPTED, HANDED_OVER, ARRANGED),
        _plain(services.arrange),
        _("Arranged; the customer is told."),
        forms.ArrangeForm,
        icon="calendar-event",
        help=_("Who goes, and when. The customer gets a message."),
    ),
    Action(
        "resume",
        _("Go on"),
        "ticket.pause",
        _states(WAITING),
        _plain(services.resume_ticket),
        _("Work goes on; the clocks run again."),
        icon="player-play",
    ),
    Action(
        "done",
        _("Report the work done"),
        "ticket.report_done",
        _states(NEW, HANDED_OVER, ARRANGED, WAITING),
        _plain(services.report_done),
        _("Reported done. The customer will be called back."),
        forms.DoneForm,
        icon="circle-check",
    ),
    Action(
        "close",
        pgettext_lazy("ticket", "Close"),
        "ticket.close",
        _states(DONE),
        _plain(services.close_ticket),
        _("Closed."),
        icon="archive",
        help=_("The customer has confirmed the result."),
        confirm=_("The ticket is closed without a callback to the customer."),
        who=DESK,
    ),
    Action(
        "reopen",
        _("Reopen"),
        "ticket.reopen",
        _states(DONE, CLOSED),
        _plain(services.reopen_ticket),
        _("Open again, at the service desk."),
        forms.ReasonForm,
        icon="rotate",
        who=DESK,
    ),
    Action(
        "pause",
        _("Wait"),
        "ticket.pause",
        _states(ACCEPTED, HANDED_OVER, ARRANGED),
        _plain(services.pause_ticket),
        _("The ticket waits; its clocks stand still."),
        forms.PauseForm,
        icon="player-pause",
        help=_("For something named only: the clocks stand still meanwhile."),
    ),
    Action(
        "opinion",
        _("Give the opinion"),
        "ticket.give_opinion",
        _states(*OPEN),
        _plain(services.give_opinion),
        _("The opinion is recorded."),
        forms.OpinionForm,
        icon="message-2",
        help=_("As the customer was told it: the verdict on the complaint and what is done."),
        kinds=frozenset({TicketKind.COMPLAINT}),
    ),
    Action(
        "delay",
        _("Announce a delay"),
        "ticket.delay",
        _states(*OPEN),
        _plain(services.announce_delay),
        _("The new time is kept; the customer is told."),
        forms.DelayForm,
        icon="calendar-time",
        help=_("Only before the due time, and only when the customer agrees. Else it is late."),
    ),
    Action(
        "withdraw",
        _("Withdraw the offer"),
        "ticket.dispatch",
        _states(OFFERED),
        _plain(services.withdraw_offer),
        _("Withdrawn; the ticket is back at the service desk."),
        forms.ReasonForm,
        icon="arrow-back-up",
        who=DESK,
    ),
    Action(
        "take-back",
        _("Take back to the desk"),
        "ticket.dispatch",
        _states(ACCEPTED, HANDED_OVER, ARRANGED, WAITING),
        _plain(services.take_back),
        _("Taken back to the service desk."),
        forms.ReasonForm,
        icon="arrow-back-up",
        who=DESK,
    ),
    Action(
        "note",
        _("Write a note"),
        "ticket.note",
        EVERY,
        _plain(services.add_note),
        _("Noted."),
        forms.NoteForm,
        icon="note",
    ),
    Action(
        "attach",
        _("Add a photo or paper"),
        "ticket.attach",
        EVERY,
        _plain(services.attach_file),
        _("Added."),
        forms.AttachForm,
        icon="paperclip",
    ),
    Action(
        "edit",
        _("Correct the facts"),
        "ticket.edit",
        _states(*OPEN, DONE),
        _edit,
        _("Saved."),
        forms.EditForm,
        icon="edit",
        who=DESK,
    ),
    Action(
        "merge",
        _("Merge into another ticket"),
        "ticket.merge",
        _states(*OPEN),
        _merge,
        _("Merged; this is the ticket that goes on."),
        forms.MergeForm,
        icon="arrow-merge",
        help=_("For two tickets of the same matter. The other one goes on."),
        confirm=_("This ticket ends and the other one goes on."),
        who=DESK,
    ),
    Action(
        "cancel",
        _("Cancel the ticket"),
        "ticket.cancel",
        _states(*OPEN),
        _plain(services.cancel_ticket),
        _("Cancelled."),
        forms.ReasonForm,
        icon="ban",
        tone="danger",
        confirm=_("The ticket ends for everybody; its clocks stop. This cannot be undone."),
        who=DESK,
    ),
)
BY_VERB = {action.verb: action for action in ACTIONS}

# What somebody does next, the first that fits: it stands open on the first screen.
NEXT_AT_DESK = {
    NEW: ("offer", "done"),
    OFFERED: ("check",),
    ACCEPTED: ("check",),
    HANDED_OVER: ("check",),
    ARRANGED: ("check", "done"),
    WAITING: ("check", "resume"),
}
NEXT_OF_HOLDER = {
    OFFERED: ("accept",),
    ACCEPTED: ("arrange",),
    HANDED_OVER: ("arrange",),
    ARRANGED: ("done",),
    WAITING: ("resume",),
}


def possible(
    actor: Actor, ticket: Ticket, *, has_open_check: bool, has_delayable: bool
) -> list[Action]:
    """The actions that stand on the page, in the order of the table."""
    missing = {"check": not has_open_check, "delay": not has_delayable}
    return [
        action
        for action in ACTIONS
        if action.fits(actor, ticket) and not missing.get(action.verb, False)
    ]


def next_of(
    actor: Actor, ticket: Ticket, among: list[Action], *, is_check_near: bool
) -> Action | None:
    """The one step that this role owes now, if any.

    The desk's check is a step when it is nearly due, or when the work is arranged already.
    """
    is_desk = not actor.is_dealer and actor.may("ticket.check")
    table = NEXT_AT_DESK if is_desk else NEXT_OF_HOLDER
    here = {action.verb: action for action in among}
    if not is_check_near and ticket.state != ARRANGED:
        here.pop("check", None)
    verbs = table.get(TicketState(ticket.state), ())
    return next((here[verb] for verb in verbs if verb in here), None)
