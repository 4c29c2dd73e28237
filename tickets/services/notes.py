"""What is written and filed beside a ticket, and small changes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core import audit, files
from core.actor import Actor
from core.errors import Conflict, DomainError
from core.events import publish
from core.states import locked
from core.tenancy import verb
from sla.states import Promise
from tickets.models import EntryKind, Ticket, TicketAttachment, TicketWatch, TimelineEntry
from tickets.services import clocks, intake, story, telling
from tickets.states import OPEN, Urgency, Visibility
from tickets.wording import FIELDS

NOTE_LONGEST = 5000


@verb
def add_note(
    *,
    actor: Actor,
    ticket: Ticket,
    text: str,
    visibility: str = Visibility.INTERNAL,
    is_call: bool = False,
    at: datetime | None = None,
) -> TimelineEntry:
    """A note, or a telephone call that was held; dealers' people write none that they cannot read.

    A call, or a note that the customer may read, is an answer where the settings say so; an
    internal note never is.
    """
    ticket = locked(ticket)
    at = story.instant(at)
    text = text.strip()
    if not text:
        raise DomainError(_("Write the note first."), field="text")
    if len(text) > NOTE_LONGEST:
        raise DomainError(_("At most 5,000 characters."), field="text")
    entry = story.write(
        actor,
        ticket,
        "",
        at=at,
        kind=EntryKind.CALL if is_call else EntryKind.NOTE,
        visibility=_readable_by_author(actor, visibility),
        text=text,
    )
    story.touch(ticket)
    audit.record(actor, "ticket.noted", ticket, visibility=entry.visibility)
    if is_call:
        clocks.answered(actor, ticket, "call", at=at)
    elif entry.visibility == Visibility.CUSTOMER:
        clocks.answered(actor, ticket, "note", at=at)
    told = _tell_other_side(actor, ticket, entry)
    telling.watchers(actor, ticket, entry, except_for={*told, actor.user_id})
    publish("ticket.noted", actor=actor, ticket=ticket)
    return entry


@verb
def attach_file(
    *,
    actor: Actor,
    ticket: Ticket,
    upload: UploadedFile,
    visibility: str = Visibility.DEALER,
) -> TicketAttachment:
    """Keep a file that opened as what its name says; anything else is refused with a sentence."""
    ticket = locked(ticket)
    attachment = TicketAttachment(ticket=ticket, visibility=_readable_by_author(actor, visibility))
    files.store(attachment, files.check(upload), uploaded_by_id=actor.user_id)
    entry = story.write(
        actor,
        ticket,
        "attached",
        at=story.instant(None),
        visibility=attachment.visibility,
        name=attachment.original_name,
        file=str(attachment.public_id),
    )
    story.touch(ticket)
    audit.record(
        actor,
        "ticket.attached",
        ticket,
        name=attachment.original_name,
        sha256=attachment.sha256,
    )
    telling.watchers(actor, ticket, entry, except_for={actor.user_id})
    return attachment


@verb
def record_check(
    *,
    actor: Actor,
    ticket: Ticket,
    is_arranged: bool,
    note: str = "",
    at: datetime | None = None,
) -> TimelineEntry:
    """The desk's check on the receiver; not arranged goes to management, who settle it (R-021)."""
    ticket = locked(ticket)
    at = story.instant(at)
    check = ticket.checks.filter(checked_at=None, is_cancelled=False).first()
    if check is None:
        raise DomainError(_("No check is due on this ticket."))
    check.checked_at, check.is_arranged, check.note = at, is_arranged, note.strip()[:200]
    check.checked_by_id = actor.user_id
    check.save(update_fields=["checked_at", "is_arranged", "note", "checked_by"])
    event = "checked_arranged" if is_arranged else "checked_not_arranged"
    entry = story.keep(
        actor,
        ticket,
        event,
        [],
        at=at,
        visibility=Visibility.INTERNAL,
        holder=check.holder_label,
        note=check.note,
    )
    clocks.meet(actor, ticket, Promise.CHECK, at=at)
    if not is_arranged:
        telling.tell(
            telling.management(),
            "not_arranged",
            ticket,
            urgent=True,
            holder=check.holder_label,
            note=check.note,
        )
        publish("ticket.not_arranged", actor=actor, ticket=ticket, check=check)
    return entry


@verb
def watch(*, actor: Actor, ticket: Ticket) -> None:
    """Hear of each change from now on."""
    TicketWatch.objects.get_or_create(ticket=ticket, user_id=actor.person_id)


@verb
def unwatch(*, actor: Actor, ticket: Ticket) -> None:
    TicketWatch.objects.filter(ticket=ticket, user_id=actor.person_id).delete()


@verb
def edit_ticket(
    *,
    actor: Actor,
    ticket: Ticket,
    version: int,
    changes: dict[str, Any],
    at: datetime | None = None,
) -> Ticket:
    """Correct what was taken in; a version that somebody else has passed is a Conflict.

    Running clocks keep their promise; a ticket that becomes urgent is reported upward (R-022).
    """
    ticket = locked(ticket)
    at = story.instant(at)
    if ticket.version != version:
        raise Conflict
    if unknown := changes.keys() - FIELDS.keys():
        raise DomainError(_("This cannot be changed here."), field=min(unknown))
    if "summary" in changes and not str(changes["summary"]).strip():
        raise DomainError(_("Say in a few words what it is about."), field="summary")
    if "caller_phone" in changes:
        changes = {
            **changes,
            "caller_phone": intake.normal_phone(str(changes["caller_phone"])),
        }
    changed = [name for name, value in changes.items() if getattr(ticket, name) != value]
    if not changed:
        return ticket
    old = {name: str(getattr(ticket, name) or "") for name in changed}
    was_urgent = ticket.urgency == Urgency.URGENT
    for name in changed:
        setattr(ticket, name, changes[name])
    story.keep(actor, ticket, "edited", changed, at=at, fields=changed, old=old)
    if ticket.urgency == Urgency.URGENT and not was_urgent and ticket.state in OPEN:
        intake.report_upward(actor, ticket, at=at)
    publish("ticket.edited", actor=actor, ticket=ticket, changed=changed)
    return ticket


def _readable_by_author(actor: Actor, visibility: str) -> str:
    if actor.is_dealer and visibility == Visibility.INTERNAL:
        return Visibility.DEALER
    return visibility


def _tell_other_side(actor: Actor, ticket: Ticket, entry: TimelineEntry) -> set[int]:
    """A dealer's note rings at the desk, a note for the dealer at the dealer."""
    people = []
    if actor.is_dealer:
        people = telling.desk_people(ticket)
    elif entry.visibility != Visibility.INTERNAL and ticket.dealer_id is not None:
        people = telling.dealer_people(ticket.dealer_id)
    return telling.tell(
        people,
        "noted",
        ticket,
        cause=f"ticket:{ticket.pk}:entry:{entry.pk}",
        author=actor.label,
        text=entry.text[:200],
    )
