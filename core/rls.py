"""Row policies and same-tenant links as Django constraints, so that migrations carry them.

Every tenant table gets, from `core.models.TenantModel`:

- `TenantWall`: rows of the tenant named by `app.tenant_id`, read and written, forced;
- `DealerWall`: a second, restrictive policy for people of a dealer (`app.dealer_ids`);
- `SameTenant`: a foreign key (tenant_id, x_id) -> (tenant_id, id) for each link.

The settings are read without a default on purpose: no tenant set is an error.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.db.backends.ddl_references import Statement
from django.db.models import BaseConstraint, Model

TENANT = "(SELECT current_setting('app.tenant_id')::bigint)"
DEALERS = "(SELECT current_setting('app.dealer_ids'))"
# The cast outside makes it an array for ANY, not a set of rows.
OWN_DEALERS = "(SELECT nullif(current_setting('app.dealer_ids'), '*'))::bigint[]"


class Ddl(BaseConstraint, ABC):
    """A constraint that is DDL of its own, run after the table exists."""

    @abstractmethod
    def statements(self, model: type[Model]) -> list[str]:
        """What makes it."""

    @abstractmethod
    def undo(self, model: type[Model]) -> list[str]:
        """What takes it away again."""

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        schema_editor.deferred_sql.extend(self.statements(model))
        return None

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        # At the end of the migration: the tables and keys that it names must stand by then.
        return self.constraint_sql(model, schema_editor)

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return Statement("; ".join(self.undo(model)).replace("%", "%%"))

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database alone keeps it; there is nothing to ask beforehand."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((type(self), self.name))


def _table(model: type[Model]) -> str:
    return f'"{model._meta.db_table}"'


class TenantWall(Ddl):
    """Rows belong to the tenant that is set; anything else does not exist."""

    def statements(self, model: type[Model]) -> list[str]:
        table = _table(model)
        return [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f'CREATE POLICY "{self.name}" ON {table}'
            f" USING (tenant_id = {TENANT}) WITH CHECK (tenant_id = {TENANT})",
        ]

    def undo(self, model: type[Model]) -> list[str]:
        table = _table(model)
        return [
            f'DROP POLICY "{self.name}" ON {table}',
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ]


class DealerWall(Ddl):
    """What people of a dealer see of a table; the manufacturer's own people pass.

    `rule` is "none" (a table dealers never read) or alternatives parted by ";":
    "own:<column>" (rows of their dealer), "with:<link>" (rows whose linked parent they see, by
    the parent's own wall), "through:<table>.<column>=<own column>" (rows to which a row they
    see in that table points), "neither:<link>,<link>" (rows of nobody: all of these are empty).
    """

    def __init__(self, *, rule: str, name: str, **kwargs: Any) -> None:
        self.rule = rule
        super().__init__(name=name, **kwargs)

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "rule": self.rule}

    def _condition(self, model: type[Model]) -> str:
        rules = [] if self.rule == "none" else self.rule.split(";")
        return " OR ".join([f"{DEALERS} = '*'", *(self._sees(model, rule) for rule in rules)])

    def _sees(self, model: type[Model], rule: str) -> str:
        kind, _, name = rule.partition(":")
        if kind == "through":
            link, _, name = name.partition("=")
            table, _, far = link.partition(".")
            return (
                f'EXISTS (SELECT FROM "{table}" way WHERE way."{far}" = {_table(model)}."{name}")'
            )
        if kind == "neither":
            links: list[Any] = [model._meta.get_field(link) for link in name.split(",")]
            return " AND ".join(f'{_table(model)}."{link.column}" IS NULL' for link in links)
        field: Any = model._meta.get_field(name)
        column = f'{_table(model)}."{field.column}"'
        if kind == "own":
            return f"{column} = ANY ({OWN_DEALERS})"
        parent = field.related_model._meta.db_table
        return f'EXISTS (SELECT FROM "{parent}" up WHERE up.id = {column})'

    def statements(self, model: type[Model]) -> list[str]:
        condition = self._condition(model)
        return [
            f'CREATE POLICY "{self.name}" ON {_table(model)} AS RESTRICTIVE'
            f" USING ({condition}) WITH CHECK ({condition})"
        ]

    def undo(self, model: type[Model]) -> list[str]:
        return [f'DROP POLICY "{self.name}" ON {_table(model)}']


class SameTenant(Ddl):
    """A link that cannot leave the tenant: PostgreSQL's foreign keys ignore row policies."""

    def __init__(self, *, field: str, name: str, **kwargs: Any) -> None:
        self.field = field
        super().__init__(name=name, **kwargs)

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def statements(self, model: type[Model]) -> list[str]:
        field: Any = model._meta.get_field(self.field)
        return [
            f'ALTER TABLE {_table(model)} ADD CONSTRAINT "{self.name}"'
            f' FOREIGN KEY (tenant_id, "{field.column}")'
            f' REFERENCES "{field.related_model._meta.db_table}" (tenant_id, id)'
            " DEFERRABLE INITIALLY DEFERRED"
        ]

    def undo(self, model: type[Model]) -> list[str]:
        return [f'ALTER TABLE {_table(model)} DROP CONSTRAINT "{self.name}"']
