"""Imports: for those who may run them."""

from tests.access.rule import Rule

RUN = "import.run"

RULES = [
    Rule("imports:list", {"GET": RUN}),
    Rule("imports:new", {"GET": RUN, "POST": RUN}),
    Rule("imports:template", {"GET": RUN}, kwargs={"kind": "machines"}),
    Rule("imports:detail", {"GET": RUN}, thing="import"),
    Rule("imports:confirm", {"POST": RUN}, thing="import"),
    Rule("imports:again", {"POST": RUN}, thing="import"),
]
