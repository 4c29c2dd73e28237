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
]
