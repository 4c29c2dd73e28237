"""`makemigrations`, with what belongs to a new table written into its CreateModel.

Our tables carry a dozen walls and keys each. As operations of their own, Django draws up all
related models anew after every one of them: preparing a database took minutes, not seconds.
"""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.core.management.commands import makemigrations
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation


class Command(makemigrations.Command):
    def write_migration_files(
        self, changes: dict[str, list[Any]], *args: Any, **kwargs: Any
    ) -> None:
        for app_label, migrations in changes.items():
            for migration in migrations:
                migration.operations = folded(migration.operations, app_label)
        super().write_migration_files(changes, *args, **kwargs)


def folded(operations: list[Operation], app_label: str) -> list[Operation]:
    """The same operations, new tables whole and in the order of their links."""
    tables = {op.name_lower: op for op in operations if isinstance(op, CreateModel)}
    into: dict[str, list[Operation]] = {name: [] for name in tables}
    rest: list[Operation] = []
    for operation in operations:
        if isinstance(operation, AddField | AddConstraint | AddIndex) and (
            operation.model_name_lower in tables
        ):
            into[operation.model_name_lower].append(operation)
        elif not isinstance(operation, CreateModel):
            rest.append(operation)
    whole = {name: _whole(table, into[name]) for name, table in tables.items()}
    links = {name: _links(table, app_label) & set(whole) - {name} for name, table in whole.items()}
    try:
        order = list(TopologicalSorter(links).static_order())
    except CycleError:
        return operations
    first = next((i for i, op in enumerate(operations) if isinstance(op, CreateModel)), 0)
    before = [op for op in operations[:first] if op in rest]
    after = [op for op in rest if op not in before]
    return [*before, *(whole[name] for name in order), *after]


def _whole(table: CreateModel, parts: list[Operation]) -> CreateModel:
    fields = [*table.fields, *((op.name, op.field) for op in parts if isinstance(op, AddField))]
    options = dict(table.options)
    rules = [op.constraint for op in parts if isinstance(op, AddConstraint)]
    indexes = [op.index for op in parts if isinstance(op, AddIndex)]
    if rules:
        options["constraints"] = [*options.get("constraints", []), *rules]
    if indexes:
        options["indexes"] = [*options.get("indexes", []), *indexes]
    return CreateModel(table.name, fields, options, table.bases, table.managers)


def _links(table: CreateModel, app_label: str) -> set[str]:
    """Names of the tables of this app that a new one points to."""
    targets = (field.remote_field.model for _, field in table.fields if field.remote_field)
    names = (str(target).lower() for target in targets if isinstance(target, str))
    return {
        name.removeprefix(f"{app_label.lower()}.")
        for name in names
        if "." not in name or name.startswith(f"{app_label.lower()}.")
    }
