"""Links to persons: who did a thing, with the name as it was said then."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


def person(**kwargs: Any) -> models.ForeignKey:
    """A person who did something to a row; null is nobody yet, or the system."""
    kwargs.setdefault("null", True)
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", **kwargs
    )


def label(**kwargs: Any) -> models.CharField:
    """The person's name as it was at that moment."""
    return models.CharField(max_length=120, **{"blank": True, **kwargs})
