"""Filters of the people pages."""

from __future__ import annotations

from typing import Any

from django import template

from accounts import audit_words
from core.models import AuditEvent

register = template.Library()


@register.filter
def verb_label(event: str) -> str:
    """{{ event.verb|verb_label }} → Ticket: assigned"""
    return audit_words.spoken(event)


@register.filter
def audit_data(data: dict[str, Any]) -> str:
    """{{ event.data|audit_data }}: what an event tells, on one line, without what is empty."""
    return audit_words.told(data)


@register.filter
def audit_thing(event: AuditEvent) -> str:
    """{{ event|audit_thing }}: what it happened to, as people name it."""
    return audit_words.label_of(event.object_label)
