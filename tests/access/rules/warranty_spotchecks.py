"""Samples of settled claims: who decides draws, a dealer hands in the papers of its own."""

from tests.access.rule import Rule

RULES = [
    Rule("warranty:spot-checks", {"GET": "spot_check.view"}),
    Rule("warranty:spot-check-draw", {"GET": "spot_check.decide", "POST": "spot_check.decide"}),
    Rule("warranty:spot-check", {"GET": "spot_check.view"}, "spot_check"),
    Rule(
        "warranty:spot-check-decide",
        {"GET": "spot_check.decide", "POST": "spot_check.decide"},
        "spot_check",
    ),
    Rule(
        "warranty:spot-check-papers",
        {"GET": "spot_check.answer", "POST": "spot_check.answer"},
        "spot_check_item",
    ),
    Rule("warranty:spot-check-paper", {"GET": "spot_check.view"}, "spot_check_paper"),
    Rule(
        "warranty:spot-check-verdict",
        {"GET": "spot_check.decide", "POST": "spot_check.decide"},
        "spot_check_item",
    ),
    Rule("api-spot-checks", {"GET": "spot_check.view", "POST": "spot_check.decide"}),
    Rule("api-spot-check", {"GET": "spot_check.view"}, "spot_check"),
    Rule("api-spot-check-decide", {"POST": "spot_check.decide"}, "spot_check"),
    Rule("api-spot-check-verdict", {"POST": "spot_check.decide"}, "spot_check_item"),
]
