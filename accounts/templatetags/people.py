"""Filters of the people pages."""

from __future__ import annotations

from typing import Any

from django import template

from accounts import audit_words

register = template.Library()


@register.filter
def verb_label(event: str) -> str:
    """{{ event.verb|verb_label }} → Ticket: assigned"""
    return audit_words.spoken(event)


@register.filter
def audit_data(data: dict[str, Any]) -> str:
    """{{ event.data|audit_data }}: what an event tells, on one line, without what is empty."""
    return "; ".join(f"{key}: {audit_words.value(told)}" for key, told in data.items() if told)
