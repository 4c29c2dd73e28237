"""Writes of dealers, one module per noun."""

from dealers.services.contracts import add_contract, end_contract
from dealers.services.dealers import (
    DEALER_FIELDS,
    LEVELS,
    OUTLET_FIELDS,
    NoSuchDealer,
    NoSuchLevel,
    NumberTaken,
    TerritoryTaken,
    add_outlet,
    add_territory,
    apply_changes,
    create_dealer,
    edit_dealer,
    edit_outlet,
    install_levels,
    note_export,
    remove_territory,
)
from dealers.services.rates import (
    LEVEL_FIELDS,
    edit_level,
    end_rate_card,
    install_rates,
    new_rate_card,
)

__all__ = [
    "DEALER_FIELDS",
    "LEVELS",
    "LEVEL_FIELDS",
    "OUTLET_FIELDS",
    "NoSuchDealer",
    "NoSuchLevel",
    "NumberTaken",
    "TerritoryTaken",
    "add_contract",
    "add_outlet",
    "add_territory",
    "apply_changes",
    "create_dealer",
    "edit_dealer",
    "edit_level",
    "edit_outlet",
    "end_contract",
    "end_rate_card",
    "install_levels",
    "install_rates",
    "new_rate_card",
    "note_export",
    "remove_territory",
]
