"""Agreed names of what customers see go wrong."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel


class Severity(models.TextChoices):
    MINOR = "minor", _("Minor")
    GENERAL = "general", _("General")
    GRAVE = "grave", _("Grave")


class Symptom(TenantModel):
    """What was seen, in agreed words; unusual ones go to the technical department (R-099)."""

    dealer_wall: ClassVar[str] = "open"

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    product_line_code = models.CharField(_("product line"), max_length=20, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    is_unusual = models.BooleanField(_("for the technical department"), default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="symptom_code_once")]
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
