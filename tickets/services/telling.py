"""Who hears of what: the bell of people, text messages to the customer (R-031, R-098)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.models import Membership, User
from accounts.queries import people_in_role, people_of_dealer, reached
from accounts.roles import Role
from core.actor import Actor
from notifications import services as notifications
from notifications.services import Told
from tickets.links import page_of
from tickets.models import Ticket, TimelineEntry
from tickets.states import Team, Urgency, Visibility

ROLE_OF_TEAM: dict[str, str] = {Team.TECHNICAL: Role.ENGINEER, Team.SALES: Role.SALES_REP}
# Landlines take no text messages; foreign numbers are tried.
MOBILE = re.compile(r"\+861[3-9]\d{9}|\+(?!86)\d{6,15}")


def tell(
    people: Iterable[User],
    event: str,
    ticket: Ticket,
    *,
    family: str = "ticket",
    urgent: bool = False,
    cause: str = "",
    **params: Any,
) -> set[int]:
    """Ring the bell of each person once, of the deputy of who is away; returns who was told."""
    people = reached(people, timezone.now()).people
    all_told = told(people, event, ticket, family=family, urgent=urgent, cause=cause, **params)
    notifications.notify_all(told=all_told)
    return {each.user.pk for each in all_told}


def told(
    people: Iterable[User],
    event: str,
    ticket: Ticket,
    *,
    family: str = "ticket",
    urgent: bool = False,
    bundle: str = "",
    cause: str = "",
    **params: Any,
) -> list[Told]:
    """What `tell` says, for those who tell of many tickets at once."""
    about = {**_facts(ticket), **params}
    return [
        Told(
            user,
            f"{family}.{event}",
            about,
            cause or f"ticket:{ticket.pk}:{event}:{ticket.version}",
            url=page_of(ticket.number),
            urgent=urgent,
            bundle=bundle,
        )
        for user in {user.pk: user for user in people}.values()
    ]


def dealer_people(dealer_id: int) -> list[User]:
    """Those of a dealer who answer offers."""
    return people_of_dealer(dealer_id, [Role.DEALER_PRINCIPAL, Role.DEALER_CLERK])


def department(team: str) -> list[User]:
    """The people of a department that holds tickets."""
    return people_in_role(ROLE_OF_TEAM[team])


def desk_people(ticket: Ticket) -> list[User]:
    """The clerk who took the call stays its contact (R-098); else every clerk."""
    posts = Membership.objects.filter(
        user_id=ticket.created_by_id or 0,
        dealer_id=None,
        is_active=True,
        user__is_active=True,
        role__in=[Role.CLERK, Role.SUPERVISOR],
    )
    post = posts.select_related("user").first() if ticket.created_by_id else None
    return [post.user] if post else people_in_role(Role.CLERK)


def supervisors() -> list[User]:
    return people_in_role(Role.SUPERVISOR)


def management() -> list[User]:
    return [*people_in_role(Role.MANAGER), *people_in_role(Role.SUPERVISOR)]


def watchers(
    actor: Actor, ticket: Ticket, entry: TimelineEntry, *, except_for: set[int | None]
) -> None:
    """Those who watch hear of each change that they may read."""
    watching = User.objects.filter(pk__in=ticket.watches.values("user_id"), is_active=True)
    people = list(watching.exclude(pk__in=[user_id for user_id in except_for if user_id]))
    if entry.visibility == Visibility.INTERNAL and people:
        posts = Membership.objects.filter(user__in=people, dealer_id=None)
        inside = set(posts.values_list("user_id", flat=True))
        people = [user for user in people if user.pk in inside]
    cause = f"ticket:{ticket.pk}:entry:{entry.pk}"
    tell(people, "changed", ticket, cause=cause, by=actor.label)


def customer(ticket: Ticket, event: str, **params: Any) -> None:
    """A text message about the ticket, in the customer's language, if they have a mobile."""
    phone = _phone(ticket)
    if not MOBILE.fullmatch(phone):
        return
    notifications.message_customer(
        phone=phone,
        event=f"ticket.{event}.customer",
        params={"number": ticket.number, **params},
        cause=f"ticket:{ticket.pk}:{event}:{ticket.version}",
        language=ticket.customer.language if ticket.customer else "",
        subject=f"ticket:{ticket.pk}",
        # Who waits in the field at night wants to hear who comes.
        urgent=ticket.urgency == Urgency.URGENT,
    )


def _phone(ticket: Ticket) -> str:
    """The caller's own number, else the customer's first one."""
    if ticket.caller_phone or ticket.customer is None:
        return ticket.caller_phone
    numbers = ticket.customer.phones.order_by("-is_primary", "id")
    return numbers.values_list("number", flat=True).first() or ""


def _facts(ticket: Ticket) -> dict[str, Any]:
    """What every message about a ticket may name."""
    return {
        "number": ticket.number,
        "summary": ticket.summary,
        "customer": ticket.caller_name or str(ticket.customer or ""),
        "visit_at": ticket.visit_at,
        "technician": ticket.technician_name,
        "phone": ticket.technician_phone,
        "result": ticket.result,
    }
