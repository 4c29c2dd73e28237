"""The legal floor of a model's coverage: the law's table is wired in from a higher floor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from machines.models import Layer, ProductLine, ProductModel


@dataclass(frozen=True, slots=True)
class Floor:
    """Months that the law gives at least; None: it names none. Use, where it caps it, in km."""

    whole: int | None = None
    main: int | None = None
    use_limit: int | None = None
    use_unit: str = ""
    source: str = ""

    def months_of(self, layer: str) -> int | None:
        """Wear parts are as printed on the certificate: the law names no months."""
        return {Layer.WHOLE: self.whole, Layer.MAIN: self.main}.get(Layer(layer))


def of_model(model: ProductModel) -> Floor:
    """The floor of a model's class; none of a model whose class is not known."""
    known = _wired()(model.product_class, model.power_kw) if model.product_class else None
    return Floor(**known) if known else Floor()


def of_line(line: ProductLine | None) -> Floor:
    """The highest floor of a line's models (of all models without one): nobody falls below."""
    models = ProductModel.objects.exclude(product_class="")
    return _highest(map(of_model, models.filter(line=line) if line else models))


def class_choices() -> list[tuple[str, Any]]:
    """The classes that the law's table knows, with their names."""
    choices: list[tuple[str, Any]] = import_string(settings.LEGAL_CLASSES)()
    return choices


@cache
def _wired() -> Callable[[str, Decimal | None], dict[str, Any] | None]:
    found: Callable[[str, Decimal | None], dict[str, Any] | None] = import_string(
        settings.LEGAL_FLOORS
    )
    return found


def _highest(floors: Iterable[Floor]) -> Floor:
    known = list(floors)
    wholes = [each.whole for each in known if each.whole]
    mains = [each.main for each in known if each.main]
    return Floor(max(wholes, default=None), max(mains, default=None))
