"""The call itself: who rings about what, as a ticket's first row."""

from __future__ import annotations

from accounts.roles import Role
from knowledge.models import Severity, Symptom
from machines.models import Machine
from portal.demo import names, texts
from portal.demo.companies import Line, Trouble
from portal.demo.hours import instant
from portal.demo.life import Life, Setting
from tickets.models import Ticket
from tickets.states import TicketChannel, TicketKind, Urgency

KINDS = {
    TicketKind.REPAIR: 70,
    TicketKind.CONSULTATION: 13,
    TicketKind.COMPLAINT: 4,
    TicketKind.INSTALLATION: 6,
    TicketKind.TRAINING: 3,
    TicketKind.RETURN: 4,
}
CHANNELS = {
    TicketChannel.PHONE: 70,
    TicketChannel.WECHAT: 13,
    TicketChannel.DEALER: 5,
    TicketChannel.WEB: 6,
    TicketChannel.VISIT: 2,
    TicketChannel.MAIL: 2,
    TicketChannel.API: 1.5,
    TicketChannel.LETTER: 0.5,
}
URGENCIES = {Urgency.NORMAL: 79, Urgency.HIGH: 15, Urgency.URGENT: 6}
# What an unusual fault is among the faults: rarely.
UNUSUAL = 0.25


class Call:
    """What is asked, and how it will be answered."""

    def __init__(self, summary: str, description: str, cause: str, result: str) -> None:
        self.summary, self.description = summary, description
        self.cause, self.result = cause, result


def take(setting: Setting, at: int, line: Line) -> tuple[Life, Call]:
    """A ticket that has just come in, and what will come out of it."""
    chance = setting.chance
    kind = chance.choices(tuple(KINDS), tuple(KINDS.values()))[0]
    machine = chance.choice(setting.park.machines[line.code])
    symptom, call = _matter(setting, kind, line, machine)
    customer = machine.customer
    assert customer is not None
    caller = customer.name if customer.kind == "person" else names.person(chance)
    channel = chance.choices(tuple(CHANNELS), tuple(CHANNELS.values()))[0]
    if channel == TicketChannel.DEALER and (kind != TicketKind.REPAIR or line.is_bought_in):
        channel = TicketChannel.PHONE
    ticket = Ticket(
        number=setting.book.number("T", at),
        kind=kind,
        urgency=_urgency(setting, kind),
        severity=symptom.severity if symptom else Severity.GENERAL,
        channel=channel,
        customer=customer,
        machine=machine,
        product_line=setting.park.catalogue.lines[line.code],
        symptom=symptom,
        summary=call.summary[:120],
        description=call.description,
        caller_name=caller,
        caller_phone=setting.park.phones[customer.pk],
        region_code=machine.region_code,
        address=machine.address,
        wished_for=chance.choice(texts.WISHES),
        reported_at=instant(at),
        created_by=None
        if channel in (TicketChannel.WEB, TicketChannel.API, TicketChannel.DEALER)
        else setting.someone(Role.CLERK),
    )
    return Life(setting, ticket, at), call


def again(setting: Setting, at: int, first: Ticket) -> Life:
    """The same customer rings a second time about the same thing."""
    same = (
        "kind",
        "urgency",
        "severity",
        "customer",
        "machine",
        "product_line",
        "symptom",
        "summary",
        "caller_name",
        "caller_phone",
        "region_code",
        "address",
    )
    ticket = Ticket(
        number=setting.book.number("T", at),
        description="用户再次来电询问同一问题。",
        reported_at=instant(at),
        created_by=setting.someone(Role.CLERK),
        **{name: getattr(first, name) for name in same},
    )
    return Life(setting, ticket, at)


def _urgency(setting: Setting, kind: str) -> Urgency:
    if kind not in (TicketKind.REPAIR, TicketKind.COMPLAINT):
        return Urgency.NORMAL
    return setting.chance.choices(tuple(URGENCIES), tuple(URGENCIES.values()))[0]


def _matter(
    setting: Setting, kind: str, line: Line, machine: Machine
) -> tuple[Symptom | None, Call]:
    chance = setting.chance
    model = machine.model.code
    if kind == TicketKind.REPAIR:
        symptom, trouble = _trouble(setting, line)
        said = texts.complaint(chance, model, trouble)
        summary = f"{model} {trouble.name}"
        return symptom, Call(summary, said, trouble.cause, trouble.result)
    if kind == TicketKind.COMPLAINT:
        title, cause, result = chance.choice(texts.COMPLAINTS)
        return None, Call(title, f"{title}。机型{model}。", cause, result)
    titles = {
        TicketKind.CONSULTATION: texts.QUESTIONS,
        TicketKind.RETURN: texts.RETURNS,
        TicketKind.INSTALLATION: texts.INSTALLATIONS,
        TicketKind.TRAINING: texts.TRAININGS,
    }[TicketKind(kind)]
    title, result = chance.choice(titles)
    return None, Call(title, f"{title}（{model}）", "", result)


def _trouble(setting: Setting, line: Line) -> tuple[Symptom, Trouble]:
    pairs = setting.park.catalogue.symptoms[line.code]
    weights = [UNUSUAL if trouble.is_unusual else 1.0 for _symptom, trouble in pairs]
    return setting.chance.choices(pairs, weights)[0]
