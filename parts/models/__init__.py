"""Tables of parts: the catalogue and its prices, suppliers, stores and moves, labour."""

from machines.models import Layer
from parts.models.catalogue import (
    Gate,
    Part,
    PartFit,
    PartKind,
    PartPrice,
    PartSerial,
    PriceKind,
    ReturnDuty,
    Unit,
)
from parts.models.labour import LabourOperation, OperationFit, OperationIncludes
from parts.models.stock import StockMove, Store, StoreKind
from parts.models.suppliers import Supplier

__all__ = [
    "Gate",
    "LabourOperation",
    "Layer",
    "OperationFit",
    "OperationIncludes",
    "Part",
    "PartFit",
    "PartKind",
    "PartPrice",
    "PartSerial",
    "PriceKind",
    "ReturnDuty",
    "StockMove",
    "Store",
    "StoreKind",
    "Supplier",
    "Unit",
]
