"""Tags of ticket pages: agreed names, links to pages of other apps, lines of the story."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from knowledge.models import Symptom
from tickets import intake, wording
from tickets.models import EntryKind, TimelineEntry
from tickets.states import Visibility
from tickets.views.answer import built

register = template.Library()

ICONS = {
    "registered": ("phone-call", ""),
    "filed": ("building-store", ""),
    "offered": ("send", "blue"),
    "offered_by_rule": ("send", "blue"),
    "withdrawn": ("arrow-back-up", ""),
    "accepted": ("check", "green"),
    "refused": ("x", "orange"),
    "timed_out": ("clock-off", "red"),
    "handed_over": ("users-group", "blue"),
    "handed_over_to": ("users-group", "blue"),
    "taken_back": ("arrow-back-up", ""),
    "arranged": ("calendar-event", "green"),
    "rearranged": ("calendar-event", "green"),
    "arrived": ("map-pin-check", "green"),
    "paused": ("player-pause", ""),
    "paused_until": ("player-pause", ""),
    "opinion": ("message-2", "blue"),
    "delayed": ("calendar-event", "orange"),
    "resumed": ("player-play", ""),
    "done": ("circle-check", "green"),
    "closed": ("archive", "green"),
    "reopened": ("rotate", "orange"),
    "cancelled": ("ban", ""),
    "merged": ("arrow-merge", ""),
    "merged_from": ("arrow-merge", ""),
    "edited": ("edit", ""),
    "attached": ("paperclip", ""),
    "checked_arranged": ("checklist", "green"),
    "checked_not_arranged": ("checklist", "red"),
    "urgent": ("alert-triangle", "red"),
    "warned": ("bell", "yellow"),
    "breached": ("flag", "red"),
    "escalated": ("arrow-big-up", "red"),
    "reapplied": ("refresh", "blue"),
    "message": ("message", ""),
}
KINDS = {EntryKind.NOTE: ("note", ""), EntryKind.CALL: ("phone", "")}


@register.filter
def said(symptom: Symptom) -> str:
    """The agreed name of a symptom in the reader's language."""
    return intake.said(symptom)


@register.simple_tag
def page_of(name: str, key: str, text: str) -> SafeString | str:
    """{% page_of "machines:machine" serial serial %}: a link, or the text alone."""
    address = built(name, key)
    return format_html('<a href="{}">{}</a>', address, text) if address else text


@register.inclusion_tag("_partials/timeline_entry.html")
def story_line(entry: TimelineEntry) -> dict[str, Any]:
    """{% story_line entry %}: one line of a ticket's story in the reader's language."""
    icon_name, tone = KINDS.get(EntryKind(entry.kind)) or ICONS.get(entry.event, ("point", ""))
    is_event = entry.kind not in KINDS and entry.event in wording.EVENTS
    stored = entry.params.get("file", "")
    address = built("tickets:file", stored) if stored else None
    files = [{"url": address, "name": entry.params.get("name", "")}] if address else []
    return {
        "at": entry.at,
        "title": wording.sentence(entry) if is_event else EntryKind(entry.kind).label,
        "who": entry.author_label,
        "icon_name": icon_name,
        "tone": tone,
        "text": entry.params.get("note", "") if is_event else entry.text,
        "is_internal": entry.visibility == Visibility.INTERNAL,
        "files": files,
    }
