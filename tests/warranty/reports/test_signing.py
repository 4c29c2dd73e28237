"""Signed, a report stays as it is; a correction is a new version (R-146)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.errors import DomainError, WrongState
from tests.cast import a_ticket
from tests.warranty.reports.conftest import STROKES, Job, photo, sent_code
from warranty.models import Evidence, SigningCode, WorkReport, WorkReportPart
from warranty.services import reports
from warranty.services.reports import ReportFlaws


def test_signing_freezes_the_report_under_its_digest(job: Job) -> None:
    signed_at = timezone.now() - timedelta(minutes=40)
    report = job.sign(job.save(job.start()), signed_at=signed_at)
    kept = WorkReport.objects.get(pk=report.pk)
    assert (kept.state, kept.signature, kept.signed_at) == ("signed", STROKES, signed_at)
    assert kept.sealed_at is not None
    assert kept.sealed_at > signed_at
    assert kept.digest == reports.digest_of(kept)
    with pytest.raises(DomainError):
        job.save(kept)


@pytest.mark.parametrize("field", ["complaint", "cause", "correction", "finished_at"])
def test_what_is_missing_is_told_before_the_signature(job: Job, field: str) -> None:
    empty: dict[str, Any] = {field: "" if field != "finished_at" else None}
    report = job.save(job.start(), **empty)
    with pytest.raises(ReportFlaws) as refused:
        job.sign(report)
    assert [flaw.field for flaw in refused.value.flaws] == [field]


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"signature": None}, reports.NotSigned),
        ({"signature": []}, reports.NotSigned),
        ({"signature": "scribble"}, DomainError),
        ({"signature": [[1, 2, 3]]}, DomainError),
        ({"signer_name": "  "}, reports.NoSignerName),
    ],
)
def test_a_signature_is_strokes_and_a_name(job: Job, how: dict[str, Any], error: Any) -> None:
    report = job.save(job.start())
    with pytest.raises(error):
        job.sign(report, **how)
    assert WorkReport.objects.get().state == "draft"


def test_the_same_signature_twice_signs_once(job: Job) -> None:
    report = job.save(job.start())
    at = timezone.now()
    first = job.sign(report, signed_at=at)
    again = job.sign(report, signed_at=at)
    assert (again.digest, again.sealed_at) == (first.digest, first.sealed_at)
    with pytest.raises(WrongState):
        job.sign(report, signed_at=at, signer_name="别人")


def test_the_database_refuses_to_change_what_was_signed(job: Job) -> None:
    report = job.signed()
    changes: list[Any] = [
        lambda: WorkReport.objects.filter(pk=report.pk).update(cause="别的"),
        lambda: WorkReport.objects.filter(pk=report.pk).update(state="draft"),
        lambda: WorkReportPart.objects.filter(report=report).update(quantity=2),
        lambda: WorkReportPart.objects.filter(report=report).delete(),
        lambda: WorkReportPart.objects.create(report=report, position=9, part=job.belt, quantity=1),
    ]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_who_only_reads_does_not_sign(job: Job) -> None:
    report = job.save(job.start())
    with pytest.raises(PermissionDenied):
        job.sign(report, "engineer")


def test_a_correction_is_a_new_version_that_replaces_the_old_one_when_signed(job: Job) -> None:
    job.save(job.start())
    draft = WorkReport.objects.get()
    actor = job.cast.actor("dealer_technician")
    reports.attach_evidence(actor=actor, report=draft, upload=photo(), kind="fault")
    old = job.sign(draft)
    with pytest.raises(DomainError) as refused:
        reports.correct_report(actor=actor, report=old, reason=" ")
    assert refused.value.field == "reason"
    new = reports.correct_report(actor=actor, report=old, reason="数量写错")
    assert (new.number, new.version, new.state) == (old.number, 2, "draft")
    assert [row.part for row in new.parts.all()] == [job.pump]
    assert Evidence.objects.filter(report=new).count() == 1
    assert WorkReport.objects.get(pk=old.pk).state == "signed"
    assert reports.correct_report(actor=actor, report=old, reason="又来") == new
    signed = job.sign(job.save(new, cause="密封圈老化"))
    assert WorkReport.objects.get(pk=old.pk).state == "replaced"
    assert signed.digest != old.digest
    assert WorkReport.objects.get(pk=old.pk).digest == reports.digest_of(
        WorkReport.objects.get(pk=old.pk)
    )


def test_the_customer_signs_by_a_code(job: Job) -> None:
    report = job.save(job.start())
    code = sent_code(job, report)
    assert re.fullmatch(r"\d{6}", code)
    assert code not in str(list(SigningCode.objects.values()))
    actor = job.cast.actor("dealer_technician")
    reports.count_try(actor=actor, report=report)
    signed = job.sign(report, signature=None, code=code)
    assert (signed.signed_by_code, signed.signature) == (True, None)
    assert signed.signer_phone == "+8613800138000"


def test_a_code_goes_only_to_a_number_of_the_customer(job: Job) -> None:
    report = job.save(job.start())
    with pytest.raises(reports.NotTheirPhone):
        sent_code(job, report, "13900139000")


def test_five_wrong_tries_end_a_code(job: Job) -> None:
    report = job.save(job.start())
    code = sent_code(job, report)
    wrong = "000000" if code != "000000" else "111111"
    actor = job.cast.actor("dealer_technician")
    for left in (4, 3, 2, 1, 0):
        reports.count_try(actor=actor, report=report)
        with pytest.raises(reports.WrongCode) as refused:
            job.sign(report, signature=None, code=wrong)
        assert f": {left}." in str(refused.value)
    reports.count_try(actor=actor, report=report)
    with pytest.raises(reports.CodeOver):
        job.sign(report, signature=None, code=code)


def test_a_code_ends_after_half_an_hour_and_a_second_one_waits_a_minute(job: Job) -> None:
    report = job.save(job.start())
    code = sent_code(job, report)
    with pytest.raises(DomainError):
        sent_code(job, report)
    SigningCode.objects.update(expires_at=timezone.now())
    with pytest.raises(reports.CodeOver):
        job.sign(report, signature=None, code=code)


def test_a_photo_sent_twice_is_one_and_used_before_is_told(job: Job) -> None:
    report = job.save(job.start())
    actor = job.cast.actor("dealer_technician")
    attach = lambda on: reports.attach_evidence(  # noqa: E731
        actor=actor, report=on, upload=photo(), kind="fault", taken_at=job.arrived_at
    )
    assert attach(report) == attach(report)
    assert reports.used_before(report) == []
    first = job.sign(report)
    other = a_ticket(job.cast, state="accepted", team="dealer", dealer=job.cast.dealer)
    second = job.start(ticket=other, client_key=uuid4())
    attach(second)
    [(evidence, number)] = reports.used_before(second)
    assert (evidence.report, number) == (second, first.number)


def test_what_is_attached_after_the_signature_is_not_part_of_it(job: Job) -> None:
    report = job.signed()
    actor = job.cast.actor("dealer_technician")
    reports.attach_evidence(actor=actor, report=report, upload=photo(), kind="old_part")
    kept = WorkReport.objects.get()
    assert kept.digest == reports.digest_of(kept)


def test_a_file_that_is_no_picture_is_refused(job: Job) -> None:
    fake = SimpleUploadedFile("fault.jpg", b"<script>", "image/jpeg")
    with pytest.raises(DomainError):
        reports.attach_evidence(
            actor=job.cast.actor("dealer_technician"), report=job.start(), upload=fake, kind="fault"
        )
