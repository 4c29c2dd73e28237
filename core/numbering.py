"""Numbers that people say aloud: T-20261121-0042, per tenant, kind and day, without gaps."""

from __future__ import annotations

from datetime import date

from django.db import connection

from core.tenancy import current_tenant_id

NEXT = """
INSERT INTO core_numbercounter (tenant_id, kind, "on", last) VALUES (%s, %s, %s, %s)
ON CONFLICT (tenant_id, kind, "on") DO UPDATE SET last = core_numbercounter.last + %s
RETURNING last
"""


def next_number(kind: str, on: date) -> str:
    """The next number of a kind ("T", "V", "C", …) on a tenant's day; gone with a rollback."""
    return next_numbers(kind, on, 1)[0]


def next_numbers(kind: str, on: date, count: int) -> list[str]:
    """A run of numbers taken at once, for imports."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [current_tenant_id(), kind, on, count, count])
        last: int = cursor.fetchone()[0]
    return [f"{kind}-{on:%Y%m%d}-{n:04d}" for n in range(last - count + 1, last + 1)]
