"""Cases, spot checks and claims on suppliers for the access matrix; see `tests.access.things`."""

from __future__ import annotations

from typing import Any

from tests.cast import NEIGHBOUR_CANARY, Cast
from tests.warranty.cases import builders
from tests.warranty.settlements.builders import a_claim
from warranty.models import Evidence, SpotCheckItem, StatutoryCase

Kwargs = dict[str, Any]


def case(cast: Cast) -> Kwargs:
    """A user who may choose, once per company."""
    number = f"SC-{cast.tenant.pk:08d}"
    if not StatutoryCase.objects.filter(number=number).exists():
        builders.a_case(cast, number=number, reason=f"等用户答复 {cast.mark}".strip())
    return {"number": number}


def neighbours_case(cast: Cast) -> Kwargs:
    number = f"SC-9{cast.tenant.pk:07d}"
    if not StatutoryCase.objects.filter(number=number).exists():
        builders.a_case(
            cast,
            number=number,
            dealer=cast.neighbour,
            machine=cast.neighbour_machine,
            customer=cast.neighbour_customer,
            reason=f"{NEIGHBOUR_CANARY} {cast.mark}",
        )
    return {"number": number}


def spot_check(cast: Cast) -> Kwargs:
    return {"number": builders.a_spot_check(cast, cast.dealer, f"SK-{cast.tenant.pk:08d}").number}


def neighbours_spot_check(cast: Cast) -> Kwargs:
    number = f"SK-9{cast.tenant.pk:07d}"
    return {"number": builders.a_spot_check(cast, cast.neighbour, number).number}


def _item(named: Kwargs) -> Kwargs:
    item = SpotCheckItem.objects.select_related("claim").get(spot_check__number=named["number"])
    return named | {"claim": item.claim.number}


def item(cast: Cast) -> Kwargs:
    return _item(spot_check(cast))


def neighbours_item(cast: Cast) -> Kwargs:
    return _item(neighbours_spot_check(cast))


def _paper(cast: Cast, named: Kwargs) -> Kwargs:
    evidence: Evidence = builders.a_paper(cast, named["number"])
    return named | {"public_id": evidence.public_id}


def paper(cast: Cast) -> Kwargs:
    return _paper(cast, item(cast))


def neighbours_paper(cast: Cast) -> Kwargs:
    return _paper(cast, neighbours_item(cast))


def recovery(cast: Cast) -> Kwargs:
    return {"number": builders.a_recovery(cast, number=f"RV-{cast.tenant.pk:08d}").number}


def settled_claim(cast: Cast) -> Kwargs:
    """What a spot check can be drawn of."""
    return {"claim": a_claim(cast, state="settled").number}
