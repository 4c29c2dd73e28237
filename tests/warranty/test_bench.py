"""bin/bench claims: what it fills in may be checked and settled, and its sides write alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import translation

from config import bench_claims as bench
from config.claims_crowd import Ground, ground
from core.tenancy import tenant_scope
from warranty.models import Claim, ClaimLine, Settlement
from warranty.services.claims.checking import check_many

CLAIMS, LINES = 36, 24


@pytest.fixture
def filled(db: None) -> Iterator[Ground]:
    with translation.override("en"):
        yield ground("bench", claims=CLAIMS, lines=LINES)


def test_filled_claims_are_checked_with_findings_and_without(filled: Ground) -> None:
    assert bench.check(filled) == CLAIMS
    with tenant_scope(filled.tenant_id):
        assert ClaimLine.objects.filter(version__claim__in=filled.claim_ids).count() == 4 * CLAIMS
        outcomes = {verdict.outcome for _claim, verdict in check_many(filled.claim_ids)}
    assert len(outcomes) > 1


def test_statements_of_the_checks_may_be_sent_again_bare(filled: Ground) -> None:
    sent = bench.recorded(lambda: bench.check(filled))
    again = bench.recorded(lambda: bench.send_bare(filled, sent))
    assert len(sent) > 20
    # The driver alone: Django sees no more than the tenant being set and taken back.
    assert len(again) < 10


def _written(filled: Ground, work: Callable[[], Any]) -> dict[str, Any]:
    """What a side wrote, then undone; ids do not come back, so they are left out."""
    with transaction.atomic():
        work()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with tenant_scope(filled.tenant_id):
            settlement = Settlement.objects.get()
            lines = settlement.lines.values_list(
                "position", "kind", "claim", "claim_line", "behalf", "words", "cents", "is_live"
            )
            claims = Claim.objects.filter(state="in_settlement").values_list("pk").order_by("pk")
            found = {
                "head": (settlement.number, settlement.state, settlement.net_cents),
                "lines": list(lines),
                "claims": list(claims),
            }
        transaction.set_rollback(True)
    return found


def test_the_bare_statement_writes_what_the_settlement_writes(filled: Ground) -> None:
    own = _written(filled, lambda: bench.settle(filled))
    bare = _written(filled, lambda: bench.settle_bare(filled))
    assert own == bare
    assert len(own["lines"]) == LINES


def test_a_settlement_is_issued_confirmed_and_posted(filled: Ground) -> None:
    bench.settle(filled)
    with bench.kept_html() as pages:
        assert bench.issue(filled) > 1000
    assert bench.render_bare(pages[0]) > 1000
    bench.confirm(filled)
    bench.post(filled)
    rows = bench.written(filled)
    assert rows["lines"][0] == LINES
    assert rows["claims"][0] == LINES // 4
    assert rows["ledger lines"][0] > 1
