"""The check table, for the administrator and the technical manager alone."""

from tests.access.rule import Rule

READ = {"GET": "claim.rules"}
WRITE = {"GET": "claim.rules", "POST": "claim.rules"}

RULES = [
    Rule("warranty:rules", READ),
    Rule("warranty:rule", READ, "check_rule", desk_only=True),
    Rule("warranty:rule-new", WRITE, "check_rule", desk_only=True),
    Rule("warranty:cut-reasons", READ),
    Rule("warranty:cut-reason-new", WRITE),
    Rule("warranty:cut-reason-edit", WRITE, "cut_reason", desk_only=True),
    Rule("warranty:review-levels", WRITE),
]
