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
def audit_value(thing: Any) -> str:
    """{{ value|audit_value }}: a value of an event's data on one line."""
    return audit_words.value(thing)
