"""What addresses point at: for each kind, how to make one and which kwargs name it.

`owned` is one that the dealer of the cast may see, `neighbour` one of the neighbour dealer's
in the same company, `missing` names nothing. A maker runs inside the company's scope.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

import accounts.absences
import accounts.services
import dealers.services
import ledger.services
import notifications.services
import sla.services
from accounts.models import Membership
from core import files
from core.models import Job
from dealers.models import Dealer, DealerContract, DealerLevel, RateCard
from ledger.states import AccountRole
from machines.imports import services as imports
from notifications.models import Webhook
from sla.models import Calendar, Clock, ClockDifference, Policy, PolicyVersion
from tests.access import (
    things_of_cards,
    things_of_cases,
    things_of_claims,
    things_of_oldparts,
    things_of_parts,
    things_of_reports,
    things_of_settlements,
)
from tests.cast import NEIGHBOUR_CANARY, Cast, a_ticket
from tests.visits.builders import a_callback, a_visit
from tickets.models import Offer, Ticket, TicketAttachment

Kwargs = dict[str, Any]
NO_UUID = UUID(int=0)


@dataclass(frozen=True)
class Thing:
    """Makers of one's own and of the neighbour's, and the kwargs of what does not exist."""

    owned: Callable[[Cast], Kwargs]
    missing: Kwargs
    neighbour: Callable[[Cast], Kwargs] | None = None


def _ticket(cast: Cast) -> Kwargs:
    return {"number": _offered(cast, cast.dealer)}


def _offered(cast: Cast, dealer: Dealer, **facts: Any) -> str:
    ticket = a_ticket(cast, dealer=dealer, team="dealer", state="offered", **facts)
    Offer.objects.create(ticket=ticket, dealer=dealer, offered_at=ticket.reported_at)
    return str(ticket.number)


def _neighbours_ticket(cast: Cast) -> Kwargs:
    number = _offered(
        cast,
        cast.neighbour,
        summary=f"{NEIGHBOUR_CANARY} {cast.mark}",
        customer=cast.neighbour_customer,
        machine=cast.neighbour_machine,
    )
    return {"number": number}


def _invitation(cast: Cast) -> Kwargs:
    invitation = accounts.services.invite(
        actor=cast.system(), email=f"new@{cast.tenant.slug}.example", name="New", role="clerk"
    )
    return {"public_id": invitation.public_id}


def _token(cast: Cast) -> Kwargs:
    token, _secret = accounts.services.create_token(
        actor=cast.system(),
        membership=Membership.objects.get(pk=cast.companies["clerk"].membership_id),
        name="call centre",
        expires_at=timezone.now() + timedelta(days=9),
    )
    return {"public_id": token.public_id}


def _absence(cast: Cast) -> Kwargs:
    now = timezone.now()
    absence = accounts.absences.enter_absence(
        actor=cast.system(),
        member=Membership.objects.get(user=cast.people["clerk"]),
        starts_at=now,
        ends_at=now + timedelta(days=3),
        reason=f"leave {cast.mark}",
    )
    return {"public_id": absence.public_id}


def _person(cast: Cast) -> Kwargs:
    return {"public_id": Membership.objects.get(user=cast.people["clerk"]).public_id}


def _notification(cast: Cast) -> Kwargs:
    told = notifications.services.notify(
        user=cast.people["clerk"], event="check.due", params={"number": cast.mark}, cause="matrix"
    )
    return {"public_id": told.public_id}


def _message(cast: Cast) -> Kwargs:
    message = notifications.services.message_customer(
        phone="+8613800138000", event="ticket.done.customer", params={}, cause="matrix"
    )
    message.state = "failed"
    message.save(update_fields=["state"])
    return {"public_id": message.public_id}


def _difference(cast: Cast) -> Kwargs:
    kwargs = _clock_held_by(lambda cast: cast.dealer)(cast)
    clock = Clock.objects.get(subject_number=kwargs["number"])
    found = ClockDifference.objects.create(
        clock=clock, what="due_at", found_at=timezone.now(), seen_at=timezone.now()
    )
    return {"public_id": found.public_id}


def _account(pick: Callable[[Cast], Dealer]) -> Callable[[Cast], Kwargs]:
    def make(cast: Cast) -> Kwargs:
        accounts = ledger.services.ensure_accounts(actor=cast.system(), dealer=pick(cast))
        return {"code": accounts[AccountRole.PAYABLE].code}

    return make


def _entry(pick: Callable[[Cast], Dealer]) -> Callable[[Cast], Kwargs]:
    def make(cast: Cast) -> Kwargs:
        actor, dealer = cast.system(), pick(cast)
        own = ledger.services.ensure_accounts(actor=actor, dealer=dealer)
        house = ledger.services.ensure_house(actor=actor)
        # The numbers of two companies run alike: another day keeps them apart.
        on = timezone.localdate() - timedelta(days=40 if cast.mark else 0)
        entry = ledger.services.post_entry(
            actor=actor,
            source=ledger.services.Source("matrix", dealer.pk),
            lines=[
                ledger.services.debit(house[AccountRole.COST_PART], 5),
                ledger.services.credit(own[AccountRole.PAYABLE], 5),
            ],
            on=on,
            narration=f"{dealer.name}",
        )
        return {"number": entry.number}

    return make


def _webhook(cast: Cast) -> Kwargs:
    code = f"hook-of-{cast.tenant.slug}"
    if not Webhook.objects.filter(code=code).exists():
        notifications.services.create_webhook(
            actor=cast.system(),
            code=code,
            name=f"ERP {cast.mark}",
            url="https://hooks.example/",
        )
    return {"code": code}


def _call(cast: Cast) -> Kwargs:
    code = _webhook(cast)["code"]
    call = notifications.services.call_webhook(
        code=code, event="sla.breached", payload={"number": cast.mark}, cause=f"matrix:{uuid4()}"
    )
    assert call is not None
    call.state = "failed"
    call.save(update_fields=["state"])
    return {"code": code, "public_id": call.public_id}


def _clock_held_by(pick: Callable[[Cast], Any]) -> Callable[[Cast], Kwargs]:
    def make(cast: Cast) -> Kwargs:
        dealer = pick(cast)
        ticket = a_ticket(cast, dealer=dealer, team="dealer", state="offered")
        sla.services.start_clock(
            actor=cast.system(),
            subject="ticket",
            subject_id=ticket.pk,
            subject_number=ticket.number,
            promise="arrange",
            holder_kind="dealer",
            holder_label=dealer.name,
            holder_dealer_id=dealer.pk,
            facts={},
            minutes=120,
        )
        return {"subject": "ticket", "number": ticket.number}

    def with_calendar(cast: Cast) -> Kwargs:
        _calendar(cast)
        return make(cast)

    return with_calendar


def _calendar(cast: Cast) -> Kwargs:
    calendar, _ = Calendar.objects.get_or_create(
        code=f"hours-of-{cast.tenant.slug}",
        defaults={
            "name": f"日历 {cast.mark}",
            "windows": {str(day): [["00:00", "24:00"]] for day in range(7)},
            "is_default": not Calendar.objects.filter(is_default=True).exists(),
        },
    )
    return {"code": calendar.code}


def _local_calendar(cast: Cast) -> Kwargs:
    code = _calendar(cast)["code"]
    other = Calendar.objects.create(
        code=f"there-of-{cast.tenant.slug}",
        name=f"地区 {cast.mark}",
        windows={"0": [["09:00", "12:00"]]},
    )
    local = sla.services.set_local(
        actor=cast.system(),
        instead_of=Calendar.objects.get(code=code),
        calendar=other,
        region_code="37",
    )
    return {"code": code, "public_id": local.public_id}


def _season(cast: Cast) -> Kwargs:
    season = sla.services.save_season(
        actor=cast.system(),
        product_line_code="CH",
        region_code="",
        name=f"秋收 {cast.mark}",
        starts_on=date(2026, 9, 1),
        ends_on=date(2026, 10, 31),
    )
    return {"public_id": season.public_id}


def _policy(cast: Cast) -> Kwargs:
    calendar = Calendar.objects.get(code=_calendar(cast)["code"])
    policy, is_new = Policy.objects.get_or_create(
        code=f"policy-of-{cast.tenant.slug}", defaults={"name": f"规则 {cast.mark}"}
    )
    if is_new:
        PolicyVersion.objects.create(
            policy=policy, number=1, valid_from=timezone.now(), position=1, calendar=calendar
        )
    return {"code": policy.code}


def _reapply_job(cast: Cast) -> Kwargs:
    code = _policy(cast)["code"]
    job = Job.objects.create(public_id=uuid4(), kind="sla.reapply", params={"policy": code})
    return {"code": code, "public_id": job.public_id}


def _file_of(cast: Cast, **facts: Any) -> Kwargs:
    ticket = a_ticket(cast, team="dealer", state="offered", **facts)
    row = TicketAttachment(ticket=ticket)
    content = files.check(SimpleUploadedFile("a.txt", cast.mark.encode() + b"-"))
    files.store(row, content, uploaded_by_id=None)
    return {"number": ticket.number, "public_id": row.public_id}


def _neighbours_file(cast: Cast) -> Kwargs:
    return _file_of(cast, dealer=cast.neighbour, customer=None, machine=None)


def _only_id(of: Callable[[Cast], Kwargs]) -> Callable[[Cast], Kwargs]:
    return lambda cast: {"public_id": of(cast)["public_id"]}


def _export(cast: Cast) -> Kwargs:
    job = Job.objects.create(
        public_id=uuid4(), kind="tickets.export", requested_by=cast.people["clerk"]
    )
    return {"public_id": job.public_id}


def _import(cast: Cast) -> Kwargs:
    rows = f"姓名,电话\n孙{cast.mark},13700137009\n,0"
    table = SimpleUploadedFile("customers.csv", rows.encode())
    actor = cast.actor("supervisor")
    job = imports.start_import(actor=actor, kind="customers", upload=table)
    imports.read_import(job_id=job.pk)
    return {"public_id": job.public_id}


def _visit(cast: Cast) -> Kwargs:
    ticket = a_ticket(cast, dealer=cast.dealer, team="dealer", state="accepted")
    return {"number": a_visit(cast, ticket).number}


def _neighbours_visit(cast: Cast) -> Kwargs:
    number = _neighbours_ticket(cast)["number"]
    return {"number": a_visit(cast, Ticket.objects.get(number=number)).number}


def _callback(cast: Cast) -> Kwargs:
    now = timezone.now()
    ticket = a_ticket(cast, dealer=cast.dealer, team="dealer", state="done", done_at=now)
    return {"number": a_callback(cast, ticket).number}


def _contract(pick: Callable[[Cast], Dealer]) -> Callable[[Cast], Kwargs]:
    def make(cast: Cast) -> Kwargs:
        dealer = pick(cast)
        contract = DealerContract.objects.filter(dealer=dealer).first()
        if contract is None:
            contract = dealers.services.add_contract(
                actor=cast.system(),
                dealer=dealer,
                number=f"HT-{dealer.pk}",
                from_on=timezone.localdate(),
            )
        return {"number": dealer.number, "contract": contract.number}

    return make


def _rate_card(pick: Callable[[Cast], Dealer]) -> Callable[[Cast], Kwargs]:
    def make(cast: Cast) -> Kwargs:
        code = f"OWN-{cast.tenant.pk}-{pick(cast).pk}"
        if not RateCard.objects.filter(code=code).exists():
            dealers.services.new_rate_card(
                actor=cast.system(),
                code=code,
                name=f"费率 {cast.mark}",
                dealer=pick(cast),
                from_on=timezone.localdate(),
                labour_cents_per_hour=6_000,
                travel_cents_per_km=150,
            )
        return {"code": code}

    return make


def _rate_card_version(pick: Callable[[Cast], Dealer]) -> Callable[[Cast], Kwargs]:
    return lambda cast: {**_rate_card(pick)(cast), "from_on": timezone.localdate().isoformat()}


def _level(cast: Cast) -> Kwargs:
    """One with a code that only this company has."""
    code = f"L{cast.tenant.pk}"
    DealerLevel.objects.get_or_create(code=code, defaults={"name": f"特级 {cast.mark}"})
    return {"code": code}


THINGS: dict[str, Thing] = {
    "registration": Thing(
        things_of_cards.card, {"number": "RC-19990101-0001"}, things_of_cards.neighbours_card
    ),
    "coverage": Thing(things_of_cards.coverage, {"serial_number": "NO-SUCH-SERIAL", "place": 1}),
    "case": Thing(
        things_of_cases.case, {"number": "SC-19990101-0001"}, things_of_cases.neighbours_case
    ),
    "spot_check": Thing(
        things_of_cases.spot_check,
        {"number": "SK-19990101-0001"},
        things_of_cases.neighbours_spot_check,
    ),
    "spot_check_item": Thing(
        things_of_cases.item,
        {"number": "SK-19990101-0001", "claim": "CL-19990101-0001"},
        things_of_cases.neighbours_item,
    ),
    "spot_check_paper": Thing(
        things_of_cases.paper,
        {"number": "SK-19990101-0001", "claim": "CL-19990101-0001", "public_id": NO_UUID},
        things_of_cases.neighbours_paper,
    ),
    "settled_claim": Thing(things_of_cases.settled_claim, {}),
    "recovery": Thing(things_of_cases.recovery, {"number": "RV-19990101-0001"}),
    "check_rule": Thing(things_of_claims.check_rule, {"code": "NONE"}),
    "cut_reason": Thing(things_of_claims.cut_reason, {"code": "NONE"}),
    "consent": Thing(
        things_of_claims.consent,
        {"number": "PA-19990101-0001"},
        things_of_claims.neighbours_consent,
    ),
    "claim": Thing(
        things_of_claims.claim,
        {"number": "CL-19990101-0001"},
        things_of_claims.neighbours_claim,
    ),
    "settlement": Thing(
        things_of_settlements.settlement,
        {"number": "ST-20000101-0001"},
        things_of_settlements.neighbours_settlement,
    ),
    "payable_claim": Thing(things_of_settlements.payable_claim, {"number": "CL-20000101-0001"}),
    "settlement_notice": Thing(
        things_of_settlements.notice,
        {"number": "ST-20000101-0001", "edition": 1},
        things_of_settlements.neighbours_notice,
    ),
    "adjustment": Thing(
        things_of_settlements.adjustment,
        {"number": "AJ-20000101-0001"},
        things_of_settlements.neighbours_adjustment,
    ),
    "report": Thing(
        things_of_reports.report,
        {"number": "WR-19990101-0001"},
        things_of_reports.neighbours_report,
    ),
    "signed_report": Thing(things_of_reports.signed, {"number": "WR-19990101-0001"}),
    "report_version": Thing(
        things_of_reports.version,
        {"number": "WR-19990101-0001", "version": 1},
        things_of_reports.neighbours_version,
    ),
    "evidence": Thing(
        things_of_reports.evidence, {"public_id": NO_UUID}, things_of_reports.neighbours_evidence
    ),
    "old_part": Thing(
        things_of_oldparts.old_part,
        {"number": "OP-19990101-0001"},
        things_of_oldparts.neighbours_old_part,
    ),
    "old_part_photo": Thing(
        things_of_oldparts.photo,
        {"number": "OP-19990101-0001", "public_id": NO_UUID},
        things_of_oldparts.neighbours_photo,
    ),
    "shipment": Thing(
        things_of_oldparts.shipment,
        {"number": "RS-19990101-0001"},
        things_of_oldparts.neighbours_shipment,
    ),
    "box": Thing(
        things_of_oldparts.box,
        {"number": "RS-19990101-0001", "box": 1},
        things_of_oldparts.neighbours_box,
    ),
    "return_window": Thing(things_of_oldparts.window, {"closes": "1999-06-30"}),
    "truck": Thing(things_of_oldparts.truck, {"number": "TR-19990101-0001"}),
    "part": Thing(things_of_parts.part, {"number": "NO-SUCH-PART"}),
    "supplier": Thing(things_of_parts.supplier, {"code": "NO-SUCH-SUPPLIER"}),
    "store": Thing(things_of_parts.stocked, {"code": "NO-SUCH-STORE"}),
    "operation": Thing(things_of_parts.operation, {"code": "NO-SUCH"}),
    "contract": Thing(
        _contract(lambda cast: cast.dealer),
        {"number": "D-9999", "contract": "HT-0"},
        _contract(lambda cast: cast.neighbour),
    ),
    "rate_card": Thing(
        _rate_card(lambda cast: cast.dealer),
        {"code": "NONE"},
        _rate_card(lambda cast: cast.neighbour),
    ),
    "rate_card_version": Thing(
        _rate_card_version(lambda cast: cast.dealer),
        {"code": "NONE", "from_on": "2020-01-01"},
        _rate_card_version(lambda cast: cast.neighbour),
    ),
    "level": Thing(_level, {"code": "NONE"}),
    "visit": Thing(_visit, {"number": "V-19990101-0001"}, _neighbours_visit),
    "callback": Thing(_callback, {"number": "CB-19990101-0001"}),
    "ticket_file": Thing(
        _only_id(lambda cast: _file_of(cast, dealer=cast.dealer)),
        {"public_id": NO_UUID},
        _only_id(_neighbours_file),
    ),
    "ticket_file_in_api": Thing(
        lambda cast: _file_of(cast, dealer=cast.dealer),
        {"number": "T-19990101-0001", "public_id": NO_UUID},
        _neighbours_file,
    ),
    "export": Thing(_export, {"public_id": NO_UUID}),
    "import": Thing(_import, {"public_id": NO_UUID}),
    "company": Thing(lambda cast: {"slug": cast.tenant.slug}, {"slug": "no-such-company"}),
    "person": Thing(_person, {"public_id": NO_UUID}),
    "invitation": Thing(_invitation, {"public_id": NO_UUID}),
    "absence": Thing(_absence, {"public_id": NO_UUID}),
    "token": Thing(_token, {"public_id": NO_UUID}),
    "notification": Thing(_notification, {"public_id": NO_UUID}),
    "webhook": Thing(_webhook, {"code": "no-such-webhook"}),
    "call": Thing(_call, {"code": "no-such-webhook", "public_id": NO_UUID}),
    "message": Thing(_message, {"public_id": NO_UUID}),
    "account": Thing(
        _account(lambda cast: cast.dealer),
        {"code": "D-9999:payable"},
        _account(lambda cast: cast.neighbour),
    ),
    "entry": Thing(
        _entry(lambda cast: cast.dealer),
        {"number": "J-19990101-0001"},
        _entry(lambda cast: cast.neighbour),
    ),
    "difference": Thing(_difference, {"public_id": NO_UUID}),
    "clock": Thing(
        _clock_held_by(lambda cast: cast.dealer),
        {"subject": "ticket", "number": "T-19990101-0001"},
        _clock_held_by(lambda cast: cast.neighbour),
    ),
    "calendar": Thing(_calendar, {"code": "no-such-calendar"}),
    "local_calendar": Thing(_local_calendar, {"code": "no-such-calendar", "public_id": NO_UUID}),
    "season": Thing(_season, {"public_id": NO_UUID}),
    "policy": Thing(_policy, {"code": "no-such-policy"}),
    "reapply_job": Thing(_reapply_job, {"code": "no-such-policy", "public_id": NO_UUID}),
    "ticket": Thing(_ticket, {"number": "T-19990101-0001"}, _neighbours_ticket),
    "customer": Thing(
        lambda cast: {"number": cast.customer.number},
        {"number": "C-999999"},
        lambda cast: {"number": cast.neighbour_customer.number},
    ),
    "machine": Thing(
        lambda cast: {"serial_number": cast.machine.serial_number},
        {"serial_number": "NO-SUCH-SERIAL"},
        lambda cast: {"serial_number": cast.neighbour_machine.serial_number},
    ),
    "dealer": Thing(
        lambda cast: {"number": cast.dealer.number},
        {"number": "D-9999"},
        lambda cast: {"number": cast.neighbour.number},
    ),
}
