"""Periods by product class as data: months, km and daily rates, each a legal minimum.

Farm machines: annex 1, all months to be checked against the 2010 printing. A built-in engine
follows its machine and has no row of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from warranty.remedies.register import COMPUTER, GOODS, PHONE


@dataclass(frozen=True, slots=True)
class FarmClass:
    """Months of the whole machine and of its main components."""

    whole: int
    main: int
    main_components: tuple[str, ...] = ()  # () is: as printed on the certificate


_ENGINE = ("block", "cylinder_head", "flywheel")
_TRACTOR = (
    "engine_block",
    "cylinder_head",
    "flywheel",
    "frame",
    "gearbox_case",
    "half_shaft_housing",
    "steering_case",
    "differential_case",
    "final_drive_case",
    "brake_drum",
    "drawbar_plate",
    "lift_case",
)
LARGE_TRACTOR, SMALL_TRACTOR = "tractor_large_medium", "tractor_small"
LARGE_TRACTOR_KW = Decimal(18)  # 以上 includes the number

FARM = {
    "diesel_multi": FarmClass(12, 24, _ENGINE),
    "diesel_single": FarmClass(9, 18, _ENGINE),
    "petrol_2stroke": FarmClass(3, 6, _ENGINE),
    "petrol_4stroke": FarmClass(6, 12, _ENGINE),
    LARGE_TRACTOR: FarmClass(12, 24, _TRACTOR),
    SMALL_TRACTOR: FarmClass(9, 18, _TRACTOR),
    "combine_harvester": FarmClass(
        12,
        24,
        (
            "engine_block",
            "cylinder_head",
            "flywheel",
            "frame",
            "gearbox_case",
            "clutch_case",
            "steering_gear",
            "final_drive_case",
        ),
    ),
    "rice_transplanter": FarmClass(
        12,
        24,
        (
            "frame",
            "gearbox_case",
            "transmission_case",
            "planting_arm",
            "engine_block",
            "cylinder_head",
            "crankshaft",
        ),
    ),
    "other_agri_machine": FarmClass(12, 12),
}


@dataclass(frozen=True, slots=True)
class CarClass:
    """Free repair (包修期) and three guarantees (三包有效期): months or km, first reached."""

    repair_months: int = 36
    repair_km: Decimal = Decimal(60_000)
    sanbao_months: int = 24
    sanbao_km: Decimal = Decimal(50_000)


CARS = {"passenger_car": CarClass(), "pickup": CarClass()}


@dataclass(frozen=True, slots=True)
class GoodsClass:
    """Months of the host and of its main parts, and the share of the price lost per day.

    A rate of None: the published rule names none, and nothing is deducted by guess.
    """

    law: str
    whole: int
    main: int | None = None
    daily_rate: Decimal | None = None


_A_DAY_05, _A_DAY_1 = Decimal("0.0005"), Decimal("0.001")
_PHONE_RATE = Decimal("0.005")
_PC_RATE = Decimal("0.0025")

GOODS_CLASSES = {
    "bicycle": GoodsClass(GOODS, 12, 24, _A_DAY_05),
    "colour_tv": GoodsClass(GOODS, 12, 36, _A_DAY_1),
    "black_white_tv": GoodsClass(GOODS, 12, 36, _A_DAY_05),
    "video_recorder": GoodsClass(GOODS, 12, 12, _A_DAY_1),
    "refrigerator": GoodsClass(GOODS, 12, 36, _A_DAY_05),
    "washing_machine": GoodsClass(GOODS, 12, 36, _A_DAY_05),
    "air_conditioner": GoodsClass(GOODS, 12, 36, _A_DAY_1),
    "mobile_phone": GoodsClass(PHONE, 12, daily_rate=_PHONE_RATE),
    "mobile_phone_battery": GoodsClass(PHONE, 6),
    "mobile_phone_charger": GoodsClass(PHONE, 12),
    "mobile_phone_terminal_card": GoodsClass(PHONE, 12),
    "mobile_phone_headset": GoodsClass(PHONE, 3),
    "mobile_phone_data_card": GoodsClass(PHONE, 12),
    "microcomputer": GoodsClass(COMPUTER, 12, 24, _PC_RATE),
}
# Days in the workshop after which a replacement is due, whatever the delay's cause.
LONG_STAY_DAYS = {GOODS: 90, PHONE: 60}
