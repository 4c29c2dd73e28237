"""How money moves: every verb that other apps call."""

from ledger.services.accounts import ensure_accounts, ensure_house, note_export, open_account
from ledger.services.entries import (
    AlreadyReversed,
    Posting,
    Source,
    SourcePosted,
    credit,
    debit,
    post_entry,
    reverse_entry,
)
from ledger.services.offsets import BeyondBalance, offset
from ledger.services.periods import PeriodClosed, close_period, reopen_period
from ledger.services.receivables import Receivable, book_receivable, book_receivables

__all__ = [
    "AlreadyReversed",
    "BeyondBalance",
    "PeriodClosed",
    "Receivable",
    "Posting",
    "Source",
    "SourcePosted",
    "book_receivable",
    "book_receivables",
    "close_period",
    "credit",
    "debit",
    "ensure_accounts",
    "ensure_house",
    "note_export",
    "offset",
    "open_account",
    "post_entry",
    "reopen_period",
    "reverse_entry",
]
