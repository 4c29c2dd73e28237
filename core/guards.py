"""What the database itself refuses, whoever writes: triggers in plain SQL.

Plain triggers carried by migrations, not those of django-pgtrigger: these let any role switch
them off with a setting (`pgtrigger.ignore`), which for money and signed papers will not do.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from core.rls import Ddl


class Guard(Ddl):
    """A trigger with its function; `at` is for example "BEFORE INSERT"."""

    def __init__(
        self, *, name: str, at: str, body: str, declare: str = "", kind: str = "ROW", **kwargs: Any
    ) -> None:
        self.at = at
        self.body = body
        self.declare = declare
        self.kind = kind  # ROW, STATEMENT, or DEFERRED: a row's, asked when all is written
        super().__init__(name=name, **kwargs)

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        own = {"at": self.at, "body": self.body, "declare": self.declare, "kind": self.kind}
        return path, args, {**kwargs, **own}

    def statements(self, model: type[Model]) -> list[str]:
        is_late = self.kind == "DEFERRED"
        declare = f"DECLARE {self.declare} " if self.declare else ""
        return [
            f'CREATE FUNCTION "{self.name}"() RETURNS trigger LANGUAGE plpgsql'
            f" SET search_path = pg_catalog, public"
            f" AS $guard$ {declare}BEGIN {self.body} END $guard$",
            f'CREATE {"CONSTRAINT " if is_late else ""}TRIGGER "{self.name}" {self.at}'
            f' ON "{model._meta.db_table}" {"DEFERRABLE INITIALLY DEFERRED " if is_late else ""}'
            f"FOR EACH {'STATEMENT' if self.kind == 'STATEMENT' else 'ROW'}"
            f' EXECUTE FUNCTION "{self.name}"()',
        ]

    def undo(self, model: type[Model]) -> list[str]:
        return [
            f'DROP TRIGGER "{self.name}" ON "{model._meta.db_table}"',
            f'DROP FUNCTION "{self.name}"()',
        ]


def refuse(rule: str, words: str) -> str:
    """Raise a violation that carries its rule's name, as a constraint of the table would."""
    return f"RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}';"


def append_only(table: str) -> list[Guard]:
    """Refuse UPDATE, DELETE and TRUNCATE: what is posted stays."""
    body = refuse(f"{table}_is_append_only", "what is posted never changes")
    return [
        Guard(name=f"{table}_stays", at="BEFORE UPDATE OR DELETE", body=body),
        Guard(name=f"{table}_is_kept", at="BEFORE TRUNCATE", body=body, kind="STATEMENT"),
    ]
