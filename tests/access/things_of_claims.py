"""Claims for the access matrix; see `tests.access.things`."""

from __future__ import annotations

from datetime import date
from typing import Any

from dealers.models import Dealer
from machines.models import Machine
from tests.cast import NEIGHBOUR_CANARY, Cast
from tests.warranty.reviews.builders import a_claim, install
from warranty.models import CheckRule, CutReason, PreAuthorisation
from warranty.services import claims as services

Kwargs = dict[str, Any]


def check_rule(cast: Cast) -> Kwargs:
    """A check with a code that only this company has."""
    code = f"X{cast.tenant.pk}"
    CheckRule.objects.get_or_create(
        code=code,
        from_on=date(2026, 1, 1),
        defaults={"position": 99, "question": f"试问 {cast.mark}", "outcome": "manual"},
    )
    return {"code": code}


def cut_reason(cast: Cast) -> Kwargs:
    code = f"R{cast.tenant.pk}"
    CutReason.objects.get_or_create(code=code, defaults={"name": f"核减 {cast.mark}"})
    return {"code": code}


def claim(cast: Cast) -> Kwargs:
    """One in review, flagged: what a dealer must not read stands on it."""
    install(cast)
    made = a_claim(cast, late_reason=f"道路不通 {cast.mark}".strip(), risk_flags=["photo"])
    return {"number": made.number}


def neighbours_claim(cast: Cast) -> Kwargs:
    install(cast)
    made = a_claim(
        cast,
        filer="neighbour_principal",
        dealer=cast.neighbour,
        payee=cast.neighbour,
        machine=cast.neighbour_machine,
        customer=cast.neighbour_customer,
        late_reason=f"{NEIGHBOUR_CANARY} {cast.mark}",
    )
    return {"number": made.number}


def consent(cast: Cast) -> Kwargs:
    return {"number": _asked(cast, cast.dealer, cast.machine, f"更换变速箱 {cast.mark}")}


def neighbours_consent(cast: Cast) -> Kwargs:
    asked_for = f"{NEIGHBOUR_CANARY} {cast.mark}"
    return {"number": _asked(cast, cast.neighbour, cast.neighbour_machine, asked_for)}


def _asked(cast: Cast, dealer: Dealer, machine: Machine, asked_for: str) -> str:
    actor = cast.system()
    row = services.ask_consent(
        actor=actor, machine=machine, dealer=dealer, asked_for=asked_for, asked_cents=5_000_00
    )
    # The numbers of two companies run alike: the mark keeps them apart.
    number = f"{row.number}{cast.mark}"
    PreAuthorisation.objects.filter(pk=row.pk).update(number=number, state="submitted")
    return number
