"""The steps of a settlement as one table: permission, what is asked, the service, the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from dealers.models import PayMode
from ledger.queries import open_items
from warranty.forms import settlements as asked
from warranty.models import Settlement
from warranty.queries import settlements as queries
from warranty.rules import settlement as rules
from warranty.services import settlements as services
from warranty.services.moving import may_take
from warranty.states.settlements import INVOICE_ACTIONS, SETTLEMENT_ACTIONS, SettlementState


@dataclass(frozen=True, slots=True)
class Step:
    """A button with its form; `action` is its row in the table of states where the names differ."""

    permission: str
    label: Promise
    form: Callable[..., forms.Form]
    service: Callable[..., Any]
    done: Promise
    action: str = ""
    help: Promise | str = ""
    is_main: bool = False
    is_grave: bool = False


def _invoice(*, step: str, **given: Any) -> Any:
    return services.move_invoice(name=step, **given)


STEPS: dict[str, Step] = {
    "check": Step(
        "settlement.check",
        _("Found right"),
        asked.StepForm,
        services.check_settlement,
        _("The settlement is checked."),
        is_main=True,
    ),
    "issue": Step(
        "settlement.check",
        _("Issue the notice"),
        asked.StepForm,
        services.issue_settlement,
        _("The notice is issued, and the dealer is told."),
        is_main=True,
    ),
    "reissue": Step(
        "settlement.check",
        _("Issue anew without the disputed lines"),
        asked.StepForm,
        services.reissue_settlement,
        _("The disputed lines stand on a draft of their own."),
        is_main=True,
    ),
    "confirm": Step(
        "settlement.confirm",
        _("Confirm the notice"),
        asked.ConfirmForm,
        services.confirm_settlement,
        _("Thank you. The notice is confirmed."),
        is_main=True,
    ),
    "paper": Step(
        "settlement.record_paper",
        _("Record the signed paper"),
        asked.PaperForm,
        services.record_paper,
        _("The answer on paper is recorded."),
        action="record_paper",
    ),
    "post": Step(
        "settlement.post",
        _("Post to the books"),
        asked.PostForm,
        services.post_settlement,
        _("The settlement is posted."),
        is_main=True,
    ),
    "offset": Step(
        "settlement.offset",
        _("Offset against goods"),
        asked.OffsetForm,
        services.offset_settlement,
        _("The offset is posted."),
        is_main=True,
    ),
    "credit": Step(
        "settlement.offset",
        _("Credit for parts"),
        asked.StepForm,
        services.credit_parts,
        _("The money is credited for parts."),
        action="offset",
        is_main=True,
    ),
    "pay": Step(
        "settlement.offset",
        _("Record the payment"),
        asked.PayForm,
        services.pay_settlement,
        _("The payment is posted."),
        is_main=True,
    ),
    "invoice": Step(
        "settlement.offset",
        _("The dealer's invoice"),
        asked.InvoiceForm,
        _invoice,
        _("The invoice is recorded."),
    ),
    "close": Step(
        "settlement.offset",
        _("Close"),
        asked.StepForm,
        services.close_settlement,
        _("The settlement is closed."),
    ),
    "refill": Step(
        "settlement.draft",
        _("Add what became payable since"),
        asked.StepForm,
        services.refill_settlement,
        _("The draft is filled up."),
    ),
    "redraft": Step(
        "settlement.check",
        _("Send back to the drafter"),
        asked.ReasonForm,
        services.redraft_settlement,
        _("It is a draft again."),
    ),
    "discard": Step(
        "settlement.draft",
        _("Give the draft up"),
        asked.ReasonForm,
        services.discard_settlement,
        _("The draft is given up; its lines are free."),
        is_grave=True,
    ),
    "reverse": Step(
        "settlement.reverse",
        _("Reverse"),
        asked.ReverseForm,
        services.reverse_settlement,
        _("The settlement is reversed; its lines are free."),
        is_grave=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A step as a page shows it."""

    name: str
    step: Step
    form: forms.Form
    is_open: bool


def step_forms(actor: Actor, settlement: Settlement) -> dict[str, forms.Form]:
    """The forms of the steps that this person may take now."""
    may = may_take(actor, settlement, SETTLEMENT_ACTIONS)
    invoice = may_take(actor, settlement, INVOICE_ACTIONS, field="invoice_state")
    found: dict[str, forms.Form] = {}
    for name, step in STEPS.items():
        if name == "invoice":
            fits = bool(invoice) and settlement.edition > 0
        elif name == "refill":
            fits = settlement.state == SettlementState.DRAFT and actor.may(step.permission)
        else:
            fits = (step.action or name) in may and _suits(name, settlement)
        if fits:
            found[name] = form_of(name, settlement)
    return found


def form_of(name: str, settlement: Settlement, data: Any = None) -> forms.Form:
    """The form of a step, with what is usual already in it."""
    step, today = STEPS[name], timezone.localdate()
    given: dict[str, Any] = {"auto_id": f"id_{name}_%s"}
    if name == "offset":
        items = open_items(settlement.dealer)
        open_ones = [(each.item, each.cents) for each in items]
        given["items"] = items
        given["proposal"] = rules.oldest_first(queries.left_of(settlement), open_ones)
    elif name == "invoice":
        given["state"] = settlement.invoice_state if data is None else ""
    elif name == "confirm":
        given["auto_id"] = "id_%s"
        given["initial"] = {"digest": services.latest_notice(settlement).digest}
    else:
        given["initial"] = {"on": today, "paid_on": today} if name in ("post", "pay") else {}
    return step.form(data, **given)


def offered(forms_of: dict[str, forms.Form]) -> list[Offered]:
    """In the order of the table; the main step, and one with a question, lie open."""
    return [
        Offered(name, step, forms_of[name], step.is_main or forms_of[name].is_bound)
        for name, step in STEPS.items()
        if name in forms_of
    ]


def _suits(name: str, settlement: Settlement) -> bool:
    """What the contract's pay mode and the money left leave to be offered."""
    mode = settlement.pay_mode
    if name in ("offset", "credit", "pay"):
        wanted = {"offset": PayMode.OFFSET, "credit": PayMode.PARTS_CREDIT, "pay": PayMode.CASH}
        return mode == wanted[name] and queries.left_of(settlement) > 0
    if name == "close":
        return queries.left_of(settlement) == 0
    return True
