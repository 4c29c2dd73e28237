"""Reads of receipt cards and coverage; whether a dealer's claims for a machine are recognised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from core.actor import Actor
from core.options import option
from core.tenancy import whole_tenant
from dealers.access import visible as visible_dealers
from dealers.models import Dealer
from machines.access import visible_registrations
from machines.card_rules import Cover, Eligibility, add_months, eligibility, judge
from machines.models import (
    Coverage,
    CoverageEvent,
    CoveragePlan,
    Layer,
    Machine,
    Registration,
    RegistrationState,
)

LIVE = Q(registration=None) | Q(registration__state=RegistrationState.REGISTERED)
# Compliance looks back over the sales of so many days when nobody says otherwise.
LOOK_BACK = timedelta(days=365)
MOST_MISSING = 200


def coverage_of(machine: Machine) -> list[Coverage]:
    """Every coverage of a machine, running or over, with what moved it; not of void cards."""
    events = Prefetch("events", CoverageEvent.objects.order_by("pk"))
    rows = Coverage.objects.filter(LIVE, machine=machine).prefetch_related(events)
    return list(rows.order_by("pk"))


def coverage_on(machine: Machine, on: date) -> list[Coverage]:
    """The coverage that runs on a day by its dates; meters are asked by `cover_for`."""
    return [row for row in coverage_of(machine) if row.starts_on <= on <= row.ends_on]


def covered_until(machines: Iterable[Machine]) -> dict[int, date]:
    """The last day of the whole machine's coverage, by machine: one query for all of them.

    Without a receipt card, counted from the sale by the product record (a hint, no promise).
    """
    known = {machine.pk: machine for machine in machines if machine is not None}
    rows = Coverage.objects.filter(
        LIVE, machine__in=known, layer=Layer.WHOLE, component=""
    ).values_list("machine_id", "ends_on")
    found: dict[int, date] = {}
    for machine_id, ends_on in rows:
        found[machine_id] = max(ends_on, found.get(machine_id, ends_on))
    for machine in known.values():
        if machine.pk not in found and machine.sold_on is not None:
            found[machine.pk] = add_months(machine.sold_on, machine.model.coverage_months)
    return found


def cover_for(machine: Machine, layer: str, component: str, on: date, reading: int | None) -> Cover:
    """What covers a fault of a layer or component on a day at a meter reading."""
    return judge(coverage_of(machine), layer, component, on, reading)


def live_card(machine: Machine) -> Registration | None:
    """The machine's receipt card, whoever's; a servicing dealer may ask for its effect."""
    with whole_tenant():
        return Registration.objects.filter(
            machine=machine, state=RegistrationState.REGISTERED
        ).first()


def claim_eligible(machine: Machine) -> Eligibility:
    """Whether dealers' claims for a machine are recognised (R-066)."""
    return eligibility(live_card(machine))


def repair_guaranteed_until(finished_on: date) -> date:
    """The last day of the guarantee on finished work (R-069)."""
    return add_months(finished_on, option("repair.guarantee_months"))


def registration_list(actor: Actor) -> QuerySet[Registration]:
    """Receipt cards with what lists show of them."""
    return visible_registrations(actor).select_related("machine__model", "customer", "dealer")


def plan_list() -> QuerySet[CoveragePlan]:
    """Coverage plans with their scopes and rows, the newest version of each scope first."""
    return (
        CoveragePlan.objects.select_related("model", "line")
        .prefetch_related("terms")
        .annotate(cards=Count("registrations"))
        .order_by(F("line__code").asc(nulls_first=True), "model__code", "-from_on", "-pk")
    )


def not_registered(actor: Actor, *, at: date | None = None) -> QuerySet[Machine]:
    """Machines sold in the last year that have no receipt card, the longest waiting first."""
    today = at or timezone.localdate()
    cards = Registration.objects.filter(
        machine_id=OuterRef("pk"), state=RegistrationState.REGISTERED
    )
    machines = Machine.objects.filter(~Exists(cards), sold_on__gte=today - LOOK_BACK)
    if actor.dealer_ids is not None:
        machines = machines.filter(dealer_id__in=actor.dealer_ids)
    return machines.select_related("model", "customer", "dealer").order_by("sold_on", "pk")


@dataclass(frozen=True, slots=True)
class Compliance:
    """Cards of the machines that a dealer sold in a span (R-065)."""

    dealer: Dealer
    sold: int  # whose 20 days are over, or whose card is in
    in_time: int
    late: int
    waived: int
    missing: int  # the 20 days are over and there is no card
    waiting: int  # the 20 days still run

    @property
    def percent(self) -> int | None:
        """Cards in time per hundred machines sold, rounded down; None without sales."""
        return self.in_time * 100 // self.sold if self.sold else None


def compliance(
    dealer: Dealer, *, since: date | None = None, until: date | None = None
) -> Compliance:
    """The compliance of one dealer."""
    return _compliances([dealer], since, until)[0]


def compliances(
    actor: Actor, *, since: date | None = None, until: date | None = None
) -> list[Compliance]:
    """Of every dealer that the actor sees and that sold something, the worst first: one query."""
    found = _compliances(list(visible_dealers(actor).order_by("number")), since, until)
    some = [row for row in found if row.sold or row.waiting]
    return sorted(some, key=lambda row: 100 if row.percent is None else row.percent)


def _compliances(dealers: list[Dealer], since: date | None, until: date | None) -> list[Compliance]:
    today = timezone.localdate()
    due_before = today - timedelta(days=option("registration.days"))
    live = Q(registrations__state=RegistrationState.REGISTERED)
    late = live & Q(registrations__days_late__gt=0)
    rows = (
        Machine.objects.filter(
            dealer__in=[dealer.pk for dealer in dealers],
            sold_on__gte=since or today - LOOK_BACK,
            sold_on__lte=until or today,
        )
        .values("dealer_id")
        .annotate(
            all=Count("pk", distinct=True),
            carded=Count("pk", filter=live, distinct=True),
            late=Count("pk", filter=late, distinct=True),
            waived=Count(
                "pk", filter=late & Q(registrations__waived_at__isnull=False), distinct=True
            ),
            over=Count("pk", filter=Q(sold_on__lt=due_before), distinct=True),
            carded_over=Count("pk", filter=live & Q(sold_on__lt=due_before), distinct=True),
        )
    )
    by_dealer: dict[int, Any] = {row["dealer_id"]: row for row in rows}
    return [_counted(dealer, by_dealer.get(dealer.pk)) for dealer in dealers]


def _counted(dealer: Dealer, row: Mapping[str, Any] | None) -> Compliance:
    if row is None:
        return Compliance(dealer, 0, 0, 0, 0, 0, 0)
    missing = row["over"] - row["carded_over"]
    return Compliance(
        dealer,
        sold=row["carded"] + missing,
        in_time=row["carded"] - row["late"],
        late=row["late"],
        waived=row["waived"],
        missing=missing,
        waiting=row["all"] - row["carded"] - missing,
    )
