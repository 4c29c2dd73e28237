"""The tags and filters of our pages (a builtin library: no {% load %} needed)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString

from core import clockface, icons, phones, words
from core.money import yuan

register = template.Library()


@register.simple_tag
def icon(name: str, title: str = "", css: str = "") -> SafeString:
    """{% icon "phone" %}: an outline icon of Tabler; `title` when it stands without words."""
    return icons.svg(name, title=title, css=css)


@register.filter
def money(amount: Decimal | None) -> str:
    """{{ claim.total|money }} → ¥1,234.50"""
    return words.money(amount)


@register.filter
def cents(amount: int | None) -> str:
    """{{ line.claimed_cents|cents }} → ¥1,234.50"""
    return words.money(None if amount is None else yuan(amount))


@register.filter
def qty(value: Decimal | int | None, unit: str = "") -> str:
    """{{ machine.engine_hours|qty:"h" }} → 1,234.5 h"""
    return words.quantity(value, str(unit))


@register.filter
def phone(number: str) -> str:
    """{{ customer_phone.number|phone }} → 138 0013 8000, 0311-88886666"""
    return phones.display(number)


@register.filter
def named(holder: str) -> str:
    return words.named(holder)


@register.filter
def told(names: list[str] | None) -> str:
    """Who was told, each who stood in with the one who was away."""
    return words.told(names or [])


@register.filter
def may(actor: Any, permission: str) -> bool:
    """{% if actor|may:"dealer.edit" %}: whether the role grants it; a visitor may nothing."""
    return bool(actor) and actor.may(permission)


@register.filter
def duration(span: timedelta | float | None) -> str:
    """{{ worked|duration }} → 1 h 20 min; takes a timedelta or seconds."""
    return words.duration(span)


@register.filter
def day(value: date | datetime | None) -> str:
    """{{ machine.sold_on|day }} → Mon 23 Nov"""
    return words.day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """{{ ticket.reported_at|moment }} → 14:05 today, else Mon 23 Nov, 14:05"""
    return words.moment(value)


@register.filter
def full_moment(value: datetime | None) -> str:
    """{{ ticket.reported_at|full_moment }} → Mon 23 Nov, 14:05, always with its day"""
    return words.full_moment(value)


@register.filter
def ago(value: datetime | None) -> str:
    """{{ note.written_at|ago }} → 20 min ago"""
    return words.ago(value)


@register.filter
def telephone(number: str) -> str:
    """{{ customer.phone|telephone }} → 138 0013 8000: a kept number as people write it"""
    return phones.display(number) if number else ""


@register.simple_tag
def when(value: datetime | None) -> SafeString | str:
    """{% when ticket.reported_at %}: a <time> element; its title has the whole instant."""
    if not value:
        return words.NOTHING
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        words.full_moment(value),
        words.moment(value),
    )


@register.simple_tag(takes_context=True)
def page_url(context: template.Context, **changes: Any) -> str:
    """{% page_url status="open" after=None %}: this page's address with some of its query changed.

    None or "" removes a key.
    """
    query = _query(context)
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def drop_filter(context: template.Context, name: str, value: str | None = None) -> str:
    """The address without one filter (or one value of it), and back on its first page."""
    query = _query(context)
    kept = [] if value is None else [v for v in query.getlist(name) if v != str(value)]
    query.setlist(name, kept) if kept else query.pop(name, None)
    query.pop("after", None)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_url(context: template.Context, key: str) -> str:
    """The address sorted by `key`; by `-key` when it is already."""
    query = _query(context)
    query["sort"] = f"-{key}" if query.get("sort") == key else key
    query.pop("after", None)
    return f"?{query.urlencode()}"


@register.filter
def chart_json(option: dict[str, Any]) -> SafeString:
    """The option of a chart as a data block beside its figure (Django's escaping of JSON)."""
    return json_script(option)


def _query(context: template.Context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if request else QueryDict(mutable=True)


@register.inclusion_tag("_partials/clock_chip.html")
def clock_chip(clock: Any, href: str = "") -> dict[str, Any]:
    """{% clock_chip clock %}: a running promise, its holder, and the time left in words."""
    now = timezone.now()
    return {"clock": clock, "face": clockface.face(clock, now=now), "href": href}


@register.inclusion_tag("_partials/clock_words.html")
def clock_words() -> dict[str, Any]:
    """The sentences clock.js needs, in the reader's language; base.html carries it once."""
    return {
        "now": timezone.now(),
        "left": clockface.left_pattern(),
        "late": clockface.late_pattern(),
        "under_minute": words.duration(0),
        "days_hours": words.DAYS_HOURS,
        "days": words.DAYS,
        "hours_minutes": words.HOURS_MINUTES,
        "hours": words.HOURS,
        "minutes": words.MINUTES,
    }


@register.inclusion_tag("_partials/field.html")
def field(
    bound: BoundField,
    label: str = "",
    css: str = "",
    hide_label: bool = False,
    unit: str = "",
    **attrs: Any,
) -> dict[str, Any]:
    """{% field form.phone autofocus=True %}: label above, help below, error at the field.

    Further keywords become attributes of the control: `_` is written `-`, so
    `hx_get=url` is `hx-get`; True stands for an attribute without a value.
    """
    kind = _kind(bound.field.widget)
    described = _described_by(bound, own=attrs.pop("aria_describedby", ""))
    wanted = {key.replace("_", "-"): value for key, value in attrs.items()}
    if described:
        wanted["aria-describedby"] = described
    # The parts of a date and time have one label between them.
    if hide_label or kind == "several":
        wanted.setdefault("aria-label", label or bound.label)
    context = {
        "bound": bound,
        "kind": kind,
        "label": label or bound.label,
        "css": css,
        "hide_label": hide_label,
        "unit": unit,
        "described": described,
    }
    wanted["class"] = _classes(bound, kind)
    if kind == "choices":
        wanted.pop("aria-describedby", None)
        return context | {"options": _options(bound, wanted)}
    return context | {"control": bound.as_widget(attrs=wanted)}


def _kind(widget: forms.Widget) -> str:
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.MultiWidget | forms.SelectDateWidget):
        return "several"
    return "input"


def _classes(bound: BoundField, kind: str) -> str:
    widget = bound.field.widget
    if kind in ("choices", "check"):
        base = "form-check-input"
    elif isinstance(widget, forms.Select):
        base = "form-select"
    else:
        base = "form-control"
    own = str(widget.attrs.get("class", ""))
    return " ".join(filter(None, [base, own, "is-invalid" if bound.errors else ""]))


def _described_by(bound: BoundField, *, own: str) -> str:
    ids = [own]
    if bound.help_text:
        ids.append(f"{bound.auto_id}_helptext")
    if bound.errors:
        ids.append(f"{bound.auto_id}_error")
    return " ".join(filter(None, ids))


def _options(bound: BoundField, attrs: dict[str, Any]) -> list[BoundWidget]:
    """One control per choice, each with our classes (BoundField.subwidgets takes none)."""
    built = bound.build_widget_attrs({"id": bound.auto_id, **attrs})
    # A required group of checkboxes needs one tick, not every box ticked.
    if isinstance(bound.field.widget, forms.CheckboxSelectMultiple):
        built.pop("required", None)
    built.pop("aria-describedby", None)
    parts = bound.field.widget.subwidgets(bound.html_name, bound.value(), attrs=built)
    return [BoundWidget(bound.field.widget, part, bound.form.renderer) for part in parts]
