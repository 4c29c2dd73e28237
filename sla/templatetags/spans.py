"""Targets in words: 120 is “2 h”."""

from __future__ import annotations

from django import template

from sla.spans import said

register = template.Library()


@register.filter
def span(minutes: int) -> str:
    return said(minutes)
