"""The wall between companies: a block that names the tenant, and fails closed outside it.

The setting is transaction-local only, so neither a connection pool nor a crashed request can
carry it over to somebody else. The row policies (see `core.rls`) read it without a default:
a query outside the block is an error in PostgreSQL, never an empty page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")

WHOLE_TENANT = "*"


class NoTenant(RuntimeError):
    """Tenant data was touched outside `tenant_scope`."""


@dataclass(frozen=True, slots=True)
class Scope:
    tenant_id: int
    dealers: str  # "*" for the whole tenant, else a PostgreSQL array such as "{4,7}"


_scope: ContextVar[Scope | None] = ContextVar("tenant_scope", default=None)


def current_tenant_id() -> int:
    """The tenant of the block we are in; also the default of every `tenant` column."""
    scope = _scope.get()
    if scope is None:
        raise NoTenant("No tenant is set: open tenant_scope(tenant_id) first.")
    return scope.tenant_id


def _apply(scope: Scope | None) -> None:
    tenant = "" if scope is None else str(scope.tenant_id)
    dealers = "" if scope is None else scope.dealers
    with connection.cursor() as cursor:
        cursor.execute(
            # Triggers read `pgtrigger.ignore` at each row; where it was never set that read is a
            # caught error, whose rolled-back subtransaction walks through all that is deferred.
            "SELECT set_config('app.tenant_id', %s, true), set_config('app.dealer_ids', %s, true),"
            " set_config('pgtrigger.ignore', '{}', true)",
            [tenant, dealers],
        )


@contextmanager
def _scoped(scope: Scope) -> Iterator[None]:
    outer = _scope.get()
    with transaction.atomic():
        _apply(scope)
        token = _scope.set(scope)
        try:
            yield
        finally:
            _scope.reset(token)
        # After an error the rolled-back savepoint restores the setting; else we do.
        if not connection.needs_rollback:
            _apply(outer)


@contextmanager
def tenant_scope(tenant_id: int, *, dealer_ids: tuple[int, ...] | None = None) -> Iterator[None]:
    """Run a block, in one transaction, as one tenant and, if given, as some dealers only."""
    dealers = WHOLE_TENANT if dealer_ids is None else "{" + ",".join(map(str, dealer_ids)) + "}"
    with _scoped(Scope(int(tenant_id), dealers)):
        yield


@contextmanager
def dealer_wall(dealer_ids: tuple[int, ...] | None) -> Iterator[None]:
    """Narrow the scope we are in to some dealers; None leaves it as it is."""
    if dealer_ids is None:
        yield
        return
    with tenant_scope(current_tenant_id(), dealer_ids=dealer_ids):
        yield


@contextmanager
def whole_tenant() -> Iterator[None]:
    """Lift the dealer's wall inside a service that its gate has already opened.

    A dealer's refusal, for example, puts the ticket back on the desk's side of the wall.
    """
    scope = _scope.get()
    if scope is None:
        raise NoTenant("No tenant is set: open tenant_scope(tenant_id) first.")
    if scope.dealers == WHOLE_TENANT:
        with transaction.atomic():
            yield
        return
    with _scoped(Scope(scope.tenant_id, WHOLE_TENANT)):
        yield


def verb(service: Callable[P, R]) -> Callable[P, R]:
    """Mark a write: one transaction, seen from the whole tenant (its gate came before)."""

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with whole_tenant():
            return service(*args, **kwargs)

    return run
