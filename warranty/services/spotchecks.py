"""Spot checks (抽查) of settled claims: drawn, papers handed in, decided; findings cost money."""

from __future__ import annotations

from datetime import timedelta
from secrets import randbelow

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit, files
from core.actor import Actor
from core.errors import DomainError, WrongState
from core.money import yuan
from core.numbering import next_number
from core.options import option
from core.states import locked
from core.tenancy import current_tenant_id, verb
from dealers.models import Dealer
from warranty.access.spotchecks import SUBJECT
from warranty.models import Adjustment, Claim, Evidence, SpotCheck, SpotCheckItem
from warranty.rules.sampling import drawn
from warranty.services.adjustments import create_adjustment
from warranty.services.money_news import tell_dealers
from warranty.services.moving import take
from warranty.states.cases import SPOT_CHECK_ACTIONS, SpotCheckState, Verdict
from warranty.states.claims import ClaimState
from warranty.states.reports import EvidenceKind
from warranty.states.settlements import AdjustmentKind

NUMBER_KIND = "SK"
MOST_SEED = 2**31
# What is taken back when a claim should not have been paid.
COSTLY = (Verdict.OUTSIDE, Verdict.NO_PAPERS, Verdict.FRAUD)


class NothingToCheck(DomainError):
    code = "spot_check.nothing_to_check"
    message = _("No claim of this dealer was settled since the last check.")
    field = "dealer"


class OneIsOpen(DomainError):
    code = "spot_check.one_is_open"
    message = _("A spot check of this dealer is still open. Decide it first.")
    field = "dealer"


class NoFacts(DomainError):
    code = "spot_check.no_facts"
    message = _("Say what was found: the dealer reads it.")
    field = "facts"


class TooMuch(DomainError):
    code = "spot_check.too_much"
    message = _("At most the settled amount of the claim can be taken back: %(most)s.")
    field = "cents"


class InOrder(DomainError):
    code = "spot_check.in_order"
    message = _("This claim is in order: nothing can be taken back.")
    field = "cents"


class StillOpen(DomainError):
    code = "spot_check.still_open"
    message = _("Decide every claim of the sample first; %(count)s are open.")


@verb
def draw_spot_check(*, actor: Actor, dealer: Dealer) -> SpotCheck:
    """Draw a sample of the claims that were settled since the last check (R-154)."""
    if not actor.is_system and not actor.may("spot_check.decide"):
        raise PermissionDenied
    today = timezone.localdate()
    checked = SpotCheckItem.objects.filter(spot_check__dealer=dealer).values("claim")
    last = SpotCheck.objects.filter(dealer=dealer).aggregate(last=Max("settled_until"))["last"]
    since = last or today - timedelta(days=option("spot_check.look_back_days"))
    claims = {
        claim.number: claim
        for claim in Claim.objects.filter(
            dealer=dealer, state=ClaimState.SETTLED, changed_at__date__gte=since
        ).exclude(pk__in=checked)
    }
    if not claims:
        raise NothingToCheck
    seed = randbelow(MOST_SEED)
    percent, least = option("spot_check.percent"), option("spot_check.least")
    numbers = drawn(claims, seed=seed, percent=percent, least=least)
    try:
        with transaction.atomic():
            check = SpotCheck.objects.create(
                number=next_number(NUMBER_KIND, today),
                dealer=dealer,
                seed=seed,
                settled_from=since,
                settled_until=today,
                population=len(claims),
                papers_by=today + timedelta(days=option("spot_check.papers_days")),
                drawn_by_id=actor.user_id,
                drawn_label=actor.label,
            )
    except IntegrityError as error:
        raise OneIsOpen from error
    SpotCheckItem.objects.bulk_create(
        SpotCheckItem(spot_check=check, claim=claims[number]) for number in numbers
    )
    audit.record(
        actor, "spot_check.drawn", check, seed=seed, population=len(claims), claims=numbers
    )
    tell_dealers(
        {dealer},
        "spot_check.drawn",
        {"number": check.number, "count": len(numbers), "papers_on": check.papers_by},
        cause=f"spot_check.drawn:{check.pk}",
        url=reverse("warranty:spot-check", args=[check.number]),
    )
    return check


