"""The door of the engine: facts in, entitlement out."""

from __future__ import annotations

from collections.abc import Sequence

from warranty.remedies import cars, consumer, farm, goods, promises
from warranty.remedies.days import RestDays, official
from warranty.remedies.engine import USUAL, Assessment, LawBook, Look, Policy
from warranty.remedies.promises import Promise
from warranty.remedies.register import AGRI, CAR, COMPUTER, CONSUMER, GOODS, PHONE
from warranty.remedies.values import Case, Entitlement

BOOKS: dict[str, LawBook] = {
    AGRI: farm.BOOK,
    CAR: cars.BOOK,
    GOODS: goods.BOOK,
    PHONE: goods.BOOK,
    COMPUTER: goods.BOOK,
    CONSUMER: consumer.BOOK,
}


def assess(
    case: Case,
    *,
    calendar: RestDays | None = None,
    policy: Policy = USUAL,
    kept: Sequence[Promise] = (),
) -> Entitlement:
    """What the user may demand on `case.ask_date`: the law, and better promises on top."""
    look = Look(case, calendar or official(), policy, BOOKS[case.regulation])
    return promises.add(look, Assessment(look).answer(), kept)
