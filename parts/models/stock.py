"""Stores and what moved in and out of them: stock is the sum of its moves (R-089)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.guards import Guard, append_only, refuse
from core.money import yuan
from parts.models.catalogue import Part

# The lock on the store lets one taker at a time look at what is left.
NEVER_BELOW_ZERO = f"""
PERFORM id FROM parts_store WHERE tenant_id = NEW.tenant_id AND id = NEW.store_id FOR UPDATE;
IF (SELECT coalesce(sum(quantity), 0) + NEW.quantity < 0
           OR coalesce(sum(value_cents), 0) + NEW.value_cents < 0
    FROM parts_stockmove WHERE tenant_id = NEW.tenant_id AND store_id = NEW.store_id
    AND part_id = NEW.part_id) THEN
    {refuse("stock_never_below_zero", "more than the store holds")}
END IF;
RETURN NEW;
"""  # noqa: S608 - the names are our own


class StoreKind(models.TextChoices):
    MAIN = "main", _("Main store")
    REUSABLE = "reusable", _("Reusable parts")
    SCRAP = "scrap", _("Scrap")


class Store(TenantModel):
    """A place of the manufacturer where parts lie; dealers see none of it."""

    dealer_wall: ClassVar[str] = "none"

    code = models.CharField(_("store code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=StoreKind, default=StoreKind.MAIN)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="store_code_once")]
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class StockMove(TenantModel):
    """Pieces that came into a store (above zero) or left it (below), and their value."""

    dealer_wall: ClassVar[str] = "none"

    store = TenantForeignKey(Store, models.PROTECT, related_name="moves")
    part = TenantForeignKey(Part, models.PROTECT, related_name="moves")
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=2)
    value_cents = models.BigIntegerField(_("value"))
    # What caused it, such as ("old_part", 17); a move by hand has no id.
    source_kind = models.CharField(max_length=40)
    source_id = models.BigIntegerField(null=True)
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    by_label = models.CharField(max_length=120)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "source_kind", "source_id", "store", "part"],
                condition=Q(source_id__isnull=False),
                name="stock_moves_once_per_source",
            ),
            models.CheckConstraint(condition=~Q(quantity=0), name="stock_move_moves"),
            models.CheckConstraint(
                condition=Q(value_cents=0)
                | Q(quantity__gt=0, value_cents__gt=0)
                | Q(quantity__lt=0, value_cents__lt=0),
                name="stock_value_moves_with_the_pieces",
            ),
            Guard(name="stock_never_below_zero", at="BEFORE INSERT", body=NEVER_BELOW_ZERO),
            *append_only("parts_stockmove"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "store", "part"],
                include=["quantity", "value_cents"],
                name="stock_of_store",
            ),
            models.Index(fields=["tenant", "store", "-id"], name="stock_moves_newest"),
        ]

    @property
    def value(self) -> Decimal:
        """What moved, in yuan."""
        return yuan(self.value_cents)
