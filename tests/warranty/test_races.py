"""Eight hands at every claim and settlement: approve, confirm, post, offset, reverse once each.

A short form always; SANBAO_PROVE=1 takes 200 claims.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from accounts.roles import Role
from core.actor import Actor
from core.models import AuditEvent
from dealers.models import Dealer
from ledger.models import JournalLine
from tests.cast import Cast, World, _dealer, _person
from tests.hands import HANDS, all_at_once
from tests.warranty.settlements.builders import a_claim, an_invoice
from warranty.defaults import install_defaults
from warranty.models import Adjudication, Claim, ClaimLine, Settlement, SettlementLine
from warranty.services import reviews
from warranty.services import settlements as services
from warranty.services.reviews import Decision

PROVE = os.environ.get("SANBAO_PROVE") == "1"
CLAIMS = 200 if PROVE else 6


def staff(cast: Cast, role: Role) -> list[Actor]:
    """Eight people of one role."""
    for number in range(HANDS):
        _person(cast, f"{role}-{number}", role)
    return [cast.actor(f"{role}-{number}") for number in range(HANDS)]


def dealers_of(cast: Cast) -> list[Dealer]:
    return [_dealer(cast, f"D-9{n:03d}", f"经销商 {n}", "371402") for n in range(CLAIMS)]


def race(
    cast: Cast, things: Sequence[Any], hands: Sequence[Actor], deed: Callable[[Actor, Any], Any]
) -> None:
    """Every hand at every thing: one of them gets it, the others are told that they did not."""
    works = [partial(deed, actor, thing) for thing in things for actor in hands]
    answers = all_at_once(cast, works)
    won = Counter(answer.pk for answer in answers if not isinstance(answer, type))
    lost = Counter(answer for answer in answers if isinstance(answer, type))
    assert won == Counter({thing.pk: 1 for thing in things}), lost
    assert sum(lost.values()) == len(things) * (HANDS - 1)


def decide(actor: Actor, claim: Claim) -> Claim:
    lines = ClaimLine.objects.filter(version__claim=claim)
    decisions = [Decision(line.pk, "approve", line.claimed_cents) for line in lines]
    return reviews.decide_claim(actor=actor, claim=claim, decisions=decisions)


def principal(cast: Cast, dealer: Dealer) -> Actor:
    return replace(cast.actor("dealer_principal"), dealer_id=dealer.pk, dealer_ids=(dealer.pk,))


def test_eight_hands_at_every_step_and_one_of_them_takes_it(committed_world: World) -> None:
    cast = committed_world.owner
    with cast.scope():
        install_defaults(tenant=cast.tenant)
        dealers = dealers_of(cast)
        engineers = staff(cast, Role.TECHNICAL_MANAGER)
        clerks, heads = staff(cast, Role.FINANCE), staff(cast, Role.FINANCE_MANAGER)
        managers = staff(cast, Role.MANAGER)
        claims = [
            a_claim(cast, dealer, state="review", decided_by=None, level=1) for dealer in dealers
        ]
        for dealer in dealers:
            an_invoice(cast, f"FP-{dealer.number}", 500_000, dealer)

    race(cast, claims, engineers, decide)
    with cast.scope():
        assert Adjudication.objects.filter(number=2).count() == CLAIMS
        system = cast.system()
        ready = [reviews.make_ready(actor=system, claim=claim) for claim in claims]
        assert all(ready)
    race(cast, claims, clerks, lambda actor, claim: reviews.confirm_claim(actor=actor, claim=claim))

    def draft(actor: Actor, dealer: Dealer) -> Dealer:
        today = timezone.localdate()
        services.draft_settlement(
            actor=actor, dealer=dealer, from_on=today.replace(day=1), until_on=today
        )
        return dealer

    race(cast, dealers, clerks, draft)
    with cast.scope():
        drafted = list(Settlement.objects.select_related("dealer").order_by("pk"))
        assert len(drafted) == CLAIMS
        for settlement in drafted:
            services.check_settlement(actor=heads[0], settlement=settlement)
            services.issue_settlement(actor=heads[0], settlement=settlement)
            digest = services.latest_notice(settlement).digest
            services.confirm_settlement(
                actor=principal(cast, settlement.dealer),
                settlement=settlement,
                digest=digest,
                name="王经理",
                code=digest[:8],
            )
    race(
        cast,
        drafted,
        heads,
        lambda actor, each: services.post_settlement(actor=actor, settlement=each),
    )
    with cast.scope():
        owed = dict(balances("payable"))
        nets = dict(drafted_nets())
        assert owed == {pk: -net for pk, net in nets.items()}
    race(cast, drafted, clerks, offset_once)
    with cast.scope():
        assert set(dict(balances("payable")).values()) == {0}
    race(
        cast,
        drafted,
        managers,
        lambda actor, each: services.reverse_settlement(
            actor=actor, settlement=each, reason="开错"
        ),
    )
    with cast.scope():
        # All is as before: nobody is owed, every invoice is open again, every line is free.
        assert set(dict(balances("payable")).values()) == {0}
        assert set(dict(balances("receivable")).values()) == {500_000}
        assert not SettlementLine.objects.filter(is_live=True).exists()
        for verb in ("claim.decided", "claim.confirmed", "settlement.posted", "settlement.offset"):
            assert AuditEvent.objects.filter(verb=verb).count() == CLAIMS, verb
        assert JournalLine.objects.aggregate(left=Sum("cents"))["left"] == 0


def offset_once(actor: Actor, settlement: Settlement) -> Settlement:
    """All that is owed, as the page showed it to each of the eight."""
    amounts = {f"FP-{settlement.dealer.number}": settlement.net_cents}
    return services.offset_settlement(actor=actor, settlement=settlement, amounts=amounts)


def balances(role: str) -> Any:
    lines = JournalLine.objects.filter(account__role=role)
    return lines.values_list("account__dealer").annotate(sum=Sum("cents"))


def drafted_nets() -> Any:
    return Settlement.objects.values_list("dealer", "net_cents")
