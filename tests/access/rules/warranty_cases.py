"""What the law gives users: the desk records, management approves; a dealer sees its own."""

from tests.access.rule import Rule

RULES = [
    Rule("warranty:cases", {"GET": "case.view"}),
    Rule("warranty:cases-export", {"GET": "case.export"}),
    # Without a serial number there is no machine.
    Rule("warranty:machine-remedies", {"GET": "case.view"}, also=frozenset({404})),
    Rule("warranty:case", {"GET": "case.view"}, "case"),
    Rule("warranty:case-paper", {"GET": "case.view"}, "case"),
    *(
        Rule(f"warranty:case-{step}", {"GET": permission, "POST": permission}, "case")
        for step, permission in (
            ("choose", "case.record_choice"),
            ("approve", "case.approve"),
            ("refuse", "case.approve"),
            ("carry-out", "case.carry_out"),
            ("recover", "case.carry_out"),
            ("drop", "case.drop"),
        )
    ),
    Rule("api-cases", {"GET": "case.view"}),
    Rule("api-case", {"GET": "case.view"}, "case"),
    Rule("api-case-choose", {"POST": "case.record_choice"}, "case"),
    Rule("api-case-approve", {"POST": "case.approve"}, "case"),
    Rule("api-case-refuse", {"POST": "case.approve"}, "case"),
    Rule("api-case-carry-out", {"POST": "case.carry_out"}, "case"),
    Rule("api-case-recover", {"POST": "case.carry_out"}, "case"),
    Rule("api-case-drop", {"POST": "case.drop"}, "case"),
]
