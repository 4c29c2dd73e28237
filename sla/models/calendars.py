"""Which hours count: calendars with their hours, holidays, and what stands in for them (R-016)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
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
    # They count until the first CalendarHours.
    windows = models.JSONField(_("windows"), default=dict)
    is_default = models.BooleanField(default=False)
    # Not: holidays do not matter here (a line that is open every day of the year).
    follows_holidays = models.BooleanField(_("follows holidays"), default=False)
    # Ends of the unbroken run of loaded years; both empty while none is, or none matters.
    known_from = models.DateField(_("holidays known from"), null=True, editable=False)
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


class CalendarHours(TenantModel):
    """Weekly windows that count from a day on; a row is never changed, a later one overrules it.

    A clock lives by the hours decided before it started, so that no change of hours rewrites
    how an old due time came about.
    """

    dealer_wall: ClassVar[str] = "open"

    calendar = TenantForeignKey(Calendar, models.CASCADE, related_name="hours")
    valid_from = models.DateField(_("valid from"))
    windows = models.JSONField(_("windows"))  # as in Calendar.windows
    reason = models.CharField(_("reason"), max_length=200)
    decided_at = models.DateTimeField()
    decided_by_label = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["tenant", "calendar", "decided_at"], name="hours_in_turn")]


class CalendarYear(TenantModel):
    """A year whose holidays are loaded, and where they come from; years follow without a gap."""

    dealer_wall: ClassVar[str] = "open"

    calendar = TenantForeignKey(Calendar, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField(_("year"))
    source = models.CharField(_("source"), max_length=200)
    loaded_at = models.DateTimeField()
    loaded_by_label = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "calendar", "year"], name="a_year_is_loaded_once_per_calendar"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100), name="a_loaded_year_is_near"
            ),
        ]


class DayKind(models.TextChoices):
    HOLIDAY = "holiday", _("Holiday")
    MAKEUP = "makeup", _("Make-up workday")
    SPECIAL = "special", _("Special hours")


class CalendarDay(TenantModel):
    """A day that differs from its week, with its source; a special day has windows of its own."""

    dealer_wall: ClassVar[str] = "open"

    calendar = TenantForeignKey(Calendar, models.CASCADE, related_name="days")
    on = models.DateField(_("day"))
    kind = models.CharField(max_length=10, choices=DayKind)
    name = models.CharField(max_length=60)
    # [["09:00", "12:00"]]; empty on a make-up workday: those of the week.
    windows = models.JSONField(_("windows"), default=list)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "calendar", "on"],
                name="a_calendar_says_one_thing_per_day",
            )
        ]


class LocalCalendar(TenantModel):
    """A calendar that counts instead of another one in a region or at a dealer (R-016)."""

    dealer_wall: ClassVar[str] = "open"

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    instead_of = TenantForeignKey(Calendar, models.CASCADE, related_name="local_ones")
    calendar = TenantForeignKey(Calendar, models.PROTECT, related_name="stands_in_for")
    # The leading digits of an official region code, as dealers' territories use them.
    region_code = models.CharField(_("region"), max_length=6, blank=True)
    dealer_id = models.BigIntegerField(null=True)
    dealer_label = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="local_public_id"),
            models.UniqueConstraint(
                fields=["tenant", "instead_of", "region_code", "dealer_id"],
                nulls_distinct=False,
                name="a_place_has_one_calendar",
            ),
            models.CheckConstraint(
                condition=(Q(dealer_id=None) & ~Q(region_code=""))
                | (Q(dealer_id__isnull=False) & Q(region_code="")),
                name="a_local_calendar_names_region_or_dealer",
            ),
            models.CheckConstraint(
                condition=~Q(calendar=F("instead_of")), name="a_calendar_stands_in_for_another"
            ),
        ]


class Season(TenantModel):
    """When a product line works in the fields of a region (R-017); no region: everywhere."""

    dealer_wall: ClassVar[str] = "open"

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    product_line_code = models.CharField(_("product line"), max_length=20)
    region_code = models.CharField(_("region"), max_length=6, blank=True)
    name = models.CharField(_("name"), max_length=60)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="season_public_id"),
            models.UniqueConstraint(
                fields=["tenant", "product_line_code", "region_code", "starts_on"],
                name="a_season_begins_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_season_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.name
