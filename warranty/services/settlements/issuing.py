"""The notice: frozen with its hash and PDF when it is issued; a dispute brings a new edition."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from core import audit, files
from core.actor import Actor
from core.events import publish
from core.money import yuan
from core.numbering import next_number
from core.options import option
from core.tenancy import verb
from warranty import notices
from warranty.models import Dispute, Settlement, SettlementNotice
from warranty.queries import settlements as queries
from warranty.services.money_news import settlement_page, tell_dealers
from warranty.services.moving import take
from warranty.services.settlements import drafting, errors, lines
from warranty.states.settlements import SETTLEMENT_ACTIONS, SettlementState

NUMBER_KIND = "SN"


@verb
def issue_settlement(*, actor: Actor, settlement: Settlement) -> SettlementNotice:
    """Freeze the notice, keep its paper, tell the dealer: from now on only the dealer answers."""
    settlement = take(actor, settlement, SETTLEMENT_ACTIONS, "issue")
    return _freeze(actor, settlement, "settlement.issued")


@verb
def reissue_settlement(*, actor: Actor, settlement: Settlement) -> Settlement:
    """Disputed lines leave to a new draft; the rest is issued again under a new hash.

    Where every line was disputed nothing is left: the settlement is void.
    """
    notice = latest_notice(settlement)
    disputed = list(
        queries.live_lines(settlement).filter(
            pk__in=Dispute.objects.filter(notice=notice).values("line")
        )
    )
    is_empty = len(disputed) == queries.live_lines(settlement).count()
    name = "withdraw" if is_empty else "reissue"
    settlement = take(actor, settlement, SETTLEMENT_ACTIONS, name)
    settlement.save(update_fields=["state"])
    draft = Settlement.objects.filter(dealer=settlement.dealer, state=SettlementState.DRAFT).first()
    if draft is None:
        draft = drafting.open_draft(
            actor, settlement.dealer, settlement.from_on, settlement.until_on, drafter=settlement
        )
    # They leave here before they come there: no line is on two.
    settlement.lines.filter(pk__in=[line.pk for line in disputed]).update(is_live=False)
    lines.add(draft, [lines.copy(line, draft) for line in disputed])
    lines.total(settlement)
    audit.record(
        actor,
        "settlement.lines_left",
        settlement,
        lines=[line.position for line in disputed],
        into=draft.number,
    )
    if is_empty:
        publish("settlement.withdrawn", actor=actor, settlement=settlement)
        return settlement
    _freeze(actor, settlement, "settlement.reissued")
    return settlement


def latest_notice(settlement: Settlement) -> SettlementNotice:
    """The edition that counts."""
    notice = settlement.notices.order_by("edition").last()
    if notice is None:
        raise errors.NoLines
    return notice


def _freeze(actor: Actor, settlement: Settlement, event: str) -> SettlementNotice:
    today = timezone.localdate()
    earlier = settlement.notices.order_by("edition").last()
    number = earlier.number if earlier else next_number(NUMBER_KIND, today)
    settlement.edition += 1
    settlement.confirm_by = today + timedelta(days=option("settlement.confirm_days"))
    settlement.reminded_at = None
    settlement.issued_at = timezone.now()
    settlement.issued_by_id, settlement.issued_label = actor.user_id, actor.label
    body = notices.body_of(
        settlement,
        number=number,
        edition=settlement.edition,
        issued_on=today,
        confirm_by=settlement.confirm_by,
    )
    if body["net"] != settlement.net_cents:
        raise errors.SumsDiffer
    digest = notices.digest_of(body)
    notice = SettlementNotice(
        settlement=settlement,
        number=number,
        edition=settlement.edition,
        body=body,
        digest=digest,
        issued_at=settlement.issued_at,
        issued_by_id=actor.user_id,
        issued_label=actor.label,
    )
    content = notices.paper(body, digest=digest, language=notices.language_of(settlement.dealer))
    name = f"{number}-{settlement.edition}.pdf"
    files.store(
        notice,
        files.Checked(name, "pdf", "application/pdf", content),
        uploaded_by_id=actor.user_id,
    )
    settlement.save(
        update_fields=[
            "state",
            "edition",
            "confirm_by",
            "reminded_at",
            "issued_at",
            "issued_by",
            "issued_label",
        ]
    )
    audit.record(actor, event, settlement, notice=number, edition=notice.edition, digest=digest)
    tell_dealers(
        {settlement.dealer},
        "settlement.issued",
        {
            "number": number,
            "amount": f"{yuan(settlement.net_cents):,.2f}",
            "until_on": settlement.confirm_by,
        },
        cause=f"settlement:{settlement.pk}:issued:{settlement.edition}",
        url=settlement_page(settlement.number),
    )
    publish(event, actor=actor, settlement=settlement, notice=notice)
    return notice
