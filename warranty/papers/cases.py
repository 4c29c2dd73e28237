"""The evidence pack (举证材料) of a replace-or-return matter, as PDF."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone, translation

from core import pdf
from core.models import Tenant
from core.tenancy import whole_tenant
from machines.papers import strokes_as_svg
from machines.queries import claim_eligible
from warranty.models import StatutoryCase, WorkReport
from warranty.queries.two_answers import TwoAnswers
from warranty.states.reports import ReportState


def evidence_pack(
    case: StatutoryCase,
    answers: Callable[[StatutoryCase], TwoAnswers | None],
    *,
    tenant: Tenant,
    language: str,
) -> bytes:
    """Machine and sale, every signed report, the law's answer with its articles, the choice."""
    with translation.override(language):
        said = answers(case)
    with whole_tenant():
        reports = list(
            WorkReport.objects.filter(machine=case.machine, state=ReportState.SIGNED)
            .select_related("symptom", "ticket")
            .order_by("finished_at", "pk")
        )
        card = claim_eligible(case.machine).registration
    english = language.startswith("en")
    context = {
        "company": (tenant.name_en if english else "") or tenant.name,
        "tenant": tenant,
        "printed_at": timezone.now(),
        "case": case,
        "machine": case.machine,
        "card": card,
        "answers": said,
        "reports": reports,
        "strokes": strokes_as_svg(case.choice_signature),
    }
    return pdf.render("pdf/evidence_pack.html", context, language=language)
