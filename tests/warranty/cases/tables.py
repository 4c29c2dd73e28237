"""Who may take which step, written out from the paper and not from the code (7.4)."""

from __future__ import annotations

# Action: states before, state after, roles.
Row = tuple[set[str], str, set[str]]

SY, GM = {"system"}, {"manager"}
TE, TM = {"engineer", "technical_manager"}, {"technical_manager"}
DESK = {"clerk", "supervisor"}
# The system triggers, never decides; only general management approves.
CASES: dict[str, Row] = {
    "warn": ({"watching"}, "warning", SY),
    "trigger": ({"watching", "warning"}, "triggered", SY),
    "choose": ({"triggered", "user_chose"}, "user_chose", DESK | TE),
    "approve": ({"user_chose"}, "approved", GM),
    "refuse": ({"user_chose"}, "triggered", GM),
    "carry_out": ({"approved"}, "carried_out", GM),
    "recover": ({"carried_out"}, "recovered", GM),
    "drop": ({"watching", "warning", "triggered"}, "dropped", GM | TM),
}
SPOT_CHECKS: dict[str, Row] = {
    "hand_in": (
        {"drawn"},
        "papers_in",
        {"dealer_principal", "dealer_clerk", "sales_rep"} | SY,
    ),
    "decide": ({"drawn", "papers_in"}, "decided", {"sales_rep"} | TM),
}
# Never tied to the dealer's payment; no dealer's role stands here.
RECOVERIES: dict[str, Row] = {
    "claim": ({"found"}, "claimed", TE),
    "accept": ({"claimed"}, "accepted", TE),
    "accept_partly": ({"claimed"}, "partly", TE),
    "refuse": ({"claimed"}, "refused", TE),
    "debit": ({"accepted", "partly"}, "debited", TM),
    "take_parts": ({"accepted", "partly"}, "parts_sent", TE),
    "close": ({"found", "refused", "debited", "parts_sent"}, "closed", TE),
}
