"""The books: finance and management, a dealer's principal on its own accounts."""

from tests.access.rule import Rule

RULES = [
    Rule("ledger:accounts", {"GET": "ledger.view"}),
    Rule("ledger:account", {"GET": "ledger.view"}, "account"),
    Rule("ledger:export", {"GET": "ledger.export"}, "account"),
    Rule("ledger:entry", {"GET": "ledger.view"}, "entry"),
    Rule("ledger:periods", {"GET": "period.view"}),
    Rule("ledger:period-close", {"POST": "period.close"}),
    Rule("ledger:period-reopen", {"POST": "period.reopen"}),
]
