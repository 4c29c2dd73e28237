"""Writes of statutory cases (三包退换案): the system watches, people choose, approve and act."""

from warranty.services.cases.deciding import (
    approve_case,
    carry_out_case,
    drop_case,
    record_choice,
    recover_case,
    refuse_case,
)
from warranty.services.cases.watching import follow_report, follow_ticket, watch_machine

__all__ = [
    "approve_case",
    "carry_out_case",
    "drop_case",
    "follow_report",
    "follow_ticket",
    "record_choice",
    "recover_case",
    "refuse_case",
    "watch_machine",
]
