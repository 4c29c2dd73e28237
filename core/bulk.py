"""Many rows in one statement: sent as one JSON document that the database unfolds.

Ten times quicker than a model instance for each row, where thousands are written at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from core.tenancy import current_tenant_id


def insert_rows(
    model: type[models.Model],
    rows: Sequence[Mapping[str, Any]],
    *,
    common: Mapping[str, Any],
    skip_existing: bool = False,
    returning: str = "id",
) -> list[Any]:
    """Insert rows of a tenant's table and return one column of those that are new.

    Each row names the same columns; `common` holds what all rows share. Every column without a
    default in the database must be among them. `skip_existing` leaves out what a unique key
    already holds.
    """
    if not rows:
        return []
    meta = model._meta
    fields = {field.attname: field for field in meta.local_concrete_fields}
    own = [fields[name] for name in rows[0]]
    shared = {fields[name]: value for name, value in common.items()}
    shared[fields["tenant_id"]] = current_tenant_id()
    targets = ", ".join(f'"{field.column}"' for field in (*own, *shared))
    values = ", ".join([*(f'r."{field.column}"' for field in own), *["%s"] * len(shared)])
    shape = ", ".join(f'"{field.column}" {field.db_type(connection)}' for field in own)
    conflict = "ON CONFLICT DO NOTHING " if skip_existing else ""
    params = [field.get_db_prep_save(value, connection) for field, value in shared.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            # Names come from our own models, values go as parameters.
            f"INSERT INTO {meta.db_table} ({targets}) SELECT {values}"  # noqa: S608
            f" FROM json_to_recordset(%s) AS r({shape})"
            f' {conflict}RETURNING "{fields[returning].column}"',
            [*params, _document(rows, own)],
        )
        return [row[0] for row in cursor.fetchall()]


def _document(rows: Sequence[Mapping[str, Any]], fields: list[models.Field[Any, Any]]) -> str:
    """The rows as JSON; what lies inside a JSON column is written as Django writes it there."""
    instants = [field.attname for field in fields if isinstance(field, models.DateTimeField)]
    if instants:
        rows = [row | {name: _exactly(row[name]) for name in instants} for row in map(dict, rows)]
    return json.dumps(rows, default=DjangoJSONEncoder().default)


def _exactly(at: datetime | None) -> str | None:
    """To the microsecond, as a column keeps it; the encoder stops at milliseconds."""
    return at.isoformat() if at else None
