"""Goods that dealers owe, and settlements of their claims in every state up to the books."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle

from django.utils import timezone

from accounts.roles import Role
from core.actor import Actor
from core.models import Tenant
from core.tenancy import current_tenant_id
from dealers.models import Dealer
from ledger import services as ledger
from portal.demo.repairs import People, people_of
from warranty.models import Claim, CutReason, Settlement
from warranty.queries.settlements import left_of, live_lines, waiting
from warranty.services import adjustments, reviews
from warranty.services import settlements as services
from warranty.states.claims import ClaimState
from warranty.states.settlements import AdjustmentKind

# How far a dealer's settlement goes, in turn; the group's own notice waits to be confirmed.
GOALS = ("offset", "posted", "disputed", "draft", "confirmed", "checked", "none")
STEPS = ("none", "draft", "checked", "issued", "confirmed", "posted", "offset")
INVOICE_CENTS = 4_860_000


def build(company: Tenant, group: Dealer) -> int:
    """Confirm what finance may, settle dealer by dealer; gives the number of settlements."""
    people = people_of(company)
    _confirm_claims(people)
    goals = cycle(GOALS)
    for each in waiting(Dealer.objects.filter(parent=None)):
        if each.dealer.pk in people.dealers and each.total > 0:
            _owe(people, each.dealer)
            is_groups = each.dealer.pk == group.pk
            _settle(people, each.dealer, "issued" if is_groups else next(goals))
    _object(people)
    return Settlement.objects.count()


def _confirm_claims(people: People) -> None:
    """Old parts came in meanwhile: what is ready goes to finance, who leaves two for a newcomer."""
    reviews.ready_claims(actor=Actor.system(current_tenant_id()))
    ready = Claim.objects.filter(state=ClaimState.FINANCE).order_by("pk")
    for claim in list(ready)[2:]:
        reviews.confirm_claim(actor=people[Role.FINANCE], claim=claim)


def _owe(people: People, dealer: Dealer) -> None:
    """Two invoices for machines, from before the settlement."""
    today = timezone.localdate()
    for place, cents in enumerate((INVOICE_CENTS, INVOICE_CENTS // 3), start=1):
        ledger.book_receivable(
            actor=people[Role.FINANCE],
            dealer=dealer,
            invoice=f"HK-{dealer.number}-{place}",
            cents=cents,
            on=today - timedelta(days=1),
        )


def _settle(people: People, dealer: Dealer, goal: str) -> None:
    """Through the hands of finance, its manager and the dealer, as far as the goal says."""
    clerk, boss, principal = (
        people[Role.FINANCE],
        people[Role.FINANCE_MANAGER],
        people.dealers[dealer.pk],
    )
    far = STEPS.index("issued" if goal == "disputed" else goal)
    if far < STEPS.index("draft"):
        return
    today = timezone.localdate()
    settlement = services.draft_settlement(
        actor=clerk, dealer=dealer, from_on=today.replace(day=1), until_on=today
    )
    if far >= STEPS.index("checked"):
        settlement = services.check_settlement(actor=boss, settlement=settlement)
    if far >= STEPS.index("issued"):
        notice = services.issue_settlement(actor=boss, settlement=settlement)
        settlement.refresh_from_db()
        if goal == "disputed":
            line = live_lines(settlement).earliest("position")
            services.dispute_settlement(
                actor=principal, settlement=settlement, lines={line.pk: "单价与合同不符，请核对。"}
            )
        if far >= STEPS.index("confirmed"):
            services.confirm_settlement(
                actor=principal,
                settlement=settlement,
                digest=notice.digest,
                name=dealer.contact_name or dealer.name,
                code=notice.digest[:8],
            )
    if far >= STEPS.index("posted"):
        settlement = services.post_settlement(actor=boss, settlement=settlement)
    if far >= STEPS.index("offset"):
        services.offset_settlement(
            actor=clerk,
            settlement=settlement,
            amounts={f"HK-{dealer.number}-1": left_of(settlement)},
        )


def _object(people: People) -> None:
    """One deduction that its dealer does not accept, one that it may still object to."""
    reason = CutReason.objects.filter(is_active=True).order_by("code").first()
    for place, (dealer_id, principal) in enumerate(sorted(people.dealers.items())[:2]):
        adjustment = adjustments.create_adjustment(
            actor=Actor.system(current_tenant_id()),
            dealer=Dealer.objects.get(pk=dealer_id),
            kind=AdjustmentKind.DEDUCTION,
            cents=36_000,
            reason=reason,
            words="抽查发现上门里程与实际不符，多报 120 公里。",
        )
        if place == 0:
            adjustments.object_to_adjustment(
                actor=principal, adjustment=adjustment, words="当日道路封闭，绕行属实。"
            )
