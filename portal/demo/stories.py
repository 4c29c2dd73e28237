"""How tickets go: at the desk, with a department, with dealers; and the calls after the work."""

from __future__ import annotations

from contextlib import suppress

from accounts.models import User
from accounts.roles import Role
from dealers.models import Dealer
from portal.demo import texts
from portal.demo.companies import Line
from portal.demo.field_work import KEPT_BY_RESULT, Away, visit_customer
from portal.demo.followup import call_back
from portal.demo.hours import instant
from portal.demo.intake import Call, again, take
from portal.demo.life import Life, Setting, StopHere
from sla.states import Promise
from tickets.models import EntryKind, Offer, SupervisionCheck
from tickets.rules import FIELD_WORK, first_holder
from tickets.states import OfferState, Team, TicketChannel, TicketKind, TicketState, Visibility

CANCELLED, DUPLICATE = 0.03, 0.012
BY_RULE = 0.6
REFUSED, UNANSWERED = 0.05, 0.02
SLOW_DESK = 0.03
MINUTE, HOUR = 60, 3_600


def tell_story(setting: Setting, at: int, line: Line) -> None:
    """One ticket from the call to now; sometimes the customer rings twice."""
    life, call = take(setting, at, line)
    with suppress(StopHere):
        _live(life, call)
    life.settle()
    if setting.chance.random() < DUPLICATE:
        _ring_twice(setting, life)


def _ring_twice(setting: Setting, first: Life) -> None:
    """A second call about the same thing is merged into the first while that is open."""
    at = first.work(first.reported, setting.chance.randint(30, 300))
    merged_at = at + setting.chance.randint(3, 15) * MINUTE
    ticket = first.ticket
    still_open = ticket.done_at is None or ticket.done_at > instant(merged_at)
    if merged_at > setting.now or not still_open or ticket.state == TicketState.CANCELLED:
        return
    second = again(setting, at, ticket)
    clerk = setting.someone(Role.CLERK)
    second.tell(at, "registered", second.ticket.created_by or clerk)
    second.start(Promise.DISPATCH, at)
    second.ticket.state, second.ticket.merged_into = TicketState.MERGED, ticket
    second.tell(merged_at, "merged", clerk, visibility=Visibility.INTERNAL, into=ticket.number)
    second.cancel(merged_at)
    second.reach(merged_at)
    first.tell(
        merged_at,
        "merged_from",
        clerk,
        visibility=Visibility.INTERNAL,
        other=second.ticket.number,
    )
    second.settle()


def _live(life: Life, call: Call) -> None:
    own = life.ticket.channel == TicketChannel.DEALER
    at = _file_own(life, life.reported) if own else _register(life, life.reported)
    while True:
        done = _work(life, call, at)
        reopened = call_back(life, done)
        if reopened is None:
            return
        at = reopened
        begin_at_desk(life, at)


def _register(life: Life, at: int) -> int:
    ticket = life.ticket
    life.tell(at, "registered", ticket.created_by or "网站", kind_of=ticket.kind)
    begin_at_desk(life, at)
    if ticket.urgency == "urgent":
        life.tell(at, "urgent", "Sanbao", visibility=Visibility.INTERNAL)
        life.meet(Promise.FIRST_ANSWER, life.reach(_answer(life, at, 9)))
    elif ticket.kind == TicketKind.COMPLAINT:
        answered = life.reach(_answer(life, at, 30))
        life.meet(Promise.FIRST_ANSWER, answered)
        life.meet(Promise.COMPLAINT_ANSWER, answered)
    if life.chance.random() < CANCELLED:
        ended = life.reach(life.work(at, life.minutes(25)))
        reason = life.chance.choice(texts.CANCELS)
        ticket.state, ticket.cancel_reason = TicketState.CANCELLED, reason
        life.cancel(ended)
        life.tell(ended, "cancelled", life.setting.someone(Role.CLERK), reason=reason)
        raise StopHere
    return at


def _answer(life: Life, at: int, usual: float) -> int:
    """The desk rings back; the note of that call is the first answer."""
    answered = life.work(at, life.minutes(usual))
    if answered <= life.setting.now:
        text = life.chance.choice(texts.CALLED)
        life.note(answered, text, life.setting.someone(Role.CLERK), kind=EntryKind.CALL)
    return answered


