"""Who may take which step, written out from the paper and not from the code (7.3, 7.4)."""

from __future__ import annotations

# Action: states before, state after, roles.
Row = tuple[set[str], str, set[str]]

FI, FM, DP = {"finance"}, {"finance_manager"}, {"dealer_principal"}
SY = {"system"}
SETTLEMENTS: dict[str, Row] = {
    "check": ({"draft"}, "checked", FM),
    "redraft": ({"checked"}, "draft", FM),
    "discard": ({"draft"}, "void", FI | SY),
    "issue": ({"checked"}, "issued", FM),
    "confirm": ({"issued"}, "confirmed", DP),
    "record_paper": ({"issued"}, "confirmed", {"clerk", "sales_rep"}),
    "deem": ({"issued"}, "confirmed", SY),
    "dispute": ({"issued"}, "disputed", DP),
    "reissue": ({"disputed"}, "issued", FM),
    "withdraw": ({"disputed"}, "void", FM),
    "post": ({"confirmed"}, "posted", FM),
    "offset": ({"posted", "offset"}, "offset", FI),
    "pay": ({"posted"}, "paid", FI),
    "close": ({"posted", "offset", "paid"}, "closed", FI | SY),
    "reverse": ({"posted", "offset", "paid", "closed"}, "reversed", FM | {"manager"}),
}
ADJUSTMENTS: dict[str, Row] = {
    "notify": ({"draft"}, "notified", FM | {"manager"} | SY),
    "drop_draft": ({"draft"}, "dropped", FI | {"technical_manager"}),
    "object": ({"notified"}, "objected", DP),
    "finalise": ({"notified"}, "final", SY),
    "uphold": ({"objected"}, "final", FM | {"manager"}),
    "drop": ({"notified", "objected"}, "dropped", FM | {"manager"}),
    "put_on": ({"final"}, "in_settlement", FI | SY),
    "take_off": ({"in_settlement"}, "final", FI | SY),
    "settle": ({"in_settlement"}, "settled", SY),
}
INVOICES: dict[str, Row] = {
    "register": ({"awaited", "refused", "red"}, "registered", FI),
    "refuse": ({"registered"}, "refused", FI),
    "red": ({"registered"}, "red", FI),
}
