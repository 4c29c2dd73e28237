"""The claim on paper (质保索赔单): header, lines with their money, decision, signatures."""

from __future__ import annotations

from django.utils import timezone, translation

from core import pdf
from core.actor import Actor
from core.models import Tenant
from warranty.links import full_page_of_claim
from warranty.models import Claim
from warranty.queries import claim_pages


def claim_paper(actor: Actor, claim: Claim, *, tenant: Tenant, language: str) -> bytes:
    """The newest filing of a claim with the decision in force; page, number and QR to the page."""
    versions = claim_pages.versions_of(claim)
    version = versions[0] if versions else None
    with translation.override(language):
        lines = claim_pages.shown_lines(claim, claim_pages.lines_of_version(version), [])
    decided = [each.decision for each in lines if each.decision is not None]
    is_english = not language.startswith("zh")
    context = {
        "tenant": tenant,
        "company": tenant.name_en if is_english and tenant.name_en else tenant.name,
        "printed_at": timezone.now(),
        "claim": claim,
        "version": version,
        "lines": lines,
        "claimed": sum(each.line.claimed_cents for each in lines),
        "computed": sum(each.line.computed_cents for each in lines),
        "approved": sum(each.approved_cents for each in decided) if decided else None,
        "reviews": claim_pages.reviews_of(claim),
        "report": claim.report,
        "qr": pdf.qr(full_page_of_claim(claim.number)),
        "shows_people": not actor.is_dealer,
    }
    return pdf.render("pdf/claim.html", context, language=language)
