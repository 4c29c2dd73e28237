"""Reads of dealers."""

from __future__ import annotations

from django.db import connection

UNDER = """
WITH RECURSIVE under AS (
    SELECT id FROM dealers_dealer WHERE id = %s
    UNION
    SELECT d.id FROM dealers_dealer d JOIN under ON d.parent_id = under.id
)
SELECT id FROM under ORDER BY id
"""


def dealer_and_subs(dealer_id: int) -> tuple[int, ...]:
    """A dealer and everybody below it (R-001); runs before the dealer's wall is up."""
    with connection.cursor() as cursor:
        cursor.execute(UNDER, [dealer_id])
        return tuple(row[0] for row in cursor.fetchall())
