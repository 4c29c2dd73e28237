"""People and companies."""

from tests.access.rule import PUBLIC, SIGNED_IN, Rule

RULES = [
    Rule("home", {"GET": SIGNED_IN}),
    Rule("accounts:switch", {"POST": SIGNED_IN}, also=frozenset({404})),
    Rule("accounts:language", {"POST": PUBLIC}),
]
