"""Writes of parts; each is one transaction with its audit event."""

from parts.services.catalogue import (
    create_part,
    edit_part,
    fit_part,
    record_serials,
    set_price,
    unfit_part,
)
from parts.services.labour import (
    create_operation,
    edit_operation,
    exclude_operation,
    include_operation,
    time_operation,
    untime_operation,
)
from parts.services.stock import book_stock, create_store, edit_store, transfer_stock
from parts.services.suppliers import confirm_supplier, create_supplier, edit_supplier

__all__ = [
    "book_stock",
    "confirm_supplier",
    "create_operation",
    "create_part",
    "create_store",
    "create_supplier",
    "edit_operation",
    "edit_part",
    "edit_store",
    "edit_supplier",
    "exclude_operation",
    "fit_part",
    "include_operation",
    "record_serials",
    "set_price",
    "time_operation",
    "transfer_stock",
    "unfit_part",
    "untime_operation",
]
