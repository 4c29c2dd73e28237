"""What must hold before a process serves anybody: it is bound by the row policies."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

ROLE = """
SELECT r.rolname, r.rolsuper, r.rolbypassrls,
       EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid)
FROM pg_roles r WHERE r.rolname = current_user
"""


def refuse_powerful_role() -> None:
    """Raise unless the database role is an ordinary one.

    A superuser, a role with BYPASSRLS or the owner of a table would pass every wall between
    the companies without anybody noticing.
    """
    with connection.cursor() as cursor:
        cursor.execute(ROLE)
        name, is_super, bypasses, owns = cursor.fetchone()
    connection.close()
    if is_super or bypasses or owns:
        raise ImproperlyConfigured(
            f"The database role {name} passes the row policies (superuser, BYPASSRLS or owner of"
            " tables). Run Sanbao as the ordinary role of DATABASE_URL, see docs/operations.md."
        )
