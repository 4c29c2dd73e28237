"""Reads of the books: balances, the statement of an account, the months."""

from __future__ import annotations

from dealers.models import Dealer


def level_one(dealer: Dealer) -> Dealer:
    """The dealer whose accounts count: a level-2 dealer settles through the one above it."""
    while dealer.parent is not None:
        dealer = dealer.parent
    return dealer
