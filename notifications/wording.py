"""What each event says, as data; worded in the reader's language when it is shown or sent.

A pattern is filled with the event's params, `%(number)s`. The name of a param carries its kind,
so that it is worded for the reader too:

    visit_at        an instant: "Mon 23 Nov, 14:05" in the reader's zone
    due_on          a day
    late_minutes    a span: "1 h 20 min"
    holder          a department in the reader's language, a name as it is
    a lazy text     kept in every language: {"en": "Repair", "zh-hans": "维修"}

Anyone adds the events of his part here. A param that is missing reads "—": a message with a
gap is better than none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import words

# Who may be told of an event; customers and invited people have no bell and no preferences.
DESK, DEALER, CUSTOMER = "desk", "dealer", "customer"
STAFF = frozenset({DESK})
DEALERS = frozenset({DEALER})
BOTH = frozenset({DESK, DEALER})
OUTSIDE = frozenset({CUSTOMER})


@dataclass(frozen=True, slots=True)
class Wording:
    """`label` names the event on the preferences page; `by_mail` is what counts without a wish.

    What `leaves_at_once` does not wait for the end of the quiet hours.
    """

    title: Any
    body: Any = ""
    label: Any = ""
    readers: frozenset[str] = STAFF
    by_mail: bool = True
    leaves_at_once: bool = False


@dataclass(frozen=True, slots=True)
class Worded:
    title: str
    body: str


WORDINGS: dict[str, Wording] = {
    # To the customer, by text message: one short sentence each, no markup.
    "ticket.registered.customer": Wording(
        title=_("Registered: %(number)s"),
        body=_(
            "[%(company)s] Your request is registered as %(number)s. We assign a service point"
            " within 2 hours and tell you who comes when. Hotline %(hotline)s."
        ),
        readers=OUTSIDE,
        # The customer has only just put the telephone down.
        leaves_at_once=True,
    ),
    "ticket.arranged.customer": Wording(
        title=_("Visit arranged: %(number)s"),
        body=_(
            "[%(company)s] %(number)s: %(technician)s (telephone %(phone)s) comes on"
            " %(visit_at)s. Hotline %(hotline)s."
        ),
        readers=OUTSIDE,
    ),
    "ticket.delayed.customer": Wording(
        title=_("New time for %(number)s"),
        body=_(
            "[%(company)s] %(number)s takes longer than promised: %(cause)s. As agreed with you"
            " it is due on %(agreed_at)s. Hotline %(hotline)s."
        ),
        readers=OUTSIDE,
        leaves_at_once=True,
    ),
    "ticket.done.customer": Wording(
        title=_("Work done: %(number)s"),
        body=_(
            "[%(company)s] The work on %(number)s is reported done. We will call you to ask"
            " whether all is well. Hotline %(hotline)s."
        ),
        readers=OUTSIDE,
    ),
    "ticket.cancelled.customer": Wording(
        title=_("Cancelled: %(number)s"),
        body=_("[%(company)s] %(number)s was cancelled: %(reason)s. Hotline %(hotline)s."),
        readers=OUTSIDE,
    ),
    "ticket.reopened.customer": Wording(
        title=_("Taken up again: %(number)s"),
        body=_(
            "[%(company)s] We have taken up %(number)s again and will tell you who comes when."
            " Hotline %(hotline)s."
        ),
        readers=OUTSIDE,
    ),
    "report.code.customer": Wording(
        title=_("Code for %(number)s"),
        body=_(
            "[%(company)s] %(code)s is your code to sign the service report %(number)s of"
            " %(technician)s, for 30 minutes. Tell it only if you agree with the report."
            " Hotline %(hotline)s."
        ),
        readers=OUTSIDE,
        # The technician stands beside the customer and waits.
        leaves_at_once=True,
    ),
    # Tickets, under the bell and by mail.
    "ticket.registered": Wording(
        title=_("New ticket %(number)s"),
        body=_("%(customer)s: %(summary)s"),
        label=_("A new ticket came in"),
        by_mail=False,
    ),
    "ticket.offered": Wording(
        title=_("New offer %(number)s: please arrange by %(due_at)s"),
        body=_("%(customer)s: %(summary)s"),
        label=_("A ticket was offered to us"),
        readers=DEALERS,
    ),
    "ticket.withdrawn": Wording(
        title=_("Offer withdrawn: %(number)s"),
        body=_("%(reason)s"),
        label=_("An offer or ticket was taken back"),
        readers=DEALERS,
    ),
    "ticket.assigned": Wording(
        title=_("%(number)s is yours"),
        body=_("%(customer)s: %(summary)s"),
        label=_("A ticket was handed to me or my team"),
        readers=BOTH,
    ),
    "ticket.accepted": Wording(
        title=_("%(dealer)s accepted %(number)s"),
        body=_("%(summary)s"),
        label=_("A dealer accepted an offer"),
        by_mail=False,
    ),
    "ticket.refused": Wording(
        title=_("%(dealer)s refused %(number)s"),
        body=_("Reason: %(reason)s. The ticket is back at the desk."),
        label=_("A dealer refused an offer"),
    ),
    "ticket.timed_out": Wording(
        title=_("%(dealer)s did not answer the offer of %(number)s in time"),
        body=_("The ticket is back at the desk."),
        label=_("An offer was not answered in time"),
        readers=BOTH,
    ),
    "ticket.arranged": Wording(
        title=_("%(number)s is arranged for %(visit_at)s"),
        body=_("%(technician)s (telephone %(phone)s) goes to %(customer)s."),
        label=_("A visit was arranged"),
        readers=BOTH,
        by_mail=False,
    ),
    "ticket.not_arranged": Wording(
        title=_("Check: %(number)s is still not arranged"),
        body=_("Held by %(holder)s. %(note)s"),
        label=_("The desk's check found no arrangement"),
    ),
    "ticket.done": Wording(
        title=_("Work on %(number)s is reported done"),
        body=_("%(customer)s: %(result)s"),
        label=_("Work was reported done"),
        by_mail=False,
    ),
    "ticket.closed": Wording(
        title=_("%(number)s is closed"),
        body=_("%(customer)s: %(summary)s"),
        label=_("A ticket was closed"),
        readers=BOTH,
        by_mail=False,
    ),
    "ticket.reopened": Wording(
        title=_("%(number)s was reopened"),
        body=_("Reason: %(reason)s"),
        label=_("A ticket was reopened"),
        readers=BOTH,
    ),
    "ticket.cancelled": Wording(
        title=_("%(number)s was cancelled"),
        body=_("Reason: %(reason)s"),
        label=_("A ticket was cancelled"),
        readers=BOTH,
    ),
    "ticket.merged": Wording(
        title=_("%(number)s was merged into %(into)s"),
        label=_("A ticket was merged"),
        readers=BOTH,
        by_mail=False,
    ),
    "ticket.noted": Wording(
        title=_("%(author)s wrote on %(number)s"),
        body=_("%(text)s"),
        label=_("A note on a ticket that I hold or watch"),
        readers=BOTH,
        by_mail=False,
    ),
    "ticket.urgent": Wording(
        title=_("Urgent: %(number)s"),
        body=_("%(customer)s: %(summary)s"),
        label=_("An urgent ticket came in"),
    ),
    "ticket.filed": Wording(
        title=_("%(dealer)s took in and filed %(number)s"),
        body=_("%(customer)s: %(summary)s"),
        label=_("A dealer filed a ticket of its own"),
        by_mail=False,
    ),
    "ticket.changed": Wording(
        title=_("%(number)s has changed"),
        body=_("%(by)s: %(summary)s"),
        label=_("A ticket that I watch has changed"),
        readers=BOTH,
        by_mail=False,
    ),
    # Promises.
    "check.due": Wording(
        title=_("Check due: is %(number)s arranged?"),
        body=_("Held by %(holder)s, handed over %(handed_over_at)s."),
        label=_("A check of mine is due"),
        by_mail=False,
    ),
    # Claims as the checks leave them, and consent before the work.
    "claim.routed": Wording(
        title=_("Claim %(number)s is to be decided"),
        body=_("Machine %(machine)s."),
        label=_("A claim is to be decided at my level"),
        by_mail=False,
    ),
    "claim.expiring": Wording(
        title=_("Claim %(number)s ends on %(due_on)s unless it is corrected"),
        body=_("Machine %(machine)s. Correct it and file it again, or let it go."),
        label=_("The time to correct a claim of ours runs out"),
        readers=BOTH,
    ),
    "claim.expired": Wording(
        title=_("Claim %(number)s has ended"),
        body=_("Machine %(machine)s. It was not corrected in time."),
        label=_("A claim of ours was not corrected in time"),
        readers=BOTH,
    ),
    "preauthorisation.asked": Wording(
        title=_("%(number)s: consent is asked for %(asked)s"),
        body=_("Machine %(machine)s."),
        label=_("A pre-authorisation is asked for"),
    ),
    "preauthorisation.returned": Wording(
        title=_("Pre-authorisation %(number)s came back"),
        body=_("%(reason)s"),
        label=_("A pre-authorisation of ours came back"),
        readers=BOTH,
    ),
    "preauthorisation.approved": Wording(
        title=_("Pre-authorisation %(number)s: up to %(limit)s until %(due_on)s"),
        body=_("Machine %(machine)s. %(reason)s"),
        label=_("A pre-authorisation of ours was given"),
        readers=BOTH,
    ),
    "preauthorisation.rejected": Wording(
        title=_("Pre-authorisation %(number)s was refused"),
        body=_("%(reason)s"),
        label=_("A pre-authorisation of ours was refused"),
        readers=BOTH,
    ),
    "card.due": Wording(
        title=_("Receipt card due: %(serial)s"),
        body=_("The receipt card of machine %(serial)s must be in by %(due_at)s."),
        label=_("A receipt card is due soon"),
        readers=BOTH,
    ),
    "card.missed": Wording(
        title=_("Receipt card missing: %(serial)s"),
        body=_(
            "No receipt card for machine %(serial)s by %(due_at)s. Claims for it are refused"
            " until the card is in and waived."
        ),
        label=_("A receipt card is missing"),
        readers=BOTH,
    ),
    "card.waived": Wording(
        title=_("Late card %(number)s waived"),
        body=_("Claims for machine %(serial)s are accepted. Reason: %(reason)s"),
        label=_("A late receipt card is waived"),
        readers=DEALERS,
    ),
    "sla.warned": Wording(
        title=_("%(promise)s of %(number)s is due at %(due_at)s"),
        body=_("Held by %(holder)s."),
        label=_("A promise is about to be missed"),
        readers=BOTH,
    ),
    "sla.breached": Wording(
        title=_("Late: %(promise)s of %(number)s"),
        body=_("It was due at %(due_at)s and is held by %(holder)s."),
        label=_("A promise was missed"),
        readers=BOTH,
    ),
    "calendar.list_missing": Wording(
        title=_("The holidays of %(year)s are missing: %(calendar)s"),
        body=_(
            "Holidays are known through %(through_on)s. Until the list of %(year)s is loaded, due "
            "times after that day are provisional."
        ),
        label=_("A list of holidays is missing"),
    ),
    "sla.escalated": Wording(
        title=_("Escalated to you: %(promise)s of %(number)s"),
        body=_("Due at %(due_at)s, held by %(holder)s, and still not kept."),
        label=_("A missed promise was escalated to me"),
        readers=BOTH,
    ),
    "sla.reminded": Wording(
        title=_("Still open: %(promise)s of %(number)s"),
        body=_("Due at %(due_at)s, held by %(holder)s."),
        label=_("I am reminded of a promise again"),
        readers=BOTH,
    ),
    "sla.waited": Wording(
        title=_("The wait on %(number)s should be over"),
        body=_("%(promise)s still stands still, held by %(holder)s. Is it still waited for?"),
        label=_("A wait that should be over"),
        readers=BOTH,
    ),
    "ticket.reassigned": Wording(
        title=_("%(number)s was taken back from %(holder)s"),
        body=_("Nothing was arranged in time. Offered to: %(dealer)s"),
        label=_("The ladder took a ticket back from its receiver"),
    ),
    # After the work.
    "callback.due": Wording(
        title=_("Callback due: %(number)s"),
        body=_("%(customer)s, telephone %(phone)s"),
        label=_("A callback is due"),
        by_mail=False,
    ),
    "callback.unhappy": Wording(
        title=_("Unhappy customer: %(number)s, score %(score)s"),
        body=_("%(customer)s: %(opinion)s"),
        label=_("A customer was unhappy at the callback"),
    ),
    # What the law gives users.
    "case.warned": Wording(
        title=_("One step before replacement: machine %(serial)s"),
        body=_("With the next fault or day the user may demand more. Case %(number)s says what."),
        label=_("A machine is one step before replacement or return"),
    ),
    "case.triggered": Wording(
        title=_("The user of machine %(serial)s may choose"),
        body=_("Case %(number)s: record what the user chooses."),
        label=_("A user may demand a part, another machine or money back"),
    ),
    # Spot checks.
    "spot_check.drawn": Wording(
        title=_("Spot check %(number)s"),
        body=_("Hand in the papers of %(count)s claims by %(papers_on)s."),
        label=_("Our claims are spot-checked"),
        readers=DEALERS,
    ),
    "spot_check.decided": Wording(
        title=_("Spot check %(number)s is decided"),
        body=_("Read what was found; what costs money can be objected to."),
        label=_("A spot check is decided"),
        readers=DEALERS,
    ),
    # Money.
    "adjustment.notified": Wording(
        title=_("Adjustment %(number)s: %(amount)s"),
        body=_("%(words)s Objections until %(until_on)s."),
        label=_("Money is deducted from or added to our claims"),
        readers=DEALERS,
    ),
    "adjustment.upheld": Wording(
        title=_("Adjustment %(number)s stays"),
        body=_("%(words)s"),
        label=_("Our objection to an adjustment was refused"),
        readers=DEALERS,
    ),
    "adjustment.dropped": Wording(
        title=_("Adjustment %(number)s was dropped"),
        body=_("%(words)s"),
        label=_("An adjustment was dropped"),
        readers=DEALERS,
    ),
    "settlement.issued": Wording(
        title=_("Settlement notice %(number)s: %(amount)s"),
        body=_("Please confirm it, or dispute its lines, until %(until_on)s."),
        label=_("A settlement notice was issued to us"),
        readers=DEALERS,
    ),
    "settlement.reminded": Wording(
        title=_("Please answer settlement notice %(number)s"),
        body=_("%(amount)s, to be confirmed by %(until_on)s."),
        label=_("A settlement notice waits for our answer"),
        readers=DEALERS,
    ),
    "settlement.unanswered": Wording(
        title=_("%(dealer)s has not answered settlement %(number)s"),
        body=_("Please call: %(amount)s waits to be confirmed."),
        label=_("A dealer has not answered a settlement notice"),
    ),
    "settlement.disputed": Wording(
        title=_("%(dealer)s disputes lines of settlement %(number)s"),
        label=_("A dealer disputes a settlement"),
    ),
    "settlement.confirmed": Wording(
        title=_("%(dealer)s confirmed settlement %(number)s: %(amount)s"),
        label=_("A dealer confirmed a settlement"),
    ),
    # Claims.
    "claim.returned": Wording(
        title=_("Claim %(number)s: please correct it by %(due_on)s"),
        body=_("%(reason)s"),
        label=_("A claim of ours came back to be corrected"),
        readers=BOTH,
    ),
    "claim.decided": Wording(
        title=_("Claim %(number)s is decided: %(approved)s of %(claimed)s"),
        body=_("Machine %(machine)s. Each line says what is approved and why."),
        label=_("A claim of ours was decided"),
        readers=BOTH,
    ),
    "claim.appeal_decided": Wording(
        title=_("The appeal on %(number)s is decided: %(approved)s of %(claimed)s"),
        body=_("Machine %(machine)s. Each line says what is approved and why."),
        label=_("An appeal of ours was decided"),
        readers=BOTH,
    ),
    "claim.cancelled": Wording(
        title=_("Claim %(number)s was cancelled"),
        body=_("Reason: %(reason)s"),
        label=_("A claim of ours was cancelled"),
        readers=BOTH,
    ),
    "claim.raised": Wording(
        title=_("Claim %(number)s is yours to decide"),
        body=_("%(by)s raised it to your level. %(reason)s"),
        label=_("A claim was raised to my level"),
    ),
    "claim.appealed": Wording(
        title=_("Appeal against the decision on %(number)s"),
        body=_("Machine %(machine)s. It goes to somebody who did not decide before."),
        label=_("A dealer appealed a decision"),
    ),
    "claim.sent_back": Wording(
        title=_("Finance sent %(number)s back"),
        body=_("%(by)s: %(reason)s"),
        label=_("Finance sent a claim back for review"),
    ),
    # Work that runs in the background.
    "export.ready": Wording(
        title=_("Your export is ready: %(name)s"),
        body=_("%(rows)s rows"),
        label=_("An export of mine is ready"),
        readers=BOTH,
        by_mail=False,
        leaves_at_once=True,
    ),
    "import.done": Wording(
        title=_("Import finished: %(name)s"),
        body=_("%(rows)s rows read, %(errors)s with errors"),
        label=_("An import of mine is finished"),
        readers=BOTH,
        by_mail=False,
        leaves_at_once=True,
    ),
    # People.
    "absence.deputy": Wording(
        title=_("You stand in for %(name)s"),
        body=_("From %(from_at)s until %(until_at)s you get the messages of %(name)s."),
        label=_("I stand in for somebody"),
        readers=BOTH,
    ),
    "invitation": Wording(
        title=_("Invitation to %(company)s"),
        body=_(
            "%(inviter)s invites you to work in Sanbao for %(company)s as %(role)s. The link"
            " below works once and until %(expires_at)s."
        ),
        readers=OUTSIDE,
        # Somebody waits for it in front of a screen.
        leaves_at_once=True,
    ),
    # Old parts.
    "old_part.due_soon": Wording(
        title=_("%(count)s old parts have to travel by %(due_on)s"),
        body=_("What has not left by then is overdue, and new claims wait for it."),
        label=_("Old parts are due soon"),
        readers=BOTH,
    ),
    "old_part.overdue": Wording(
        title=_("%(count)s old parts are overdue"),
        body=_("%(dealer)s: %(numbers)s"),
        label=_("Old parts are overdue"),
        readers=BOTH,
    ),
    "old_part.surplus": Wording(
        title=_("%(number)s: more in box %(box)s than on its list"),
        body=_("%(words)s"),
        label=_("A box of old parts held more than its list"),
        readers=BOTH,
    ),
    "old_part.refused": Wording(
        title=_("Old part %(number)s was refused"),
        body=_("%(part)s: %(words)s It is kept for you until %(kept_on)s."),
        label=_("An old part was refused"),
        readers=BOTH,
    ),
    "old_part.to_appraise": Wording(
        title=_("%(came)s old parts to appraise: %(number)s"),
        label=_("Old parts wait for appraisal"),
        by_mail=False,
    ),
    "shipment.received": Wording(
        title=_("%(number)s arrived: %(came)s old parts received, %(missing)s missing"),
        label=_("A shipment of old parts was received"),
        readers=BOTH,
    ),
    "truck.passes": Wording(
        title=_("Truck %(plate)s passes on %(passes_on)s and takes old parts along"),
        body=_("%(number)s"),
        label=_("A truck passes that takes old parts along"),
        readers=DEALERS,
    ),
}


class UnknownEvent(KeyError):
    """An event was sent that nobody has worded."""


def wording_of(event: str) -> Wording:
    try:
        return WORDINGS[event]
    except KeyError as error:
        raise UnknownEvent(event) from error


def word(event: str, params: Mapping[str, Any]) -> Worded:
    """Title and body in the active language and zone."""
    wording = wording_of(event)
    filled = _Filled({name: _for_reader(name, value) for name, value in params.items()})
    return Worded(str(wording.title) % filled, str(wording.body) % filled)


def worded(event: str, params: Mapping[str, Any]) -> Worded:
    """As `word`, for lists: a line of an older release, whose event is gone, shows its name."""
    try:
        return word(event, params)
    except UnknownEvent:
        return Worded(event, "")


def label_of(event: str) -> Any:
    """What kind of event it is, in words; nothing for one that is gone."""
    return WORDINGS[event].label if event in WORDINGS else ""


class _Filled(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return words.NOTHING


def _for_reader(name: str, value: Any) -> str:
    if value is None or value == "":
        return words.NOTHING
    if isinstance(value, Mapping):
        return str(value.get(get_language() or "") or next(iter(value.values()), words.NOTHING))
    if name == "holder":
        return words.named(str(value))
    if name.endswith("_at"):
        return words.full_moment(_instant(value))
    if name.endswith("_on"):
        return words.day(date.fromisoformat(value) if isinstance(value, str) else value)
    if name.endswith("_minutes"):
        return words.duration(timedelta(minutes=float(value)))
    return str(value)


def _instant(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def storable(params: Mapping[str, Any]) -> dict[str, Any]:
    """The params as they are kept: a lazily translated text in every language we speak."""
    return {
        name: _in_all_languages(value) if isinstance(value, Promise) else value
        for name, value in params.items()
    }


def _in_all_languages(text: Promise) -> dict[str, str]:
    kept = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            kept[code] = str(text)
    return kept
