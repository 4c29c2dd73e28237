"""Writes of customers, machines, receipt cards and coverage; each with its audit event."""

from machines.services.coverage import (
    extend_coverage,
    open_component_coverage,
)
from machines.services.customers import (
    CUSTOMER_FIELDS,
    AlreadyMerged,
    NoSuchCustomer,
    Phone,
    SameCustomer,
    create_customer,
    edit_customer,
    merge_customers,
    serve,
    stop_serving,
)
from machines.services.machines import (
    MACHINE_FIELDS,
    NoSuchLine,
    NoSuchModel,
    SerialTaken,
    create_machine,
    edit_machine,
    sell_on,
)
from machines.services.plans import TermRow, create_plan, withdraw_plan
from machines.services.registrations import (
    AlreadyRegistered,
    register_machine,
    void_registration,
    waive_lateness,
)

__all__ = [
    "CUSTOMER_FIELDS",
    "MACHINE_FIELDS",
    "AlreadyMerged",
    "AlreadyRegistered",
    "NoSuchCustomer",
    "NoSuchLine",
    "NoSuchModel",
    "Phone",
    "SameCustomer",
    "SerialTaken",
    "TermRow",
    "create_customer",
    "create_machine",
    "create_plan",
    "edit_customer",
    "edit_machine",
    "extend_coverage",
    "merge_customers",
    "open_component_coverage",
    "register_machine",
    "sell_on",
    "serve",
    "stop_serving",
    "void_registration",
    "waive_lateness",
    "withdraw_plan",
]
