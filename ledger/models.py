"""Accounts, months, entries and their lines: money moves here and nowhere else.

A line has one signed column of whole cents: debit above zero, credit below. So a balance is a
plain sum, an entry balances when its lines sum to zero, no line is both, and no third decimal
can be stored at all.
"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.money import yuan
from dealers.models import Dealer
from ledger import guards
from ledger.rules import CURRENCY, Row
from ledger.states import AccountKind, AccountRole, PeriodState


class Account(TenantModel):
    """Where money stands: a dealer's own, or the house's, which no dealer ever sees."""

    dealer_wall: ClassVar[str] = "own:dealer"

    code = models.CharField(_("account"), max_length=60)
    # Empty where the role says it in the reader's language.
    name = models.CharField(_("name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=AccountKind)
    role = models.CharField(max_length=20, choices=AccountRole, blank=True)
    dealer = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="accounts")
    currency = models.CharField(max_length=3, default=CURRENCY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="account_code_once"),
            models.UniqueConstraint(
                fields=["tenant", "dealer", "role", "currency"],
                condition=~Q(role="") & Q(dealer__isnull=False),
                name="account_of_a_dealer_once_per_role",
            ),
            models.UniqueConstraint(
                fields=["tenant", "role", "currency"],
                condition=~Q(role="") & Q(dealer=None),
                name="account_of_the_house_once_per_role",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AccountKind.values), name="account_is_of_a_kind"
            ),
            guards.Guard(
                name="ledger_account_stands",
                at="BEFORE UPDATE OR DELETE",
                body=guards.ACCOUNT_STAYS,
            ),
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name or str(self.get_role_display())

    @property
    def number(self) -> str:
        """What people say aloud."""
        return self.code


class Period(TenantModel):
    """One month of the books, by its first day; a closed one takes no entry."""

    month = models.DateField(_("month"))
    state = models.CharField(max_length=6, choices=PeriodState, default=PeriodState.OPEN)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    closed_label = models.CharField(max_length=120, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "month"], name="period_once_per_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="period_begins_on_the_first"),
            models.CheckConstraint(
                condition=Q(state=PeriodState.OPEN, closed_at=None)
                | Q(state=PeriodState.CLOSED, closed_at__isnull=False),
                name="period_is_closed_at_an_instant",
            ),
            guards.Guard(
                name="ledger_period_moves",
                at="BEFORE INSERT OR UPDATE",
                body=guards.PERIOD_MOVES,
            ),
        ]
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class JournalEntry(TenantModel):
    """One movement of money, named by its source; never changed, only reversed."""

    dealer_wall: ClassVar[str] = "through:ledger_journalline.entry_id=id"

    number = models.CharField(_("entry number"), max_length=20)
    on = models.DateField(_("date"))
    period = TenantForeignKey(Period, models.PROTECT, related_name="entries")
    source_kind = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    source_number = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=40)
    narration = models.CharField(_("narration"), max_length=200)
    reverses = TenantForeignKey("self", models.PROTECT, null=True, related_name="reversals")
    line_count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    posted_label = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="entry_number_once"),
            models.UniqueConstraint(
                fields=["tenant", "source_kind", "source_id", "purpose"],
                name="entry_once_per_source_and_purpose",
            ),
            models.UniqueConstraint(
                fields=["tenant", "reverses"],
                condition=Q(reverses__isnull=False),
                name="entry_reversed_once",
            ),
            models.CheckConstraint(
                condition=Q(line_count__gte=2), name="entry_has_two_lines_or_more"
            ),
            guards.Guard(
                name="ledger_entry_fits",
                at="BEFORE INSERT",
                declare=guards.ENTRY_PERIOD,
                body=guards.ENTRY_FITS,
            ),
            guards.Guard(
                name="ledger_entry_is_whole",
                at="AFTER INSERT",
                declare=guards.ENTRY_SCOPE,
                body=guards.ENTRY_WHOLE,
                kind="DEFERRED",
            ),
            *guards.append_only("ledger_journalentry"),
        ]
        indexes = [models.Index(fields=["tenant", "on", "id"], name="entry_by_day")]

    def __str__(self) -> str:
        return self.number


class JournalLine(TenantModel):
    """One side of an entry on one account, in the cents of the account's currency."""

    dealer_wall: ClassVar[str] = "with:account"

    entry = TenantForeignKey(JournalEntry, models.PROTECT, related_name="lines")
    account = TenantForeignKey(Account, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    on = models.DateField()
    cents = models.BigIntegerField()
    currency = models.CharField(max_length=3, default=CURRENCY)
    # The level-2 dealer in whose name the line stands on the account of its level-1 dealer.
    behalf = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="+")
    # The invoice or claim of which the account keeps count, such as a named receivable.
    item = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "entry", "position"], name="line_has_its_own_place"
            ),
            models.CheckConstraint(condition=~Q(cents=0), name="line_is_not_zero"),
            models.CheckConstraint(condition=Q(position__gte=1), name="line_places_count_from_one"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="line_names_its_currency"
            ),
            guards.Guard(
                name="ledger_line_fits",
                at="BEFORE INSERT",
                declare=guards.LINE_ENTRY,
                body=guards.LINE_FITS,
            ),
            *guards.append_only("ledger_journalline"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "account", "on", "id"],
                include=["cents"],
                name="line_of_account_by_day",
            ),
            models.Index(
                fields=["tenant", "account", "item"],
                include=["cents"],
                condition=~Q(item=""),
                name="line_of_account_by_item",
            ),
        ]
        ordering = ["entry_id", "position"]

    @property
    def row(self) -> Row:
        """The line by its values."""
        return Row(
            account=self.account_id,
            cents=self.cents,
            currency=self.currency,
            behalf=self.behalf_id,
            item=self.item,
            note=self.note,
        )

    @property
    def debit(self) -> Decimal | None:
        return yuan(self.cents) if self.cents > 0 else None

    @property
    def credit(self) -> Decimal | None:
        return yuan(-self.cents) if self.cents < 0 else None
