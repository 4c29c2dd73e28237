"""Two questions that never change each other: the user against the seller, and the dealer
against the manufacturer (three-guarantees.md section 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy import whole_tenant
from knowledge.models import Symptom
from machines.models import Machine
from machines.queries import claim_eligible
from warranty.models import StatutoryCase
from warranty.queries.entitlements import entitlement_of
from warranty.remedies import assess, assess_claim
from warranty.remedies.dealer import ClaimFacts, Verdict
from warranty.remedies.reading import Unreadable, read_case
from warranty.remedies.register import CIVIL_CODE, LAWS
from warranty.remedies.values import Case, Entitlement, EventType, Option, Reason
from warranty.remedies_words import OPTIONS, OUTCOMES, claim_sentence, sentence
from warranty.rules.case_facts import BEYOND_REPAIR

DATES: dict[str, Any] = {
    "expiry": _("The period ends on"),
    "season_window_end": _("30 days of the first season end on"),
    "repair_deadline": _("30 working days for this repair end on"),
    "busy_season_fix_by": _("In the busy season repaired by"),
    "reissue_by": _("Certificate issued again by"),
    "start": _("The period began on"),
    "day7": _("7 days end on"),
    "day15": _("15 days end on"),
    "repair_expiry": _("Free repair ends on"),
    "sanbao_expiry": _("Exchange and return end on"),
    "answer_by": _("The seller answers by"),
    "done_by": _("Carried out by"),
    "last_day": _("Last day"),
    "refund_by": _("Money back by"),
}
EVENTS: dict[str, Any] = {
    EventType.FAULT: _("Fault reported"),
    EventType.SENT_FOR_REPAIR: _("Handed in for repair"),
    EventType.REPAIR_DONE: _("Repair done"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with the articles that say so."""

    text: str
    articles: str
    is_certain: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the machine's papers."""

    on: date
    what: str
    fault: str
    severity: str


@dataclass(frozen=True, slots=True)
class TwoAnswers:
    """For pages and papers: everything in the reader's words."""

    asked_on: date
    sold_on: date
    law: str
    options: list[str]
    goes_beyond_repair: bool
    reasons: list[Line]
    warnings: list[Line]
    dates: list[tuple[str, date]]
    articles: list[str]
    is_certain: bool
    events: list[Told]
    outcome: str
    is_payable: bool
    findings: list[str]


def answers_of(machine: Machine, case: StatutoryCase | None = None) -> TwoAnswers | None:
    """As of today, from all papers of the machine, whoever repaired it: a right does not depend
    on who looks. None where the law has no class for the machine."""
    with whole_tenant():
        answer = entitlement_of(machine)
        return _told(machine, answer.body, case) if answer else None


def answers_then(case: StatutoryCase) -> TwoAnswers | None:
    """As the engine was asked when the case was warned or triggered."""
    with whole_tenant():
        return _told(case.machine, case.asked, case) if case.asked else None


def _told(
    machine: Machine, body: Mapping[str, Any], kept: StatutoryCase | None
) -> TwoAnswers | None:
    try:
        case = read_case(body).case
    except Unreadable:
        return None
    entitlement = assess(case)
    verdict = assess_claim(case, entitlement, _claim_facts(machine, entitlement, kept))
    return TwoAnswers(
        asked_on=case.ask_date,
        sold_on=case.sale_date,
        law=LAWS[case.regulation].title,
        options=[str(OPTIONS[each]) for each in Option if each in entitlement.options],
        goes_beyond_repair=bool(entitlement.options & BEYOND_REPAIR),
        reasons=[_line(each) for each in entitlement.reasons],
        warnings=[_line(each) for each in entitlement.warnings],
        dates=[
            (str(DATES[key]), day)
            for key, day in entitlement.dates.items()
            if key in DATES and isinstance(day, date)
        ],
        articles=list(entitlement.articles),
        is_certain=entitlement.is_certain,
        events=_events(case),
        outcome=str(OUTCOMES[verdict.outcome]),
        is_payable=verdict.is_payable,
        findings=_findings(verdict),
    )


def _findings(verdict: Verdict) -> list[str]:
    return [claim_sentence(each) for each in verdict.findings]


def _line(reason: Reason) -> Line:
    return Line(sentence(reason), articles_said(reason.articles), reason.is_certain)


def articles_said(articles: Sequence[str]) -> str:
    """Articles of the law itself as "Art. 24, 26", those of the Civil Code by its name."""
    own = [each for each in articles if not each.startswith(CIVIL_CODE)]
    others = [each.removeprefix(CIVIL_CODE).strip() for each in articles if each not in own]
    said = [str(_("Art. %(articles)s")) % {"articles": ", ".join(own)}] if own else []
    said += [str(_("Civil Code, Art. %(article)s")) % {"article": each} for each in others]
    return " · ".join(said)


def _claim_facts(
    machine: Machine, entitlement: Entitlement, kept: StatutoryCase | None
) -> ClaimFacts:
    """What is on file of the dealer's side: the receipt card, its waiver, the approval."""
    card = claim_eligible(machine).registration
    return ClaimFacts(
        card_on=timezone.localdate(card.received_at) if card else None,
        waived_by=card.waived_label if card else "",
        carried_out=_carried_out(entitlement, kept),
        approved_by=kept.approved_label if kept else "",
    )


def _carried_out(entitlement: Entitlement, kept: StatutoryCase | None) -> Option:
    """The option behind the user's choice; the free repair where nothing was chosen."""
    from_choice = {
        "replace_part": (Option.REPLACE_PART,),
        "replace": (Option.REPLACE_UNIT, Option.REPLACE_UNIT_FEE),
        "return": (Option.RETURN_FULL, Option.RETURN_FEE, Option.RETURN_DEPR),
    }
    wanted = from_choice.get(kept.choice if kept else "", ())
    return next((each for each in wanted if each in entitlement.options), Option.REPAIR_FREE)


def _events(case: Case) -> list[Told]:
    codes = {event.code for event in case.events if event.code}
    names = {symptom.code: symptom.name for symptom in Symptom.objects.filter(code__in=codes)}
    return [
        Told(
            on=event.on,
            what=str(EVENTS.get(event.type, event.type)),
            fault=names.get(event.code, str(_("fault without a name"))),
            severity=str(event.severity or ""),
        )
        for event in case.events
        # Handed in on the day of the report says nothing new.
        if event.type != EventType.SENT_FOR_REPAIR
    ]
