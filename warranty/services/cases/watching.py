"""The system's part: it warns one step before a trigger and opens a case at it, never decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.queries import people_in_role, people_of_dealer
from accounts.roles import Role
from core import audit
from core.actor import Actor
from core.events import after_commit
from core.numbering import next_number
from core.states import locked
from core.tenancy import current_tenant_id, verb
from machines.models import Machine
from notifications import services as notifications
from notifications.services import Told
from tickets.models import Ticket
from tickets.states import OPEN, TicketKind
from warranty.models import StatutoryCase, WorkReport
from warranty.queries.entitlements import Answer, entitlement_of
from warranty.services.moving import take
from warranty.states.cases import CASE_ACTIONS, OPEN_CASES, CaseState
from warranty.states.reports import ReportState

NUMBER_KIND = "SC"
LOOK_BACK = timedelta(days=3)
WATCHED = (CaseState.WATCHING, CaseState.WARNING)


@verb
def follow_report(*, actor: Actor, report: WorkReport, **facts: Any) -> None:
    """A repair was signed: the law may have counted one more."""
    after_commit("warranty.watch_machine", machine_id=report.machine_id, ticket_id=report.ticket_id)


@verb
def follow_ticket(*, actor: Actor, ticket: Ticket, **facts: Any) -> None:
    """A fault was reported: it may be the one too many."""
    if ticket.machine_id is not None:
        after_commit("warranty.watch_machine", machine_id=ticket.machine_id, ticket_id=ticket.pk)


@verb
def watch_machine(
    *, actor: Actor, machine: Machine, ticket: Ticket | None = None
) -> StatutoryCase | None:
    """Ask the law about a machine as it is today; open, warn or trigger its case.

    A matter that was dropped or carried out is not opened again by the same facts. While the
    user has not chosen yet, what the law gives in addition is added.
    """
    answer = entitlement_of(machine)
    if answer is None or not (answer.is_triggered or answer.is_warned):
        return None
    case = StatutoryCase.objects.filter(machine=machine, state__in=OPEN_CASES).first()
    if case is None:
        if _is_old_news(machine, answer):
            return None
        case = _open(machine, ticket)
    # Two may watch at once: the second looks at what the first left.
    case = locked(case)
    system = Actor.system(actor.tenant_id)
    if case.state == CaseState.TRIGGERED:
        return _grow(system, case, answer)
    if case.state not in WATCHED:
        return case
    if answer.is_triggered:
        return _move(system, case, "trigger", answer, "triggered_at")
    if case.state == CaseState.WATCHING:
        return _move(system, case, "warn", answer, "warned_at")
    return case


def sweep() -> int:
    """Every machine about which the law may say something new today; returns how many.

    Days count while a repair is open; and a message about a signed report may have been lost.
    """
    actor = Actor.system(current_tenant_id())
    lately = timezone.now() - LOOK_BACK
    machines = Machine.objects.filter(
        Q(tickets__kind=TicketKind.REPAIR, tickets__state__in=OPEN)
        | Q(reports__state=ReportState.SIGNED, reports__signed_at__gte=lately)
    )
    watched = machines.exclude(model__product_class="").distinct().order_by("pk")
    for machine in watched.select_related("model__line", "customer").iterator(chunk_size=500):
        watch_machine(actor=actor, machine=machine)
    return watched.count()


def _open(machine: Machine, ticket: Ticket | None) -> StatutoryCase:
    try:
        with transaction.atomic():
            return StatutoryCase.objects.create(
                number=next_number(NUMBER_KIND, timezone.localdate()),
                machine=machine,
                ticket=ticket,
                # The user's claim is against the seller; whoever repairs stands in for an unknown.
                dealer_id=machine.dealer_id or (ticket.dealer_id if ticket else None),
                customer=machine.customer,
            )
    except IntegrityError:
        # Somebody else watched the same machine at the same moment.
        return StatutoryCase.objects.get(machine=machine, state__in=OPEN_CASES)


def _move(
    system: Actor, case: StatutoryCase, name: str, answer: Answer, moment: str
) -> StatutoryCase:
    row = take(system, case, CASE_ACTIONS, name)
    row.asked, row.answered = answer.body, told(answer)
    setattr(row, moment, timezone.now())
    row.save(update_fields=["state", "asked", "answered", moment, "changed_at"])
    audit.record(system, f"case.{row.state}", row, options=row.answered["options"])
    event = "case.triggered" if name == "trigger" else "case.warned"
    notifications.notify_all(
        told=[
            Told(
                user,
                event,
                {"number": row.number, "serial": row.machine.serial_number},
                cause=f"{event}:{row.pk}",
                url=reverse("warranty:case", args=[row.number]),
                urgent=name == "trigger",
            )
            for user in _hearers(row)
        ]
    )
    return row


def _grow(system: Actor, case: StatutoryCase, answer: Answer) -> StatutoryCase:
    """More than before may be demanded: the choice grows, what was offered stays offered."""
    said = told(answer)
    before = set(case.answered.get("options", []))
    more = set(said["options"]) - before
    if not more:
        return case
    case.asked, case.answered = answer.body, said | {"options": sorted(before | more)}
    case.save(update_fields=["asked", "answered", "changed_at"])
    audit.record(system, "case.grew", case, options=sorted(more))
    return case


def _hearers(case: StatutoryCase) -> list[User]:
    """The desk's supervisors, management, and the principals of the dealer."""
    house = people_in_role(Role.SUPERVISOR) + people_in_role(Role.MANAGER)
    if case.dealer_id is None:
        return house
    return house + people_of_dealer(case.dealer_id, (Role.DEALER_PRINCIPAL,))


def told(answer: Answer) -> dict[str, Any]:
    """The answer in short, for lists and papers; the engine gives the rest from the facts."""
    entitlement = answer.entitlement
    return {
        "options": sorted(str(option) for option in entitlement.options),
        "articles": list(entitlement.articles),
        "law": answer.body["regulation"],
        "dates": {key: str(value) for key, value in entitlement.dates.items()},
        "is_certain": entitlement.is_certain,
    }


def _is_old_news(machine: Machine, answer: Answer) -> bool:
    """Whether a matter that is over was about the very same events, and offered as much."""
    last = StatutoryCase.objects.filter(machine=machine).order_by("-pk").first()
    if last is None or last.asked.get("events") != answer.body["events"]:
        return False
    return set(told(answer)["options"]) <= set(last.answered.get("options", []))
