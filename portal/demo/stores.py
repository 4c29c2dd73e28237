"""What the demo company repairs with: catalogue, prices of two years, pieces, stock, operations."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from core.actor import Actor
from core.money import share
from core.tenancy import current_tenant_id
from dealers.models import Dealer
from machines.models import ProductModel
from parts.models import (
    LabourOperation,
    OperationFit,
    OperationIncludes,
    Part,
    PartFit,
    PartPrice,
    PartSerial,
    PriceKind,
    Store,
    StoreKind,
    Supplier,
)
from parts.services import book_stock
from portal.demo.catalogues import Good, Goods
from portal.demo.farm_goods import FARM
from portal.demo.tricycle_goods import TRICYCLES

GOODS = {"fenghe": FARM, "junchi": TRICYCLES}
# Last year's prices were lower; a customer pays more than a dealer.
LAST_YEAR, RETAIL = Decimal(96), Decimal(130)
PIECES, BATCH = 12, 4
STORES = (
    ("MAIN", "主库", StoreKind.MAIN),
    ("REUSE", "可再用件库", StoreKind.REUSABLE),
    ("SCRAP", "废品库", StoreKind.SCRAP),
)


def build(
    slug: str, models: dict[str, list[ProductModel]], dealers: list[Dealer], today: date
) -> None:
    """Insert the goods of a company; the same rows whenever on a day they are loaded."""
    goods = GOODS[slug]
    suppliers = _suppliers(goods, today)
    parts = _parts(goods, suppliers, models)
    _prices(goods, parts, today)
    _pieces(goods, parts, dealers, today)
    _stock(goods, parts)
    _works(goods, models)


def _suppliers(goods: Goods, today: date) -> dict[str, Supplier]:
    # The last one is not confirmed in time, so that the list has something to say.
    rows = Supplier.objects.bulk_create(
        Supplier(
            code=code,
            name=name,
            contact_name=contact,
            phone=phone,
            claims_address=f"{name} 售后部",
            duty_percent=percent,
            terms="质量责任件按含税进价索赔，旧件随索赔单返还。",
            confirmed_on=today - timedelta(days=30 * place),
        )
        for place, (code, name, contact, phone, percent) in enumerate(goods.suppliers, start=1)
    )
    return {supplier.code: supplier for supplier in rows}


def _parts(
    goods: Goods, suppliers: dict[str, Supplier], models: dict[str, list[ProductModel]]
) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for place, good in enumerate(goods.parts):
        parts[good.number] = Part(
            number=good.number,
            name=good.name,
            name_en=good.name_en,
            kind=good.kind,
            layer=good.layer,
            component=good.component,
            is_common=good.yuan < 5_000,
            is_watched=good.is_watched,
            is_serialised=good.is_serialised,
            supplier=suppliers.get(good.supplier),
            return_duty=good.duty,
            gate=good.gate,
            keep_for_supplier=bool(good.supplier) and good.is_watched,
            shelf=f"{'ABCD'[place % 4]}-{place // 4 + 1:02d}",
        )
    Part.objects.bulk_create(parts.values())
    for good in goods.parts:
        if good.replaces:
            Part.objects.filter(number=good.number).update(replaces=parts[good.replaces])
    PartFit.objects.bulk_create(
        PartFit(part=parts[good.number], model=model, per_machine=good.per_machine)
        for good in goods.parts
        for line in good.lines
        for model in models[line]
    )
    return parts


def _prices(goods: Goods, parts: dict[str, Part], today: date) -> None:
    new_year = today.replace(month=1, day=1)
    rows = []
    for good in goods.parts:
        cents = good.yuan * 100
        for kind, now in ((PriceKind.DEALER, cents), (PriceKind.RETAIL, share(cents, RETAIL))):
            before = share(now, LAST_YEAR)
            for on, amount in ((new_year.replace(year=today.year - 2), before), (new_year, now)):
                rows.append(PartPrice(part=parts[good.number], kind=kind, cents=amount, from_on=on))
    PartPrice.objects.bulk_create(rows)


def _pieces(goods: Goods, parts: dict[str, Part], dealers: list[Dealer], today: date) -> None:
    rows = []
    for good in goods.parts:
        if not good.is_serialised:
            continue
        for place in range(PIECES):
            made = today - timedelta(days=40 * (PIECES - place))
            # Of each batch the first pieces are sold.
            dealer = dealers[place % len(dealers)] if place % BATCH < BATCH - 1 else None
            rows.append(
                PartSerial(
                    part=parts[good.number],
                    serial_number=f"{good.number}-{made:%y%m}{place + 1:03d}",
                    batch=f"{made:%Y%m}",
                    dealer=dealer,
                    sold_on=made + timedelta(days=20) if dealer else None,
                )
            )
    PartSerial.objects.bulk_create(rows)


def _stock(goods: Goods, parts: dict[str, Part]) -> None:
    main, reuse, _scrap = Store.objects.bulk_create(
        Store(code=code, name=name, kind=kind) for code, name, kind in STORES
    )
    keeper = Actor.system(current_tenant_id(), "期初导入")
    for place, good in enumerate(goods.parts):
        count = _count(good, place)
        book_stock(
            actor=keeper,
            store=main,
            part=parts[good.number],
            quantity=count,
            # The house pays less for its parts than its dealers do.
            value_cents=share(good.yuan * 100, Decimal(70)) * count,
            reason="期初库存",
        )
        if good.is_serialised:
            book_stock(
                actor=keeper,
                store=reuse,
                part=parts[good.number],
                quantity=1,
                value_cents=share(good.yuan * 100, Decimal(30)),
                reason="鉴定可再用",
            )


def _count(good: Good, place: int) -> int:
    """Many of what is cheap, a few of what is dear."""
    return max(2, 4_000 // good.yuan) + place % 5


def _works(goods: Goods, models: dict[str, list[ProductModel]]) -> None:
    rows = LabourOperation.objects.bulk_create(
        LabourOperation(
            code=work.code,
            name=work.name,
            name_en=work.name_en,
            standard_minutes=work.minutes,
            part_group=work.group,
            is_restricted=work.is_restricted,
        )
        for work in goods.works
    )
    by_code = {row.code: row for row in rows}
    fits = []
    for work in goods.works:
        operation = by_code[work.code]
        timed = [(model, minutes) for line, minutes in work.by_line for model in models[line]]
        fits += [OperationFit(operation=operation, model=m, minutes=n) for m, n in timed]
        if timed and {minutes for _model, minutes in timed} != {work.minutes}:
            # Where one line takes longer, every other one takes the usual time.
            fits.append(OperationFit(operation=operation, model=None, minutes=work.minutes))
    OperationFit.objects.bulk_create(fits)
    OperationIncludes.objects.bulk_create(
        OperationIncludes(operation=by_code[work.code], included=by_code[code])
        for work in goods.works
        for code in work.includes
    )
