"""Settlements and adjustments: finance drafts and posts, the dealer's principal answers."""

from tests.access.rule import Rule

CHECK = {"POST": "settlement.check"}
DRAFT = {"POST": "settlement.draft"}
MONEY = {"POST": "settlement.offset"}
APPROVE = {"POST": "adjustment.approve"}
ANSWER = {"POST": "settlement.confirm"}

RULES = [
    Rule("warranty:settlements", {"GET": "settlement.view"}),
    Rule(
        "warranty:settlements-waiting",
        {"GET": "settlement.draft", "POST": "settlement.draft"},
    ),
    Rule("warranty:settlements-export", {"GET": "settlement.export"}),
    Rule("warranty:settlement", {"GET": "settlement.view"}, "settlement"),
    Rule(
        "warranty:settlement-lines",
        {"GET": "settlement.draft", "POST": "settlement.draft"},
        "settlement",
    ),
    Rule(
        "warranty:settlement-dispute",
        {"GET": "settlement.confirm", "POST": "settlement.confirm"},
        "settlement",
    ),
    Rule("warranty:settlement-notice", {"GET": "settlement.view"}, "settlement_notice"),
    Rule("warranty:settlement-check", CHECK, "settlement"),
    Rule("warranty:settlement-issue", CHECK, "settlement"),
    Rule("warranty:settlement-reissue", CHECK, "settlement"),
    Rule("warranty:settlement-redraft", CHECK, "settlement"),
    Rule("warranty:settlement-confirm", ANSWER, "settlement"),
    Rule("warranty:settlement-paper", {"POST": "settlement.record_paper"}, "settlement"),
    Rule("warranty:settlement-post", {"POST": "settlement.post"}, "settlement"),
    Rule("warranty:settlement-offset", MONEY, "settlement"),
    Rule("warranty:settlement-credit", MONEY, "settlement"),
    Rule("warranty:settlement-pay", MONEY, "settlement"),
    Rule("warranty:settlement-invoice", MONEY, "settlement"),
    Rule("warranty:settlement-close", MONEY, "settlement"),
    Rule("warranty:settlement-refill", DRAFT, "settlement"),
    Rule("warranty:settlement-discard", DRAFT, "settlement"),
    Rule("warranty:settlement-reverse", {"POST": "settlement.reverse"}, "settlement"),
    Rule("warranty:adjustments", {"GET": "adjustment.view"}),
    Rule(
        "warranty:adjustment-new",
        {"GET": "adjustment.create", "POST": "adjustment.create"},
    ),
    Rule("warranty:adjustments-export", {"GET": "settlement.export"}),
    Rule("warranty:adjustment", {"GET": "adjustment.view"}, "adjustment"),
    Rule("warranty:adjustment-approve", APPROVE, "adjustment"),
    Rule("warranty:adjustment-object", {"POST": "adjustment.object"}, "adjustment"),
    Rule("warranty:adjustment-uphold", APPROVE, "adjustment"),
    Rule("warranty:adjustment-drop", APPROVE, "adjustment"),
    Rule("warranty:adjustment-withdraw", {"POST": "adjustment.create"}, "adjustment"),
    Rule("api-settlements", {"GET": "settlement.view", "POST": "settlement.draft"}),
    Rule("api-settlement", {"GET": "settlement.view"}, "settlement"),
    Rule("api-settlement-refill", DRAFT, "settlement"),
    Rule("api-settlement-take-off", DRAFT, "settlement"),
    Rule("api-settlement-discard", DRAFT, "settlement"),
    Rule("api-settlement-check", CHECK, "settlement"),
    Rule("api-settlement-redraft", CHECK, "settlement"),
    Rule("api-settlement-issue", CHECK, "settlement"),
    Rule("api-settlement-reissue", CHECK, "settlement"),
    Rule("api-settlement-confirm", ANSWER, "settlement"),
    Rule("api-settlement-dispute", ANSWER, "settlement"),
    Rule("api-settlement-paper", {"POST": "settlement.record_paper"}, "settlement"),
    Rule("api-settlement-post", {"POST": "settlement.post"}, "settlement"),
    Rule("api-settlement-offset", MONEY, "settlement"),
    Rule("api-settlement-credit", MONEY, "settlement"),
    Rule("api-settlement-pay", MONEY, "settlement"),
    Rule("api-settlement-invoice", MONEY, "settlement"),
    Rule("api-settlement-close", MONEY, "settlement"),
    Rule("api-settlement-reverse", {"POST": "settlement.reverse"}, "settlement"),
    Rule("api-adjustments", {"GET": "adjustment.view", "POST": "adjustment.create"}),
    Rule("api-adjustment", {"GET": "adjustment.view"}, "adjustment"),
    Rule("api-adjustment-approve", APPROVE, "adjustment"),
    Rule("api-adjustment-object", {"POST": "adjustment.object"}, "adjustment"),
    Rule("api-adjustment-uphold", APPROVE, "adjustment"),
    Rule("api-adjustment-drop", APPROVE, "adjustment"),
    Rule("api-adjustment-withdraw", {"POST": "adjustment.create"}, "adjustment"),
]
