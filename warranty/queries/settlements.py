"""Reads of settlements: what is payable and on none, what each comes to, what is left of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from dealers.models import Dealer
from ledger.models import JournalEntry, JournalLine
from ledger.states import AccountRole
from warranty.models import Adjustment, LineDecision, Settlement, SettlementLine
from warranty.rules import settlement as rules
from warranty.states.claims import ClaimState
from warranty.states.settlements import BOOKED, AdjustmentState, SettlementState

SOURCE = "settlement"


def in_force(decisions: QuerySet[LineDecision]) -> QuerySet[LineDecision]:
    """Of each line of a claim's newest version the decision of the newest review."""
    newest = Q(line__version__number=F("line__version__claim__version_count"))
    chosen = decisions.filter(newest).order_by("line_id", "-adjudication__number")
    return LineDecision.objects.filter(pk__in=chosen.distinct("line_id").values("pk"))


def open_decisions(payee: Dealer | None = None) -> QuerySet[LineDecision]:
    """Approved lines of payable claims that are on no live settlement; all dealers' without one.

    Those of settled claims, too, when their settlement was reversed.
    """
    on_one = SettlementLine.objects.filter(claim_line=OuterRef("line"))
    state = Q(line__version__claim__state__in=(ClaimState.PAYABLE, ClaimState.IN_SETTLEMENT))
    freed = Q(line__version__claim__state=ClaimState.SETTLED) & Exists(on_one.filter(is_live=False))
    rows = LineDecision.objects.filter(state | freed).filter(
        ~Exists(on_one.filter(is_live=True)), line__version__claim__payee__isnull=False
    )
    if payee is not None:
        rows = rows.filter(line__version__claim__payee=payee)
    return in_force(rows).filter(approved_cents__gt=0)


def until(day: date) -> datetime:
    """The first instant after a day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def decisions_due(payee: Dealer, until_on: date) -> QuerySet[LineDecision]:
    """What a settlement up to a day takes, in the order of the paper."""
    decided = Q(line__version__claim__decided_at__lt=until(until_on))
    undated = Q(line__version__claim__decided_at=None)
    rows = open_decisions(payee).filter(decided | undated)
    return rows.select_related("line__version__claim", "line__part", "line__operation").order_by(
        "line__version__claim_id", "line__position"
    )


def adjustments_due(payee: Dealer, until_on: date) -> QuerySet[Adjustment]:
    """Final adjustments that are on no live settlement."""
    lines = SettlementLine.objects.filter(adjustment=OuterRef("pk"))
    freed = Q(state=AdjustmentState.SETTLED) & Exists(lines.filter(is_live=False))
    rows = Adjustment.objects.filter(Q(state=AdjustmentState.FINAL) | freed, payee=payee)
    return rows.filter(
        ~Exists(lines.filter(is_live=True)), notified_at__lt=until(until_on)
    ).order_by("pk")


def carries_due(payee: Dealer) -> list[tuple[Settlement, int]]:
    """Posted settlements below zero, and money paid on a reversed one, not carried on yet."""
    carried = SettlementLine.objects.filter(carried_from=OuterRef("pk"), is_live=True)
    rows = Settlement.objects.filter(~Exists(carried), dealer=payee).filter(
        Q(state__in=BOOKED, net_cents__lt=0) | Q(state=SettlementState.REVERSED)
    )
    paid = rows.annotate(paid_cents=Sum("payments__cents")).order_by("pk")
    found: list[tuple[Settlement, int]] = []
    for each in paid:
        is_reversed = each.state == SettlementState.REVERSED
        cents = -(each.paid_cents or 0) if is_reversed else rules.carried(each.net_cents)
        if cents:
            found.append((each, cents))
    return found


def live_lines(settlement: Settlement) -> QuerySet[SettlementLine]:
    """The lines that count, in the order of the paper."""
    return settlement.lines.filter(is_live=True).order_by("position")


def used_of(settlements: Iterable[Settlement]) -> dict[int, int]:
    """What was offset, paid or credited of each, in cents, less what was taken back."""
    ids = [each.pk for each in settlements]
    used: dict[int, int] = dict.fromkeys(ids, 0)
    rows = JournalLine.objects.filter(
        entry__source_kind=SOURCE,
        entry__source_id__in=ids,
        entry__reversals=None,
        account__role=AccountRole.PAYABLE,
    ).exclude(entry__purpose="post")
    for pk, cents in rows.values_list("entry__source_id").annotate(Sum("cents")).order_by():
        used[pk] = cents
    return used


def left_of(settlement: Settlement) -> int:
    """What is still owed on it, in cents."""
    if settlement.state not in BOOKED:
        return 0
    return rules.left(settlement.net_cents, [used_of([settlement])[settlement.pk]])


def entries_of(settlement: Settlement) -> QuerySet[JournalEntry]:
    """Its entries in the books, the oldest first; their reversals come with them."""
    rows = JournalEntry.objects.filter(source_kind=SOURCE, source_id=settlement.pk)
    return rows.prefetch_related("reversals").order_by("pk")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A dealer with money that is on no settlement yet."""

    dealer: Dealer
    claims: int
    cents: int
    adjustments: int
    adjusted_cents: int
    oldest: date | None

    @property
    def total(self) -> int:
        return self.cents + self.adjusted_cents


def waiting(dealers: QuerySet[Dealer]) -> list[Waiting]:
    """The dealers whose money waits for a settlement, the largest first; three queries."""
    claim = "line__version__claim"
    rows = (
        open_decisions()
        .values(f"{claim}__payee")
        .annotate(
            total=Sum("approved_cents"),
            claims=Count(claim, distinct=True),
            oldest=Min(f"{claim}__repaired_on"),
        )
    )
    sums = {row[f"{claim}__payee"]: row for row in rows.order_by()}
    adjusted: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    finals = Adjustment.objects.filter(state=AdjustmentState.FINAL)
    for payee, number, total in (
        finals.values_list("payee").annotate(Count("pk"), Sum("cents")).order_by()
    ):
        adjusted[payee] = (number, total)
    found = [
        Waiting(
            dealer,
            claims=sums.get(dealer.pk, {}).get("claims", 0),
            cents=sums.get(dealer.pk, {}).get("total", 0),
            adjustments=adjusted[dealer.pk][0],
            adjusted_cents=adjusted[dealer.pk][1],
            oldest=sums.get(dealer.pk, {}).get("oldest"),
        )
        for dealer in dealers.filter(pk__in=[*sums, *adjusted])
    ]
    return sorted(found, key=lambda each: (-each.total, each.dealer.number))


def next_position(settlement: Settlement) -> int:
    last = settlement.lines.aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def words_of(decision: LineDecision) -> str:
    """The part, operation or words of a claim line, as the paper names it."""
    line = decision.line
    if line.part is not None:
        return f"{line.part.number} {line.part.name}"[:200]
    if line.operation is not None:
        return f"{line.operation.code} {line.operation.name}"[:200]
    return line.words
