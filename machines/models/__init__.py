"""Customers and their machines, who sold and owned them, and what is promised on them."""

from machines.models.coverage import Coverage, CoverageEvent, CoverageEventKind
from machines.models.customers import (
    Customer,
    CustomerClass,
    CustomerKind,
    CustomerPhone,
    DealerCustomer,
)
from machines.models.machines import Machine, Ownership
from machines.models.plans import CoveragePlan, CoverageTerm, Layer, StartRule, UseUnit
from machines.models.products import ProductLine, ProductModel
from machines.models.registrations import (
    Registration,
    RegistrationChannel,
    RegistrationState,
)

__all__ = [
    "Coverage",
    "CoverageEvent",
    "CoverageEventKind",
    "CoveragePlan",
    "CoverageTerm",
    "Customer",
    "CustomerClass",
    "CustomerKind",
    "CustomerPhone",
    "DealerCustomer",
    "Layer",
    "Machine",
    "Ownership",
    "ProductLine",
    "ProductModel",
    "Registration",
    "RegistrationChannel",
    "RegistrationState",
    "StartRule",
    "UseUnit",
]
