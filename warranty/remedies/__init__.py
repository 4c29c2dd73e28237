"""The three guarantees (三包): what the user may demand, and whether the dealer is paid.

    entitlement = assess(case)                      # from the seller, today
    verdict = assess_claim(case, entitlement, claim)  # by the manufacturer; never the other way

Pure: frozen values in, frozen values out. The laws stand in farm.py, cars.py, goods.py and
consumer.py; docs/remedies.md leads from article to function.
"""

from warranty.remedies.dealer import ClaimFacts, assess_claim
from warranty.remedies.laws import assess
from warranty.remedies.values import Case, Entitlement, Event, Option, Terms

__all__ = [
    "Case",
    "ClaimFacts",
    "Entitlement",
    "Event",
    "Option",
    "Terms",
    "assess",
    "assess_claim",
]
