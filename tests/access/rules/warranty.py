"""Remedies, claims, old parts, settlements."""

from tests.access.rule import SIGNED_IN, Rule

RULES = [
    Rule("warranty:home", {"GET": SIGNED_IN}),
    Rule("api-remedies-assess", {"POST": "remedy.assess"}),
]
