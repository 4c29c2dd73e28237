"""Photos of a piece: its own, and those of the report that show the old part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, Q

from core import audit, files
from core.actor import Actor
from core.tenancy import verb
from warranty.models import Evidence, OldPartReturn
from warranty.services.oldparts import errors
from warranty.states.reports import EvidenceKind

SUBJECT = "old_part"
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})


class NoPicture(files.FileRefused):
    code = "old_part.no_picture"


@verb
def attach_photo(*, actor: Actor, piece: OldPartReturn, upload: UploadedFile) -> Evidence:
    """Keep a photo of the piece; only pictures are taken."""
    checked = files.check(upload)
    if checked.content_type not in PICTURES:
        raise NoPicture
    photo = Evidence(
        dealer_id=piece.dealer_id,
        report_id=piece.report_part.report_id,
        subject=SUBJECT,
        subject_id=piece.pk,
        kind=EvidenceKind.OLD_PART,
    )
    files.store(photo, checked, uploaded_by_id=actor.user_id)
    audit.record(actor, "old_part.photographed", piece, sha256=photo.sha256)
    return photo


def attach_all(
    actor: Actor, piece: OldPartReturn, uploads: Sequence[UploadedFile], *, at_least: int
) -> list[Evidence]:
    """Photos that a step asks for; TooFewPhotos when there are not enough."""
    if len(uploads) < at_least:
        raise errors.TooFewPhotos(needed=at_least)
    return [attach_photo(actor=actor, piece=piece, upload=upload) for upload in uploads]


def own_photos(piece: OldPartReturn) -> list[Evidence]:
    """The photos of the piece itself, the oldest first."""
    return list(Evidence.objects.filter(subject=SUBJECT, subject_id=piece.pk).order_by("pk"))


def without_photo(pieces: Iterable[OldPartReturn]) -> list[OldPartReturn]:
    """Those that nobody has photographed, neither here nor on the report."""
    seen = Evidence.objects.filter(
        Q(subject=SUBJECT, subject_id=OuterRef("pk"))
        | Q(
            report_id=OuterRef("report_part__report_id"),
            subject="",
            kind=EvidenceKind.OLD_PART,
        )
    )
    named = [piece.pk for piece in pieces]
    return list(OldPartReturn.objects.filter(~Exists(seen), pk__in=named).order_by("number"))
