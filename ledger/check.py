"""The books re-added: what the guards of the database keep, found again without trusting them.

Every finding is a sentence that names its entry, account or month by number; nothing is mended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import structlog
from django.db import connection
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from core import audit
from core.actor import Actor
from core.health import beat
from core.models import NumberCounter, Tenant
from core.money import yuan
from core.tenancy import tenant_scope
from ledger import rules
from ledger.guards import Guard
from ledger.models import Account, JournalEntry, JournalLine, Period
from ledger.services.entries import NUMBER_KIND
from ledger.states import DEALER_ACCOUNTS, HOUSE_ACCOUNTS, AccountRole, PeriodState

log = structlog.get_logger(__name__)
HEARTBEAT = "ledger.check"
BATCH = 1_000
KEPT = 20  # findings in the audit event; the command prints all
GUARDS = "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'ledger\\_%%' AND tgenabled = 'O'"
RIGHTS = """
SELECT name, privilege FROM unnest(%s) name, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) privilege
WHERE has_table_privilege(name, privilege)
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is not as it must be, in a sentence."""

    code: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Result:
    """What was added up, and what was found wrong."""

    accounts: int
    entries: int
    lines: int
    findings: list[Finding]


def check_all() -> int:
    """Check the books of every company, keep the outcome in its audit; then a heartbeat."""
    checked = 0
    for tenant in Tenant.objects.filter(is_active=True).order_by("pk"):
        try:
            with tenant_scope(tenant.pk):
                result = check()
                keep(tenant, result)
                checked += result.entries
        except Exception:
            # One company's trouble must not leave the others unchecked.
            log.exception("ledger.tenant_not_checked", sick_tenant=tenant.pk)
    beat(HEARTBEAT, handled=checked)
    return checked


def keep(tenant: Tenant, result: Result) -> None:
    """Write the outcome where finance sees it."""
    texts = [str(finding) for finding in result.findings]
    for finding in result.findings[:KEPT]:
        log.error("ledger.finding", code=finding.code, finding=finding.text)
    audit.record(
        Actor.system(tenant.pk),
        "ledger.checked",
        tenant,
        entries=result.entries,
        findings=len(texts),
        first=texts[:KEPT],
    )


def check() -> Result:
    """Add up the books of the company whose scope we are in."""
    findings = [
        *_entries(),
        *_lines(),
        *_accounts(),
        *_periods(),
        *_numbers(),
        *_guards(),
    ]
    return Result(
        accounts=Account.objects.count(),
        entries=JournalEntry.objects.count(),
        lines=JournalLine.objects.count(),
        findings=findings,
    )


def _entries() -> Iterator[Finding]:
    """Each entry by itself: its places, its sums, its digest, and what it reverses."""
    last = 0
    while batch := list(JournalEntry.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        wanted = {entry.pk for entry in batch} | {entry.reverses_id for entry in batch}
        rows: dict[int, list[JournalLine]] = defaultdict(list)
        for line in JournalLine.objects.filter(entry__in=wanted).order_by("entry", "position"):
            rows[line.entry_id].append(line)
        for entry in batch:
            yield from _entry(entry, rows[entry.pk], rows.get(entry.reverses_id or 0, []))


def _entry(
    entry: JournalEntry, lines: list[JournalLine], first: list[JournalLine]
) -> Iterator[Finding]:
    values = [line.row for line in lines]
    number = entry.number
    places = [line.position for line in lines]
    if len(lines) < 2 or places != list(range(1, entry.line_count + 1)):
        yield Finding(
            "lines",
            _("Entry %(number)s counts %(counted)s lines and has %(has)s.")
            % {"number": number, "counted": entry.line_count, "has": len(lines)},
        )
    for currency, left in rules.balances(values).items():
        if left:
            yield Finding(
                "balance",
                _("Entry %(number)s is off by %(amount)s %(currency)s.")
                % {"number": number, "amount": f"{yuan(left):,.2f}", "currency": currency},
            )
    if rules.digest(entry.on, values, entry.reverses_id) != entry.digest:
        yield Finding(
            "digest",
            _("Entry %(number)s is not what was posted: its day or its lines were changed.")
            % {"number": number},
        )
    if entry.reverses_id is not None and not rules.are_opposite(
        values, [line.row for line in first]
    ):
        yield Finding(
            "reversal",
            _("Entry %(number)s is not the opposite of what it reverses.") % {"number": number},
        )


def _lines() -> Iterator[Finding]:
    """Lines that stand elsewhere than their entry and account say, or in another company."""
    lines = JournalLine.objects.filter(Q(cents=0) | ~Q(on=F("entry__on")))
    for line in lines.select_related("entry"):
        yield Finding(
            "line",
            _("Line %(place)s of entry %(number)s is zero or on another day than its entry.")
            % {"place": line.position, "number": line.entry.number},
        )
    known = JournalEntry.objects.values("pk")
    accounts = Account.objects.values("pk")
    strays = JournalLine.objects.exclude(entry__in=known, account__in=accounts)
    for line in strays.order_by("pk"):
        yield Finding(
            "wall",
            _("A line of %(amount)s belongs to no entry or account of this company.")
            % {"amount": f"{yuan(line.cents):,.2f}"},
        )
    foreign = JournalLine.objects.exclude(currency=F("account__currency"))
    for line in foreign.select_related("entry"):
        yield Finding(
            "currency",
            _("Line %(place)s of entry %(number)s is not in the currency of its account.")
            % {"place": line.position, "number": line.entry.number},
        )


def _accounts() -> Iterator[Finding]:
    """All balances together leave nothing; each account is of the kind that its role has."""
    sums = JournalLine.objects.values("account__currency").annotate(left=Sum("cents"))
    for row in sums.order_by("account__currency"):
        if row["left"]:
            yield Finding(
                "trial",
                _("All accounts together are off by %(amount)s %(currency)s.")
                % {
                    "amount": f"{yuan(row['left']):,.2f}",
                    "currency": row["account__currency"],
                },
            )
    kinds = DEALER_ACCOUNTS | HOUSE_ACCOUNTS
    for account in Account.objects.exclude(role="").order_by("code"):
        role = AccountRole(account.role)
        if account.kind != kinds[role] or (account.dealer_id is None) != (role in HOUSE_ACCOUNTS):
            yield Finding(
                "account",
                _("Account %(code)s is not of the kind or owner that its role has.")
                % {"code": account.code},
            )


def _periods() -> Iterator[Finding]:
    """Entries lie in their months, none came after the close, and months close in order."""
    misplaced = JournalEntry.objects.exclude(
        on__year=F("period__month__year"), on__month=F("period__month__month")
    )
    for entry in misplaced.select_related("period").order_by("pk"):
        yield Finding(
            "month",
            _("Entry %(number)s of %(day)s stands in the month %(month)s.")
            % {"number": entry.number, "day": entry.on, "month": entry.period},
        )
    late = JournalEntry.objects.filter(
        period__state=PeriodState.CLOSED, created_at__gt=F("period__closed_at")
    )
    for entry in late.select_related("period").order_by("pk"):
        yield Finding(
            "after_close",
            _("Entry %(number)s was posted after %(month)s was closed.")
            % {"number": entry.number, "month": entry.period},
        )
    last = Period.objects.filter(state=PeriodState.CLOSED).order_by("-month").first()
    if last is not None:
        left_open = Period.objects.filter(state=PeriodState.OPEN, month__lt=last.month)
        for period in left_open.order_by("month"):
            yield Finding(
                "order",
                _("%(month)s is open, though %(last)s is closed.")
                % {"month": period, "last": last},
            )


def _numbers() -> Iterator[Finding]:
    """The entries of a day are counted from 1 without gaps, up to the day's counter."""
    counters = dict(NumberCounter.objects.filter(kind=NUMBER_KIND).values_list("on", "last"))
    taken: dict[date, set[str]] = defaultdict(set)
    for on, number in JournalEntry.objects.values_list("on", "number").iterator():
        taken[on].add(number)
    for on in sorted(counters.keys() | taken.keys()):
        last = counters.get(on, 0)
        wanted = {f"{NUMBER_KIND}-{on:%Y%m%d}-{place:04d}" for place in range(1, last + 1)}
        for number in sorted(wanted - taken[on]):
            yield Finding("gap", _("There is no entry %(number)s.") % {"number": number})
        for number in sorted(taken[on] - wanted):
            yield Finding(
                "number",
                _("Entry %(number)s has a number that was never given.") % {"number": number},
            )


def _guards() -> Iterator[Finding]:
    """The database's own refusals are in place and on, and the rights are as narrow as ever."""
    models = (Account, Period, JournalEntry, JournalLine)
    wanted = {
        rule.name for model in models for rule in model._meta.constraints if isinstance(rule, Guard)
    }
    trails = [JournalEntry._meta.db_table, JournalLine._meta.db_table]
    with connection.cursor() as cursor:
        cursor.execute(GUARDS.replace("%%", "%"))
        on = {row[0] for row in cursor.fetchall()}
        cursor.execute(RIGHTS, [trails])
        rights = cursor.fetchall()
    for name in sorted(wanted - on):
        yield Finding("guard", _("The guard %(name)s is missing or off.") % {"name": name})
    for table, right in rights:
        yield Finding(
            "right",
            _("This role may %(right)s the table %(table)s.") % {"right": right, "table": table},
        )
