"""Claims: who files them sees his own; who decides and confirms sees all."""

from tests.access.rule import Rule

# The empty body of the matrix: nothing is decided, no reason is given.
RULES = [
    Rule("warranty:claims", {"GET": "claim.view"}),
    Rule("warranty:claim-export", {"GET": "claim.view"}),
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
]
