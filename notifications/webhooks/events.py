"""What a webhook may be told of, as data: families of events, the part before the dot."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

TEST = "webhook.test"

FAMILIES: dict[str, Any] = {
    "sla": _("Promises: the rungs of a ladder that name this webhook"),
}
