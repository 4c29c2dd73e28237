"""Coverage plans by line, receipt cards of most machines, their coverage; some late, few waived."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from django.db.models import QuerySet
from django.utils import timezone

from accounts.roles import Role
from core.actor import Actor
from core.tenancy import current_tenant_id
from machines import clocks
from machines.card_rules import days_late, due_day
from machines.models import (
    Coverage,
    CoveragePlan,
    Layer,
    Machine,
    Ownership,
    ProductLine,
    ProductModel,
    Registration,
    RegistrationChannel,
)
from machines.services.coverage import row_of
from machines.services.plans import TermRow, create_plan
from portal.demo.park import Catalogue
from portal.demo.people import Staff

BATCH = 1_000
DAYS = 20
# Of a hundred cards: so many never came, so many came late, so many of the late were waived.
NEVER, LATE, WAIVED = 0.02, 0.05, 0.4
# Of those whose days still run, so many are in already.
IN_ALREADY = 0.5
# Clocks of the last days are started by the product's own services; a demo needs not all.
MOST_CLOCKS = 40
EARLY = date(2018, 1, 1)
LAW = {
    "COMBINE": "combine_harvester",
    "MAIZE": "combine_harvester",
    "TRACTOR": "tractor_large_medium",
    "PLANTER": "other_agri_machine",
    "SPRAYER": "other_agri_machine",
    "BALER": "other_agri_machine",
}
REASONS = (
    "连续降雨道路中断，用户乡镇停运九天",
    "经销商更换系统，纸卡已按时寄出（快递单为证）",
    "春节期间停止收件，节后第一天补交",
    "用户外出作业，返回后才能签字",
)
BATTERY_STEPS = [
    {"until_month": 6, "answer": "换新"},
    {"until_month": 9, "answer": "周转电池"},
    {"until_month": 12, "answer": "维修"},
]


def farm_rows(whole: int, engine: int) -> tuple[TermRow, ...]:
    return (
        TermRow(Layer.WHOLE, whole),
        TermRow(Layer.MAIN, max(24, whole)),
        TermRow(Layer.MAIN, engine, "发动机", use_limit=3_000, use_unit="hours"),
        TermRow(Layer.WEAR, 3, labour_months=1, travel_months=1),
    )


def tricycle_rows(whole: int) -> tuple[TermRow, ...]:
    return (
        TermRow(Layer.WHOLE, whole),
        TermRow(Layer.MAIN, whole, "电机"),
        TermRow(Layer.MAIN, whole, "控制器"),
        TermRow(Layer.MAIN, 12, "电池", tiers=BATTERY_STEPS),
        TermRow(Layer.WEAR, 3),
    )


def build(slug: str, catalogue: Catalogue, staff: Staff, today: date) -> None:
    """Everything that the receipt cards of a company hang on, from a chance of their own."""
    chance = Random(f"{slug}:cards:{today}")
    actor = Actor.system(current_tenant_id())
    plans = _plans(actor, catalogue, today)
    sold = Machine.objects.filter(sold_on__isnull=False).select_related("model").order_by("pk")
    cards = _cards(chance, plans, sold, staff, today)
    Registration.objects.bulk_create(cards, batch_size=BATCH)
    Coverage.objects.bulk_create([row for card in cards for row in _rows(card)], batch_size=BATCH)
    _start_clocks(actor, sold, {card.machine_id for card in cards}, today)


def _plans(actor: Actor, catalogue: Catalogue, today: date) -> dict[int, list[CoveragePlan]]:
    """The plans of each line, the newest first; farm machines promise more since last year."""
    better_since = date(today.year - 1, 1, 1)
    plans: dict[int, list[CoveragePlan]] = {}
    for code, line in sorted(catalogue.lines.items()):
        models = ProductModel.objects.filter(line=line)
        whole = max(models.values_list("coverage_months", flat=True))
        if code not in LAW:
            plans[line.pk] = [_plan(actor, line, EARLY, tricycle_rows(whole))]
            continue
        models.update(product_class=LAW[code])
        first = _plan(actor, line, EARLY, farm_rows(whole, max(24, whole)))
        plans[line.pk] = [_plan(actor, line, better_since, farm_rows(whole, 36)), first]
    return plans


def _plan(
    actor: Actor, line: ProductLine, from_on: date, rows: tuple[TermRow, ...]
) -> CoveragePlan:
    return create_plan(
        actor=actor, line=line, from_on=from_on, terms=rows, source=f"三包凭证 {from_on.year} 版"
    )


def _cards(
    chance: Random,
    plans: dict[int, list[CoveragePlan]],
    sold: QuerySet[Machine],
    staff: Staff,
    today: date,
) -> list[Registration]:
    buyers = _first_owners()
    manager = staff[Role.MANAGER][0]
    cards: list[Registration] = []
    for machine in sold:
        sold_on = machine.sold_on
        if sold_on is None or machine.dealer_id is None or machine.pk not in buyers:
            continue
        received_on = _received(chance, sold_on, today)
        if received_on is None:
            continue
        due_on = due_day(sold_on, DAYS)
        late = days_late(received_on, due_on)
        card = Registration(
            machine=machine,
            dealer_id=machine.dealer_id,
            customer_id=buyers[machine.pk],
            plan=next(plan for plan in plans[machine.model.line_id] if plan.from_on <= sold_on),
            invoice_on=sold_on,
            invoice_number=f"{chance.randrange(10**8):08d}",
            delivered_on=sold_on,
            received_at=_noon(received_on),
            channel=chance.choice(
                (RegistrationChannel.PORTAL, RegistrationChannel.QR, RegistrationChannel.DESK)
            ),
            due_on=due_on,
            days_late=late,
            is_trial_run=chance.random() < 0.9,
            is_trained=chance.random() < 0.85,
            registered_label="Sanbao",
        )
        if late and chance.random() < WAIVED:
            waived_on = min(today, received_on + timedelta(days=chance.randint(1, 9)))
            card.waived_at, card.waived_by = _noon(waived_on), manager
            card.waived_label, card.waiver_reason = manager.name, chance.choice(REASONS)
        cards.append(card)
    cards.sort(key=lambda card: (card.received_at, card.machine_id))
    for number, card in enumerate(cards, start=1):
        card.number = f"RC-{number:06d}"
    return cards


def _received(chance: Random, sold_on: date, today: date) -> date | None:
    """When the card came in; None: it never did, or its days still run."""
    roll, days = chance.random(), chance.randint(1, DAYS)
    if roll < NEVER:
        return None
    if roll < NEVER + LATE:
        days = DAYS + chance.randint(1, 45)
    if sold_on + timedelta(days=days) > today:
        age = (today - sold_on).days
        if chance.random() > IN_ALREADY or age < 1:
            return None
        days = min(days, chance.randint(1, age))
    return sold_on + timedelta(days=days)


def _first_owners() -> dict[int, int]:
    rows = Ownership.objects.order_by("-from_on", "-pk").values_list("machine_id", "customer_id")
    return dict(rows)


def _rows(card: Registration) -> list[Coverage]:
    terms = card.plan.terms.all()
    rows = [row_of(term, card.machine, card.invoice_on, registration=card) for term in terms]
    for row in rows:
        row.source_kind, row.source_id = "registration", card.pk
    return rows


def _start_clocks(actor: Actor, sold: QuerySet[Machine], carded: set[int], today: date) -> None:
    """The promise of those whose days still run, or ran out lately."""
    recent = sold.filter(sold_on__gte=today - timedelta(days=DAYS + 10)).order_by("-sold_on", "pk")
    waiting = [machine for machine in recent if machine.pk not in carded]
    for machine in waiting[:MOST_CLOCKS]:
        clocks.follow_sale(actor, machine)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
