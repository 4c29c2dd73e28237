"""bin/bench sweep: the sweep beside the bare SQL that does the same writes.

Each side sweeps a fresh copy of one filled database, in turns within the same rounds, under the
ordinary role, with row policies, triggers and audit on; afterwards all copies must hold the same
rows. The bare SQL is run in two ways: as one statement for everything, which nobody could run
beside a second sweeper or a person at work, and in batches that lock what they claim as the
sweep must. Then the tick that finds nothing, and the sweep, beside more and more idle clocks.
"""

import argparse
import os
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from config import embedded
from config.bench_copies import (
    FILLED,
    connect_to,
    copied,
    forget_start,
    prepare_empty,
    timed,
    vacuum,
)
from config.workshop import VAR, StepFailed, secret_key, step

HOME = VAR / "bench_sweep"
NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
TICKS = 200
# What the bare statement writes for each due step: all that the sweep and its subscribers do.
BARE = """
WITH due AS ({due}), fired AS (
    UPDATE sla_step s SET state = 'fired', fired_at = %(now)s, reason = '', told = %(told)s,
        told_ids = %(told_ids)s
    FROM due WHERE s.id = due.id RETURNING s.id, s.clock_id, s.role
), missed AS (
    UPDATE sla_clock c SET missed_at = c.due_at, missed_kind = c.holder_kind,
        missed_label = c.holder_label, missed_dealer_id = c.holder_dealer_id
    FROM fired WHERE c.id = fired.clock_id AND c.missed_at IS NULL
    RETURNING fired.id AS step_id, fired.role, c.*
), audit AS (
    INSERT INTO core_auditevent (tenant_id, at, actor_label, verb, noun, object_id,
        object_label, data, request_id)
    SELECT tenant_id, now(), 'Sanbao', 'clock.breached', 'clock', id,
        subject_number || ' ' || promise, jsonb_build_object('promise', promise,
        'holder', holder_label, 'due_at', {due_at}, 'role', role, 'told', %(told)s::jsonb), ''
    FROM missed
), lines AS (
    INSERT INTO tickets_timelineentry (tenant_id, ticket_id, at, kind, visibility, event,
        params, text, author_label)
    SELECT tenant_id, subject_id, %(now)s, 'event', 'internal', 'breached',
        jsonb_build_object('promise', promise, 'holder', holder_label, 'told', %(told)s::jsonb),
        '', %(system)s FROM missed
), about AS (
    SELECT m.tenant_id, 'step:' || m.step_id AS cause, '/tickets/' || t.number || '/' AS url,
        jsonb_build_object('number', t.number, 'summary', t.summary, 'customer', t.caller_name,
        'visit_at', t.visit_at, 'technician', t.technician_name, 'phone', t.technician_phone,
        'result', t.result, 'promise', %(promises)s::jsonb -> m.promise,
        'holder', m.holder_label, 'due_at', {due_at}) AS params
    FROM missed m JOIN tickets_ticket t ON t.id = m.subject_id
), bells AS (
    INSERT INTO notifications_notification (tenant_id, public_id, user_id, cause, event, params,
        url, is_urgent, created_at)
    SELECT tenant_id, gen_random_uuid(), %(user)s, cause, 'sla.breached', params, url, false,
        now() FROM about
), mails AS (
    INSERT INTO notifications_outboxmessage (tenant_id, public_id, cause, channel,
        recipient_user_id, address, language, event, params, subject, is_urgent, bundle, is_held,
        state, attempts, next_attempt_at, error, created_at)
    SELECT tenant_id, gen_random_uuid(), cause, 'mail', %(user)s, %(address)s, 'en',
        'sla.breached', params || jsonb_build_object('_url', url), '', false, '', false,
        'queued', 0, now(), '', now() FROM about
)
UPDATE tickets_ticket SET has_breach = true, updated_at = now()
WHERE id IN (SELECT subject_id FROM missed) AND NOT has_breach
"""
ALL_DUE = "SELECT id FROM sla_step WHERE state = 'planned' AND at <= %(now)s"
BATCH_DUE = """
    SELECT s.id FROM sla_step s JOIN sla_clock c ON c.id = s.clock_id
    JOIN tickets_ticket t ON t.id = c.subject_id
    WHERE s.state = 'planned' AND s.at <= %(now)s AND (s.retry_at IS NULL OR s.retry_at <= %(now)s)
    ORDER BY s.at, s.id LIMIT %(batch)s FOR UPDATE OF s, c, t SKIP LOCKED
"""
# As Python writes an instant into JSON.
DUE_AT = """to_char(due_at, 'YYYY-MM-DD"T"HH24:MI:SS') ||
    CASE WHEN date_part('microseconds', due_at)::int %% 1000000 = 0 THEN ''
    ELSE to_char(due_at, '.MS') END || 'Z'"""
