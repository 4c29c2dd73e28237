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
    Rule("ledger:receivables", {"GET": "ledger.view"}),
    Rule("ledger:receivable-book", {"POST": "receivable.book"}),
    Rule("ledger:receivables-import", {"POST": "receivable.book"}),
    Rule("ledger:receivables-export", {"GET": "ledger.export"}),
    Rule("api-receivables", {"GET": "ledger.view", "POST": "receivable.book"}),
    Rule("api-accounts", {"GET": "ledger.view"}),
    Rule("api-account", {"GET": "ledger.view"}, "account"),
    Rule("api-account-statement", {"GET": "ledger.view"}, "account"),
    Rule("api-entry", {"GET": "ledger.view"}, "entry"),
]
