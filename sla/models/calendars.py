"""Which hours count: calendars, and the days that differ from their week (R-016)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey


class Calendar(TenantModel):
    """Which hours count: weekly windows in a zone, with holidays and make-up workdays (R-016)."""

    dealer_wall: ClassVar[str] = "open"

    code = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    # {"0": [["08:00", "12:00"], ["13:30", "17:30"]], …}: weekday (Monday 0) to windows.
    windows = models.JSONField(_("windows"), default=dict)
    is_default = models.BooleanField(default=False)
    # Empty: holidays do not matter here (a line that is open every day of the year).
    known_through = models.DateField(_("holidays known through"), null=True)
    # Another one after every change of hours or days: what is kept in memory goes by it.
    edition = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="calendar_code_once"),
            models.UniqueConstraint(
                fields=["tenant"],
                condition=Q(is_default=True),
                name="one_default_calendar",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DayKind(models.TextChoices):
    HOLIDAY = "holiday", _("Holiday")
    MAKEUP = "makeup", _("Make-up workday")


class CalendarDay(TenantModel):
    """A day that differs from its week, with its source."""

    dealer_wall: ClassVar[str] = "open"

    calendar = TenantForeignKey(Calendar, models.CASCADE, related_name="days")
    on = models.DateField(_("day"))
    kind = models.CharField(max_length=10, choices=DayKind)
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "calendar", "on"],
                name="a_calendar_says_one_thing_per_day",
            )
        ]
