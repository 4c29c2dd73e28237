"""Dealers, customers and machines as lists: their columns, and what a row would change."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealers import services as dealers
from dealers.models import Dealer, DealerLevel, Territory
from machines import services
from machines.imports.base import (
    ADDRESS,
    REGION,
    Column,
    Kind,
    Plan,
    Values,
    differing,
    several_regions,
    text_column,
    wrong,
)
from machines.imports.cards import Registrations
from machines.imports.cells import one_of, parts_of, read_day, read_phone, read_phones
from machines.models import Customer, CustomerClass, CustomerKind, Machine, ProductModel
from machines.rules import clean_name, clean_plate, clean_serial


class Dealers(Kind):
    name, label = "dealers", _("Dealers")
    needed_when_new = ("name", "phone", "region_code", "level")
    columns = (
        text_column(
            "number",
            _("Dealer number"),
            "经销商编号|编号|number|dealer number",
            20,
            "D-0101",
            required=True,
        ),
        text_column("name", _("Name"), "名称|经销商名称|name", 120, "石家庄丰收农机有限公司"),
        text_column("short_name", _("Short name"), "简称|short name", 40, "丰收农机"),
        text_column("level", _("Grade"), "等级|经销商等级|grade|level", 60, "A"),
        text_column("parent", _("Works under"), "上级经销商|上级编号|works under|parent", 20, ""),
        text_column(
            "contact_name", _("Contact person"), "联系人|contact|contact person", 80, "王经理"
        ),
        Column(
            "phone",
            _("Telephone"),
            ("电话", "联系电话", "telephone", "phone"),
            read_phone,
            "0311-88886666",
        ),
        REGION,
        ADDRESS,
        Column(
            "agreement_ends_on",
            _("Agreement ends on"),
            ("协议到期日", "协议到期", "agreement ends on"),
            read_day,
            "2027-12-31",
        ),
        text_column(
            "territories",
            _("Regions it answers for"),
            "服务区域|regions it answers for",
            2000,
            "石家庄市、保定市",
        ),
    )

    def load(self) -> None:
        rows = Dealer.objects.select_related("level", "parent").prefetch_related("territories")
        self.known = {dealer.number.casefold(): dealer for dealer in rows}
        self.levels: dict[str, DealerLevel] = {}
        for level in DealerLevel.objects.all():
            self.levels |= {level.code.casefold(): level, level.name.casefold(): level}
        self.numbers = set(self.known)

    def find(self, values: Values) -> Dealer | None:
        return self.known.get(values["number"].casefold())

    def key_of(self, values: Values) -> str:
        return str(values["number"]).casefold()

    def check(self, plan: Plan) -> None:
        values = plan.values
        if "level" in values:
            level = self.levels.get(values["level"].casefold())
            if level is None:
                grades = ", ".join(sorted({str(known) for known in self.levels.values()}))
                sentence = _("There is no grade “%(text)s”; there are: %(known)s.")
                wrong(plan, self, "level", sentence, text=values["level"], known=grades)
            values["level"] = level
        if "parent" in values and values["parent"].casefold() not in self.numbers:
            sentence = _("There is no dealer %(number)s, neither here nor above in the list.")
            wrong(plan, self, "parent", sentence, number=values["parent"])
        several_regions(plan, self, "territories", parts_of(values.get("territories", "")))
        self.numbers.add(values["number"].casefold())

    def differences(self, target: Dealer, values: Values) -> Values:
        fields = dealers.DEALER_FIELDS - {"parent"}
        changes = differing(target, values, fields)
        parent = values.get("parent", "")
        if parent and parent.casefold() != (
            target.parent.number.casefold() if target.parent else ""
        ):
            changes["parent"] = parent
        have = {t.region_code for t in target.territories.all() if not t.product_line_code}
        missing = [code for code in values.get("territories", []) if code not in have]
        return changes | ({"territories": missing} if missing else {})

    def apply(self, plan: Plan) -> None:
        values = dict(plan.changes if plan.target else plan.values)
        codes = values.pop("territories", [])
        if parent := values.pop("parent", ""):
            values["parent"] = Dealer.objects.get(number__iexact=parent)
        dealer: Dealer | None = plan.target
        if dealer is None:
            dealer = dealers.create_dealer(actor=self.actor, **values)
        elif values:
            dealer = dealers.edit_dealer(actor=self.actor, dealer=dealer, **values)
        for code in codes:
            if not Territory.objects.filter(
                dealer=dealer, region_code=code, product_line_code=""
            ).exists():
                dealers.add_territory(actor=self.actor, dealer=dealer, region_code=code)


class Customers(Kind):
    name, label = "customers", _("Customers")
    needed_when_new = ("name", "phones")
    columns = (
        text_column("number", _("Customer number"), "客户编号|编号|number|customer number", 20, ""),
        Column(
            "name",
            pgettext_lazy("of a customer", "Name"),
            ("姓名", "客户姓名", "客户名称", "name"),
            clean_name,
            "王建国",
            required=True,
        ),
        Column(
            "phones",
            _("Telephones"),
            ("电话", "联系电话", "手机", "telephones", "phone"),
            read_phones,
            "13800138000、0311-88886666",
        ),
        Column(
            "kind", _("Kind"), ("类型", "客户类型", "kind"), one_of(CustomerKind.choices), "个人"
        ),
        Column(
            "customer_class",
            _("Class"),
            ("分类", "客户分类", "class"),
            one_of(CustomerClass.choices),
            "普通",
        ),
        REGION,
        ADDRESS,
        text_column("note", _("Note"), "备注|note", 2000, ""),
    )

    def load(self) -> None:
        self.by_number: dict[str, Customer] = {}
        self.by_phone: dict[tuple[str, str], Customer] = {}
        for customer in Customer.objects.filter(merged_into=None).prefetch_related("phones"):
            self.by_number[customer.number.casefold()] = customer
            for phone in customer.phones.all():
                self.by_phone.setdefault((phone.number, customer.name), customer)

    def find(self, values: Values) -> Customer | None:
        if "number" in values:
            return self.by_number.get(values["number"].casefold())
        keys = [(phone, values["name"]) for phone in values.get("phones", [])]
        return next((self.by_phone[key] for key in keys if key in self.by_phone), None)

    def key_of(self, values: Values) -> Any:
        return values.get("number", "").casefold() or (values["name"], *values.get("phones", []))

    def differences(self, target: Customer, values: Values) -> Values:
        changes = differing(target, values, services.CUSTOMER_FIELDS)
        have = [p.number for p in sorted(target.phones.all(), key=lambda p: not p.is_primary)]
        if any(number not in have for number in values.get("phones", [])):
            changes["phones"] = list(dict.fromkeys([*have, *values["phones"]]))
        return changes

    def apply(self, plan: Plan) -> None:
        if plan.target is None:
            services.create_customer(actor=self.actor, **plan.values)
            return
        changes = dict(plan.changes)
        if "phones" in changes:
            labels = dict(plan.target.phones.values_list("number", "label"))
            changes["phones"] = [services.Phone(n, labels.get(n, "")) for n in changes["phones"]]
        services.edit_customer(actor=self.actor, customer=plan.target, **changes)


class Machines(Kind):
    name, label = "machines", _("Machines")
    needed_when_new = ("model",)
    columns = (
        Column(
            "serial_number",
            _("Serial number"),
            ("出厂编号", "整机编号", "serial number"),
            clean_serial,
            "4LZ2024000001",
            required=True,
        ),
        text_column("model", _("Model"), "机型|型号|model", 40, "4LZ-8.0"),
        text_column("customer_number", _("Customer number"), "客户编号|customer number", 20, ""),
        Column(
            "customer_phone",
            _("Owner's telephone"),
            ("客户电话", "车主电话", "owner's telephone"),
            read_phone,
            "13800138000",
        ),
        Column(
            "customer_name",
            _("Owner's name"),
            ("客户姓名", "车主", "owner's name"),
            clean_name,
            "王建国",
        ),
        text_column("dealer", _("Dealer number"), "经销商编号|dealer number", 20, "D-0101"),
        Column("plate", _("Plate"), ("车牌", "车牌号", "plate"), clean_plate, "冀A12345"),
        Column(
            "engine_number",
            _("Engine or motor number"),
            ("发动机号", "电机号", "engine number"),
            clean_serial,
            "YN33-001",
        ),
        Column(
            "built_on", _("Built on"), ("生产日期", "出厂日期", "built on"), read_day, "2024-01-15"
        ),
        Column("sold_on", _("Sold on"), ("销售日期", "sold on"), read_day, "2024年3月5日"),
        REGION,
        ADDRESS,
    )

    def load(self) -> None:
        rows = Machine.objects.select_related("model", "customer", "dealer")
        self.known = {machine.serial_number: machine for machine in rows}
        self.models = {model.code.casefold(): model for model in ProductModel.objects.all()}
        self.dealers = {dealer.number.casefold(): dealer for dealer in Dealer.objects.all()}
        self.by_number: dict[str, Customer] = {}
        self.by_phone: dict[str, list[Customer]] = {}
        for customer in Customer.objects.filter(merged_into=None).prefetch_related("phones"):
            self.by_number[customer.number.casefold()] = customer
            for phone in customer.phones.all():
                self.by_phone.setdefault(phone.number, []).append(customer)

    def find(self, values: Values) -> Machine | None:
        return self.known.get(values["serial_number"])

    def key_of(self, values: Values) -> str:
        return str(values["serial_number"])

    def check(self, plan: Plan) -> None:
        values = plan.values
        for key, known, sentence in (
            ("model", self.models, _("There is no model “%(text)s”; add it under Products first.")),
            ("dealer", self.dealers, _("There is no dealer with the number “%(text)s”.")),
        ):
            if key in values:
                found = known.get(values[key].casefold())
                if found is None:
                    wrong(plan, self, key, sentence, text=values[key])
                values[key] = found
        self._find_owner(plan)
        built, sold = values.get("built_on"), values.get("sold_on")
        if built and sold and sold < built:
            wrong(plan, self, "sold_on", _("A machine is not sold before it is built."))

    def _find_owner(self, plan: Plan) -> None:
        values = plan.values
        number = values.pop("customer_number", "")
        phone, name = values.pop("customer_phone", ""), values.pop("customer_name", "")
        if number:
            owner = self.by_number.get(number.casefold())
            if owner is None:
                sentence = _("There is no customer with the number “%(text)s”.")
                return wrong(plan, self, "customer_number", sentence, text=number)
        elif phone:
            found = self.by_phone.get(phone, [])
            found = [c for c in found if not name or c.name == name]
            if len(found) != 1:
                sentence = (
                    _("Several customers have this telephone: write the customer number.")
                    if found
                    else _("No customer of this name and telephone; import the customers first.")
                )
                return wrong(plan, self, "customer_phone", sentence)
            owner = found[0]
        elif name:
            sentence = _("A name alone is not enough: add the owner's telephone or number.")
            return wrong(plan, self, "customer_name", sentence)
        else:
            return None
        values["customer"] = owner
        stored = self.find(values)
        if stored and stored.customer and stored.customer != owner:
            sentence = _("It belongs to %(owner)s; sell it on from the machine's page.")
            key = "customer_number" if number else "customer_phone"
            wrong(plan, self, key, sentence, owner=stored.customer.name)
        return None

    def differences(self, target: Machine, values: Values) -> Values:
        return differing(target, values, services.MACHINE_FIELDS | {"customer"})

    def apply(self, plan: Plan) -> None:
        if plan.target is None:
            services.create_machine(actor=self.actor, **plan.values)
            return
        changes = dict(plan.changes)
        owner = changes.pop("customer", None)
        machine = plan.target
        if changes:
            machine = services.edit_machine(actor=self.actor, machine=machine, **changes)
        if owner is not None:
            services.sell_on(actor=self.actor, machine=machine, customer=owner, on=machine.sold_on)


KINDS: dict[str, type[Kind]] = {
    kind.name: kind for kind in (Dealers, Customers, Machines, Registrations)
}
