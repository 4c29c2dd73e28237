"""Parts with what they fit and cost, as a list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machines.imports.base import Column, Kind, Plan, Values, differing, text_column, wrong
from machines.imports.cells import one_of, read_day
from machines.models import ProductModel
from parts import services
from parts.imports.cells import flag, read_code, read_models, read_price
from parts.models import (
    Gate,
    Layer,
    Part,
    PartFit,
    PartKind,
    PartPrice,
    PriceKind,
    ReturnDuty,
    Supplier,
    Unit,
)
from parts.rules import price_on
from parts.services.catalogue import PART_FIELDS

PRICES = {"dealer_price": PriceKind.DEALER, "retail_price": PriceKind.RETAIL}


class Parts(Kind):
    name, label = "parts", _("Parts")
    permissions = ("part.edit", "part.price")
    needed_when_new = ("name",)
    columns = (
        Column(
            "number",
            _("Part number"),
            ("件号", "配件编号", "图号", "part number"),
            read_code(40),
            "JX-0810",
            required=True,
        ),
        text_column("name", _("Name"), "名称|配件名称|name", 80, "机油滤清器"),
        text_column("name_en", _("English name"), "英文名称|english name", 80, "Oil filter"),
        Column("kind", _("Kind"), ("类别", "kind"), one_of(PartKind.choices), "易损件"),
        Column(
            "layer",
            _("Term of coverage"),
            ("质保层级", "term of coverage"),
            one_of(Layer.choices),
            "易损件",
        ),
        text_column("component", _("Component"), "总成|component", 60, "发动机"),
        Column("unit", _("Unit"), ("单位", "unit"), one_of(Unit.choices), "件"),
        Column(
            "supplier", _("Supplier code"), ("供应商代码", "supplier code"), read_code(20), "WC"
        ),
        Column(
            "return_duty",
            _("Old part"),
            ("旧件", "旧件处理", "old part"),
            one_of(ReturnDuty.choices),
            "返厂",
        ),
        Column("gate", _("Payment"), ("付款条件", "payment"), one_of(Gate.choices), "不等旧件"),
        Column("replaces", _("Replaces"), ("替代", "替代件号", "replaces"), read_code(40), ""),
        text_column("shelf", _("Shelf"), "货位|shelf", 40, "A-03"),
        flag("is_common", _("Common part"), "常用件|common part"),
        flag("is_watched", _("Watched for batch faults"), "批次监控|watched for batch faults"),
        flag(
            "is_serialised",
            _("Each piece has a serial number"),
            "逐件有序列号|each piece has a serial number",
        ),
        Column("models", _("Models"), ("适用机型", "models"), read_models, "4LZ-6.0、4LZ-8.0E×2"),
        Column(
            "dealer_price", _("Dealer price"), ("经销商价", "dealer price"), read_price, "28.00"
        ),
        Column("retail_price", _("Retail price"), ("零售价", "retail price"), read_price, "36.50"),
        Column(
            "price_from",
            _("Counts from"),
            ("生效日期", "价格生效日期", "counts from"),
            read_day,
            "2026-01-01",
        ),
    )

    def load(self) -> None:
        self.known = {
            part.number: part for part in Part.objects.select_related("supplier", "replaces")
        }
        self.numbers = set(self.known)
        self.suppliers = {supplier.code: supplier for supplier in Supplier.objects.all()}
        self.models = {model.code.casefold(): model for model in ProductModel.objects.all()}
        self.fits: dict[int, dict[int, Decimal]] = {}
        for part, model, count in PartFit.objects.values_list("part_id", "model_id", "per_machine"):
            self.fits.setdefault(part, {})[model] = count
        self.prices: dict[tuple[int, str], list[PartPrice]] = {}
        for price in PartPrice.objects.all():
            self.prices.setdefault((price.part_id, price.kind), []).append(price)

    def find(self, values: Values) -> Part | None:
        return self.known.get(values["number"])

    def key_of(self, values: Values) -> str:
        return str(values["number"])

    def check(self, plan: Plan) -> None:
        values = plan.values
        if "supplier" in values:
            supplier = self.suppliers.get(values["supplier"])
            if supplier is None:
                sentence = _("There is no supplier “%(text)s”; add it first.")
                wrong(plan, self, "supplier", sentence, text=values["supplier"])
            values["supplier"] = supplier
        if "replaces" in values and values["replaces"] not in self.numbers:
            sentence = _("There is no part %(number)s, neither here nor above in the list.")
            wrong(plan, self, "replaces", sentence, number=values["replaces"])
        fits: dict[ProductModel, Decimal] = {}
        for code, count in values.get("models", {}).items():
            model = self.models.get(code.casefold())
            if model is None:
                sentence = _("There is no model “%(text)s”; add it under Products first.")
                wrong(plan, self, "models", sentence, text=code)
            else:
                fits[model] = count
        if "models" in values:
            values["models"] = fits
        self.numbers.add(values["number"])

    def differences(self, target: Part, values: Values) -> Values:
        changes = differing(target, values, PART_FIELDS - {"replaces"})
        replaces = values.get("replaces")
        if replaces and (target.replaces is None or target.replaces.number != replaces):
            changes["replaces"] = replaces
        have = self.fits.get(target.pk, {})
        fits = {m: n for m, n in values.get("models", {}).items() if have.get(m.pk) != n}
        if fits:
            changes["models"] = fits
        on = price_day(values)
        for key, kind in PRICES.items():
            standing = price_on(self.prices.get((target.pk, kind), []), on)
            if key in values and standing != values[key]:
                changes[key] = values[key]
        return changes

    def apply(self, plan: Plan) -> None:
        facts = dict(plan.changes if plan.target else plan.values)
        fields = {name: value for name, value in facts.items() if name in PART_FIELDS}
        if "replaces" in fields:
            # It may stand above in the same list.
            fields["replaces"] = Part.objects.get(number=fields["replaces"])
        if plan.target is None:
            part = services.create_part(actor=self.actor, number=facts["number"], **fields)
        else:
            part = services.edit_part(actor=self.actor, part=plan.target, **fields)
        for model, count in facts.get("models", {}).items():
            services.fit_part(actor=self.actor, part=part, model=model, per_machine=count)
        for key, kind in PRICES.items():
            if key in facts:
                services.set_price(
                    actor=self.actor,
                    part=part,
                    kind=kind,
                    cents=facts[key],
                    from_on=price_day(plan.values),
                    reason=str(_("Imported from a list")),
                )


def price_day(values: Values) -> date:
    """The day from which the prices of a row count: the one it names, else today."""
    day: date = values.get("price_from") or timezone.localdate()
    return day
