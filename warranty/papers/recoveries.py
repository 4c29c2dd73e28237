"""The claim on a supplier (供应商追偿单), as PDF."""

from __future__ import annotations

from django.utils import timezone

from core import pdf
from core.models import Tenant
from warranty.models import RecoveryClaim


def recovery_claim(recovery: RecoveryClaim, *, tenant: Tenant, language: str) -> bytes:
    """The part, the finding and the amount; nothing of the dealer or the user."""
    piece = recovery.old_part
    appraisal = None
    if piece is not None:
        appraisal = piece.appraisals.order_by("-pk").first()
    english = language.startswith("en")
    context = {
        "company": (tenant.name_en if english else "") or tenant.name,
        "tenant": tenant,
        "printed_at": timezone.now(),
        "recovery": recovery,
        "piece": piece,
        "appraisal": appraisal,
        "machine": recovery.claim.machine,
    }
    return pdf.render("pdf/recovery_claim.html", context, language=language)
