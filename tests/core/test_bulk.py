"""Rows written without model instances are the same rows, behind the same walls."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection
from django.db.utils import DataError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.bulk import insert_rows
from core.models import AuditEvent
from notifications.models import Notification
from tests.cast import World

AT = datetime(2026, 11, 10, 2, 0, 0, 123456, tzinfo=UTC)


def bell(world: World, cause: str, **changes: Any) -> dict[str, Any]:
    row = {
        "public_id": str(uuid4()),
        "user_id": world.owner.people["clerk"].pk,
        "cause": cause,
        "event": "sla.breached",
        "params": {"due_at": AT, "text": '割台 "1" \\ %s', "none": None},
        "url": "/",
        "is_urgent": False,
        "created_at": AT,
    }
    return row | changes


def test_a_row_is_what_an_instance_would_have_been(world: World) -> None:
    with world.owner.scope():
        insert_rows(Notification, [bell(world, "one")], common={"read_at": None})
        instance = Notification(**bell(world, "two"))
        instance.save()
        rows = [
            {name: value for name, value in row.items() if name not in ("id", "public_id", "cause")}
            for row in Notification.objects.values()
        ]
        rows[1]["created_at"] = rows[0]["created_at"]  # an instance takes its own now
        assert rows[0] == rows[1]
        assert Notification.objects.get(cause="one").created_at == AT  # to the microsecond


def test_what_is_there_already_is_skipped_and_not_returned(world: World) -> None:
    with world.owner.scope():
        for causes, new in ((["a", "b"], ["a", "b"]), (["b", "c"], ["c"])):
            got = insert_rows(
                Notification,
                [bell(world, cause) for cause in causes],
                common={"read_at": None},
                skip_existing=True,
                returning="cause",
            )
            assert got == new


def test_many_rows_are_one_statement_and_none_are_no_statement(world: World) -> None:
    with world.owner.scope(), CaptureQueriesContext(connection) as asked:
        insert_rows(
            Notification, [bell(world, f"{n}") for n in range(500)], common={"read_at": None}
        )
        assert insert_rows(Notification, [], common={"read_at": None}) == []
    assert sum("INSERT" in query["sql"] for query in asked) == 1


def test_rows_belong_to_the_tenant_whose_scope_is_open(world: World) -> None:
    with world.owner.scope():
        insert_rows(Notification, [bell(world, "ours")], common={"read_at": None})
    with world.stranger.scope():
        assert not Notification.objects.filter(cause="ours").exists()
    foreign = bell(world, "theirs", tenant_id=world.stranger.tenant.pk)
    with pytest.raises(ProgrammingError), world.owner.scope():
        insert_rows(Notification, [foreign], common={"read_at": None})


def test_a_text_that_is_too_long_is_refused_and_not_cut(world: World) -> None:
    row = {"verb": "v" * 61, "noun": "n", "object_id": 1, "object_label": "", "data": {}}
    common = {"at": timezone.now(), "actor_user_id": None, "actor_label": "", "request_id": ""}
    with pytest.raises(DataError), world.owner.scope():
        insert_rows(AuditEvent, [row], common=common)
