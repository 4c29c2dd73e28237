"""Settlements (结算单): every verb, from the draft to the closed books."""

from warranty.services.settlements.answers import (
    confirm_settlement,
    deem_settlement,
    dispute_settlement,
    follow_notices,
    record_paper,
)
from warranty.services.settlements.drafting import (
    check_settlement,
    discard_settlement,
    draft_settlement,
    redraft_settlement,
    refill_settlement,
    take_off_lines,
)
from warranty.services.settlements.issuing import (
    issue_settlement,
    latest_notice,
    reissue_settlement,
)
from warranty.services.settlements.money import (
    close_settlement,
    credit_parts,
    move_invoice,
    offset_settlement,
    pay_settlement,
    post_settlement,
    reverse_settlement,
)

__all__ = [
    "check_settlement",
    "close_settlement",
    "confirm_settlement",
    "credit_parts",
    "deem_settlement",
    "discard_settlement",
    "dispute_settlement",
    "draft_settlement",
    "follow_notices",
    "issue_settlement",
    "latest_notice",
    "move_invoice",
    "offset_settlement",
    "pay_settlement",
    "post_settlement",
    "record_paper",
    "redraft_settlement",
    "refill_settlement",
    "reissue_settlement",
    "reverse_settlement",
    "take_off_lines",
]
