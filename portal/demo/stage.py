"""The live part: promises that fall due in the first two minutes after each start.

Everything goes through the product's own services, only with times of the past; then the sweep
does the rest in front of one's eyes. What an earlier start left open is cancelled first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Role
from core.actor import Actor
from core.models import Option, Tenant
from core.tenancy import tenant_scope
from dealers.models import Dealer
from knowledge.models import Symptom
from machines.models import Machine
from portal.demo.companies import Company
from portal.demo.network import GROUP_CITY, GROUP_NAME
from sla import services as sla
from sla.defaults import ALWAYS
from sla.models import Clock, Target
from sla.states import ClockState, PauseReason, Promise
from tickets import services
from tickets.models import Ticket
from tickets.services.clocks import SUBJECT
from tickets.states import OPEN, Team, TicketKind, Urgency, Visibility
from visits import services as visits
from visits.models import Visit
from visits.states import VisitState

# Names of the tickets of the last start, so that the next one finds them.
STAGE = "demo.stage"
REASON = "演示重新开始"
Say = Callable[[str], None]


def set_stage(company: Company, *, say: Say, now: datetime | None = None) -> int:
    """Let some promises of a company fall due within two minutes; how many tickets that are."""
    tenant = Tenant.objects.get(slug=company.slug)
    now = now or timezone.now()
    with tenant_scope(tenant.pk):
        _strike(tenant)
        stage = _Stage(tenant, now)
        for seconds in (35, 65, 95):
            stage.waits_at_desk(seconds)
        for seconds in (50, 80, 110):
            stage.unanswered(seconds)
        for seconds in (60, 100):
            stage.not_arranged(seconds)
        for seconds in (45, 75):
            stage.unchecked(seconds)
        stage.late_for_manager(55)
        for minutes in (4, 11):
            stage.offered(minutes)
        stage.with_engineer(9)
        stage.waits_for_parts()
        stage.put_off()
        stage.taken_on()
        Option.objects.create(
            key=STAGE,
            value=stage.numbers,
            valid_from=now,
            author_label="load_demo",
        )
    say(f"{company.name}: {len(stage.numbers)} tickets with promises due in two minutes")
    return len(stage.numbers)


def _strike(tenant: Tenant) -> None:
    """Cancel what the last start left open."""
    actor = Actor.system(tenant.pk, "load_demo")
    left = Option.objects.filter(key=STAGE).order_by("-valid_from", "-id").first()
    if left is None:
        return
    for ticket in Ticket.objects.filter(number__in=left.value, state__in=OPEN):
        services.cancel_ticket(actor=actor, ticket=ticket, reason=REASON)


class _Stage:
    """Makes tickets whose clocks started at the right moment of the past."""

    def __init__(self, tenant: Tenant, now: datetime) -> None:
        self.now = now
        self.numbers: list[str] = []
        self.clerk = _actor(tenant, Role.CLERK)
        self.supervisor = _actor(tenant, Role.SUPERVISOR)
        self.dealer = Dealer.objects.get(name=GROUP_NAME)
        self.principal = _actor(tenant, Role.DEALER_PRINCIPAL, self.dealer)
        near = Machine.objects.filter(model__line__is_bought_in=False)
        near = near.select_related("customer", "model__line").order_by("-region_code", "-id")
        here = near.filter(region_code__startswith=GROUP_CITY)
        self.machines = list(here[:20]) or list(near[:20])
        self.minutes = {
            target.promise: target.minutes
            for target in Target.objects.filter(
                version__policy__code="urgent", version__calendar__code=ALWAYS
            )
        }

    def started(self, promise: Promise, seconds: float) -> datetime:
        """When a clock began that falls due in so many seconds."""
        return self.now - timedelta(minutes=self.minutes[promise], seconds=-seconds)

    def register(self, at: datetime, *, urgency: str = Urgency.URGENT) -> Ticket:
        machine = self.machines[len(self.numbers) % len(self.machines)]
        symptoms = Symptom.objects.filter(
            product_line_code=machine.model.line.code, is_unusual=False
        ).order_by("id")
        symptom = symptoms[len(self.numbers) % symptoms.count()]
        ticket = services.register_ticket(
            actor=self.clerk,
            kind=TicketKind.REPAIR,
            summary=f"{machine.model.code} {symptom.name}",
            description="用户在田间停机等待，请立即处理。",
            urgency=urgency,
            severity=symptom.severity,
            machine=machine,
            symptom=symptom,
            reported_at=at,
            route=False,
        )
        self.numbers.append(ticket.number)
        return ticket

    def answer(self, ticket: Ticket, at: datetime) -> None:
        """The customer was called back in time, so that only the later promise is at stake."""
        services.add_note(
            actor=self.clerk,
            ticket=ticket,
            text="已致电用户，正在安排。",
            visibility=Visibility.DEALER,
            is_call=True,
            at=at,
        )

    def offer(self, began: datetime, *, urgency: str = Urgency.URGENT) -> Ticket:
        """Reported shortly before it is offered to the dealer group."""
        ticket = self.register(began - timedelta(minutes=6), urgency=urgency)
        self.answer(ticket, began - timedelta(minutes=2))
        services.offer_ticket(actor=self.clerk, ticket=ticket, dealer=self.dealer, at=began)
        return ticket

    def waits_at_desk(self, seconds: float) -> None:
        began = self.started(Promise.DISPATCH, seconds)
        self.answer(self.register(began), began + timedelta(minutes=5))

    def unanswered(self, seconds: float) -> None:
        self.offer(self.started(Promise.ARRANGE, seconds))

    def accept(self, ticket: Ticket, began: datetime) -> None:
        services.accept_offer(actor=self.principal, ticket=ticket, at=began + timedelta(minutes=7))

    def accept_and_arrange(self, ticket: Ticket, began: datetime, *, visit_at: datetime) -> None:
        self.accept(ticket, began)
        services.arrange(
            actor=self.principal,
            ticket=ticket,
            technician_name="孙志强",
            technician_phone="13853412345",
            visit_at=visit_at,
            at=began + timedelta(minutes=22),
        )

    def not_arranged(self, seconds: float) -> None:
        began = self.started(Promise.ARRANGE, seconds)
        self.accept(self.offer(began), began)

    def unchecked(self, seconds: float) -> None:
        began = self.started(Promise.CHECK, seconds)
        visit_at = self.now + timedelta(hours=3)
        self.accept_and_arrange(self.offer(began), began, visit_at=visit_at)

    def late_for_manager(self, seconds: float) -> None:
        """Late already: the manager's rung, a quarter of an hour after, is the next."""
        began = self.started(Promise.DISPATCH, seconds - 15 * 60)
        self.answer(self.register(began), began + timedelta(minutes=5))

    def offered(self, minutes: int) -> None:
        self.offer(self.now - timedelta(minutes=minutes), urgency=Urgency.NORMAL)

    def with_engineer(self, minutes: int) -> None:
        at = self.now - timedelta(minutes=minutes)
        ticket = self.register(at, urgency=Urgency.NORMAL)
        services.hand_over(
            actor=self.clerk, ticket=ticket, team=Team.TECHNICAL, at=at + timedelta(minutes=2)
        )

    def waits_for_parts(self) -> None:
        began = self.now - timedelta(hours=3)
        ticket = self.offer(began, urgency=Urgency.NORMAL)
        self.accept_and_arrange(ticket, began, visit_at=self.now - timedelta(minutes=80))
        visit = Visit.objects.get(ticket=ticket, state=VisitState.PLANNED)
        visits.check_in(actor=self.principal, visit=visit, at=began + timedelta(minutes=105))
        services.pause_ticket(
            actor=self.principal,
            ticket=ticket,
            reason=PauseReason.PARTS,
            note="液压泵从总库调拨",
            until=self.now + timedelta(days=2),
            at=self.now - timedelta(minutes=20),
        )

    def put_off(self) -> None:
        """The farmer would rather finish the field first: the arrival is agreed for later."""
        began = self.now - timedelta(minutes=70)
        ticket = self.offer(began, urgency=Urgency.NORMAL)
        arrival = _clock(ticket, Promise.ARRIVAL)
        visit_at = arrival.due_at + timedelta(hours=18)
        self.accept_and_arrange(ticket, began, visit_at=visit_at)
        services.announce_delay(
            actor=self.principal,
            ticket=ticket,
            promise=Promise.ARRIVAL,
            agreed_due_at=visit_at + timedelta(hours=1),
            cause="正在抢收，机主希望收完这块地再修",
            consent="机主本人，电话同意",
            at=self.now - timedelta(minutes=25),
        )

    def taken_on(self) -> None:
        """Late at the desk, and the supervisor sees to it himself: nobody further up is told."""
        began = self.started(Promise.DISPATCH, -10 * 60)
        ticket = self.register(began)
        self.answer(ticket, began + timedelta(minutes=5))
        sla.acknowledge(
            actor=self.supervisor,
            clock=_clock(ticket, Promise.DISPATCH),
            note="已联系邻县经销商",
            at=self.now - timedelta(minutes=4),
        )


def _clock(ticket: Ticket, promise: Promise) -> Clock:
    return Clock.objects.get(
        subject=SUBJECT, subject_id=ticket.pk, promise=promise, state=ClockState.RUNNING
    )


def _actor(tenant: Tenant, role: Role, dealer: Dealer | None = None) -> Actor:
    posts = Membership.objects.filter(role=role, dealer_id=dealer.pk if dealer else None)
    post = posts.select_related("user").order_by("id").first()
    assert post is not None
    user: User = post.user
    return Actor(
        tenant_id=tenant.pk,
        label=user.name,
        role=role,
        user_id=user.pk,
        membership_id=post.pk,
        dealer_id=dealer.pk if dealer else None,
    )
