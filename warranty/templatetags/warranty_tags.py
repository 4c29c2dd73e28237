"""Tags of the guarantee's pages."""

from __future__ import annotations

from typing import Any

from django import template

from warranty import claim_words, tabs
from warranty.models import CutReason
from warranty.states.claims import RiskFlag

register = template.Library()


@register.inclusion_tag("warranty/_tabs.html", takes_context=True)
def warranty_tabs(context: dict[str, Any]) -> dict[str, Any]:
    """{% warranty_tabs %}: the nouns of the guarantee that this person may open."""
    request = context["request"]
    return {"tabs": tabs.shown(request.actor, request.path)}


@register.filter
def risk_names(flags: list[str] | None) -> list[str]:
    """What a reviewer should look at twice, in words."""
    labels = dict(RiskFlag.choices)
    return [str(labels.get(flag, flag)) for flag in flags or []]


@register.filter
def reason_name(reason: CutReason | None) -> str:
    """{{ decision.reason|reason_name }}: in the reader's language."""
    return claim_words.reason_name(reason)


@register.filter
def form_of(forms: dict[str, Any], name: str) -> Any:
    """{{ forms|form_of:"cancel" }}: one of several forms of a page."""
    return forms.get(name)
