"""The checks of a claim (K01–K22): frozen facts and rule rows in, findings and a verdict out."""

from warranty.rules.checks.engine import CODES, judge, read_book, written_book
from warranty.rules.checks.facts import ClaimFacts, Consent, Grade, Line, Photo, read, written
from warranty.rules.checks.rows import (
    MANUAL,
    PASS,
    REJECT,
    RETURN,
    Book,
    Finding,
    Level,
    Result,
    Rule,
    Verdict,
    in_force,
    strictest,
)

__all__ = [
    "CODES",
    "MANUAL",
    "PASS",
    "REJECT",
    "RETURN",
    "Book",
    "ClaimFacts",
    "Consent",
    "Finding",
    "Grade",
    "Level",
    "Line",
    "Photo",
    "Result",
    "Rule",
    "Verdict",
    "in_force",
    "judge",
    "read",
    "read_book",
    "strictest",
    "written",
    "written_book",
]
