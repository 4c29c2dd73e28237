"""Addresses that belong to no app of their own."""

from tests.access.rule import PUBLIC, Rule

RULES = [
    Rule("livez", {"GET": PUBLIC}),
    Rule("readyz", {"GET": PUBLIC}),
    # Without its token it is not there for anybody, whoever is signed in.
    Rule("metrics", {"GET": PUBLIC}, also=frozenset({404})),
    Rule("favicon", {"GET": PUBLIC}),
    Rule("api-schema", {"GET": PUBLIC}),
    Rule("api-docs", {"GET": PUBLIC}),
]