def begin_at_desk(life: Life, at: int) -> None:
    for promise in (Promise.DISPATCH, Promise.FIRST_ANSWER):
        life.start(promise, at, by_desk=True)
    life.start_for_customer(at, by_desk=True)


def _work(life: Life, call: Call, at: int) -> int:
    """To whom it goes, until the work is done; when that was."""
    ticket, chance = life.ticket, life.chance
    if ticket.team == Team.DEALER:  # filed by the dealer itself
        assert ticket.dealer is not None
        return visit_customer(life, call, at, away_with(life, ticket.dealer))
    team = first_holder(
        kind=ticket.kind,
        is_unusual=bool(ticket.symptom and ticket.symptom.is_unusual),
        is_bought_in=bool(ticket.product_line and ticket.product_line.is_bought_in),
    )
    if team == Team.DESK:
        if ticket.kind == TicketKind.CONSULTATION or chance.random() < 0.45:
            return _settle_at_desk(life, call, at)
        team = Team.SALES if ticket.kind == TicketKind.RETURN else Team.TECHNICAL
    if team == Team.DEALER:
        dealer, accepted = _dispatch(life, at)
        return visit_customer(life, call, accepted, away_with(life, dealer))
    return visit_customer(life, call, *_hand_over(life, at, team))


def _settle_at_desk(life: Life, call: Call, at: int) -> int:
    """A question is answered, a small wish fulfilled, on the telephone."""
    usual = 4.0 if life.ticket.kind == TicketKind.CONSULTATION else 45.0
    done = life.reach(life.work(at, life.minutes(usual)))
    report_done(life, call, done, life.setting.someone(Role.CLERK))
    return done


def report_done(life: Life, call: Call, at: int, author: User | str) -> None:
    ticket = life.ticket
    ticket.state, ticket.done_at = TicketState.DONE, instant(at)
    ticket.result, ticket.cause = call.result, call.cause
    if ticket.team == Team.DESK:
        life.meet(Promise.DISPATCH, at)
    for promise in KEPT_BY_RESULT:
        life.meet(promise, at)
    life.cancel(at)
    life.tell(at, "done", author, result=call.result)


def _desk_delay(life: Life, at: int) -> int:
    """How long the desk takes to find somebody; now and then far too long."""
    if life.chance.random() < SLOW_DESK:
        return life.work(at, life.chance.randint(122, 260))
    return life.work(at, min(life.minutes(14), 110))


def _hand_over(life: Life, at: int, team: Team) -> tuple[int, Away]:
    """To the technical department or the sales representative."""
    setting, ticket = life.setting, life.ticket
    at = life.reach(at + 2 if life.chance.random() < BY_RULE else _desk_delay(life, at))
    role = Role.ENGINEER if team == Team.TECHNICAL else Role.SALES_REP
    person = setting.someone(role)
    ticket.state, ticket.team, ticket.assignee = TicketState.HANDED_OVER, team, person
    ticket.handed_over_at = instant(at)
    author = setting.someone(Role.CLERK)
    life.tell(at, "handed_over_to", author, team=str(team), person=person.name)
    check = _hand_over_clocks(life, at)
    return at, Away(None, person, person.name, person.phone, 0.96, check)


def _hand_over_clocks(life: Life, at: int) -> SupervisionCheck | None:
    """The receiver's clock begins, and the desk's own check."""
    life.meet(Promise.DISPATCH, at)
    life.start(Promise.ARRANGE, at)
    if life.ticket.kind in FIELD_WORK:
        life.start(Promise.ARRIVAL, at)
    if life.ticket.team != Team.DEALER:
        life.pass_on(at)
    running = life.start(Promise.CHECK, at, by_desk=True)
    if running is None:
        return None
    check = SupervisionCheck(
        ticket=life.ticket,
        holder_label=life.holder(life.ticket.team),
        due_at=running.clock.due_at,
    )
    life.setting.rows.checks.append(check)
    return check


