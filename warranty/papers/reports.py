"""The service report (三包维修记录, 维修报告) on paper: as it was signed, for both sides."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from core import pdf
from core.models import Tenant
from core.phones import display
from dealers.queries import name_regions
from machines.card_queries import coverage_of, repair_guaranteed_until
from machines.models.plans import Layer
from machines.papers import strokes_as_svg
from warranty.models import WorkReport
from warranty.queries import reports as queries


def work_report(report: WorkReport, *, tenant: Tenant, language: str) -> bytes:
    """The paper of one version; before the signature it is marked as a draft."""
    if report.customer is not None:
        name_regions([report.customer])
    finished_on = timezone.localdate(report.finished_at) if report.finished_at else None
    english = language.startswith("en")
    context: dict[str, Any] = {
        "company": (tenant.name_en if english else "") or tenant.name,
        "tenant": tenant,
        "printed_at": timezone.now(),
        "report": report,
        "phone": display(report.signer_phone) if report.signer_phone else "",
        "parts": queries.parts_of(report),
        "labour": queries.labour_of(report),
        "photos": len(queries.evidence_of(report)),
        "strokes": strokes_as_svg(report.signature),
        "guaranteed_until": repair_guaranteed_until(finished_on) if finished_on else None,
        "cover_ends_on": _cover_ends_on(report),
        "address": address_of(report),
        "qr": pdf.qr(address_of(report)),
    }
    return pdf.render("pdf/work_report.html", context, language=language)


def address_of(report: WorkReport) -> str:
    """The page of the very version that the paper shows."""
    path = reverse("warranty:report-version", args=[report.number, report.version])
    return settings.BASE_URL.rstrip("/") + path


def _cover_ends_on(report: WorkReport) -> Any:
    """The last day of the whole machine's cover, with what lengthened it."""
    rows = [row.ends_on for row in coverage_of(report.machine) if row.layer == Layer.WHOLE]
    return max(rows, default=None)
