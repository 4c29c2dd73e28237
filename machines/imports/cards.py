"""Receipt cards as a list: the papers of a month, typed once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from dealers.models import Dealer
from machines import services
from machines.card_forms import found_or_opened, noon_or_now
from machines.imports.base import (
    ADDRESS,
    REGION,
    Column,
    Kind,
    Plan,
    Values,
    text_column,
    wrong,
)
from machines.imports.cells import WrongCell, read_day, read_phone
from machines.models import (
    Customer,
    Machine,
    Registration,
    RegistrationChannel,
    RegistrationState,
)
from machines.rules import clean_name, clean_serial

YES = {"是", "有", "已", "√", "✓", "y", "yes", "true", "1"}
NO = {"否", "无", "未", "×", "n", "no", "false", "0"}


def read_tick(text: str) -> bool:
    """是 or 否, in the ways that people tick a box."""
    said = text.strip().casefold()
    if said not in YES | NO:
        raise WrongCell(_("“%(text)s” is neither yes nor no."), text=text)
    return said in YES


class Registrations(Kind):
    name, label = "registrations", _("Receipt cards")
    columns = (
        Column(
            "serial_number",
            _("Serial number"),
            ("出厂编号", "整机编号", "serial number"),
            clean_serial,
            "4LZ2024000001",
            required=True,
        ),
        Column(
            "invoice_on",
            _("Invoice date"),
            ("开票日期", "销售日期", "invoice date"),
            read_day,
            "2024年3月5日",
            required=True,
        ),
        text_column("invoice_number", _("Invoice number"), "发票号|invoice number", 40, "00012345"),
        text_column("dealer", _("Dealer number"), "经销商编号|dealer number", 20, "D-0101"),
        text_column("customer_number", _("Customer number"), "客户编号|customer number", 20, ""),
        Column(
            "customer_name",
            _("Owner's name"),
            ("客户姓名", "车主", "owner's name"),
            clean_name,
            "王建国",
        ),
        Column(
            "customer_phone",
            _("Owner's telephone"),
            ("客户电话", "车主电话", "owner's telephone"),
            read_phone,
            "13800138000",
        ),
        REGION,
        ADDRESS,
        Column("delivered_on", _("Delivered on"), ("交付日期", "delivered on"), read_day, ""),
        Column("installed_on", _("Installed on"), ("安装日期", "installed on"), read_day, ""),
        Column("accepted_on", _("Accepted on"), ("验收日期", "accepted on"), read_day, ""),
        Column(
            "received_on",
            _("Paper card received on"),
            ("收到日期", "回执日期", "received on"),
            read_day,
            "2024-03-20",
        ),
        Column("is_trial_run", _("trial run done"), ("试车", "trial run"), read_tick, "是"),
        Column("is_trained", _("user trained"), ("培训", "trained"), read_tick, "是"),
        text_column("signed_name", _("Signed by"), "签名人|signed by", 80, ""),
    )

    def load(self) -> None:
        machines = Machine.objects.select_related("model__line", "customer", "dealer")
        self.machines = {machine.serial_number: machine for machine in machines}
        cards = Registration.objects.filter(state=RegistrationState.REGISTERED)
        self.cards = {card.machine_id: card for card in cards}
        self.dealers = {dealer.number.casefold(): dealer for dealer in Dealer.objects.all()}
        customers = Customer.objects.filter(merged_into=None)
        self.customers = {customer.number.casefold(): customer for customer in customers}

    def find(self, values: Values) -> Registration | None:
        machine = self.machines.get(values["serial_number"])
        return self.cards.get(machine.pk) if machine else None

    def key_of(self, values: Values) -> str:
        return str(values["serial_number"])

    def check(self, plan: Plan) -> None:
        values = plan.values
        machine = self.machines.get(values["serial_number"])
        if machine is None:
            sentence = _("There is no machine with this serial number. Compare the plate.")
            return wrong(plan, self, "serial_number", sentence)
        card = self.cards.get(machine.pk)
        if card is not None and card.invoice_on != values.get("invoice_on"):
            sentence = _("Card %(number)s says another day; make it void first.")
            return wrong(plan, self, "invoice_on", sentence, number=card.number)
        if "dealer" in values:
            dealer = self.dealers.get(values["dealer"].casefold())
            if dealer is None:
                sentence = _("There is no dealer with the number “%(text)s”.")
                wrong(plan, self, "dealer", sentence, text=values["dealer"])
        elif machine.dealer_id is None:
            wrong(plan, self, "dealer", _("Who sold it? Nobody is on record."))
        return self._check_customer(plan, machine)

    def _check_customer(self, plan: Plan, machine: Machine) -> None:
        values = plan.values
        number = values.get("customer_number", "")
        if number and number.casefold() not in self.customers:
            sentence = _("There is no customer with the number “%(text)s”.")
            return wrong(plan, self, "customer_number", sentence, text=number)
        if number or machine.customer_id is not None:
            return None
        for key in ("customer_name", "customer_phone"):
            if not values.get(key):
                wrong(plan, self, key, _("A customer who is not on file needs this."))
        return None

    def differences(self, target: Registration, values: Values) -> Values:
        return {}

    def apply(self, plan: Plan) -> None:
        values = dict(plan.values)
        machine = self.machines[values.pop("serial_number")]
        number = values.pop("dealer", "")
        dealer = self.dealers[number.casefold()] if number else machine.dealer
        assert dealer is not None  # `check` has seen to it
        customer = self._customer(machine, values)
        values.pop("region_code", None)
        values.pop("address", None)
        services.register_machine(
            actor=self.actor,
            machine=machine,
            dealer=dealer,
            customer=customer,
            received_at=noon_or_now(values.pop("received_on", None)),
            channel=RegistrationChannel.IMPORT,
            **values,
        )

    def _customer(self, machine: Machine, values: dict[str, Any]) -> Customer:
        number = values.pop("customer_number", "")
        name, phone = values.pop("customer_name", ""), values.pop("customer_phone", "")
        if number:
            return self.customers[number.casefold()]
        if machine.customer is not None:
            return machine.customer
        return found_or_opened(
            self.actor,
            name=name,
            phone=phone,
            region_code=values.get("region_code", ""),
            address=values.get("address", ""),
        )
