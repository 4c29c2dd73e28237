"""Cases, spot checks and claims on suppliers as rows; stories go through the services."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core import files
from dealers.models import Dealer
from machines.models import Machine
from parts.models import Supplier
from tests.cast import NEIGHBOUR_CANARY, Cast, a_machine
from tests.warranty.settlements.builders import a_claim
from warranty.access.spotchecks import SUBJECT
from warranty.models import (
    Claim,
    Evidence,
    RecoveryClaim,
    Settlement,
    SettlementLine,
    SpotCheck,
    SpotCheckItem,
    StatutoryCase,
)

_serial = count(1)


def asked_body(days_ago: int = 60) -> dict[str, Any]:
    """A combine harvester whose same grave fault is back after two repairs."""
    today = timezone.localdate()

    def on(days: int) -> str:
        return (today - timedelta(days=days)).isoformat()

    def fault(days: int) -> dict[str, Any]:
        return {"type": "fault", "date": on(days), "code": "S01", "severity": "severe"}

    def step(kind: str, days: int) -> dict[str, Any]:
        return {"type": kind, "date": on(days), "code": "S01"}

    events = []
    for day in (30, 20):
        events += [fault(day), step("sent_for_repair", day), step("repair_done", day - 1)]
    return {
        "regulation": "AGRI-2010",
        "product_class": "combine_harvester",
        "component_class": "whole_machine",
        "sale_date": on(days_ago),
        "ask_date": on(0),
        "events": [*events, fault(0), step("sent_for_repair", 0)],
    }


def a_case(cast: Cast, state: str = "triggered", **facts: Any) -> StatutoryCase:
    """One of the dealer's machine, with what the engine was asked and said."""
    now = timezone.now()
    row: dict[str, Any] = {
        "number": f"SC-{next(_serial):06d}",
        "machine": cast.machine,
        "dealer": cast.dealer,
        "customer": cast.customer,
        "state": state,
        "asked": asked_body(),
        "answered": {
            "options": ["REPAIR_FREE", "REPLACE_PART"],
            "articles": ["29"],
            "law": "AGRI-2010",
            "dates": {},
            "is_certain": True,
        },
        "triggered_at": now,
    }
    if state in ("user_chose", "approved", "carried_out"):
        row |= {"choice": "replace_part", "choice_words": "换件", "choice_signer": "张丰收"}
        row |= {"chosen_at": now, "chosen_by": cast.people["clerk"], "chosen_label": "clerk"}
    return StatutoryCase.objects.create(**(row | facts))


def a_spot_check(
    cast: Cast, dealer: Dealer | None = None, number: str = "", claims: int = 1
) -> SpotCheck:
    """Drawn of the dealer's settled claims, once per number; papers open."""
    dealer = dealer or cast.dealer
    number = number or f"SK-{next(_serial):06d}"
    found = SpotCheck.objects.filter(number=number).first()
    if found is not None:
        return found
    today = timezone.localdate()
    check = SpotCheck.objects.create(
        number=number,
        dealer=dealer,
        seed=7,
        settled_from=today - timedelta(days=90),
        settled_until=today,
        population=claims,
        papers_by=today + timedelta(days=20),
        drawn_by=cast.people["sales_rep"],
        drawn_label=f"业务员 {_mark(cast, dealer)}",
    )
    for _each in range(claims):
        claim = a_claim(cast, dealer, state="settled")
        SpotCheckItem.objects.create(spot_check=check, claim=claim)
    return check


def _mark(cast: Cast, dealer: Dealer) -> str:
    return NEIGHBOUR_CANARY if dealer == cast.neighbour else cast.mark


def a_paper(cast: Cast, number: str) -> Evidence:
    """A paper of the first claim of a check."""
    item = SpotCheckItem.objects.filter(spot_check__number=number).order_by("pk")[0]
    paper = Evidence(
        dealer=item.spot_check.dealer, subject=SUBJECT, subject_id=item.pk, kind="other"
    )
    mark = _mark(cast, item.spot_check.dealer)
    upload = SimpleUploadedFile("note.txt", f"用户证明 {mark}".encode(), "text/plain")
    files.store(paper, files.check(upload), uploaded_by_id=None)
    return paper


def a_supplier(cast: Cast) -> Supplier:
    supplier, _is_new = Supplier.objects.get_or_create(
        code=f"SUP{cast.mark}"[:20], defaults={"name": f"新乡轴承 {cast.mark}", "duty_percent": 80}
    )
    return supplier


def a_recovery(cast: Cast, state: str = "found", **facts: Any) -> RecoveryClaim:
    """The cost of one settled claim, four fifths of it the supplier's."""
    number = facts.pop("number", f"RV-{next(_serial):06d}")
    found = RecoveryClaim.objects.filter(number=number).first()
    if found is not None:
        return found
    row: dict[str, Any] = {
        "number": number,
        "supplier": a_supplier(cast),
        "claim": facts.pop("claim", None) or a_claim(cast, state="settled"),
        "state": state,
        "cost_cents": 1_000_00,
        "percent": 80,
        "claimed_cents": 800_00,
        "words": f"轴承材质不良 {cast.mark}".strip(),
    }
    return RecoveryClaim.objects.create(**(row | facts))


def another_machine(cast: Cast) -> Machine:
    """A machine of the cast's customer, sold by its dealer."""
    return a_machine(cast, f"4LZ-CASE-{next(_serial):05d}", cast.customer, cast.dealer)


def a_bare_check(cast: Cast, state: str) -> SpotCheck:
    """Without claims, born in a state."""
    today = timezone.localdate()
    return SpotCheck.objects.create(
        number=f"SK-{next(_serial):06d}",
        dealer=cast.dealer,
        state=state,
        seed=1,
        settled_from=today,
        settled_until=today,
        population=1,
        papers_by=today,
    )


def settle(cast: Cast, claim: Claim, cents: int) -> None:
    """The claim stands on a posted settlement with this amount."""
    assert claim.dealer is not None
    settlement = Settlement.objects.create(
        number=f"ST-{next(_serial):06d}",
        dealer=claim.dealer,
        from_on=timezone.localdate(),
        until_on=timezone.localdate(),
        pay_mode="offset",
        state="posted",
    )
    SettlementLine.objects.create(
        settlement=settlement,
        position=1,
        kind="parts",
        claim=claim,
        claim_line=claim.versions.get().lines.order_by("position")[0],
        cents=cents,
        words=claim.number,
    )
