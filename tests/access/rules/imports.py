"""Imports: for those who may run them."""

from tests.access.rule import Rule

NOBODY = "00000000-0000-0000-0000-000000000000"
RUN = "import.run"
# The matrix has no import at hand: all addresses of one are missing.
GONE = frozenset({404})

RULES = [
    Rule("imports:list", {"GET": RUN}),
    Rule("imports:new", {"GET": RUN, "POST": RUN}),
    Rule("imports:template", {"GET": RUN}, kwargs={"kind": "machines"}),
    Rule("imports:detail", {"GET": RUN}, kwargs={"public_id": NOBODY}, also=GONE),
    Rule("imports:confirm", {"POST": RUN}, kwargs={"public_id": NOBODY}, also=GONE),
    Rule("imports:again", {"POST": RUN}, kwargs={"public_id": NOBODY}, also=GONE),
]
