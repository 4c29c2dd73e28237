"""Labour operations with their times, as a list."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from machines.imports.base import Column, Kind, Plan, Values, differing, text_column, wrong
from machines.models import ProductModel
from parts import services
from parts.imports.cells import flag, read_code, read_minutes
from parts.models import LabourOperation, OperationFit
from parts.services.labour import OPERATION_FIELDS

EVERY_OTHER = "*"


class Operations(Kind):
    """A row is an operation, or with a model the operation's time on it (`*`: every other)."""

    name, label = "operations", _("Labour operations")
    permissions = ("operation.edit",)
    needed_when_new = ("name",)
    columns = (
        Column(
            "code",
            _("Operation code"),
            ("工时代码", "代码", "operation code"),
            read_code(20),
            "E02",
            required=True,
        ),
        text_column("name", _("Name"), "名称|工时项目|name", 80, "更换机油泵"),
        text_column(
            "name_en", _("English name"), "英文名称|english name", 80, "Replace the oil pump"
        ),
        text_column("model", _("Model"), "机型|model", 40, "4LZ-6.0"),
        Column(
            "minutes",
            _("Minutes"),
            ("标准工时（分钟）", "分钟", "minutes"),
            read_minutes,
            "180",
            required=True,
        ),
        text_column("part_group", _("Group of parts"), "配件分组|group of parts", 40, "发动机"),
        flag(
            "is_restricted",
            _("Only for dealers of a higher level"),
            "仅限高等级经销商|only for dealers of a higher level",
        ),
    )

    def load(self) -> None:
        self.known = {operation.code: operation for operation in LabourOperation.objects.all()}
        self.models = {model.code.casefold(): model for model in ProductModel.objects.all()}
        self.times = {
            (fit.operation_id, fit.model_id): fit.minutes for fit in OperationFit.objects.all()
        }
        self.above: set[str] = set()

    def find(self, values: Values) -> LabourOperation | None:
        return self.known.get(values["code"])

    def key_of(self, values: Values) -> tuple[str, str]:
        return values["code"], values.get("model", "").casefold()

    def check(self, plan: Plan) -> None:
        values = plan.values
        named = values.get("model", "")
        if named and named != EVERY_OTHER:
            values["model"] = self.models.get(named.casefold())
            if values["model"] is None:
                sentence = _("There is no model “%(text)s”; add it under Products first.")
                wrong(plan, self, "model", sentence, text=named)
        if values["code"] in self.above and values["code"] not in self.known:
            # The row above names it.
            values.setdefault("name", "")
        self.above.add(values["code"])

    def differences(self, target: LabourOperation, values: Values) -> Values:
        changes = differing(target, values, OPERATION_FIELDS)
        if "model" not in values:
            stands: int | None = target.standard_minutes
        else:
            model = values["model"]
            stands = self.times.get((target.pk, None if model == EVERY_OTHER else model.pk))
        if stands != values["minutes"]:
            changes["minutes"] = values["minutes"]
        return changes

    def apply(self, plan: Plan) -> None:
        values = plan.values
        fields = {name: value for name, value in values.items() if name in OPERATION_FIELDS}
        fields = {name: value for name, value in fields.items() if value != ""}
        # The row above may have made it.
        operation = LabourOperation.objects.filter(code=values["code"]).first()
        has_model = "model" in values
        if operation is None:
            operation = services.create_operation(
                actor=self.actor,
                code=values["code"],
                standard_minutes=values["minutes"],
                **fields,
            )
        else:
            if not has_model:
                fields["standard_minutes"] = values["minutes"]
            services.edit_operation(actor=self.actor, operation=operation, **fields)
        if has_model:
            model = None if values["model"] == EVERY_OTHER else values["model"]
            services.time_operation(
                actor=self.actor, operation=operation, model=model, minutes=values["minutes"]
            )
