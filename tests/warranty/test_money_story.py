"""Claim × old part × settlement × ledger in any order: to the cent, always.

After every step: paid ≤ approved ≤ claimed, a line on one live settlement, and what the books
say of a dealer is what a plain model of the story says. A short form always; SANBAO_PROVE=1
plays 1,000 stories of 30 steps.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.actor import Actor
from core.errors import DomainError
from dealers.models import Dealer
from ledger import check
from ledger.models import JournalLine
from tests.cast import Cast, World
from tests.warranty.oldparts import builders as pieces_of
from tests.warranty.settlements.builders import a_reason, an_invoice
from warranty.defaults import install_defaults
from warranty.models import (
    Adjustment,
    Claim,
    ClaimLine,
    OldPartReturn,
    Settlement,
    SettlementLine,
)
from warranty.queries import settlements as queries
from warranty.services import adjustments, oldparts, reviews
from warranty.services import settlements as services
from warranty.services.reviews import Decision

PROVE = os.environ.get("SANBAO_PROVE") == "1"
INVOICE = 90_000
picks = st.integers(0, 10**6)
GATES = ["none", "before_payable", "deduct"]


def some(model: Any, *states: str) -> Any:
    """The rule only makes sense while there is such a thing in one of these states."""
    return precondition(lambda story: model.objects.filter(state__in=states).exists())


class Story(RuleBasedStateMachine):
    """Verbs of eight people on two payees and a level-2 dealer; refusals are part of the story."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        cast = self.cast
        self.around = ExitStack()
        self.around.enter_context(transaction.atomic())
        self.around.callback(transaction.set_rollback, True)
        self.who: dict[str, Actor] = {name: cast.actor(name) for name in cast.people}
        self.system = cast.system()
        self.dealers: list[Dealer] = [cast.dealer, cast.neighbour, cast.sub_dealer]
        # What each payee is owed in cents, as a plain sum of what was done.
        self.owed: dict[int, int] = defaultdict(int)
        self.goods: dict[int, int] = {}
        for dealer in self.dealers[:2]:
            an_invoice(cast, f"FP-{dealer.number}", INVOICE, dealer)
            self.goods[dealer.pk] = INVOICE
        self.used: dict[int, int] = defaultdict(int)
        self.paid: dict[int, int] = defaultdict(int)

    def teardown(self) -> None:
        assert [str(each) for each in check.check().findings] == []
        self.around.close()

    @initialize(stages=st.lists(st.integers(0, 4), min_size=3, max_size=6), ahead=st.integers(0, 4))
    def begin(self, stages: list[int], ahead: int) -> None:
        """Work in all stages: claims as far as payable, and perhaps a settlement in the books."""
        for place, stage in enumerate(stages):
            self.file(dealer=place % 3, gate="deduct", quantity=1, cents=10_000 + place)
            if stage:
                self.decide(place=0, share=100)
        self.make_ready()
        for stage in sorted(stages):
            if stage > 1:
                self.finance(place=0, is_good=True)
        if ahead:
            self.draft(payee=0)
        for step in range(1, ahead):
            settlement = Settlement.objects.first()
            if settlement is not None:
                [self.issue, self.agree, self.post][step - 1](place=0)

    def agree(self, place: int) -> None:
        self.confirm(place=place, is_same=True)

    # What people try; a refusal changes nothing, and the invariants see to that.

    def tried(self, deed: Callable[[], Any]) -> Any:
        try:
            with transaction.atomic():
                return deed()
        except (DomainError, PermissionDenied):
            return None

    def principal(self, dealer: Dealer) -> Actor:
        is_neighbour = dealer.pk == self.cast.neighbour.pk
        return self.who["neighbour_principal" if is_neighbour else "dealer_principal"]

    def pick(self, model: Any, place: int, *states: str) -> Any:
        found = model.objects.filter(state__in=states).order_by("pk")
        count = found.count()
        return found[place % count] if count else None

    @rule(
        dealer=st.integers(0, 2),
        gate=st.sampled_from(GATES),
        quantity=st.integers(1, 3),
        cents=st.integers(1, 30_000),
    )
    def file(self, dealer: int, gate: str, quantity: int, cents: int) -> None:
        """A claim comes into review; its pieces are asked for."""
        by = self.dealers[dealer]
        part = pieces_of.a_part(self.cast, gate=gate)
        claim = pieces_of.a_claim(
            self.cast, [(part, str(quantity))], dealer=by, state="review", cents=cents
        )
        is_below = by.parent_id is not None
        Claim.objects.filter(pk=claim.pk).update(
            payee=by.parent if is_below else by, level=1, filed_by=self.cast.people["dealer_clerk"]
        )
        oldparts.make_pieces(actor=self.system, claim=claim)

    @some(Claim, "review")
    @rule(place=picks, share=st.integers(0, 100))
    def decide(self, place: int, share: int) -> None:
        claim = self.pick(Claim, place, "review")
        if claim is not None:
            self.tried(
                lambda: reviews.decide_claim(
                    actor=self.who["technical_manager"],
                    claim=claim,
                    decisions=self.shares(claim, share),
                )
            )

    def shares(self, claim: Claim, share: int) -> list[Decision]:
        """So many hundredths of each line; a cut has its reason."""
        made = []
        for line in ClaimLine.objects.filter(version__claim=claim):
            cents = line.claimed_cents * share // 100
            if cents == line.claimed_cents:
                made.append(Decision(line.pk, "approve", cents))
            else:
                outcome = "reduce" if cents else "reject"
                made.append(Decision(line.pk, outcome, cents, a_reason().code, "按标准核减"))
        return made

    @some(Claim, "decided")
    @rule(place=picks)
    def appeal(self, place: int) -> None:
        claim = self.pick(Claim, place, "decided")
        if claim is not None:
            words = {line.pk: "请复核" for line in ClaimLine.objects.filter(version__claim=claim)}
            self.tried(
                lambda: reviews.appeal_claim(
                    actor=self.principal(claim.dealer), claim=claim, lines=words
                )
            )

    @some(Claim, "appealed")
    @rule(place=picks, share=st.integers(0, 100))
    def hear(self, place: int, share: int) -> None:
        """Another person decides the appeal; the first decider is refused."""
        claim = self.pick(Claim, place, "appealed")
        if claim is not None:
            Claim.objects.filter(pk=claim.pk).update(decided_by=self.cast.people["engineer"])
            self.tried(
                lambda: reviews.decide_appeal(
                    actor=self.who["technical_manager"],
                    claim=claim,
                    decisions=self.shares(claim, share),
                    words="已复核",
                )
            )

    @some(Claim, "decided")
    @rule(place=picks)
    def accept(self, place: int) -> None:
        claim = self.pick(Claim, place, "decided")
        if claim is not None:
            actor = self.principal(claim.dealer)
            self.tried(lambda: reviews.accept_decision(actor=actor, claim=claim))

    @some(Claim, "decided")
    @rule()
    def make_ready(self) -> None:
        for claim in Claim.objects.filter(state="decided"):
            self.tried(partial(reviews.make_ready, actor=self.system, claim=claim))

    @some(Claim, "finance")
    @rule(place=picks, is_good=st.booleans())
    def finance(self, place: int, is_good: bool) -> None:
        claim = self.pick(Claim, place, "finance")
        if claim is None:
            return
        actor = self.who["finance"]
        if is_good:
            self.tried(lambda: reviews.confirm_claim(actor=actor, claim=claim))
        else:
            self.tried(lambda: reviews.send_back(actor=actor, claim=claim, words="请复核"))

    @some(OldPartReturn, "expected", "overdue")
    @rule(place=picks)
    def send(self, place: int) -> None:
        """Tag, box and ship a piece, and receive it."""
        piece = self.pick(OldPartReturn, place, "expected", "overdue")
        if piece is not None:
            who = (
                "neighbour_principal"
                if piece.dealer_id == self.cast.neighbour.pk
                else "dealer_principal"
            )
            shipment = pieces_of.shipped(self.cast, [piece], who)
            assert shipment.state == "shipped"
            piece.refresh_from_db()
            oldparts.receive_piece(actor=self.who["keeper"], piece=piece)

    @some(OldPartReturn, "received")
    @rule(place=picks, is_covered=st.booleans())
    def appraise(self, place: int, is_covered: bool) -> None:
        piece = self.pick(OldPartReturn, place, "received")
        if piece is None:
            return
        before = others(piece)
        verdict = dict(pieces_of.REFUSED)
        if is_covered:
            verdict |= {"finding": "accepted", "is_covered": True, "words": ""}
        oldparts.appraise(actor=self.who["engineer"], piece=piece, **verdict)
        assert others(piece) == before

    @some(OldPartReturn, "appraised", "deducted")
    @rule(place=picks)
    def misjudge(self, place: int) -> None:
        piece = self.pick(OldPartReturn, place, "appraised", "deducted")
        if piece is not None:
            actor = self.who["technical_manager"]
            self.tried(lambda: oldparts.misjudge(actor=actor, piece=piece, words="复检有误"))

    @rule(dealer=st.integers(0, 2), cents=st.integers(1, 20_000), kind=st.integers(0, 3))
    def adjust(self, dealer: int, cents: int, kind: int) -> None:
        kinds = ["deduction", "addition", "reward", "penalty"]
        adjustments.create_adjustment(
            actor=self.system,
            dealer=self.dealers[dealer],
            kind=kinds[kind],
            cents=cents,
            words="抽查",
        )

    @some(Adjustment, "notified")
    @rule(place=picks)
    def end_objection(self, place: int) -> None:
        adjustment = self.pick(Adjustment, place, "notified")
        if adjustment is not None:
            adjustments.finalise_adjustment(actor=self.system, adjustment=adjustment)

    @some(Claim, "payable")
    @rule(payee=st.integers(0, 1))
    def draft(self, payee: int) -> None:
        today = timezone.localdate()
        self.tried(
            lambda: services.draft_settlement(
                actor=self.who["finance"],
                dealer=self.dealers[payee],
                from_on=today.replace(day=1),
                until_on=today,
            )
        )

    @some(Settlement, "draft")
    @rule(place=picks)
    def issue(self, place: int) -> None:
        settlement = self.pick(Settlement, place, "draft")
        if settlement is not None:
            boss = self.who["finance_manager"]
            self.tried(lambda: services.check_settlement(actor=boss, settlement=settlement))
            self.tried(lambda: services.issue_settlement(actor=boss, settlement=settlement))

    @some(Settlement, "issued")
    @rule(place=picks)
    def dispute(self, place: int) -> None:
        """One line is disputed and leaves; the rest is issued anew."""
        settlement = self.pick(Settlement, place, "issued")
        if settlement is None:
            return
        line = queries.live_lines(settlement).first()
        actor = self.principal(settlement.dealer)
        self.tried(
            lambda: services.dispute_settlement(
                actor=actor, settlement=settlement, lines={line.pk: "数量不对"}
            )
        )
        boss = self.who["finance_manager"]
        self.tried(lambda: services.reissue_settlement(actor=boss, settlement=settlement))

    @some(Settlement, "issued")
    @rule(place=picks, is_same=st.booleans())
    def confirm(self, place: int, is_same: bool) -> None:
        """On the hash of the notice, or on an older one, which is refused."""
        settlement = self.pick(Settlement, place, "issued")
        if settlement is None:
            return
        notices = settlement.notices.order_by("edition")
        notice = notices.last() if is_same else notices.first()
        self.tried(
            lambda: services.confirm_settlement(
                actor=self.principal(settlement.dealer),
                settlement=settlement,
                digest=notice.digest,
                name="王经理",
                code=notice.digest[:8],
            )
        )
        settlement.refresh_from_db()
        if settlement.state == "confirmed":
            assert notice.digest == services.latest_notice(settlement).digest

    @some(Settlement, "confirmed", "issued")
    @rule(place=picks)
    def post(self, place: int) -> None:
        settlement = self.pick(Settlement, place, "confirmed", "issued")
        if settlement is None:
            return
        was = settlement.state
        boss = self.who["finance_manager"]
        done = self.tried(lambda: services.post_settlement(actor=boss, settlement=settlement))
        assert (done is not None) is (was == "confirmed")
        if done is not None:
            self.owed[settlement.dealer_id] += own_cents(settlement)

    @some(Settlement, "posted", "offset")
    @rule(place=picks, cents=st.integers(1, 40_000))
    def offset(self, place: int, cents: int) -> None:
        settlement = self.pick(Settlement, place, "posted", "offset")
        if settlement is None:
            return
        number = f"FP-{settlement.dealer.number}"
        done = self.tried(
            lambda: services.offset_settlement(
                actor=self.who["finance"], settlement=settlement, amounts={number: cents}
            )
        )
        if done is not None:
            assert cents <= self.owed[settlement.dealer_id]
            self.owed[settlement.dealer_id] -= cents
            self.goods[settlement.dealer_id] -= cents
            self.used[settlement.pk] += cents

    @some(Settlement, "posted")
    @rule(place=picks)
    def pay(self, place: int) -> None:
        settlement = self.pick(Settlement, place, "posted")
        if settlement is None:
            return
        done = self.tried(
            lambda: services.pay_settlement(
                actor=self.who["finance"],
                settlement=settlement,
                reference=f"BK-{settlement.number}",
                paid_on=timezone.localdate(),
            )
        )
        if done is not None:
            cents = sum(settlement.payments.values_list("cents", flat=True))
            self.owed[settlement.dealer_id] -= cents
            self.paid[settlement.pk] += cents

    @some(Settlement, "posted", "offset", "paid", "closed")
    @rule(place=picks)
    def reverse(self, place: int) -> None:
        settlement = self.pick(Settlement, place, "posted", "offset", "paid", "closed")
        if settlement is None:
            return
        own = own_cents(settlement)
        done = self.tried(
            lambda: services.reverse_settlement(
                actor=self.who["manager"], settlement=settlement, reason="开错"
            )
        )
        if done is not None:
            back = self.used.pop(settlement.pk, 0)
            self.owed[settlement.dealer_id] += back - own
            self.goods[settlement.dealer_id] += back

    # What holds whatever they did.

    @invariant()
    def the_books_say_what_the_story_says(self) -> None:
        for dealer in self.dealers[:2]:
            assert -balance(dealer, "payable") == self.owed[dealer.pk]
            assert balance(dealer, "receivable") == self.goods[dealer.pk] >= 0

    @invariant()
    def paid_is_at_most_approved_and_approved_at_most_claimed(self) -> None:
        assert not Claim.objects.filter(approved_cents__gt=F("claimed_cents")).exists()
        live = Q(settlement_lines__is_live=True)
        sums = Claim.objects.annotate(on=Sum("settlement_lines__cents", filter=live))
        assert not sums.filter(on__gt=F("approved_cents")).exists()

    @invariant()
    def sums_are_the_sums_of_their_lines(self) -> None:
        for settlement in Settlement.objects.exclude(state__in=["reversed", "void"]):
            lines = queries.live_lines(settlement).aggregate(sum=Sum("cents"))["sum"] or 0
            assert settlement.net_cents == lines

    @invariant()
    def a_claim_in_settlement_has_all_its_lines_on_one(self) -> None:
        on_one = Claim.objects.filter(state__in=["in_settlement", "settled"]).annotate(
            on=Sum("settlement_lines__cents", filter=Q(settlement_lines__is_live=True))
        )
        for claim in on_one.filter(state="in_settlement"):
            assert claim.on == claim.approved_cents


def own_cents(settlement: Settlement) -> int:
    """What a settlement brings anew: all its lines but those carried from earlier ones."""
    lines = queries.live_lines(settlement).filter(carried_from=None)
    return lines.aggregate(sum=Sum("cents"))["sum"] or 0


def others(piece: OldPartReturn) -> list[tuple[int, str]]:
    rest = OldPartReturn.objects.exclude(pk=piece.pk).order_by("pk")
    return list(rest.values_list("pk", "state"))


def balance(dealer: Dealer, role: str) -> int:
    lines = JournalLine.objects.filter(account__dealer=dealer, account__role=role)
    return lines.aggregate(sum=Sum("cents"))["sum"] or 0


def test_whatever_people_do_the_money_is_right_to_the_cent(world: World) -> None:
    cast = Story.cast = world.owner
    with cast.scope():
        install_defaults(tenant=cast.tenant)
        assert SettlementLine.objects.count() == 0
        run_state_machine_as_test(
            Story,
            settings=settings(
                max_examples=1_000 if PROVE else 12,
                stateful_step_count=30,
                deadline=None,
                phases=tuple(Phase) if PROVE else (Phase.generate,),
                derandomize=not PROVE,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
