"""Claims for the access matrix; see `tests.access.things`."""

from __future__ import annotations

from typing import Any

from tests.cast import NEIGHBOUR_CANARY, Cast
from tests.warranty.reviews.builders import a_claim, install

Kwargs = dict[str, Any]


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
