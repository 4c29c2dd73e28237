"""Many tickets and clocks at once, for benchmarks and proofs: rows copied by INSERT … SELECT.

One ticket is registered as any other; the copies differ from it in what is named. They are
written under the ordinary role and its row policies, so that they are rows like any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models
from django.utils import timezone

from accounts.models import Membership, User
from core.actor import Actor
from core.models import Tenant
from core.tenancy import current_tenant_id, tenant_scope
from sla.defaults import install_defaults
from sla.models import Clock, Step
from tickets.services import register_ticket

ROLES = ("clerk", "supervisor", "manager")


def company(slug: str, *, language: str = "en") -> Tenant:
    """A manufacturer with the default promises and one person for each desk role."""
    tenant = Tenant.objects.create(slug=slug, name=slug, language=language)
    install_defaults(tenant)
    with tenant_scope(tenant.pk):
        for role in ROLES:
            user = User.objects.create(email=f"{role}@{slug}.example", name=f"{slug} {role}")
            Membership.objects.create(user=user, role=role)
    return tenant


def tickets(count: int, *, mark: str) -> None:
    """Registered tickets `mark`-1 … in the tenant whose scope we are in, without any clock."""
    like = register_ticket(
        actor=Actor.system(current_tenant_id()),
        kind="repair",
        summary="The engine does not start when it is cold",
        caller_name="Zhang San",
        caller_phone="+8613800138000",
        route=False,
    )
    copy(like, f"generate_series(1, {int(count)}) AS n", number=f"'{mark}-' || n")


def due_clocks(due_at: datetime, *, mark: str, spread: timedelta, promises: Iterable[str]) -> int:
    """Running clocks of the desk for each `mark` ticket, due within `spread` before `due_at`.

    Each has its breach planned and a rung to the manager an hour later; returns how many.
    """
    seconds = spread.total_seconds()
    spared = Clock.objects.filter(subject="ticket").order_by("-id").first()
    assert spared is not None  # the one ticket that was registered has clocks
    made = 0
    for turn, promise in enumerate(promises, start=1):
        at = f"%(due_at)s - interval '1 s' * ((t.id * {7919 * turn}) %% 1000 * {seconds} / 1000)"
        made += copy(
            spared,
            "tickets_ticket AS t",
            where="t.number LIKE %(mark)s",
            params={"due_at": due_at, "mark": f"{mark}-%"},
            subject_id="t.id",
            subject_number="t.number",
            promise=f"'{promise}'",
            due_at=at,
            warn_at=f"{at} - interval '30 min'",
            started_at=f"{at} - interval '2 h'",
        )
    _steps("c.subject_number LIKE %(mark)s", {"mark": f"{mark}-%"})
    return made


def idle_clocks(count: int, *, first: int = 1) -> None:
    """Running clocks that are due in a year, of subjects that are nothing but a number."""
    due_at = timezone.now() + timedelta(days=365)
    spared = Clock.objects.order_by("-id").first()
    assert spared is not None
    source = f"generate_series({int(first)}, {int(first + count - 1)}) AS n"
    at = "%(due_at)s + interval '1 s' * n"
    copy(
        spared,
        source,
        params={"due_at": due_at},
        subject="'idle'",
        subject_id="n",
        subject_number="'I-' || n",
        due_at=at,
        warn_at=f"{at} - interval '30 min'",
        started_at="now()",
    )
    where = "c.subject = 'idle' AND c.subject_id BETWEEN %(first)s AND %(last)s"
    _steps(where, {"first": first, "last": first + count - 1})


def _steps(where: str, params: dict[str, Any]) -> None:
    """A breach and a rung for each of the clocks that have none."""
    breach = Step.objects.filter(action="breach").order_by("id")[0]
    rung = Step.objects.filter(action="escalate", role="manager").order_by("id")[0]
    none = " AND NOT EXISTS (SELECT FROM sla_step s WHERE s.clock_id = c.id AND s.position = {})"
    for step, at in ((breach, "c.due_at"), (rung, "c.due_at + interval '1 h'")):
        copy(
            step,
            "sla_clock AS c",
            where=where + none.format(step.position),
            params=params,
            clock="c.id",
            at=at,
            state="'planned'",
        )


def copy(
    row: models.Model,
    source: str,
    *,
    where: str = "true",
    params: dict[str, Any] | None = None,
    **columns: str,
) -> int:
    """One copy of a row for each row of `source`, with some columns as SQL; how many."""
    table = row._meta.db_table
    fields = [field for field in row._meta.local_concrete_fields if not field.primary_key]
    targets = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(columns.get(field.name, f'"like"."{field.column}"') for field in fields)
    # Names come from the models, expressions from the callers above.
    insert = f"INSERT INTO {table} ({targets}) SELECT {values}"  # noqa: S608
    insert += f' FROM {table} AS "like", {source} WHERE "like".id = %(like)s AND {where}'
    with connection.cursor() as cursor:
        cursor.execute(insert, {"like": row.pk} | (params or {}))
        return int(cursor.rowcount)
