"""The legal floor of each product class, for apps below that may not import the remedies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from warranty.remedies.register import AGRI, CAR
from warranty.remedies.tables import (
    CARS,
    FARM,
    GOODS_CLASSES,
    LARGE_TRACTOR,
    LARGE_TRACTOR_KW,
    SMALL_TRACTOR,
)

CLASSES: dict[str, Any] = {
    "tractor_large_medium": _("Large or medium tractor (18 kW or more)"),
    "tractor_small": _("Small tractor (below 18 kW)"),
    "combine_harvester": _("Combine harvester"),
    "rice_transplanter": _("Rice transplanter"),
    "other_agri_machine": _("Other farm machine"),
    "diesel_multi": _("Diesel engine, several cylinders, sold alone"),
    "diesel_single": _("Diesel engine, one cylinder, sold alone"),
    "petrol_2stroke": _("Petrol engine, two-stroke, sold alone"),
    "petrol_4stroke": _("Petrol engine, four-stroke, sold alone"),
    "passenger_car": _("Passenger car"),
    "pickup": _("Pickup"),
}


def floor_of(product_class: str, power_kw: Decimal | None = None) -> dict[str, Any] | None:
    """Months of the whole machine and of main components, and the use that caps them.

    Of a tractor whose power is known, the power decides the class (18 kW).
    """
    if product_class in (LARGE_TRACTOR, SMALL_TRACTOR) and power_kw is not None:
        product_class = LARGE_TRACTOR if power_kw >= LARGE_TRACTOR_KW else SMALL_TRACTOR
    if product_class in FARM:
        farm = FARM[product_class]
        return {"whole": farm.whole, "main": farm.main, "source": AGRI}
    if product_class in CARS:
        car = CARS[product_class]
        return {
            "whole": car.repair_months,
            "use_limit": int(car.repair_km),
            "use_unit": "km",
            "source": CAR,
        }
    if product_class in GOODS_CLASSES:
        goods = GOODS_CLASSES[product_class]
        return {"whole": goods.whole, "main": goods.main, "source": goods.law}
    return None


def class_choices() -> list[tuple[str, Any]]:
    """The classes that a product model can have, with their names."""
    return list(CLASSES.items())
