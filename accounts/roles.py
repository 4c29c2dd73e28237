"""Roles and what they may, as data: one table for gates, menus, API and the access matrix.

A permission is `noun.verb`. Dealer roles act on their own dealer's rows only; the walls in the
database see to that, whatever stands here.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.warranty_roles import WARRANTY_PERMISSIONS


class Role(models.TextChoices):
    CLERK = "clerk", _("Support clerk")
    SUPERVISOR = "supervisor", _("Supervisor")
    MANAGER = "manager", _("Manager")
    ENGINEER = "engineer", _("Technical engineer")
    TECHNICAL_MANAGER = "technical_manager", _("Technical manager")
    FIELD_ENGINEER = "field_engineer", _("Field engineer")
    SALES_REP = "sales_rep", _("Sales representative")
    KEEPER = "keeper", _("Keeper")
    FINANCE = "finance", _("Finance")
    FINANCE_MANAGER = "finance_manager", _("Finance manager")
    ADMINISTRATOR = "administrator", _("Administrator")
    DEALER_PRINCIPAL = "dealer_principal", _("Dealer principal")
    DEALER_CLERK = "dealer_clerk", _("Dealer clerk")
    DEALER_TECHNICIAN = "dealer_technician", _("Dealer technician")


DEALER_ROLES = frozenset({Role.DEALER_PRINCIPAL, Role.DEALER_CLERK, Role.DEALER_TECHNICIAN})

_READ = {
    "ticket.view",
    "customer.view",
    "machine.view",
    "registration.view",
    "plan.view",
    "dealer.view",
    "knowledge.view",
    "part.view",
    "notification.view",
}
# Everything that the desk does with a ticket between the call and the callback.
_DESK = _READ | {
    "ticket.create",
    "ticket.edit",
    "ticket.dispatch",
    "ticket.note",
    "ticket.attach",
    "ticket.merge",
    "ticket.cancel",
    "ticket.close",
    "ticket.reopen",
    "ticket.watch",
    "ticket.check",
    "ticket.export",
    "ticket.arrange",
    "ticket.report_done",
    "ticket.pause",
    "ticket.delay",
    "ticket.give_opinion",
    "customer.edit",
    "customer.merge",
    "machine.edit",
    "registration.create",
    "callback.view",
    "callback.call",
    "visit.view",
    "visit.edit",
    "remedy.assess",
}
# Lists that leave the house as files: few roles, and the audit keeps each.
_EXPORT = {
    "customer.export",
    "machine.export",
    "dealer.export",
    "part.export",
    "registration.export",
}
_ASSIGNEE = _READ | {
    "ticket.note",
    "ticket.attach",
    "ticket.watch",
    "ticket.arrange",
    "ticket.report_done",
    "ticket.pause",
    "ticket.delay",
    "ticket.give_opinion",
    "visit.view",
    "visit.edit",
}
_DEALER = {
    "portal.view",
    "ticket.view",
    "ticket.note",
    "ticket.attach",
    "machine.view",
    "registration.view",
    "registration.create",
    "plan.view",
    "customer.view",
    "notification.view",
    "knowledge.view",
    "part.view",
    "visit.view",
}
_DEALER_DISPATCH = _DEALER | {
    "ticket.create",
    "offer.answer",
    "ticket.arrange",
    "ticket.report_done",
    "ticket.pause",
    "ticket.delay",
    "visit.edit",
}

# Who delivers and what lies in the stores: the house's own business.
_STORES = {"supplier.view", "stock.view"}
_MASTER = {"part.edit", "operation.edit", "supplier.edit"}

# Receipt cards and coverage: who lifts what a late card costs, and who moves a last day.
_WAIVERS = {"registration.waive", "registration.void", "coverage.extend"}

# The books of money: who may read them also takes statements along.
_BOOKS = {"ledger.view", "ledger.export", "period.view"}
# What is agreed with dealers and what their work is paid; reviewers see what they decide by.
_TERMS = {"contract.view", "rate.view"}
_SET_TERMS = _TERMS | {"contract.edit", "rate.edit"}

_PERMISSIONS: dict[str, frozenset[str]] = {
    Role.CLERK: frozenset(_DESK),
    Role.SUPERVISOR: frozenset(
        _DESK
        | _EXPORT
        | _STORES
        | {
            "ticket.bulk_assign",
            "clock.manage",
            "clock.acknowledge",
            "liability.settle",
            "ticket.acknowledge",
            "absence.manage",
            "dashboard.view",
            "import.run",
            "dealer.edit",
            "registration.void",
        }
    ),
    Role.MANAGER: frozenset(
        _READ
        | _EXPORT
        | _BOOKS
        | _STORES
        | _TERMS
        | _WAIVERS
        | {
            "stock.export",
            "supplier.export",
            "period.reopen",
            "ticket.export",
            "ticket.note",
            "ticket.watch",
            "ticket.acknowledge",
            "clock.acknowledge",
            "liability.settle",
            "callback.view",
            "visit.view",
            "dashboard.view",
            "remedy.assess",
        }
    ),
    # The technical lead hears of urgent cases together with management.
    Role.ENGINEER: frozenset(
        _ASSIGNEE
        | _STORES
        | _MASTER
        | _TERMS
        | {"part.export", "ticket.acknowledge", "remedy.assess"}
    ),
    Role.TECHNICAL_MANAGER: frozenset(
        _ASSIGNEE
        | _STORES
        | _MASTER
        | _TERMS
        | _WAIVERS
        | {"plan.edit", "part.export", "ticket.acknowledge", "remedy.assess", "dashboard.view"}
    ),
    # The company's own technician leaves the same papers as a dealer's.
    Role.FIELD_ENGINEER: frozenset(_ASSIGNEE),
    Role.SALES_REP: frozenset(_ASSIGNEE | {"registration.create"}),
    Role.KEEPER: frozenset(
        _READ | _STORES | {"part.edit", "part.export", "stock.move", "stock.export", "store.edit"}
    ),
    Role.FINANCE: frozenset(
        _READ
        | _BOOKS
        | _STORES
        | _TERMS
        | {"part.export", "stock.export", "dashboard.view", "period.close"}
    ),
    Role.FINANCE_MANAGER: frozenset(
        _READ
        | _BOOKS
        | _STORES
        | _SET_TERMS
        | {"part.export", "part.price", "stock.export", "dashboard.view", "period.close"}
    ),
    Role.ADMINISTRATOR: frozenset(
        _READ
        | _EXPORT
        | _STORES
        | _MASTER
        | _SET_TERMS
        | {
            "part.price",
            "stock.export",
            "store.edit",
            "supplier.export",
            "user.manage",
            "absence.manage",
            "clock.acknowledge",
            "ticket.acknowledge",
            "token.manage",
            "setting.manage",
            "calendar.manage",
            "policy.manage",
            "clock.manage",
            "import.run",
            "dealer.edit",
            "customer.edit",
            "customer.merge",
            "machine.edit",
            "product.edit",
            "registration.create",
            "plan.edit",
            "knowledge.edit",
            "audit.view",
            "message.manage",
            "webhook.manage",
            "health.view",
            "clock.settle",
            "dashboard.view",
            "remedy.assess",
        }
    ),
    Role.DEALER_PRINCIPAL: frozenset(
        _DEALER_DISPATCH | _TERMS | {"absence.manage", "ledger.view", "ledger.export"}
    ),
    Role.DEALER_CLERK: frozenset(_DEALER_DISPATCH),
    Role.DEALER_TECHNICIAN: frozenset(
        _DEALER | {"ticket.report_done", "ticket.pause", "visit.edit"}
    ),
}

PERMISSIONS: dict[str, frozenset[str]] = {
    role: permissions | WARRANTY_PERMISSIONS.get(role, set())
    for role, permissions in _PERMISSIONS.items()
}

# What each role finds on signing in.
HOME: dict[str, str] = {
    Role.CLERK: "tickets:home",
    Role.SUPERVISOR: "tickets:home",
    Role.MANAGER: "dashboards:manager",
    Role.ENGINEER: "tickets:list",
    Role.TECHNICAL_MANAGER: "tickets:list",
    Role.FIELD_ENGINEER: "tickets:list",
    Role.SALES_REP: "tickets:list",
    Role.KEEPER: "machines:machines",
    Role.FINANCE: "dashboards:manager",
    Role.FINANCE_MANAGER: "dashboards:manager",
    Role.ADMINISTRATOR: "accounts:settings",
    Role.DEALER_PRINCIPAL: "portal:home",
    Role.DEALER_CLERK: "portal:home",
    Role.DEALER_TECHNICIAN: "portal:home",
}
