"""Addresses that belong to no app of their own."""

from tests.access.rule import PUBLIC, Rule

RULES = [
    Rule("livez", {"GET": PUBLIC}),
    Rule("readyz", {"GET": PUBLIC}),
    Rule("favicon", {"GET": PUBLIC}),
    Rule("api-schema", {"GET": PUBLIC}),
    Rule("api-docs", {"GET": PUBLIC}),
]