@verb
def hand_in_papers(*, actor: Actor, item: SpotCheckItem, uploads: list[UploadedFile]) -> None:
    """The dealer's papers of one claim; when all are in, the check says so."""
    if not actor.may("spot_check.answer"):
        raise PermissionDenied
    check = locked(item.spot_check)
    item = locked(item)
    if check.state == SpotCheckState.DECIDED or item.verdict:
        raise WrongState
    if not uploads:
        raise DomainError(_("Choose at least one file."), field="uploads")
    for upload in uploads:
        paper = Evidence(
            dealer_id=check.dealer_id,
            subject=SUBJECT,
            subject_id=item.pk,
            kind=EvidenceKind.OTHER,
        )
        files.store(paper, files.check(upload), uploaded_by_id=actor.user_id)
    item.papers_at = timezone.now()
    item.save(update_fields=["papers_at"])
    audit.record(actor, "spot_check.papers", check, claim=item.claim.number, files=len(uploads))
    is_open = check.state == SpotCheckState.DRAWN
    if is_open and not check.items.filter(papers_at=None).exists():
        system = Actor.system(current_tenant_id())
        check = take(system, check, SPOT_CHECK_ACTIONS, "hand_in")
        check.save(update_fields=["state"])
        audit.record(system, "spot_check.papers_in", check)


@verb
def decide_item(
    *,
    actor: Actor,
    item: SpotCheckItem,
    verdict: str,
    facts: str,
    asked_user: str = "",
    cents: int = 0,
) -> SpotCheckItem:
    """What one claim of the sample came to; what was wrongly paid becomes an Adjustment.

    `cents` is what is taken back, at most what was settled for the claim.
    """
    if not actor.may("spot_check.decide"):
        raise PermissionDenied
    check = locked(item.spot_check)
    item = locked(item)
    if check.state == SpotCheckState.DECIDED or item.verdict:
        raise WrongState
    if not facts.strip():
        raise NoFacts
    item.verdict, item.facts, item.asked_user = Verdict(verdict), facts.strip(), asked_user.strip()
    item.decided_at, item.decided_by_id = timezone.now(), actor.user_id
    item.decided_label = actor.label
    if cents and item.verdict not in COSTLY:
        raise InOrder
    if cents:
        item.adjustment = _take_back(actor, check, item, cents)
    item.save()
    audit.record(
        actor,
        "spot_check.item_decided",
        check,
        claim=item.claim.number,
        verdict=str(item.verdict),
        cents=cents,
    )
    return item


@verb
def decide_spot_check(*, actor: Actor, check: SpotCheck) -> SpotCheck:
    """All claims of the sample have their verdict: the check is over, the dealer reads it."""
    check = take(actor, check, SPOT_CHECK_ACTIONS, "decide")
    still = check.items.filter(verdict="").count()
    if still:
        raise StillOpen(count=still)
    check.decided_at, check.decided_by_id = timezone.now(), actor.user_id
    check.decided_label = actor.label
    check.save(update_fields=["state", "decided_at", "decided_by", "decided_label"])
    audit.record(actor, "spot_check.decided", check)
    tell_dealers(
        {check.dealer},
        "spot_check.decided",
        {"number": check.number},
        cause=f"spot_check.decided:{check.pk}",
        url=reverse("warranty:spot-check", args=[check.number]),
    )
    return check


def settled_cents(claim: Claim) -> int:
    """What was settled for a claim, in cents."""
    return sum(claim.settlement_lines.filter(is_live=True).values_list("cents", flat=True))


def _take_back(actor: Actor, check: SpotCheck, item: SpotCheckItem, cents: int) -> Adjustment:
    most = settled_cents(item.claim)
    if cents > most:
        raise TooMuch(most=f"{yuan(most):,.2f}")
    return create_adjustment(
        actor=actor,
        dealer=check.dealer,
        kind=AdjustmentKind.DEDUCTION,
        cents=cents,
        words=f"{check.number} · {item.claim.number}: {item.facts}",
        source=(SUBJECT, item.pk),
    )
