"""Work reports and their photos for the access matrix; see `tests.access.things`."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from core.numbering import next_numbers
from dealers.models import Dealer
from machines.models import Machine
from tests.cast import Cast, a_ticket
from warranty.models import WorkReport
from warranty.services import reports

Kwargs = dict[str, Any]


def report(cast: Cast) -> Kwargs:
    return {"number": a_report(cast, cast.machine, cast.dealer).number}


def neighbours_report(cast: Cast) -> Kwargs:
    return {"number": a_report(cast, cast.neighbour_machine, cast.neighbour).number}


def version(cast: Cast) -> Kwargs:
    return report(cast) | {"version": 1}


def neighbours_version(cast: Cast) -> Kwargs:
    return neighbours_report(cast) | {"version": 1}


def signed(cast: Cast) -> Kwargs:
    draft = a_report(cast, cast.machine, cast.dealer)
    words = dict.fromkeys(("complaint", "cause", "correction"), "换件")
    at = timezone.now()
    reports.save_report(
        actor=cast.system(), report=draft, facts=words | {"started_at": at, "finished_at": at}
    )
    technician = cast.actor("dealer_technician")
    reports.sign_report(
        actor=technician, report=draft, signature=[[1, 2, 3, 4]], signer_name="张丰收"
    )
    return {"number": draft.number}


def evidence(cast: Cast) -> Kwargs:
    return {"public_id": _photo(cast, a_report(cast, cast.machine, cast.dealer))}


def neighbours_evidence(cast: Cast) -> Kwargs:
    return {"public_id": _photo(cast, a_report(cast, cast.neighbour_machine, cast.neighbour))}


def a_report(cast: Cast, machine: Machine, dealer: Dealer) -> WorkReport:
    """The draft of a dealer, once; the numbers of two companies are kept apart."""
    key = uuid5(NAMESPACE_URL, f"{cast.tenant.slug}/{dealer.number}")
    made = WorkReport.objects.filter(client_key=key).first()
    if made is not None:
        return made
    if cast.mark:
        next_numbers("WR", timezone.localdate(), 50)
    ticket = a_ticket(
        cast,
        state="accepted",
        team="dealer",
        dealer=dealer,
        machine=machine,
        customer=machine.customer,
    )
    return reports.start_report(actor=cast.system(), ticket=ticket, client_key=key)


def _photo(cast: Cast, report: WorkReport) -> Any:
    out = BytesIO()
    Image.new("RGB", (32, 24), (90, 120, 40)).save(out, "PNG")
    upload = SimpleUploadedFile("plate.png", out.getvalue(), "image/png")
    kept = reports.attach_evidence(actor=cast.system(), report=report, upload=upload, kind="plate")
    return kept.public_id
