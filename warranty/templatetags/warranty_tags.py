"""Tags of the guarantee's pages."""

from __future__ import annotations

from typing import Any

from django import template

from warranty import tabs

register = template.Library()


@register.inclusion_tag("warranty/_tabs.html", takes_context=True)
def warranty_tabs(context: dict[str, Any]) -> dict[str, Any]:
    """{% warranty_tabs %}: the nouns of the guarantee that this person may open."""
    request = context["request"]
    return {"tabs": tabs.shown(request.actor, request.path)}
