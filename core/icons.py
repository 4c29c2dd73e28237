"""Icons of @tabler/icons as inline SVG, read once from node_modules."""

from __future__ import annotations

import re
from functools import cache
from xml.etree import ElementTree

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core import npm

_NAME = re.compile(r"[a-z0-9-]+")
_HIDDEN = format_html('aria-hidden="{}"', "true")


class NoSuchIcon(LookupError):
    """The template names an icon that @tabler/icons does not have."""


@cache
def shapes(name: str) -> SafeString:
    """The shapes inside the outline icon, each attribute escaped by the template engine."""
    path = npm.folder() / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NoSuchIcon(name)
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    # The first path of each icon is an invisible frame; it draws nothing.
    drawn = [child for child in root if child.get("stroke") != "none"]
    return format_html_join(
        "",
        "<{} {}/>",
        ((c.tag.rpartition("}")[2], _attributes(c.attrib)) for c in drawn),
    )


def _attributes(attrib: dict[str, str]) -> SafeString:
    return format_html_join(" ", '{}="{}"', attrib.items())


def svg(name: str, *, title: str = "", css: str = "") -> SafeString:
    """The icon; hidden from screen readers unless it has a title of its own."""
    label = format_html('role="img" aria-label="{}"', title) if title else _HIDDEN
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" width="24" height="24" fill="none"'
        ' stroke="currentColor" stroke-width="2" stroke-linecap="round"'
        ' stroke-linejoin="round" {}>{}</svg>',
        f" {css}" if css else "",
        label,
        shapes(name),
    )
