"""The books re-added: what only an owner of the database can break is found, in a sentence."""

from __future__ import annotations

import os
from contextlib import closing
from io import StringIO

import psycopg2
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction

from config.schedule import SCHEDULE
from core.models import AuditEvent, Heartbeat
from ledger import services
from ledger.check import Result, check
from ledger.tasks import check as nightly
from sla.queries import beat_name
from tests.cast import Cast, World
from tests.ledger.conftest import Books, last_month, open_books
from tests.servers import with_path

ALL = "ALTER TABLE {} {} TRIGGER USER"
TABLES = ("ledger_account", "ledger_period", "ledger_journalentry", "ledger_journalline")


def break_as_owner(cast: Cast, database: str, *statements: str, with_guards: bool = False) -> None:
    """Change rows as the owner does with the guards switched off, then switch them on."""
    with closing(psycopg2.connect(with_path(os.environ["SANBAO_TEST_BASE_URL"], database))) as db:
        with db.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('app.tenant_id', %s, false),"
                " set_config('app.dealer_ids', '*', false)",
                [str(cast.tenant.pk)],
            )
            tables = () if with_guards else TABLES
            for table in tables:
                cursor.execute(ALL.format(table, "DISABLE"))
            for statement in statements:
                cursor.execute(statement.replace(":first", FIRST))
                assert with_guards or cursor.rowcount > 0, statement
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(ALL.format(table, "ENABLE"))
        db.commit()


def story(cast: Cast) -> Books:
    """Posts, a reversal, an offset and a closed month."""
    books = open_books(cast)
    books.post(5_000, on=last_month())
    books.invoice("FP-1", 2_000)
    services.reverse_entry(actor=books.actor, entry=books.post(300), reason="误记")
    services.offset(
        actor=books.actor,
        dealer=cast.dealer,
        source=services.Source("settlement", 1),
        amounts={"FP-1": 1_500},
        on=last_month(),
        narration="冲抵货款",
    )
    services.close_period(actor=books.actor, month=last_month())
    return books


def checked(cast: Cast) -> Result:
    with cast.scope():
        return check()


@pytest.mark.django_db
def test_sound_books_show_nothing(world: World) -> None:
    with world.owner.scope():
        story(world.owner)
    with world.stranger.scope():
        open_books(world.stranger).post()
    result = checked(world.owner)
    assert result.findings == []
    assert (result.entries, result.lines) == (5, 10)
    out = StringIO()
    call_command("ledger_check", stdout=out)
    assert "owner: 23 accounts, 5 entries, 10 lines, 0 findings" in out.getvalue()
    assert "stranger: 23 accounts, 1 entries, 2 lines, 0 findings" in out.getvalue()


# Stands for the first entry in the statements below.
FIRST = "(SELECT min(id) FROM ledger_journalentry)"
BREAKS = {
    "balance": (
        "UPDATE ledger_journalline SET cents = cents + 7 WHERE entry_id = :first AND cents > 0",
        "is off by 0.07 CNY",
    ),
    "trial": (
        "UPDATE ledger_journalline SET cents = cents + 7 WHERE entry_id = :first AND cents > 0",
        "All accounts together are off by 0.07 CNY",
    ),
    "lines": (
        "DELETE FROM ledger_journalline WHERE entry_id = :first AND cents < 0",
        "counts 2 lines and has 1",
    ),
    "digest": (
        "UPDATE ledger_journalline SET cents = cents * 2 WHERE entry_id = :first",
        "is not what was posted",
    ),
    "reversal": (
        "UPDATE ledger_journalline SET cents = cents * 2 WHERE entry_id ="
        " (SELECT id FROM ledger_journalentry WHERE reverses_id IS NOT NULL)",
        "is not the opposite of what it reverses",
    ),
    "line": (
        'UPDATE ledger_journalline SET "on" = "on" - 1 WHERE entry_id = :first',
        "on another day than its entry",
    ),
    "currency": (
        "UPDATE ledger_journalline SET currency = 'USD' WHERE entry_id = :first",
        "is not in the currency of its account",
    ),
    "account": (
        "UPDATE ledger_account SET kind = 'asset' WHERE role = 'payable'",
        "Account D-0001:payable is not of the kind",
    ),
    "month": (
        "UPDATE ledger_journalentry SET period_id = (SELECT max(id) FROM ledger_period)"
        " WHERE id = :first",
        "stands in the month",
    ),
    "after_close": (
        "UPDATE ledger_journalentry SET created_at = now() + '1 hour' WHERE id = :first",
        "was posted after",
    ),
    "order": (
        "INSERT INTO ledger_period (tenant_id, month, state, closed_label)"
        " SELECT tenant_id, month - interval '1 year', 'open', '' FROM ledger_period"
        " WHERE state = 'closed'",
        "is open, though",
    ),
    "gap": (
        "UPDATE core_numbercounter SET last = last + 1 WHERE kind = 'J'",
        "There is no entry J-",
    ),
    "number": (
        "UPDATE ledger_journalentry SET number = 'J-20000101-0009' WHERE id = :first",
        "Entry J-20000101-0009 has a number that was never given",
    ),
}


@pytest.mark.parametrize("code", BREAKS)
def test_what_the_owner_broke_is_found(
    committed_world: World, committed_db: str, code: str
) -> None:
    cast = committed_world.owner
    with cast.scope():
        story(cast)
    statement, words = BREAKS[code]
    assert checked(cast).findings == []
    break_as_owner(cast, committed_db, statement)
    found = [finding for finding in checked(cast).findings if finding.code == code]
    assert found
    assert words in str(found[0])


def test_a_guard_switched_off_and_a_right_too_much_are_found(
    committed_world: World, committed_db: str
) -> None:
    cast = committed_world.owner
    off = "ALTER TABLE ledger_journalentry DISABLE TRIGGER ledger_entry_is_whole"
    grant = "GRANT UPDATE ON ledger_journalline TO sanbao_app"
    break_as_owner(cast, committed_db, off, grant, with_guards=True)
    assert [str(finding) for finding in checked(cast).findings] == [
        "The guard ledger_entry_is_whole is missing or off.",
        "This role may UPDATE the table ledger_journalline.",
    ]
    with cast.scope():
        # The guard of the row stands behind the grant.
        entry = open_books(cast).post()
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            entry.lines.update(cents=1)


def test_the_command_says_what_is_wrong_and_fails(
    committed_world: World, committed_db: str
) -> None:
    cast = committed_world.owner
    with cast.scope():
        story(cast)
    break_as_owner(cast, committed_db, BREAKS["digest"][0])
    out = StringIO()
    with pytest.raises(CommandError, match="1 findings"):
        call_command("ledger_check", "--company", "owner", stdout=out)
    assert "  1. Entry J-" in out.getvalue()
    call_command("ledger_check", "--company", "stranger", stdout=out)
    with pytest.raises(CommandError, match="no company nobody"):
        call_command("ledger_check", "--company", "nobody")


@pytest.mark.django_db
def test_every_night_the_outcome_is_kept_and_the_heart_beats(world: World) -> None:
    with world.owner.scope():
        story(world.owner)
    nightly()
    beat = Heartbeat.objects.get(name="ledger.check")
    assert beat.handled == 5
    assert beat_name(beat.name) == "Nightly check of the books"
    assert SCHEDULE["ledger.check"]["task"] == nightly.name
    with world.owner.scope():
        kept = AuditEvent.objects.get(verb="ledger.checked")
        assert (kept.data["entries"], kept.data["findings"]) == (5, 0)
