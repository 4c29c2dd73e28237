"""From the signed report to what the system makes of the filing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import DomainError, WrongState
from core.models import AuditEvent
from core.options import set_option
from dealers.models import Dealer
from machines.models import Registration
from notifications.models import Notification
from parts.models import PartFit, PartSerial
from tests.warranty.claims.conftest import Shop
from warranty.models import (
    CheckResult,
    CheckRule,
    Claim,
    ClaimLine,
    ClaimVersion,
    LineDecision,
    OldPartReturn,
)
from warranty.services import claims, reports
from warranty.services.claims.errors import AlreadyClaimed, CorrectionOver, NoRoundsLeft, NotSigned


def findings(claim: Claim) -> set[str]:
    run = claim.versions.order_by("-number")[0].check_runs.get()
    return {f"{row.code} {row.finding}" for row in run.results.all()}


def never_drawn() -> None:
    CheckRule.objects.filter(code="K22").update(parameters={"sample_percent": 0})


def test_a_draft_proposes_every_row_of_the_report_and_nothing_is_retyped(shop: Shop) -> None:
    claim = shop.draft(nights=1)
    assert [line["kind"] for line in claim.draft["lines"]] == [
        "part",
        "labour",
        "travel",
        "night",
    ]
    assert (claim.state, claim.payee, claim.type) == ("draft", shop.cast.dealer, "repair")
    assert claim.file_by == claim.repaired_on + timedelta(days=30)


def test_asked_again_the_same_draft_comes_back(shop: Shop) -> None:
    report = shop.report()
    first = claims.draft_claim(actor=shop.clerk, report=report)
    assert claims.draft_claim(actor=shop.clerk, report=report) == first
    assert Claim.objects.count() == 1


def test_an_unsigned_report_is_no_claim(shop: Shop) -> None:
    report = shop.job.save(shop.job.start())
    with pytest.raises(NotSigned):
        claims.draft_claim(actor=shop.clerk, report=report)


def test_a_good_claim_of_a_trusted_dealer_passes_at_once(shop: Shop) -> None:
    never_drawn()
    claim = shop.filed()
    assert findings(claim) == {"K22 passes_by_itself"}
    # 1,200 + 10 %; 45 minutes at 60 an hour; 42 km at 1.50.
    amounts = [132_000, 4_500, 6_300]
    lines = ClaimLine.objects.order_by("position")
    assert [line.computed_cents for line in lines] == amounts
    assert (claim.state, claim.claimed_cents, claim.approved_cents) == (
        "decided",
        142_800,
        142_800,
    )
    decided = LineDecision.objects.order_by("line__position")
    assert [(row.outcome, row.approved_cents) for row in decided] == [
        ("approve", cents) for cents in amounts
    ]
    assert claim.decided_by_id is None


def test_a_filing_keeps_what_it_was_judged_by(shop: Shop) -> None:
    claim = shop.filed()
    version = claim.versions.get()
    body = version.body
    assert body["rates"]["labour_cents_per_hour"] == "6000"
    assert body["coverage"][0]["parts_percent"]
    assert body["report"]["digest"] == claim.report.digest
    assert {"K01", "K22"} <= {rule["code"] for rule in body["rules"]}
    assert claims.is_intact(version)


@pytest.mark.parametrize("table", ["claimversion", "claimline", "checkrun", "checkresult"])
def test_a_filing_never_changes(shop: Shop, table: str) -> None:
    shop.filed()
    for words in ("DELETE FROM warranty_{}", "UPDATE warranty_{} SET id = id"):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(words.format(table))


def test_the_checks_run_again_say_the_same_whatever_changed_since(shop: Shop) -> None:
    claim = shop.filed(meter_reading=Decimal("320.5"))
    version = claim.versions.get()
    before = claims.recheck(version)
    CheckRule.objects.update(outcome="reject", parameters={}, is_active=False)
    Dealer.objects.update(is_active=False)
    Registration.objects.update(days_late=9)
    assert claims.recheck(version) == before
    assert claims.is_repeatable(ClaimVersion.objects.get(pk=version.pk))


def test_a_large_claim_is_routed_to_its_level_and_its_reviewers_are_told(shop: Shop) -> None:
    shop.level(pass_limit_cents=0)
    claim = shop.filed()
    assert (claim.state, claim.level) == ("review", 1)
    assert claim.decide_by is not None
    assert claim.decide_by > timezone.now() + timedelta(days=9)
    told = Notification.objects.filter(event="claim.routed")
    assert {row.user for row in told} == {shop.cast.people["engineer"]}


def test_an_untrusted_dealer_s_claim_is_looked_at(shop: Shop) -> None:
    shop.level(is_trusted=False)
    claim = shop.filed()
    assert claim.state == "review"
    assert "K22 not_trusted" in findings(claim)


def test_pieces_get_their_tags_when_the_claim_is_filed(shop: Shop) -> None:
    shop.job.pump.return_duty = "return_to_factory"
    shop.job.pump.save()
    claim = shop.filed()
    assert OldPartReturn.objects.filter(claim=claim).count() == 1
    assert ClaimLine.objects.get(kind="part").gate == "before_payable"


# --- Returned and corrected --------------------------------------------------------------------


def test_a_part_of_another_machine_comes_back_to_be_corrected(shop: Shop) -> None:
    # Reports refuse it; what parts fit may be put right between report and claim.
    report = shop.report()
    PartFit.objects.filter(part=shop.job.pump).delete()
    other = PartFit.objects.get(part=shop.job.foreign).model
    PartFit.objects.create(part=shop.job.pump, model=other)
    claim = claims.submit_claim(
        actor=shop.clerk, claim=claims.draft_claim(actor=shop.clerk, report=report)
    )
    assert claim.state == "returned"
    assert findings(claim) >= {"K06 part_does_not_fit"}
    assert claim.correct_by == timezone.localdate() + timedelta(days=30)
    told = Notification.objects.filter(event="claim.returned")
    assert {row.user for row in told} == {
        shop.cast.people["dealer_principal"],
        shop.cast.people["dealer_clerk"],
    }
    PartFit.objects.filter(part=shop.job.pump).delete()
    again = claims.submit_claim(actor=shop.clerk, claim=claim)
    assert (again.round, again.version_count) == (1, 2)
    assert again.state in ("decided", "review")
    assert claims.is_intact(again.versions.get(number=1))


def test_more_than_the_rounds_are_not_taken(shop: Shop) -> None:
    Registration.objects.update(state="void")
    set_option(actor=shop.cast.system(), key="claim.rounds", value=1)
    claim = shop.filed()
    assert claim.state == "returned"
    # The last round is not sent back again: a person ends it.
    claim = claims.submit_claim(actor=shop.clerk, claim=claim)
    assert (claim.state, claim.round) == ("review", 1)
    Claim.objects.filter(pk=claim.pk).update(state="returned")
    with pytest.raises(NoRoundsLeft):
        claims.submit_claim(actor=shop.clerk, claim=Claim.objects.get(pk=claim.pk))


def test_the_time_to_correct_ends(shop: Shop) -> None:
    Registration.objects.update(state="void")
    claim = shop.filed()
    Claim.objects.update(correct_by=timezone.localdate() - timedelta(days=1))
    with pytest.raises(CorrectionOver):
        claims.submit_claim(actor=shop.clerk, claim=claim)


# --- The bad input of the issue ----------------------------------------------------------------


def late(claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(file_by=timezone.localdate() - timedelta(days=1))


def test_a_claim_after_the_deadline_is_rejected_and_says_so(shop: Shop) -> None:
    claim = shop.draft()
    late(claim)
    claim = claims.submit_claim(actor=shop.clerk, claim=claim)
    assert (claim.state, claim.approved_cents) == ("decided", 0)
    row = LineDecision.objects.first()
    assert row is not None and row.reason is not None
    assert (row.outcome, row.reason.code) == ("reject", "late_filing")
    assert row.words
    assert claim.appeal_until == timezone.localdate() + timedelta(days=15)


def test_with_a_reason_for_the_delay_a_person_looks(shop: Shop) -> None:
    claim = shop.draft()
    late(claim)
    shop.typed(claim, late_reason="秋收期间断网十日")
    claim = claims.submit_claim(actor=shop.clerk, claim=claim)
    assert (claim.state, claim.late_reason) == ("review", "秋收期间断网十日")


def test_a_late_card_returns_the_claim_until_it_is_waived(shop: Shop) -> None:
    Registration.objects.update(days_late=6)
    claim = shop.filed()
    assert claim.state == "returned"
    assert "K02 late_card" in findings(claim)
    Registration.objects.update(
        waived_at=timezone.now(), waived_label="服务经理", waiver_reason="邮路中断"
    )
    assert claims.submit_claim(actor=shop.clerk, claim=claim).state == "review"


def test_hours_going_backwards_come_back(shop: Shop) -> None:
    shop.filed(meter_reading=Decimal("500"))
    shop.again()
    shop.job.arrived_at = shop.job.arrived_at + timedelta(hours=1, minutes=1)
    # A signed report keeps what the meter said, even if it must be wrong.
    claim = shop.filed(meter_reading=Decimal("400"), is_repeat=True, shade=60)
    assert "K03 meter_below_earlier" in findings(claim)
    assert claim.state == "returned"


def test_the_same_part_again_comes_back_unless_marked_repeat(shop: Shop) -> None:
    shop.filed()
    shop.again()
    claim = shop.filed(is_repeat=False, shade=60, parts=[shop.job.row(new_serial="NEW2")])
    assert {"K05 paid_before"} <= findings(claim)
    assert claim.state == "returned"
    shop.again()
    marked = shop.filed(is_repeat=True, shade=90, parts=[shop.job.row(new_serial="NEW2")])
    assert "K05 paid_before" not in findings(marked)


def test_a_photo_used_before_is_a_risk_for_the_reviewer(shop: Shop) -> None:
    shop.filed()
    shop.again()
    claim = shop.filed(is_repeat=True, shade=120, parts=[shop.job.row(new_serial="NEW2")])
    assert "K18 photo_used_before" in findings(claim)
    assert (claim.state, claim.risk_flags) == ("review", ["photo"])
    assert CheckResult.objects.filter(finding="photo_used_before", is_risk=True).exists()


def test_a_serial_sold_to_another_dealer_is_a_risk(shop: Shop) -> None:
    PartSerial.objects.update(dealer=shop.cast.neighbour)
    claim = shop.filed()
    assert "K18 serial_other_dealer" in findings(claim)
    assert claim.state == "review"


def test_a_part_of_the_factory_is_not_paid_but_its_labour_is(shop: Shop) -> None:
    never_drawn()
    claim = shop.filed(parts=[shop.job.row(source="factory")])
    part = ClaimLine.objects.get(kind="part")
    labour = ClaimLine.objects.get(kind="labour")
    assert (part.computed_cents, labour.computed_cents) == (0, 4_500)
    assert (claim.state, claim.approved_cents) == ("decided", 10_800)


def test_claimed_all_the_same_it_is_cut_with_its_reason(shop: Shop) -> None:
    never_drawn()
    claim = shop.draft(parts=[shop.job.row(source="factory")])
    lines = claim.draft["lines"]
    lines[0]["claimed"] = "100"
    shop.typed(claim, lines=lines)
    claim = claims.submit_claim(actor=shop.clerk, claim=claim)
    row = LineDecision.objects.get(line__kind="part")
    assert (row.outcome, row.approved_cents, row.reason and row.reason.code) == (
        "reject",
        0,
        "factory_part",
    )
    assert claim.approved_cents == 10_800


def test_out_of_its_term_a_claim_is_rejected_but_asked_in_full(shop: Shop) -> None:
    claim = shop.filed(fault_on=timezone.localdate() - timedelta(days=150))
    assert "K09 part_not_started" in findings(claim)
    assert (claim.state, claim.approved_cents) == ("decided", 0)
    # Asked in full, so that an appeal has something to grant.
    assert (claim.claimed_cents, claim.computed_cents) == (142_800, 0)
    reasons = {row.reason and row.reason.code for row in LineDecision.objects.all()}
    assert reasons == {"not_covered"}


def test_with_goodwill_asked_a_person_of_the_second_level_decides(shop: Shop) -> None:
    claim = shop.draft(fault_on=timezone.localdate() - timedelta(days=150))
    half = {"factory": "50", "dealer": "30", "user": "20"}
    shop.typed(claim, type="goodwill", goodwill_reason="老客户", goodwill=half)
    claim = claims.submit_claim(actor=shop.clerk, claim=claim)
    assert (claim.state, claim.level, claim.type) == ("review", 2, "goodwill")
    assert (claim.claimed_cents, claim.computed_cents) == (142_800, 71_400)


# --- Typed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"claimed": "12.345"}, "lines-0-claimed"),
        ({"claimed": "很多"}, "lines-0-claimed"),
        ({"claimed": "-5"}, "lines-0-claimed"),
        ({"row": 999_999_999}, "lines"),
        ({"kind": "gold"}, "lines-0-kind"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_kept(
    shop: Shop, change: dict[str, Any], field: str
) -> None:
    claim = shop.draft()
    lines = [{**claim.draft["lines"][0], **change}, *claim.draft["lines"][1:]]
    claim = shop.typed(claim, lines=lines)
    with pytest.raises(DomainError) as refused:
        claims.submit_claim(actor=shop.clerk, claim=claim)
    assert refused.value.field == field
    kept = Claim.objects.get(pk=claim.pk)
    assert kept.state == "draft"
    assert kept.draft["lines"][0] == lines[0]


def test_freight_needs_its_invoice_and_above_the_limit_consent(shop: Shop) -> None:
    claim = shop.draft()
    freight = {"key": "x1", "kind": "freight", "words": "物流", "claimed": "260.00"}
    shop.typed(claim, lines=[*claim.draft["lines"], freight])
    with pytest.raises(DomainError) as refused:
        claims.submit_claim(actor=shop.clerk, claim=claim)
    assert refused.value.field == "lines-3-invoice_number"
    freight["invoice_number"] = "FP-1"
    shop.typed(claim, lines=[*claim.draft["lines"][:3], freight])
    claim = claims.submit_claim(actor=shop.clerk, claim=claim)
    assert claim.state == "returned"
    assert "K10 consent_needed" in findings(claim)


def test_the_same_row_twice_is_refused(shop: Shop) -> None:
    claim = shop.draft()
    shop.typed(claim, lines=[*claim.draft["lines"], claim.draft["lines"][0]])
    with pytest.raises(DomainError) as refused:
        claims.submit_claim(actor=shop.clerk, claim=claim)
    assert refused.value.field == "lines"


def test_a_filed_claim_is_not_typed_into(shop: Shop) -> None:
    claim = shop.filed()
    with pytest.raises(WrongState):
        claims.save_draft(actor=shop.clerk, claim=claim, draft={"lines": []})


@pytest.mark.parametrize("who", ["dealer_technician", "engineer", "finance"])
def test_not_everybody_files(shop: Shop, who: str) -> None:
    claim = shop.draft()
    with pytest.raises(PermissionDenied):
        claims.submit_claim(actor=shop.cast.actor(who), claim=claim)


# --- Versions of the report ------------------------------------------------------------------


def test_a_corrected_report_takes_over_the_draft(shop: Shop) -> None:
    report = shop.report()
    claim = claims.draft_claim(actor=shop.clerk, report=report)
    technician = shop.cast.actor("dealer_technician")
    renewed = reports.correct_report(actor=technician, report=report, reason="漏写")
    renewed = shop.job.sign(shop.job.save(renewed))
    taken = claims.draft_claim(actor=shop.clerk, report=renewed)
    assert (taken.pk, taken.report_id) == (claim.pk, renewed.pk)
    assert claims.submit_claim(actor=shop.clerk, claim=taken).version_count == 1


def test_a_decided_report_is_not_claimed_again_in_a_new_version(shop: Shop) -> None:
    shop.level(is_trusted=False)
    claim = shop.filed()
    technician = shop.cast.actor("dealer_technician")
    assert claim.report is not None
    try:
        renewed = reports.correct_report(actor=technician, report=claim.report, reason="漏写")
    except DomainError:
        return  # The report itself stays while its claim is under way.
    renewed = shop.job.sign(shop.job.save(renewed))
    with pytest.raises(AlreadyClaimed):
        claims.draft_claim(actor=shop.clerk, report=renewed)


# --- Cost -----------------------------------------------------------------------------------


def test_many_filings_are_checked_in_a_bounded_number_of_queries(shop: Shop) -> None:
    shop.filed()
    with CaptureQueriesContext(
        connection,
    ) as one:
        list(claims.check_many([Claim.objects.get().pk]))
    for shade in (30, 60):
        shop.again()
        shop.filed(is_repeat=True, shade=shade, parts=[shop.job.row(new_serial="NEW2")])
    ids = list(Claim.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as three:
        verdicts = dict(claims.check_many(ids))
    assert set(verdicts) == set(ids)
    assert len(three) <= len(one) + 2
    assert len(one) <= 32


def test_it_is_all_told_in_the_audit(shop: Shop) -> None:
    claim = shop.filed()
    verbs = AuditEvent.objects.filter(noun="claim", object_id=claim.pk).order_by("pk")
    assert list(verbs.values_list("verb", flat=True))[:2] == ["claim.drafted", "claim.submitted"]
