"""Customers and their machines: who bought what from whom, and what was sold on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from dealers.models import Dealer
from knowledge.models import Symptom
from machines.models import (
    Customer,
    CustomerClass,
    CustomerKind,
    CustomerPhone,
    DealerCustomer,
    Machine,
    Ownership,
    ProductLine,
    ProductModel,
)
from portal.demo import names
from portal.demo.companies import Company, Line, Trouble
from portal.demo.network import Network

BATCH = 1_000
SOLD_ON_SHARE = 0.05
YEARS_SOLD = 5


@dataclass(slots=True)
class Catalogue:
    """Lines, models and symptoms as rows, beside the values they came from."""

    lines: dict[str, ProductLine]
    models: dict[str, list[ProductModel]]
    symptoms: dict[str, list[tuple[Symptom, Trouble]]]


@dataclass(slots=True)
class Park:
    """The machines by line, with the place and the phone of their owners."""

    catalogue: Catalogue
    machines: dict[str, list[Machine]]
    phones: dict[int, str]
    served: set[tuple[int, int]] = field(default_factory=set)


def build(chance: Random, company: Company, network: Network, *, scale: float, today: date) -> Park:
    """Insert the catalogue, the customers and the machines."""
    catalogue = _catalogue(company)
    customers, phones = _customers(
        chance, company, network, max(20, int(company.customers * scale))
    )
    machines, ownerships = _machines(
        chance,
        company,
        catalogue,
        network,
        customers,
        count=max(30, int(company.machines * scale)),
        today=today,
    )
    served = {
        (row.machine.dealer_id, row.customer_id) for row in ownerships if row.machine.dealer_id
    }
    DealerCustomer.objects.bulk_create(
        (DealerCustomer(dealer_id=dealer, customer_id=owner) for dealer, owner in sorted(served)),
        batch_size=BATCH,
    )
    by_line: dict[str, list[Machine]] = defaultdict(list)
    for machine in machines:
        by_line[machine.model.line.code].append(machine)
    return Park(catalogue, by_line, phones, served)


def _catalogue(company: Company) -> Catalogue:
    lines = ProductLine.objects.bulk_create(
        ProductLine(
            code=line.code, name=line.name, name_en=line.name_en, is_bought_in=line.is_bought_in
        )
        for line in company.lines
    )
    models: dict[str, list[ProductModel]] = {}
    symptoms: dict[str, list[tuple[Symptom, Trouble]]] = {}
    for line, row in zip(company.lines, lines, strict=True):
        models[line.code] = ProductModel.objects.bulk_create(
            ProductModel(line=row, code=code, name=name, coverage_months=months)
            for code, name, months in line.models
        )
        rows = Symptom.objects.bulk_create(
            _symptom(line, number, trouble) for number, trouble in enumerate(line.troubles, 1)
        )
        symptoms[line.code] = list(zip(rows, line.troubles, strict=True))
    return Catalogue({row.code: row for row in lines}, models, symptoms)


def _symptom(line: Line, number: int, trouble: Trouble) -> Symptom:
    return Symptom(
        code=f"{line.code}-{number:02d}",
        name=trouble.name,
        name_en=trouble.name_en,
        product_line_code=line.code,
        severity=trouble.severity,
        is_unusual=trouble.is_unusual,
    )


def _customers(
    chance: Random, company: Company, network: Network, count: int
) -> tuple[list[Customer], dict[int, str]]:
    codes = list(network.counties)
    customers: list[Customer] = []
    mobiles: list[str] = []
    for number in range(1, count + 1):
        county = network.counties[chance.choice(codes)]
        is_company = chance.random() < company.cooperative_share
        customers.append(
            Customer(
                number=f"CU-{number:06d}",
                name=names.company(chance, county.name, company.cooperative)
                if is_company
                else names.person(chance),
                kind=CustomerKind.COMPANY if is_company else CustomerKind.PERSON,
                customer_class=CustomerClass.KEY
                if is_company and chance.random() < 0.4
                else CustomerClass.ORDINARY,
                region_code=county.code,
                address=names.address(chance, county.full_name),
            )
        )
        mobiles.append(names.mobile(chance))
    Customer.objects.bulk_create(customers, batch_size=BATCH)
    phones = []
    for customer, mobile in zip(customers, mobiles, strict=True):
        phones.append(CustomerPhone(customer=customer, number=mobile, is_primary=True))
        if customer.kind == CustomerKind.COMPANY:
            driver = names.mobile(chance)
            phones.append(CustomerPhone(customer=customer, number=driver, label="机手"))
    CustomerPhone.objects.bulk_create(phones, batch_size=BATCH)
    return customers, {phone.customer_id: phone.number for phone in phones if phone.is_primary}


def _machines(
    chance: Random,
    company: Company,
    catalogue: Catalogue,
    network: Network,
    customers: list[Customer],
    *,
    count: int,
    today: date,
) -> tuple[list[Machine], list[Ownership]]:
    weights = [line.share for line in company.lines]
    serials: dict[tuple[str, int], int] = defaultdict(int)
    machines: list[Machine] = []
    former: list[tuple[Machine, Customer, date]] = []
    keen = [2.5 if customer.kind == CustomerKind.COMPANY else 1.0 for customer in customers]
    # Everybody has one; who buys more is mostly a cooperative.
    owners = [
        *customers[:count],
        *chance.choices(customers, keen, k=max(0, count - len(customers))),
    ]
    for owner in owners:
        line = chance.choices(company.lines, weights)[0]
        model = chance.choice(catalogue.models[line.code])
        sold_on = today - timedelta(days=int(chance.triangular(2, YEARS_SOLD * 365, 300)))
        built_on = sold_on - timedelta(days=chance.randint(15, 160))
        serials[model.code, built_on.year] += 1
        serial = f"{model.code.replace('-', '').replace('.', '')}{built_on.year % 100:02d}"
        seller = network.dealers_for(owner.region_code, line.code)[0]
        machine = Machine(
            serial_number=f"{serial}{serials[model.code, built_on.year]:05d}",
            plate=names.plate(chance, owner.region_code) if company.has_plates else "",
            model=model,
            customer=owner,
            dealer=seller,
            engine_number=f"{chance.choice('QYWK')}{chance.randrange(10**8):08d}",
            built_on=built_on,
            sold_on=sold_on,
            region_code=owner.region_code,
            address=owner.address,
        )
        machines.append(machine)
        if (today - sold_on).days > 400 and chance.random() < SOLD_ON_SHARE:
            former.append((machine, owner, sold_on))
            _sell_on(chance, machine, customers)
    Machine.objects.bulk_create(machines, batch_size=BATCH)
    return machines, _ownerships(chance, machines, former, today)


def _sell_on(chance: Random, machine: Machine, customers: list[Customer]) -> None:
    buyer = chance.choice(customers)
    machine.customer = buyer
    machine.region_code, machine.address = buyer.region_code, buyer.address


def _ownerships(
    chance: Random,
    machines: list[Machine],
    former: list[tuple[Machine, Customer, date]],
    today: date,
) -> list[Ownership]:
    handed: dict[str, date] = {}
    rows = []
    for machine, owner, sold_on in former:
        if machine.customer == owner:
            continue
        until = sold_on + timedelta(days=chance.randint(200, max(201, (today - sold_on).days - 20)))
        handed[machine.serial_number] = until
        rows.append(Ownership(machine=machine, customer=owner, from_on=sold_on, until_on=until))
    for machine in machines:
        begin = handed.get(machine.serial_number) or machine.sold_on or today
        rows.append(Ownership(machine=machine, customer=machine.customer, from_on=begin))
    Ownership.objects.bulk_create(rows, batch_size=BATCH)
    return rows


def dealer_of(machine: Machine, network: Network) -> Dealer:
    """Who is asked first when this machine has trouble."""
    return network.dealers_for(machine.region_code, machine.model.line.code)[0]