DIGEST = "md5(string_agg(md5(r::text), '' ORDER BY md5(r::text)))"
# The rows that both sides must have written, told apart by what they say.
WRITTEN = {
    "steps": "SELECT id, state, fired_at, reason, told, told_ids FROM sla_step"
    " WHERE state = 'fired'",
    "clocks": "SELECT id, missed_at, missed_kind, missed_label FROM sla_clock"
    " WHERE missed_at IS NOT NULL",
    "audit": "SELECT verb, noun, object_id, object_label, data, actor_label FROM core_auditevent"
    " WHERE verb = 'clock.breached'",
    "timeline": "SELECT ticket_id, at, kind, visibility, event, params, author_label"
    " FROM tickets_timelineentry WHERE event = 'breached'",
    "bells": "SELECT user_id, cause, event, params, url, is_urgent FROM notifications_notification",
    "outbox": "SELECT recipient_user_id, address, cause, event, params, language, bundle, state"
    " FROM notifications_outboxmessage WHERE event = 'sla.breached'",
    "tickets": "SELECT id FROM tickets_ticket WHERE has_breach",
    "history": "SELECT pgh_obj_id FROM tickets_ticketevent WHERE pgh_label = 'update'",
}


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench sweep")
    parser.add_argument("--due", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--idle", type=int, nargs="*", default=[100_000, 1_000_000])
    options = parser.parse_args(words)
    servers = embedded.start(HOME, durable=True)
    try:
        os.environ.update(
            {"SECRET_KEY": secret_key(), "LOG_LEVEL": "ERROR", "BASE_URL": "http://testserver"}
            | {"DJANGO_SETTINGS_MODULE": "config.settings"}
            | servers.urls
        )
        with step("Preparing an empty database"):
            prepare_empty()
        import django

        django.setup()
        with step(f"Filling in {options.due:,} due clocks of {options.due // 2:,} tickets"):
            tenant_id = _fill(options.due)
        sweep_report(tenant_id, options.due, options.rounds)
        idle_report(tenant_id, options.idle, options.rounds, options.due)
    except (embedded.EmbeddedError, StepFailed) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        servers.stop()
    return 0


def _fill(due: int) -> int:
    from config import crowd
    from core.tenancy import tenant_scope

    tenant = crowd.company("bench")
    with tenant_scope(tenant.pk):
        crowd.tickets(due // 2, mark="B")
        crowd.due_clocks(
            NOW, mark="B", spread=timedelta(minutes=4), promises=["dispatch", "first_answer"]
        )
    vacuum()
    return tenant.pk


def sweep_report(tenant_id: int, due: int, rounds: int) -> None:
    sides: dict[str, Callable[[], None]] = {
        "one statement": lambda: bare(tenant_id, ALL_DUE),
        "bare batches": lambda: bare(tenant_id, BATCH_DUE),
        "sweep": lambda: own(due),
    }
    print(f"\n{due:,} due clocks, {rounds} rounds in turns: seconds\n")
    print(f"{'round':>6}", *(f"{name:>14}" for name in sides))
    with copied():
        own(due)  # what a worker has behind it since its first sweep: imports, caches
    forget_start()
    times: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(rounds):
        written = {}
        for name, work in sides.items():
            with copied():
                times[name].append(timed(work))
                written[name] = _written(tenant_id)
        if len({str(rows) for rows in written.values()}) > 1:
            raise StepFailed(f"The sides wrote different rows: {written}")
        print(f"{turn + 1:6}", *(f"{taken[-1]:14.2f}" for taken in times.values()))
    print(f"\nthe sweep: {due / statistics.median(times['sweep']):,.0f} steps/s; its speed to")
    for name in ("one statement", "bare batches"):
        pairs = zip(times[name], times["sweep"], strict=True)
        ratios = sorted(bare_s / own_s for bare_s, own_s in pairs)
        print(f"    {name:14} {statistics.median(ratios):.2f}  [{ratios[0]:.2f}..{ratios[-1]:.2f}]")
    print("rows written, alike on all sides: ", end="")
    print(", ".join(f"{count:,} {name}" for name, (count, _digest) in written["sweep"].items()))


def idle_report(tenant_id: int, sizes: list[int], rounds: int, due: int) -> None:
    """A tick that finds nothing, and a whole sweep, beside more and more idle clocks."""
    from config import crowd
    from core.tenancy import tenant_scope
    from sla.sweep import sweep_all

    before = NOW - timedelta(days=1)  # nothing is due yet
    print(f"\n{'idle clocks':>12} {'tick ms':>8} {'ratio':>6} {'sweep s':>8} {'ratio':>6}")
    there = 0
    base: tuple[float, float] | None = None
    for size in [0, *sizes]:
        if size > there:
            connect_to(FILLED)
            with tenant_scope(tenant_id):
                for start in range(there, size, 100_000):
                    crowd.idle_clocks(min(100_000, size - start), first=start + 1)
            there = size
            vacuum()
        connect_to(FILLED)
        sweep_all(before)
        ticks = [timed(lambda: sweep_all(before)) for _ in range(TICKS)]
        tick = statistics.median(ticks)
        times = []
        for _round in range(max(1, rounds // 2)):
            with copied():
                times.append(timed(lambda: own(due)))
        whole = statistics.median(times)
        base = base or (tick, whole)
        print(
            f"{size:12,} {tick * 1e3:8.2f} {tick / base[0]:6.2f}"
            f" {whole:8.2f} {whole / base[1]:6.2f}"
        )


def own(due: int) -> None:
    from sla.sweep import sweep_all

    swept = sweep_all(NOW)
    if (swept.handled, swept.failed) != (due, 0):
        raise StepFailed(f"The sweep handled {swept.handled} and failed {swept.failed}.")


def bare(tenant_id: int, due: str) -> None:
    import json

    from django.db import connection

    from accounts.models import User
    from core.actor import Actor
    from core.tenancy import tenant_scope
    from notifications.wording import storable
    from sla.states import Promise
    from sla.sweep import BATCH

    clerk = User.objects.get(email="clerk@bench.example")
    promises = storable({promise.value: promise.label for promise in Promise})
    words: dict[str, Any] = {
        "now": NOW,
        "batch": BATCH,
        "told": json.dumps([clerk.name]),
        "told_ids": json.dumps([clerk.pk]),
        "user": clerk.pk,
        "address": clerk.email,
        "promises": json.dumps(promises),
        "system": Actor.system(tenant_id).label,
    }
    is_left = True
    while is_left:
        with tenant_scope(tenant_id), connection.cursor() as cursor:
            cursor.execute(BARE.replace("{due}", due).replace("{due_at}", DUE_AT), words)
            cursor.execute(f"SELECT EXISTS ({ALL_DUE})", words)
            (is_left,) = cursor.fetchone()


def _written(tenant_id: int) -> dict[str, tuple[int, str]]:
    """Count and fingerprint of what a side wrote, whatever the order."""
    from django.db import connection

    from core.tenancy import tenant_scope

    found = {}
    with tenant_scope(tenant_id), connection.cursor() as cursor:
        for name, rows in WRITTEN.items():
            cursor.execute(
                f"SELECT count(*), {DIGEST} FROM ({rows}) AS r"  # noqa: S608 - all from above
            )
            found[name] = cursor.fetchone()
    return found
