"""Find anything by two or more characters, Chinese too, without any extension.

The text of a thing is normalised (full width to half, lower case, no blanks or hyphens) and cut
into pairs of neighbouring characters; `core_search` looks for entries with all pairs of the
question and then checks that they stand together.
"""

from __future__ import annotations

import pgtrigger
from django.db import connection

SHORTEST = 2


def SearchTrigger(*, kind: str, columns: list[str], object_id: str = "id") -> pgtrigger.Trigger:
    """Keep a `SearchEntry` beside a table: text of `columns`, found as `kind` + `object_id`."""
    # chr(31) parts the columns, so that no pair of characters spans two of them.
    text = " || chr(31) || ".join(f"coalesce(NEW.{column}::text, '')" for column in columns)
    return pgtrigger.Trigger(
        name=f"search_{kind}",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(*columns, object_id),
        when=pgtrigger.After,
        # The names are those of our own columns, fixed in the models.
        func=f"""
            INSERT INTO core_searchentry (tenant_id, kind, object_id, source, text)
            VALUES (NEW.tenant_id, '{kind}', NEW.{object_id}, TG_TABLE_NAME || ':' || NEW.id,
                    core_search_text({text}))
            ON CONFLICT (tenant_id, source)
            DO UPDATE SET text = EXCLUDED.text, object_id = EXCLUDED.object_id;
            RETURN NULL;
        """,  # noqa: S608
    )


def find(question: str, *, kinds: list[str], at_most: int = 200) -> dict[str, list[int]]:
    """Ids by kind, newest first, of what holds the question; {} for fewer than 2 characters.

    The ids are of the whole tenant: narrow them with the noun's `visible(actor)`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, object_id FROM core_search(%s, %s, %s)",
            [question, kinds, at_most],
        )
        found: dict[str, list[int]] = {}
        for kind, object_id in cursor.fetchall():
            found.setdefault(kind, []).append(object_id)
    return found
