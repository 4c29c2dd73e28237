"""Dealers: the desk reads them, few change them; a principal reads its own terms."""

from tests.access.rule import SIGNED_IN, Rule

EDIT = {"GET": "dealer.edit", "POST": "dealer.edit"}
TERMS = {"GET": "contract.edit", "POST": "contract.edit"}
RATES = {"GET": "rate.edit", "POST": "rate.edit"}

RULES = [
    Rule("dealers:contract_new", TERMS, thing="dealer"),
    Rule("dealers:contract_end", TERMS, thing="contract"),
    Rule("dealers:rate_cards", {"GET": "rate.view"}),
    Rule("dealers:rate_card", {"GET": "rate.view"}, thing="rate_card"),
    Rule("dealers:rate_card_new", RATES),
    Rule("dealers:rate_card_version", RATES, thing="rate_card"),
    Rule("dealers:rate_card_end", RATES, thing="rate_card_version"),
    Rule("dealers:levels", {"GET": "rate.edit"}),
    Rule("dealers:level", RATES, thing="level"),
    Rule("api-contracts", {"GET": "contract.view"}, thing="dealer"),
    # The cast has a rate card only where the matrix asks for one.
    Rule("api-dealer-rates", {"GET": "rate.view"}, thing="dealer", also=frozenset({404})),
    Rule("api-grades", {"GET": "rate.edit"}),
    Rule("api-rate-cards", {"GET": "rate.view"}),
    Rule("api-rate-card", {"GET": "rate.view"}, thing="rate_card"),
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
