"""Claims on suppliers: no role of a dealer has any of these permissions."""

from tests.access.rule import Rule

RULES = [
    Rule("warranty:recoveries", {"GET": "recovery.view"}),
    Rule("warranty:recoveries-export", {"GET": "recovery.export"}),
    Rule("warranty:recovery", {"GET": "recovery.view"}, "recovery"),
    Rule("warranty:recovery-paper", {"GET": "recovery.view"}, "recovery"),
    *(
        Rule(f"warranty:recovery-{step}", {"GET": permission, "POST": permission}, "recovery")
        for step, permission in (
            ("claim", "recovery.edit"),
            ("answer", "recovery.edit"),
            ("debit", "recovery.debit"),
            ("parts", "recovery.edit"),
            ("close", "recovery.edit"),
        )
    ),
    Rule("api-recoveries", {"GET": "recovery.view"}),
    Rule("api-recovery", {"GET": "recovery.view"}, "recovery"),
    Rule("api-recovery-claim", {"POST": "recovery.edit"}, "recovery"),
    Rule("api-recovery-answer", {"POST": "recovery.edit"}, "recovery"),
    Rule("api-recovery-debit", {"POST": "recovery.debit"}, "recovery"),
    Rule("api-recovery-parts", {"POST": "recovery.edit"}, "recovery"),
    Rule("api-recovery-close", {"POST": "recovery.edit"}, "recovery"),
]
