"""Parts, suppliers, stores and operations for the access matrix; see `tests.access.things`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parts import services
from parts.models import LabourOperation, Part, Store, Supplier
from tests.cast import NEIGHBOUR_CANARY, Cast

Kwargs = dict[str, Any]


def part(cast: Cast) -> Kwargs:
    """One with all there is about a part; a piece of it was sold to the neighbour."""
    number = f"DJ-72/1500{cast.mark}"
    if not Part.objects.filter(number=number).exists():
        actor = cast.system()
        delivers = Supplier.objects.get(code=supplier(cast)["code"])
        made = services.create_part(
            actor=actor,
            number=number,
            name=f"驱动电机 {cast.mark}".strip(),
            supplier=delivers,
            is_serialised=True,
        )
        services.fit_part(actor=actor, part=made, model=cast.model)
        for kind, cents in (("dealer", 45_600), ("retail", 59_900)):
            on = timezone.localdate()
            services.set_price(actor=actor, part=made, cents=cents, from_on=on, kind=kind)
        for dealer, serial in ((cast.dealer, "M1"), (cast.neighbour, f"M2-{NEIGHBOUR_CANARY}")):
            services.record_serials(actor=actor, part=made, numbers=[serial], dealer=dealer)
        main = Store.objects.get(code=store(cast)["code"])
        services.book_stock(
            actor=actor, store=main, part=made, quantity=3, value_cents=90_000, reason="入库"
        )
    return {"number": number}


def supplier(cast: Cast) -> Kwargs:
    code = f"HX{cast.mark}"
    if not Supplier.objects.filter(code=code).exists():
        services.create_supplier(
            actor=cast.system(), code=code, name=f"华星电机 {cast.mark}".strip()
        )
    return {"code": code}


def store(cast: Cast) -> Kwargs:
    code = f"MAIN{cast.mark}"
    if not Store.objects.filter(code=code).exists():
        services.create_store(actor=cast.system(), code=code, name=f"主库 {cast.mark}".strip())
    return {"code": code}


def stocked(cast: Cast) -> Kwargs:
    part(cast)
    return store(cast)


def operation(cast: Cast) -> Kwargs:
    code = f"R01{cast.mark}"
    if not LabourOperation.objects.filter(code=code).exists():
        actor = cast.system()
        names = (("R02", "拆装护罩"), ("R01", "更换驱动电机"))
        inner, outer = (
            services.create_operation(
                actor=actor,
                code=f"{code}{cast.mark}",
                name=f"{name} {cast.mark}".strip(),
                standard_minutes=60,
            )
            for code, name in names
        )
        services.include_operation(actor=actor, operation=outer, included=inner)
        for model, minutes in ((cast.model, 90), (None, 45)):
            services.time_operation(actor=actor, operation=outer, model=model, minutes=minutes)
    return {"code": code}
