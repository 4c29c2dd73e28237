"""Settlements and costs in the books: cost by line kind, what is owed, deductions by themselves."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.tenancy import current_tenant_id, verb
from dealers.models import Dealer
from ledger import services as ledger
from ledger.models import JournalEntry
from ledger.services import Posting, Source, credit, debit
from ledger.states import AccountRole
from warranty.models import Claim, LineDecision, Settlement, SettlementLine
from warranty.queries import settlements as queries
from warranty.services.moving import take
from warranty.states.claims import CLAIM_ACTIONS, LineKind
from warranty.states.settlements import AdjustmentKind

A = AccountRole
COSTS: dict[str, AccountRole] = {
    LineKind.PART: A.COST_PART,
    LineKind.LABOUR: A.COST_LABOUR,
    LineKind.TRAVEL: A.COST_TRAVEL,
    LineKind.FREIGHT: A.COST_FREIGHT,
    LineKind.SUBLET: A.COST_SUBLET,
    LineKind.CONSUMABLE: A.COST_CONSUMABLE,
    LineKind.NIGHT: A.COST_NIGHT,
    LineKind.FIXED: A.COST_FIXED_FEE,
    LineKind.DIAGNOSIS: A.COST_DIAGNOSIS,
    LineKind.GOODWILL: A.COST_GOODWILL,
}


def source_of(settlement: Settlement, purpose: str) -> Source:
    return Source(queries.SOURCE, settlement.pk, settlement.number, purpose)


def post_settlement_entry(*, actor: Actor, settlement: Settlement, on: date) -> JournalEntry | None:
    """The entry of a settlement; None where only carried amounts stand on it.

    What was carried stands in the books since its own settlement was posted. Claims are summed
    by kind and by who did the work; each adjustment has a line of its own.
    """
    accounts = ledger.ensure_accounts(actor=actor, dealer=settlement.dealer)
    house = ledger.ensure_house(actor=actor)
    payable, deductions = accounts[A.PAYABLE], accounts[A.DEDUCTIONS]
    lines = queries.live_lines(settlement).select_related(
        "claim_line", "behalf", "adjustment__claim_line"
    )
    costs: dict[AccountRole, int] = defaultdict(int)
    owed: dict[Dealer | None, int] = defaultdict(int)
    own: list[Posting] = []
    for line in lines:
        if line.claim_line is not None:
            costs[COSTS[line.claim_line.kind]] += line.cents
            owed[line.behalf] += line.cents
        elif line.adjustment is not None:
            named = {"behalf": line.behalf, "item": line.adjustment.number}
            if line.cents < 0:
                own.append(debit(payable, -line.cents, **named))
                own.append(credit(deductions, -line.cents, **named))
            else:
                own.append(debit(house[_cost_of(line)], line.cents, **named))
                own.append(credit(payable, line.cents, **named))
    rows = [debit(house[role], costs[role]) for role in sorted(costs)]
    # The payee itself first, then those below it by their number.
    for behalf in sorted(owed, key=lambda each: each.number if each else ""):
        rows.append(credit(payable, owed[behalf], behalf=behalf))
    rows += own
    if not rows:
        return None
    return ledger.post_entry(
        actor=actor,
        source=source_of(settlement, "post"),
        lines=rows,
        on=on,
        narration=_("Warranty settlement %(number)s") % {"number": settlement.number},
    )


def _cost_of(line: SettlementLine) -> AccountRole:
    """An addition about a claim's line costs what that line costs; all else is a reward."""
    adjustment = line.adjustment
    assert adjustment is not None
    if adjustment.kind == AdjustmentKind.ADDITION and adjustment.claim_line is not None:
        return COSTS[adjustment.claim_line.kind]
    return A.COST_REWARD


@verb
def book_cost(*, actor: Actor, claim: Claim, on: date | None = None) -> Claim:
    """A claim of the company's own people is paid to nobody: its cost is booked, it is over.

    Parts came from the stock; everything else stays as accrued cost (R-147).
    """
    if claim.payee_id is not None:
        raise DomainError(_("This claim is paid to a dealer: it goes on a settlement."))
    system = Actor.system(current_tenant_id())
    claim = take(system, claim, CLAIM_ACTIONS, "book")
    asked = LineDecision.objects.filter(line__version__claim=claim)
    costs: dict[AccountRole, int] = defaultdict(int)
    for kind, cents in queries.in_force(asked).values_list("line__kind", "approved_cents"):
        costs[COSTS[kind]] += cents
    house = ledger.ensure_house(actor=actor)
    costs = {role: cents for role, cents in costs.items() if cents}
    parts = costs.get(A.COST_PART, 0)
    rest = sum(costs.values()) - parts
    rows = [debit(house[role], costs[role]) for role in sorted(costs)]
    rows += [credit(house[A.PARTS_STOCK], parts)] if parts else []
    rows += [credit(house[A.ACCRUED], rest)] if rest else []
    if rows:
        ledger.post_entry(
            actor=actor,
            source=Source("claim", claim.pk, claim.number, "cost"),
            lines=rows,
            on=on or timezone.localdate(),
            narration=_("Warranty cost of %(number)s") % {"number": claim.number},
        )
    claim.save(update_fields=["state", "changed_at"])
    audit.record(actor, "claim.booked", claim, cents=sum(costs.values()))
    return claim