def _dispatch(life: Life, at: int) -> tuple[Dealer, int]:
    """Offers until a dealer accepts; who and when."""
    setting, ticket, chance = life.setting, life.ticket, life.chance
    line = ticket.product_line.code if ticket.product_line else ""
    candidates = setting.network.dealers_for(ticket.region_code, line)
    for place, dealer in enumerate(candidates):
        by_rule = place == 0 and chance.random() < BY_RULE
        at = life.reach(at + 2 if by_rule else _desk_delay(life, at))
        offer = _offer(life, dealer, at, by_rule=by_rule)
        last = place == len(candidates) - 1
        fate = 1.0 if last else chance.random()
        if fate < REFUSED:
            answered = life.reach(life.work(at, min(life.minutes(20), 115)))
            at = _back(life, offer, answered, OfferState.REFUSED, chance.choice(texts.REFUSALS))
        elif fate < REFUSED + UNANSWERED:
            due = life.clock[Promise.ARRANGE].due
            at = _back(life, offer, life.reach(due + 4), OfferState.TIMED_OUT, "")
        else:
            accepted = life.reach(life.work(at, min(life.minutes(9, spread=0.7), 58)))
            offer.state, offer.answered_at = OfferState.ACCEPTED, instant(accepted)
            offer.answered_by_label = dealer.contact_name
            ticket.state = TicketState.ACCEPTED
            life.pass_on(accepted)
            life.tell(accepted, "accepted", dealer.contact_name, dealer=str(dealer))
            return dealer, accepted
    raise StopHere  # nobody answers for this region: it waits at the desk


def _offer(life: Life, dealer: Dealer, at: int, *, by_rule: bool) -> Offer:
    setting, ticket = life.setting, life.ticket
    ticket.state, ticket.team, ticket.dealer = TicketState.OFFERED, Team.DEALER, dealer
    ticket.handed_over_at = instant(at)
    offer = Offer(ticket=ticket, dealer=dealer, is_automatic=by_rule, offered_at=instant(at))
    life.offer = offer
    setting.rows.offers.append(offer)
    if ticket.customer_id:
        setting.rows.served.add((dealer.pk, ticket.customer_id))
    event = "offered_by_rule" if by_rule else "offered"
    author = "Sanbao" if by_rule else setting.someone(Role.CLERK)
    life.tell(at, event, author, dealer=str(dealer))
    life.check = _hand_over_clocks(life, at)
    return offer


def _back(life: Life, offer: Offer, at: int, state: OfferState, reason: str) -> int:
    """Back at the desk; the receiver's promise and the check on it end."""
    ticket, dealer = life.ticket, offer.dealer
    offer.state, offer.answered_at, offer.reason = state, instant(at), reason
    offer.answered_by_label = dealer.contact_name if reason else "Sanbao"
    life.cancel(at, Promise.ARRANGE, Promise.ARRIVAL, Promise.CHECK)
    if life.check is not None:
        life.check.is_cancelled = True
    ticket.state, ticket.team, ticket.dealer = TicketState.NEW, Team.DESK, None
    ticket.handed_over_at = None
    ticket.reassign_count += 1
    life.tell(
        at,
        str(state),
        offer.answered_by_label,
        visibility=Visibility.INTERNAL,
        dealer=str(dealer),
        reason=reason,
    )
    life.start(Promise.DISPATCH, at)
    return at


def _file_own(life: Life, at: int) -> int:
    """A dealer takes the call itself and files it with the manufacturer (R-100)."""
    ticket = life.ticket
    line = ticket.product_line.code if ticket.product_line else ""
    dealer = life.setting.network.dealers_for(ticket.region_code, line)[0]
    ticket.state, ticket.team, ticket.dealer = TicketState.ACCEPTED, Team.DEALER, dealer
    ticket.handed_over_at = instant(at)
    life.offer = Offer(
        ticket=ticket,
        dealer=dealer,
        state=OfferState.ACCEPTED,
        offered_at=instant(at),
        answered_at=instant(at),
        answered_by_label=dealer.contact_name,
    )
    life.setting.rows.offers.append(life.offer)
    if ticket.customer_id:
        life.setting.rows.served.add((dealer.pk, ticket.customer_id))
    life.tell(at, "filed", dealer.contact_name, dealer=str(dealer))
    for promise in (Promise.FIRST_ANSWER, Promise.ARRANGE):
        life.start(promise, at)
    if ticket.kind in FIELD_WORK:
        life.start(Promise.ARRIVAL, at)
    life.start_for_customer(at)
    return at


def away_with(life: Life, dealer: Dealer) -> Away:
    """Who of a dealer goes, and how reliable they are."""
    name, phone = life.chance.choice(life.setting.network.staff[dealer.pk])
    return Away(dealer, None, name, phone, life.setting.keen(dealer), life.check)
