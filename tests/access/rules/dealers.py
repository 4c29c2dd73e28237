"""Dealers: the desk reads them, few change them, dealers see none of the pages."""

from tests.access.rule import SIGNED_IN, Rule

EDIT = {"GET": "dealer.edit", "POST": "dealer.edit"}

RULES = [
    Rule("dealers:list", {"GET": "dealer.view"}),
    Rule("dealers:options", {"GET": "dealer.view"}),
    Rule("dealers:regions", {"GET": SIGNED_IN}),
    Rule("dealers:export", {"GET": "dealer.export"}),
    Rule("dealers:new", EDIT),
    Rule("dealers:detail", {"GET": "dealer.view"}, thing="dealer"),
    Rule("dealers:edit", EDIT, thing="dealer"),
    # The empty body of the matrix names no territory.
    Rule(
        "dealers:territory_remove",
        {"POST": "dealer.edit"},
        thing="dealer",
        also=frozenset({404}),
    ),
    Rule("dealers:outlet_new", EDIT, thing="dealer"),
    # The dealers of the cast have no outlet.
    Rule("dealers:outlet_edit", EDIT, thing="dealer", kwargs={"place": "1"}, also=frozenset({404})),
    Rule("api-regions", {"GET": SIGNED_IN}),
    Rule("api-dealers", {"GET": "dealer.view", "POST": "dealer.edit"}),
    Rule("api-dealer", {"GET": "dealer.view", "PATCH": "dealer.edit"}, thing="dealer"),
    # Without a region in the query there is nothing to take away.
    Rule(
        "api-territories",
        {"GET": "dealer.view", "POST": "dealer.edit", "DELETE": "dealer.edit"},
        thing="dealer",
        also=frozenset({404}),
    ),
]
