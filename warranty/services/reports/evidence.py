"""Photos and papers of a report, each with the hash by which a second use is found (K18)."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit, files
from core.actor import Actor
from core.errors import DomainError
from core.states import locked
from core.tenancy import verb
from warranty.models import Evidence, WorkReport
from warranty.services.reports.errors import IsSigned
from warranty.states.reports import EvidenceKind, ReportState

MOST_PHOTOS = 40


@verb
def attach_evidence(
    *,
    actor: Actor,
    report: WorkReport,
    upload: UploadedFile,
    kind: str,
    taken_at: datetime | None = None,
) -> Evidence:
    """Keep a photo or paper; the same one sent again is the same one.

    After the signature it is kept as well, beside what was signed. Whether another job used
    it before, `checking.used_before` says.
    """
    report = locked(report)
    if report.state not in (ReportState.DRAFT, ReportState.SIGNED):
        raise IsSigned
    if kind not in EvidenceKind.values:
        raise DomainError(_("Say what the photo shows."), field="kind")
    original = _hash(upload)
    kept = Evidence.objects.filter(report=report)
    if (same := kept.filter(kind=kind, original_sha256=original).first()) is not None:
        return same
    if kept.count() >= MOST_PHOTOS:
        raise DomainError(_("A report has at most 40 photos."), field="upload")
    if taken_at is not None and taken_at > timezone.now():
        taken_at = None  # a wrong clock says nothing
    evidence = Evidence(
        dealer_id=report.dealer_id,
        report=report,
        kind=kind,
        taken_at=taken_at,
        original_sha256=original,
    )
    files.store(evidence, files.check(upload), uploaded_by_id=actor.user_id)
    audit.record(
        actor,
        "report.attached",
        report,
        kind=kind,
        name=evidence.original_name,
        sha256=evidence.sha256,
    )
    return evidence


@verb
def remove_evidence(*, actor: Actor, report: WorkReport, evidence: Evidence) -> None:
    """Take a photo off a draft; once signed for, it stays."""
    report = locked(report)
    if report.state != ReportState.DRAFT:
        raise IsSigned
    evidence.delete()
    audit.record(actor, "report.detached", report, name=evidence.original_name)


def _hash(upload: UploadedFile) -> str:
    """The hash of the file as it came, before it is written anew."""
    content = sha256()
    for chunk in upload.chunks():
        content.update(chunk)
    upload.seek(0)
    return content.hexdigest()
