"""Bring a database to the present shape, as its owner: migrations, then grants."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, connections, transaction

# Tables that the application only adds to.
APPEND_ONLY = {
    "core_auditevent",
    "ledger_journalentry",
    "ledger_journalline",
    "parts_stockmove",
}
# Tables that the application never touches.
CLOSED = {"django_migrations": "SELECT", "pghistory_context": ""}


class Command(BaseCommand):
    help = "Migrate and grant, with the owner's DATABASE_URL in OWNER_DATABASE_URL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say nothing when all is well")

    def handle(self, *args: Any, **options: Any) -> None:
        self._become_owner()
        call_command("migrate", interactive=False, verbosity=0 if options["quiet"] else 1)
        # In one transaction: a running site never meets a moment without its rights.
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in grants():
                cursor.execute(statement)

    def _become_owner(self) -> None:
        owner = settings.OWNER_DATABASE
        if owner:
            connection.close()
            connections["default"].settings_dict.update(owner)


def grants() -> list[str]:
    """What the ordinary role may do, table by table; nothing by default."""
    role = f'"{settings.APP_ROLE}"'
    tables = {
        table: "SELECT, INSERT, UPDATE, DELETE"
        for table in connection.introspection.django_table_names()
    }
    for model in apps.get_models():
        if model._meta.db_table.endswith("event") and hasattr(model, "pgh_tracked_model"):
            tables[model._meta.db_table] = "SELECT, INSERT"
    tables |= dict.fromkeys(APPEND_ONLY, "SELECT, INSERT")
    tables |= CLOSED
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    ]
    for table, rights in sorted(tables.items()):
        if rights:
            statements.append(f'GRANT {rights} ON "{table}" TO {role}')
    return statements
