"""What was filed, decided, issued or posted never changes, whoever writes and however."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from core.models import AuditEvent
from ledger.models import JournalEntry, JournalLine
from tests.cast import Cast, World
from tests.warranty.oldparts import builders as pieces_of
from tests.warranty.settlements.builders import a_claim, posted
from warranty.models import (
    Adjudication,
    Appeal,
    AppealLine,
    Appraisal,
    CheckResult,
    CheckRun,
    Claim,
    ClaimLine,
    ClaimVersion,
    DealerConfirmation,
    Dispute,
    LineDecision,
    Payment,
    Settlement,
    SettlementLine,
    SettlementNotice,
    WorkReport,
    WorkReportPart,
)


@pytest.fixture
def owner(world: World) -> Any:
    with world.owner.scope():
        yield world.owner


def settled(cast: Cast) -> None:
    """A settlement in the books, with all papers on the way to it."""
    a_claim(cast)
    settlement = posted(cast)
    notice = SettlementNotice.objects.get(settlement=settlement)
    line = settlement.lines.earliest("pk")
    Dispute.objects.create(notice=notice, line=line, words="数量不对", at=timezone.now())
    Payment.objects.create(
        settlement=settlement, cents=1, paid_on=timezone.localdate(), reference="BK-1"
    )


def appealed(cast: Cast) -> None:
    claim = a_claim(cast, state="decided")
    review = Adjudication.objects.get(claim=claim)
    appeal = Appeal.objects.create(claim=claim, adjudication=review, at=timezone.now())
    line = ClaimLine.objects.filter(version__claim=claim).earliest("pk")
    AppealLine.objects.create(appeal=appeal, line=line, words="请复核")


def checked(cast: Cast) -> None:
    version = ClaimVersion.objects.get(claim=a_claim(cast))
    run = CheckRun.objects.create(
        version=version, at=timezone.now(), outcome="manual", facts={}, rules=[]
    )
    CheckResult.objects.create(run=run, code="K16", outcome="manual", finding="above_level")


def judged(cast: Cast) -> None:
    pieces_of.appraised(cast, pieces_of.a_piece(cast))


KEPT: list[tuple[type[models.Model], Callable[[Cast], None]]] = [
    *[
        (model, settled)
        for model in (
            AuditEvent,
            JournalEntry,
            JournalLine,
            ClaimVersion,
            ClaimLine,
            Adjudication,
            LineDecision,
            SettlementNotice,
            DealerConfirmation,
            Dispute,
            Payment,
        )
    ],
    (Appeal, appealed),
    (AppealLine, appealed),
    (CheckRun, checked),
    (CheckResult, checked),
    (Appraisal, judged),
]


@pytest.mark.parametrize(("model", "make"), KEPT, ids=lambda each: getattr(each, "__name__", ""))
def test_the_database_refuses_to_change_or_delete_it(
    owner: Cast, model: type[models.Model], make: Callable[[Cast], None]
) -> None:
    make(owner)
    table = model._meta.db_table
    rows = model._default_manager.order_by("pk")
    before = list(rows.values())
    assert before
    for sql in (
        f"UPDATE {table} SET id = id",  # noqa: S608 - names of our own tables
        f"DELETE FROM {table}",  # noqa: S608
        f"TRUNCATE {table} CASCADE",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    for deed in (rows.delete, lambda: rows.update(id=models.F("id"))):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    assert list(rows.values()) == before


def test_a_signed_report_and_its_rows_stay(owner: Cast) -> None:
    report = pieces_of.a_report(owner, [(pieces_of.a_part(owner), "1")], owner.dealer)
    for change in (
        lambda: WorkReport.objects.filter(pk=report.pk).update(cause="另一原因"),
        lambda: WorkReportPart.objects.filter(report=report).update(quantity=2),
        lambda: WorkReportPart.objects.filter(report=report).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_lines_of_a_checked_settlement_stay_and_only_leave(owner: Cast) -> None:
    a_claim(owner)
    settlement = posted(owner)
    lines = SettlementLine.objects.filter(settlement=settlement)
    for change in (lambda: lines.update(cents=1), lines.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("state", ["paid", "draft", "reversed"])
def test_no_state_is_written_past_the_table(owner: Cast, state: str) -> None:
    a_claim(owner)
    claim = Claim.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(state="settled")
    settlement = posted(owner)
    Settlement.objects.filter(pk=settlement.pk).update(state="closed")
    if state != "reversed":
        with pytest.raises(DatabaseError), transaction.atomic():
            Settlement.objects.filter(pk=settlement.pk).update(state=state)
