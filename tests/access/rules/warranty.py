"""Remedies, claims, old parts, settlements."""

from tests.access.rule import Rule

RULES = [
    Rule("api-remedies-assess", {"POST": "remedy.assess"}),
]
