"""Claims: who files them sees his own; who decides and confirms sees all."""

from tests.access.rule import Rule

# No report is named by the matrix's empty body.
NO_REPORT = frozenset({404})
# The empty body of the matrix: nothing is decided, no reason is given.
RULES = [
    Rule("warranty:claims", {"GET": "claim.view"}),
    Rule("warranty:claim-export", {"GET": "claim.view"}),
    Rule("warranty:claim-new", {"GET": "claim.submit", "POST": "claim.submit"}, also=NO_REPORT),
    Rule("warranty:claim-edit", {"GET": "claim.submit", "POST": "claim.submit"}, "claim"),
    Rule("warranty:claim-discard", {"POST": "claim.submit"}, "claim"),
    Rule("warranty:claim-withdraw", {"POST": "claim.submit"}, "claim"),
    Rule("warranty:claim-give-up", {"POST": "claim.give_up"}, "claim"),
    Rule("warranty:claim", {"GET": "claim.view"}, "claim"),
    Rule("warranty:claim-print", {"GET": "claim.view"}, "claim"),
    Rule("warranty:claim-decide", {"POST": "claim.decide"}, "claim"),
    Rule("warranty:claim-decide-appeal", {"POST": "claim.decide_appeal"}, "claim"),
    Rule("warranty:claim-ask-correction", {"POST": "claim.decide"}, "claim"),
    Rule("warranty:claim-return", {"POST": "claim.return"}, "claim"),
    Rule("warranty:claim-raise-level", {"POST": "claim.decide"}, "claim"),
    Rule("warranty:claim-cancel", {"POST": "claim.cancel"}, "claim"),
    Rule("warranty:claim-confirm", {"POST": "claim.confirm"}, "claim"),
    Rule("warranty:claim-send-back", {"POST": "claim.confirm"}, "claim"),
    Rule("warranty:claim-appeal", {"POST": "claim.appeal"}, "claim"),
    Rule("warranty:claim-accept", {"POST": "claim.appeal"}, "claim"),
    Rule("warranty:pre-authorisations", {"GET": "claim.view"}),
    Rule("warranty:pre-authorisation-new", {"GET": "claim.submit", "POST": "claim.submit"}),
    Rule("warranty:pre-authorisation", {"GET": "claim.view"}, "consent"),
    Rule(
        "warranty:pre-authorisation-edit",
        {"GET": "claim.submit", "POST": "claim.submit"},
        "consent",
    ),
    Rule("warranty:pre-authorisation-discard", {"POST": "claim.submit"}, "consent"),
    Rule("warranty:pre-authorisation-approve", {"POST": "claim.decide"}, "consent"),
    Rule("warranty:pre-authorisation-return", {"POST": "claim.decide"}, "consent"),
    Rule("warranty:pre-authorisation-reject", {"POST": "claim.decide"}, "consent"),
    Rule("api-claims", {"GET": "claim.view"}),
    Rule("api-claim", {"GET": "claim.view", "PATCH": "claim.submit"}, "claim"),
    Rule("api-report-claims", {"POST": "claim.submit"}, "report"),
    *(
        Rule(f"api-claim-{step}", {"POST": permission}, "claim")
        for step, permission in {
            "submit": "claim.submit",
            "discard": "claim.submit",
            "withdraw": "claim.submit",
            "give-up": "claim.give_up",
            "decide": "claim.decide",
            "correction": "claim.decide",
            "return": "claim.return",
            "raise": "claim.decide",
            "cancel": "claim.cancel",
            "appeal": "claim.appeal",
            "decide-appeal": "claim.decide_appeal",
            "accept": "claim.appeal",
            "confirm": "claim.confirm",
            "send-back": "claim.confirm",
        }.items()
    ),
    Rule("api-preauthorisations", {"GET": "claim.view", "POST": "claim.submit"}),
    Rule("api-preauthorisation", {"GET": "claim.view", "PATCH": "claim.submit"}, "consent"),
    *(
        Rule(f"api-preauthorisation-{step}", {"POST": permission}, "consent")
        for step, permission in {
            "submit": "claim.submit",
            "discard": "claim.submit",
            "approve": "claim.decide",
            "return": "claim.decide",
            "reject": "claim.decide",
        }.items()
    ),
]
