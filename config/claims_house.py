"""A company with dealers, machines, parts and rates: what many claims are copied into."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import Membership, User
from config.crowd import copy
from core.actor import Actor
from core.models import Tenant
from core.tenancy import current_tenant_id
from dealers.models import Dealer, DealerContract, DealerLevel, RateCard
from dealers.services import install_rates
from machines.models import Customer, Machine, ProductLine, ProductModel, Registration
from machines.services import register_machine
from parts.models import LabourOperation, Part, PartFit, PartPrice
from warranty.models import Evidence, WorkReport, WorkReportLabour, WorkReportPart

MODELS, PARTS, OPERATIONS, DEALERS = 5, 60, 12, 20


def person(tenant: Tenant, role: str, dealer: Dealer | None = None) -> int:
    user = User.objects.create(email=f"{role}@{tenant.slug}.example", name=f"{tenant.slug} {role}")
    dealer_id = dealer.pk if dealer else None
    return int(Membership.objects.create(user=user, role=role, dealer_id=dealer_id).pk)


def dealers(today: date) -> tuple[Dealer, Dealer]:
    """Twenty dealers with contracts, and the one that is paid; the rates of the company."""
    system = Actor.system(current_tenant_id())
    level = DealerLevel.objects.create(
        code="A", name="A", pass_limit_cents=50_000, is_trusted=True, may_do_restricted=True
    )
    rows = [
        Dealer(
            number=f"B-{n}", name=f"B-{n} Machinery", level=level, phone="", region_code="371402"
        )
        for n in range(DEALERS + 1)
    ]
    Dealer.objects.bulk_create(rows)
    since = today - timedelta(days=400)
    DealerContract.objects.bulk_create(
        DealerContract(dealer=dealer, number=f"HT-{dealer.number}", from_on=since)
        for dealer in rows
    )
    install_rates(actor=system)
    standard = RateCard.objects.get()
    if standard.from_on > since:
        before: dict[str, Any] = {
            "from_on": f"'{since}'",
            "until_on": f"'{standard.from_on - timedelta(days=1)}'",
        }
        copy(standard, "generate_series(1, 1) AS n", **before)
    return rows[1], rows[0]


def catalogue(today: date) -> list[ProductModel]:
    """Models, parts that fit them with prices, and operations."""
    line = ProductLine.objects.create(code="HARVESTER", name="Harvesters")
    models = ProductModel.objects.bulk_create(
        ProductModel(line=line, code=f"4LZ-{n}", name=f"Harvester {n}") for n in range(MODELS)
    )
    parts = Part.objects.bulk_create(
        Part(number=f"P-{n}", name=f"Hydraulic pump {n}") for n in range(PARTS)
    )
    since = today - timedelta(days=400)
    PartPrice.objects.bulk_create(
        PartPrice(part=part, cents=2_000 + 700 * n, from_on=since + timedelta(days=days))
        for n, part in enumerate(parts)
        for days in (0, 200)
    )
    PartFit.objects.bulk_create(
        PartFit(part=part, model=model, per_machine=Decimal(2))
        for part in parts
        for model in models
    )
    LabourOperation.objects.bulk_create(
        LabourOperation(code=f"OP-{n}", name=f"Change pump {n}", standard_minutes=30 + 5 * n)
        for n in range(OPERATIONS)
    )
    return models


def machines(dealer: Dealer, models: list[ProductModel], count: int, today: date) -> Registration:
    """Machines of every dealer with their cards and coverage."""
    customer = Customer.objects.create(number="C-1", name="Zhang San", region_code="371402")
    like = Machine.objects.create(
        serial_number="M-0",
        model=models[0],
        customer=customer,
        dealer=dealer,
        sold_on=today - timedelta(days=100),
    )
    card: Registration = register_machine(
        actor=Actor.system(current_tenant_id()),
        machine=like,
        dealer=dealer,
        customer=customer,
        invoice_on=today - timedelta(days=100),
        received_at=timezone.now() - timedelta(days=95),
    )
    copy(
        like,
        f"generate_series(1, {int(count)}) AS n JOIN dealers_dealer AS d"
        f" ON d.number = 'B-' || (1 + n %% {DEALERS})"
        f" JOIN machines_productmodel AS pm ON pm.code = '4LZ-' || (n %% {MODELS})",
        serial_number="'M-' || n",
        model="pm.id",
        dealer="d.id",
    )
    copy(
        card,
        "machines_machine AS m",
        where=f"m.id <> {like.pk}",
        number="'RC-B-' || m.id",
        machine="m.id",
        dealer="m.dealer_id",
    )
    for row in card.coverage.all():
        copy(
            row,
            "machines_registration AS g",
            where="g.number LIKE 'RC-B-%%'",
            machine="g.machine_id",
            registration="g.id",
            source_id="g.id",
        )
    return card


def job(machine: Machine, dealer: Dealer) -> WorkReport:
    """One job as it was written: two parts, one operation, a way and a photo."""
    at = timezone.now() - timedelta(hours=1)
    report = WorkReport.objects.create(
        number="R-0",
        client_key=uuid4(),
        dealer=dealer,
        machine=machine,
        customer=machine.customer,
        technician_name="Li",
        reported_at=at - timedelta(hours=5),
        arrived_at=at - timedelta(hours=1),
        started_at=at - timedelta(hours=1),
        finished_at=at,
        meter_reading=Decimal(10),
        meter_unit="hours",
        complaint="The engine does not start",
        cause="The pump leaks",
        correction="Pump changed",
        distance_km=Decimal(42),
        map_km=Decimal(40),
    )
    for position, part in enumerate(Part.objects.order_by("pk")[:2], start=1):
        WorkReportPart.objects.create(
            report=report, position=position, part=part, quantity=1, is_causal=position == 1
        )
    operation = LabourOperation.objects.order_by("pk")[0]
    WorkReportLabour.objects.create(report=report, position=1, operation=operation, minutes=45)
    Evidence.objects.create(
        dealer=dealer,
        report=report,
        kind="fault",
        public_id=uuid4(),
        file="files/none.jpg",
        original_name="fault.jpg",
        content_type="image/jpeg",
        size=1,
        sha256="0" * 64,
    )
    return report
