"""bin/bench claims: checks, a settlement and its paper, beside bare SQL and bare rendering.

The figures of one run are ratios, taken in turns within the same rounds. The checks stand beside
the statements that they send, sent again and fetched by the driver alone. The settlement stands
beside one statement by hand that writes the same rows, the posting beside its own statements
sent bare, the issued notice beside WeasyPrint on the same HTML. Each writing side works on a
fresh copy of one filled database, under the ordinary role, with row policies and triggers on;
what the sides wrote must be alike.
"""

import argparse
import json
import os
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from config.claims_crowd import Ground

HOME = VAR / "bench_claims"
Sides = dict[str, Callable[[], Any]]
# Draft and check of everything that is payable to one dealer: what two people's clicks write.
BARE_SETTLEMENT = """
WITH due AS (
    SELECT row_number() OVER (ORDER BY c.id, l.position) AS place, c.id AS claim_id,
        c.number AS claim_number, l.id AS line_id, %(kinds)s::jsonb ->> l.kind AS kind,
        d.approved_cents AS cents, NULLIF(c.dealer_id, c.payee_id) AS behalf_id,
        left(coalesce(p.number || ' ' || p.name, o.code || ' ' || o.name, l.words), 200) AS words
    FROM warranty_claim c
    JOIN warranty_claimversion v ON v.claim_id = c.id AND v.number = c.version_count
    JOIN warranty_claimline l ON l.version_id = v.id
    JOIN warranty_linedecision d ON d.line_id = l.id
    JOIN warranty_adjudication a ON a.id = d.adjudication_id
    LEFT JOIN parts_part p ON p.id = l.part_id
    LEFT JOIN parts_labouroperation o ON o.id = l.operation_id
    WHERE c.payee_id = %(payee)s AND c.state = 'payable' AND c.decided_at < %(until)s
    AND d.approved_cents > 0
    AND NOT EXISTS (SELECT FROM warranty_settlementline s WHERE s.claim_line_id = l.id
        AND s.is_live)
    AND NOT EXISTS (SELECT FROM warranty_linedecision n JOIN warranty_adjudication na
        ON na.id = n.adjudication_id WHERE n.line_id = l.id AND na.number > a.number)
), counter AS (
    INSERT INTO core_numbercounter (tenant_id, kind, "on", last)
    VALUES (%(tenant)s, 'ST', %(today)s, 1)
    ON CONFLICT (tenant_id, kind, "on") DO UPDATE SET last = core_numbercounter.last + 1
    RETURNING 'ST-' || to_char("on", 'YYYYMMDD') || '-' || lpad(last::text, 4, '0') AS number
), head AS (
    INSERT INTO warranty_settlement (tenant_id, number, dealer_id, from_on, until_on, state,
        pay_mode, net_cents, edition, invoice_state, invoice_number, drafted_by_id, drafted_label,
        drafted_at, checked_by_id, checked_label, checked_at, issued_label, posted_label,
        reversed_label, reason)
    SELECT %(tenant)s, number, %(payee)s, %(from)s, %(today)s, 'checked', 'offset',
        (SELECT sum(cents) FROM due), 0, 'not_needed', '', %(drafter)s, %(drafter_label)s, now(),
        %(checker)s, %(checker_label)s, now(), '', '', '', '' FROM counter
    RETURNING id, number, net_cents
), lines AS (
    INSERT INTO warranty_settlementline (tenant_id, settlement_id, position, kind, claim_id,
        claim_line_id, behalf_id, words, cents, is_live)
    SELECT %(tenant)s, head.id, place, kind, claim_id, line_id, behalf_id, words, cents, true
    FROM due, head
), moved AS (
    UPDATE warranty_claim SET state = 'in_settlement', changed_at = now()
    WHERE id IN (SELECT claim_id FROM due) RETURNING id, number
)
INSERT INTO core_auditevent (tenant_id, at, actor_user_id, actor_label, verb, noun, object_id,
    object_label, data, request_id)
SELECT %(tenant)s, now(), %(drafter)s, %(drafter_label)s, 'claim.put_on', 'claim', moved.id,
    moved.number, jsonb_build_object('settlement', head.number), '' FROM moved, head
UNION ALL SELECT %(tenant)s, now(), %(drafter)s, %(drafter_label)s, 'settlement.drafted',
    'settlement', id, number, jsonb_build_object('dealer', %(payee_number)s, 'lines',
    (SELECT count(*) FROM due), 'net_cents', net_cents), '' FROM head
UNION ALL SELECT %(tenant)s, now(), %(checker)s, %(checker_label)s, 'settlement.checked',
    'settlement', id, number, jsonb_build_object('net_cents', net_cents), '' FROM head
"""
DIGEST = "md5(string_agg(md5(r::text), '' ORDER BY md5(r::text)))"
# The rows that all sides must have written, told apart by what they say.
WRITTEN = {
    "settlements": "SELECT id, number, dealer_id, from_on, until_on, state, pay_mode, net_cents,"
    " invoice_state, drafted_by_id, drafted_label, checked_by_id, checked_label, posted_by_id"
    " FROM warranty_settlement",
    "lines": "SELECT settlement_id, position, kind, claim_id, claim_line_id, behalf_id, words,"
    " cents, is_live FROM warranty_settlementline",
    "claims": "SELECT id, state FROM warranty_claim WHERE state IN ('in_settlement', 'settled')",
    "audit": "SELECT verb, noun, object_id, object_label, data, actor_user_id, actor_label"
    " FROM core_auditevent WHERE verb LIKE 'settlement.%' OR verb LIKE 'claim.%'",
    "ledger lines": "SELECT entry_id, position, account_id, cents FROM ledger_journalline",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as it went to the database."""

    sql: str
    params: Any
    is_many: bool


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench claims")
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--lines", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(words)
    servers = embedded.start(HOME, durable=True)
    try:
        os.environ.update(
            {"SECRET_KEY": secret_key(), "LOG_LEVEL": "ERROR", "BASE_URL": "http://testserver"}
            | {"DJANGO_SETTINGS_MODULE": "config.settings", "MEDIA_ROOT": str(HOME / "media")}
            | servers.urls
        )
        with step("Preparing an empty database"):
            prepare_empty()
        import django

        django.setup()
        from config.claims_crowd import ground

        with step(f"Filling in {options.claims:,} claims, {options.lines:,} lines to settle"):
            filled = ground("bench", claims=options.claims, lines=options.lines, between=vacuum)
            vacuum()
        print(f"\nmedian seconds of {options.rounds} rounds in turns; ratio to the bare side")
        print(f"{'':24} {'queries':>8} {'own s':>8} {'bare s':>8} {'ratio':>7}  [range]")
        checks_report(filled, options.rounds)
        settlement_report(filled, options.rounds)
        notice_report(filled, options.rounds)
        posting_report(filled, options.rounds)
    except (embedded.EmbeddedError, StepFailed) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        servers.stop()
    return 0


def checks_report(filled: "Ground", rounds: int) -> None:
    check(filled)  # what a worker has behind it: imports, caches
    forget_start()
    sent = recorded(lambda: check(filled))
    pairs = [
        (timed(lambda: check(filled)), timed(lambda: send_bare(filled, sent)))
        for _round in range(rounds)
    ]
    count = len(filled.claim_ids)
    _row(f"check {count:,} claims", len(sent), pairs)
    own = statistics.median(own for own, _bare in pairs)
    print(f"{'':24} {count / own:,.0f} claims/s; {len(sent) / count:.3f} queries for each")


def settlement_report(filled: "Ground", rounds: int) -> None:
    with copied():
        sent = recorded(lambda: settle(filled))
    sides: Sides = {"own": lambda: settle(filled), "bare": lambda: settle_bare(filled)}
    pairs = _on_copies(filled, sides, rounds)
    _row("draft and check", len(sent), pairs)


def notice_report(filled: "Ground", rounds: int) -> None:
    """The checked settlement stays in the filled database, and then the issued, confirmed one."""
    connect_to(FILLED)
    settle(filled)
    with copied(), kept_html() as pages:
        sent = recorded(lambda: issue(filled))
    pairs = []
    for _round in range(rounds):
        with copied():
            own = timed(lambda: issue(filled))
        pairs.append((own, timed(lambda: render_bare(pages[0]))))
    _row("issue, with its PDF", len(sent), pairs)
    connect_to(FILLED)
    print(f"{'':24} {issue(filled) / 1e6:.1f} MB")
    confirm(filled)


def posting_report(filled: "Ground", rounds: int) -> None:
    with copied():
        sent = recorded(lambda: post(filled))
    sides: Sides = {"own": lambda: post(filled), "bare": lambda: send_bare(filled, sent)}
    _row("post", len(sent), _on_copies(filled, sides, rounds))


def _on_copies(filled: "Ground", sides: Sides, rounds: int) -> list[tuple[float, float]]:
    """Seconds of both sides, each on a fresh copy; they must have written the same rows."""
    pairs = []
    for _round in range(rounds):
        times, rows = [], {}
        for name, work in sides.items():
            with copied():
                times.append(timed(work))
                rows[name] = written(filled)
        if rows["own"] != rows["bare"]:
            raise StepFailed(f"The sides wrote different rows: {rows}")
        pairs.append((times[0], times[1]))
    return pairs


def _row(name: str, queries: int, pairs: list[tuple[float, float]]) -> None:
    ratios = sorted(own / bare for own, bare in pairs)
    own_s, bare_s = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(
        f"{name:24} {queries:8,} {own_s:8.3f} {bare_s:8.3f} {statistics.median(ratios):7.2f}"
        f"  [{ratios[0]:.2f}..{ratios[-1]:.2f}]",
        flush=True,
    )


def recorded(work: Callable[[], Any]) -> list[Sent]:
    """The statements that a piece of work sends."""
    from django.db import connection

    sent: list[Sent] = []

    def keep(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        sent.append(Sent(str(sql), params, many))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        work()
    return sent


def send_bare(filled: "Ground", sent: list[Sent]) -> None:
    """The same statements by the driver alone, every row fetched, in one transaction."""
    from django.db import connection

    from core.tenancy import tenant_scope

    with tenant_scope(filled.tenant_id), connection.connection.cursor() as cursor:
        for each in sent:
            if each.is_many:
                cursor.executemany(each.sql, each.params)
            else:
                cursor.execute(each.sql, each.params)
            if cursor.description is not None:
                cursor.fetchall()


def check(filled: "Ground") -> int:
    """The checks of today over every filed claim; how many were looked at."""
    from core.tenancy import tenant_scope
    from warranty.services.claims.checking import check_many

    with tenant_scope(filled.tenant_id):
        looked_at = sum(1 for _found in check_many(filled.claim_ids))
    if looked_at != len(filled.claim_ids):
        raise StepFailed(f"{looked_at} of {len(filled.claim_ids)} claims were checked.")
    return looked_at


def settle(filled: "Ground") -> None:
    from accounts.roles import Role
    from core.tenancy import tenant_scope
    from dealers.models import Dealer
    from warranty.services import settlements

    with tenant_scope(filled.tenant_id):
        draft = settlements.draft_settlement(
            actor=filled.actor(Role.FINANCE),
            dealer=Dealer.objects.get(pk=filled.payee_id),
            from_on=filled.from_on,
            until_on=filled.until_on,
        )
    with tenant_scope(filled.tenant_id):
        settlements.check_settlement(actor=filled.actor(Role.FINANCE_MANAGER), settlement=draft)


def settle_bare(filled: "Ground") -> None:
    from django.db import connection

    from accounts.roles import Role
    from core.tenancy import tenant_scope
    from dealers.models import Dealer
    from warranty.queries.settlements import until
    from warranty.rules.settlement import KIND_OF_LINE

    with tenant_scope(filled.tenant_id), connection.cursor() as cursor:
        drafter, checker = filled.actor(Role.FINANCE), filled.actor(Role.FINANCE_MANAGER)
        words: dict[str, Any] = {
            "tenant": filled.tenant_id,
            "payee": filled.payee_id,
            "payee_number": Dealer.objects.get(pk=filled.payee_id).number,
            "from": filled.from_on,
            "today": filled.until_on,
            "until": until(filled.until_on),
            "kinds": json.dumps({str(kind): str(place) for kind, place in KIND_OF_LINE.items()}),
            "drafter": drafter.user_id,
            "drafter_label": drafter.label,
            "checker": checker.user_id,
            "checker_label": checker.label,
        }
        cursor.execute(BARE_SETTLEMENT, words)


def issue(filled: "Ground") -> int:
    """Issue the checked settlement; the bytes of its paper."""
    from accounts.roles import Role
    from core.tenancy import tenant_scope
    from warranty.models import Settlement
    from warranty.services import settlements

    with tenant_scope(filled.tenant_id):
        notice = settlements.issue_settlement(
            actor=filled.actor(Role.FINANCE_MANAGER), settlement=Settlement.objects.get()
        )
        return notice.size


@contextmanager
def kept_html() -> Iterator[list[str]]:
    """The HTML that papers are made of meanwhile."""
    from unittest.mock import patch

    from core import pdf

    pages: list[str] = []

    def keep(html: str) -> bytes:
        pages.append(html)
        return written_pdf(html)

    written_pdf = pdf.write
    with patch.object(pdf, "write", keep):
        yield pages


def render_bare(html: str) -> int:
    from core import pdf

    return len(pdf.write(html))


def confirm(filled: "Ground") -> None:
    from accounts.roles import Role
    from core.tenancy import tenant_scope
    from warranty.models import Settlement
    from warranty.notices import code_of
    from warranty.services import settlements

    with tenant_scope(filled.tenant_id):
        settlement = Settlement.objects.get()
        digest = settlements.latest_notice(settlement).digest
        settlements.confirm_settlement(
            actor=filled.actor(Role.DEALER_PRINCIPAL),
            settlement=settlement,
            digest=digest,
            name="Wang",
            code=code_of(digest),
        )


def post(filled: "Ground") -> None:
    from accounts.roles import Role
    from core.tenancy import tenant_scope
    from warranty.models import Settlement
    from warranty.services import settlements

    with tenant_scope(filled.tenant_id):
        settlements.post_settlement(
            actor=filled.actor(Role.FINANCE_MANAGER), settlement=Settlement.objects.get()
        )


def written(filled: "Ground") -> dict[str, tuple[int, str]]:
    """Count and fingerprint of what a side wrote, whatever the order."""
    from django.db import connection

    from core.tenancy import tenant_scope

    found = {}
    with tenant_scope(filled.tenant_id), connection.cursor() as cursor:
        for name, rows in WRITTEN.items():
            cursor.execute(
                f"SELECT count(*), {DIGEST} FROM ({rows}) AS r"  # noqa: S608 - all from above
            )
            found[name] = cursor.fetchone()
    return found
