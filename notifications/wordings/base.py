"""One event in words, and who may be told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Who may be told of an event; customers and invited people have no bell and no preferences.
DESK, DEALER, CUSTOMER = "desk", "dealer", "customer"
STAFF = frozenset({DESK})
DEALERS = frozenset({DEALER})
BOTH = frozenset({DESK, DEALER})
OUTSIDE = frozenset({CUSTOMER})


@dataclass(frozen=True, slots=True)
class Wording:
    """`label` names the event on the preferences page; `by_mail` is what counts without a wish.

    What `leaves_at_once` does not wait for the end of the quiet hours.
    """

    title: Any
    body: Any = ""
    label: Any = ""
    readers: frozenset[str] = STAFF
    by_mail: bool = True
    leaves_at_once: bool = False
