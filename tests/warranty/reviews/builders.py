"""Claims as rows, in any state: the story of filing has tests of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from core.actor import Actor
from sla.defaults import install_defaults
from tests.cast import Cast
from warranty.models import Claim, ClaimLine, ClaimVersion, CutReason, ReviewLevel
from warranty.rules.decisions import Decision
from warranty.services import reviews
from warranty.states.claims import ClaimState, LineOutcome

_numbers = count(1)
LEVELS = [(1, "engineer", 1_000_00), (2, "technical_manager", 5_000_00), (3, "manager", None)]
UNFILED = {ClaimState.DRAFT}


def install(cast: Cast) -> None:
    """Reasons of cuts and review levels, as far as the company has none."""
    install_defaults(cast.tenant)
    with cast.scope():
        CutReason.objects.get_or_create(code="TOO_MUCH", defaults={"name": "超出标准"})
        for level, role, up_to in LEVELS:
            ReviewLevel.objects.update_or_create(
                level=level, defaults={"role": role, "up_to_cents": up_to}
            )


def a_claim(
    cast: Cast,
    state: str = ClaimState.REVIEW,
    amounts: Sequence[int] = (100_00, 50_00),
    *,
    filer: str = "dealer_clerk",
    **facts: Any,
) -> Claim:
    """A claim of the dealer with a line per amount, filed by its clerk."""
    user = cast.people[filer]
    total = sum(amounts)
    row: dict[str, Any] = {
        "number": f"CL-20261121-{next(_numbers):04d}",
        "state": state,
        "dealer": cast.dealer,
        "payee": cast.dealer,
        "machine": cast.machine,
        "customer": cast.customer,
        "repaired_on": timezone.localdate() - timedelta(days=3),
        "file_by": timezone.localdate() + timedelta(days=27),
        "level": 1,
        "created_by": user,
        "created_label": user.name,
        "version_count": 0 if state in UNFILED else 1,
        "claimed_cents": total,
        "computed_cents": total,
    }
    if state not in UNFILED:
        now = timezone.now()
        row |= {"filed_by": user, "filed_label": user.name, "submitted_at": now}
        row |= {"decide_by": now + timedelta(days=14)}
    claim = Claim.objects.create(**(row | facts))
    if state not in UNFILED:
        a_version(claim, user, amounts)
    return claim


def a_version(claim: Claim, user: Any, amounts: Sequence[int]) -> ClaimVersion:
    version = ClaimVersion.objects.create(
        claim=claim,
        number=claim.version_count,
        body={},
        digest="0" * 64,
        filed_at=timezone.now(),
        filed_by=user,
        filed_label=user.name,
    )
    for position, cents in enumerate(amounts, 1):
        ClaimLine.objects.create(
            version=version,
            position=position,
            kind="labour",
            words=f"更换第 {position} 件",
            unit_cents=cents,
            claimed_cents=cents,
            computed_cents=cents,
        )
    return version


def lines_of(claim: Claim) -> list[ClaimLine]:
    rows = ClaimLine.objects.filter(version__claim=claim, version__number=claim.version_count)
    return list(rows.order_by("position"))


def decisions(claim: Claim, *approved: int) -> list[Decision]:
    """A decision per line by what is approved of it; cuts with their reason."""
    made = []
    for line, cents in zip(lines_of(claim), approved, strict=True):
        if cents == line.claimed_cents:
            made.append(Decision(line.pk, LineOutcome.APPROVE, cents))
        else:
            outcome = LineOutcome.REDUCE if cents else LineOutcome.REJECT
            made.append(Decision(line.pk, outcome, cents, "TOO_MUCH", "超出标准工时"))
    return made


def decided(cast: Cast, *approved: int, by: str = "engineer", **facts: Any) -> Claim:
    """A claim that a reviewer has decided."""
    claim = a_claim(cast, **facts)
    return reviews.decide_claim(
        actor=cast.actor(by), claim=claim, decisions=decisions(claim, *approved)
    )


def appealed(cast: Cast, *approved: int, **facts: Any) -> Claim:
    """A claim whose every cut line the dealer has appealed."""
    claim = decided(cast, *approved, **facts)
    cut = {
        line.pk: "按规定应全额"
        for line, cents in zip(lines_of(claim), approved, strict=True)
        if cents != line.claimed_cents
    }
    return reviews.appeal_claim(actor=cast.actor("dealer_principal"), claim=claim, lines=cut)


def person(cast: Cast, who: str, role: str) -> Actor:
    """A second person of a role, made when first asked for."""
    from accounts.actors import Company, actor_for
    from accounts.models import Membership, User

    if who not in cast.people:
        user = User.objects.create(email=f"{who}@{cast.tenant.slug}.example", name=who)
        post = Membership.objects.create(user=user, role=role)
        cast.people[who] = user
        cast.companies[who] = Company(
            membership_id=post.pk,
            tenant_id=cast.tenant.pk,
            slug=cast.tenant.slug,
            name=cast.tenant.name,
            role=role,
            dealer_id=None,
        )
    return actor_for(cast.people[who], cast.companies[who])
