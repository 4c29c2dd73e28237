"""What is in force from a day to a day: never two at once, never changed afterwards.

"Never two at once" is an exclusion constraint, not a trigger: a trigger reads a snapshot, so two
people who write at one moment would both pass unless it locked something too; the constraint
waits for the other writer by itself. Equality of a link would need the extension btree_gist, but
ranges have their operator class in PostgreSQL itself: `[7,7]` overlaps just what holds a 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.utils import timezone

from core.guards import Guard, refuse
from core.rls import Ddl


class Dated:
    """A row with `from_on` and `until_on`: how it stands today, and whether its end still moves."""

    from_on: Any
    until_on: Any

    @property
    def validity(self) -> str:
        """running, coming, ended; withdrawn if it was never in force."""
        today = timezone.localdate()
        if self.until_on is not None and self.until_on < self.from_on:
            return "withdrawn"
        if self.until_on is not None and self.until_on < today:
            return "ended"
        return "coming" if self.from_on > today else "running"

    @property
    def may_end(self) -> bool:
        return self.validity in ("running", "coming")


class NeverOverlap(Ddl):
    """Of the rows with the same `scope` (links; none counts as one too), one is in force a day.

    Days are `from_on` to `until_on`, both included, without an end where it is null. An end on
    the eve of the beginning is no day at all: such a row was withdrawn and stands in nobody's way.
    """

    def __init__(self, *, scope: Sequence[str], name: str, **kwargs: Any) -> None:
        self.scope = list(scope)
        super().__init__(name=name, **kwargs)

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "scope": self.scope}

    def statements(self, model: type[Model]) -> list[str]:
        table = f'ALTER TABLE "{model._meta.db_table}" ADD CONSTRAINT'
        links = [f'coalesce("{self._column(model, name)}", 0)' for name in self.scope]
        same = "".join(f", int8range({link}, {link}, '[]') WITH &&" for link in links)
        return [
            f'{table} "{self.name}_ends" CHECK (until_on >= from_on - 1)',
            f'{table} "{self.name}" EXCLUDE USING gist'
            f" (int8range(tenant_id, tenant_id, '[]') WITH &&{same},"
            " daterange(from_on, until_on + 1, '[)') WITH &&)",
        ]

    def _column(self, model: type[Model], name: str) -> str:
        field: Any = model._meta.get_field(name)
        return str(field.column)

    def undo(self, model: type[Model]) -> list[str]:
        table = f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT'
        return [f'{table} "{self.name}"', f'{table} "{self.name}_ends"']


def stays_but_for_its_end(table: str) -> list[Guard]:
    """Refuse every change but that of an end which is still to come."""
    rule = f"{table}_stays"
    body = f"""
IF TG_OP = 'DELETE' OR to_jsonb(OLD) - 'until_on' <> to_jsonb(NEW) - 'until_on' THEN
    {refuse(rule, "terms never change: new ones begin on a day")}
END IF;
IF OLD.until_on < OLD.from_on
    OR OLD.until_on < (now() AT TIME ZONE 'Asia/Shanghai')::date THEN
    {refuse(rule, "what has ended never changes")}
END IF;
RETURN NEW;
"""
    kept = refuse(f"{table}_is_kept", "terms are never emptied")
    return [
        Guard(name=rule, at="BEFORE UPDATE OR DELETE", body=body),
        Guard(name=f"{table}_kept", at="BEFORE TRUNCATE", body=kept, kind="STATEMENT"),
    ]
