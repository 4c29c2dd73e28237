"""Kinds of accounts, what each is for, and the two states of a month."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AccountKind(models.TextChoices):
    ASSET = "asset", pgettext_lazy("account", "Asset")
    LIABILITY = "liability", pgettext_lazy("account", "Liability")
    EXPENSE = "expense", pgettext_lazy("account", "Expense")
    INCOME = "income", pgettext_lazy("account", "Income")
    EQUITY = "equity", pgettext_lazy("account", "Equity")


class AccountRole(models.TextChoices):
    """What an account is for; each dealer has the first five, the house each of the others once."""

    RECEIVABLE = "receivable", _("Goods receivable")
    PAYABLE = "payable", _("Warranty payable")
    DEDUCTIONS = "deductions", _("Warranty deductions")
    PARTS_DEPOSIT = "parts_deposit", _("Parts deposit")
    PARTS_CREDIT = "parts_credit", _("Parts credit")
    COST_PART = "cost_part", _("Warranty cost: parts")
    COST_LABOUR = "cost_labour", _("Warranty cost: labour")
    COST_TRAVEL = "cost_travel", _("Warranty cost: travel")
    COST_FREIGHT = "cost_freight", _("Warranty cost: freight")
    COST_SUBLET = "cost_sublet", _("Warranty cost: outside service")
    COST_CONSUMABLE = "cost_consumable", _("Warranty cost: consumables")
    COST_NIGHT = "cost_night", _("Warranty cost: night supplement")
    COST_FIXED_FEE = "cost_fixed_fee", _("Warranty cost: fixed fees")
    COST_DIAGNOSIS = "cost_diagnosis", _("Warranty cost: diagnosis")
    COST_GOODWILL = "cost_goodwill", _("Warranty cost: goodwill")
    COST_REWARD = "cost_reward", _("Rewards and subsidies")
    ACCRUED = "accrued", _("Accrued warranty cost")
    PARTS_STOCK = "parts_stock", _("Parts stock")
    RECOVERY = "recovery", _("Supplier recovery receivable")
    RECOVERED = "recovered", _("Cost recovered from suppliers")
    GOODS_SOLD = "goods_sold", _("Goods sold to dealers")
    BANK = "bank", _("Bank")
    OPENING = "opening", _("Opening balances")


_A, _L, _E, _I = (
    AccountKind.ASSET,
    AccountKind.LIABILITY,
    AccountKind.EXPENSE,
    AccountKind.INCOME,
)
DEALER_ACCOUNTS: dict[AccountRole, AccountKind] = {
    AccountRole.RECEIVABLE: _A,
    AccountRole.PAYABLE: _L,
    # What was deducted lowers the manufacturer's cost; it is no debt of anybody.
    AccountRole.DEDUCTIONS: _I,
    AccountRole.PARTS_DEPOSIT: _L,
    AccountRole.PARTS_CREDIT: _L,
}
HOUSE_ACCOUNTS: dict[AccountRole, AccountKind] = {
    role: _E for role in AccountRole if role.startswith("cost_")
} | {
    AccountRole.ACCRUED: _L,
    AccountRole.PARTS_STOCK: _A,
    AccountRole.RECOVERY: _A,
    AccountRole.RECOVERED: _I,
    AccountRole.GOODS_SOLD: _I,
    AccountRole.BANK: _A,
    AccountRole.OPENING: AccountKind.EQUITY,
}
# What the manufacturer and a dealer owe each other.
DEBTS = (
    AccountRole.RECEIVABLE,
    AccountRole.PAYABLE,
    AccountRole.PARTS_DEPOSIT,
    AccountRole.PARTS_CREDIT,
)


class PeriodState(models.TextChoices):
    OPEN = "open", pgettext_lazy("books", "Open")
    CLOSED = "closed", pgettext_lazy("books", "Closed")


PERIOD_MOVES = {
    PeriodState.OPEN: {PeriodState.CLOSED},
    PeriodState.CLOSED: {PeriodState.OPEN},
}
