"""The engine's codes as sentences, for pages, API and the command; the engine speaks none.

`sentence(reason)` is what a customer or a dealer may read; the article stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warranty.remedies.dealer import ClaimFinding, Outcome
from warranty.remedies.fields import Flaw
from warranty.remedies.values import Exclusion, Option, Reason

OPTIONS: dict[Option, Any] = {
    Option.REPAIR_FREE: pgettext_lazy("remedy", "Free repair"),
    Option.REPAIR_PAID: pgettext_lazy("remedy", "Repair at the user's cost"),
    Option.REPLACE_PART: pgettext_lazy("remedy", "Main component or system replaced free"),
    Option.REPLACE_UNIT: pgettext_lazy("remedy", "Same model in exchange"),
    Option.RETURN_FULL: pgettext_lazy("remedy", "Full invoice price back"),
    Option.REPLACE_UNIT_FEE: pgettext_lazy("remedy", "Car in exchange against a usage fee"),
    Option.RETURN_FEE: pgettext_lazy("remedy", "Price back less a usage fee"),
    Option.RETURN_DEPR: pgettext_lazy("remedy", "Price back less depreciation"),
    Option.LOANER: pgettext_lazy("remedy", "Loaner car or travel money"),
    Option.REISSUE_CERT: pgettext_lazy("remedy", "Certificate issued again"),
    Option.NO_REASON_RETURN: pgettext_lazy("remedy", "Return without reason"),
}
EXCLUSIONS: dict[Exclusion, Any] = {
    Exclusion.AGAINST_MANUAL: _("used or kept against the manual"),
    Exclusion.FORBIDDEN_ALTERATION: _("altered or dismantled against the rules"),
    Exclusion.SELF_DISMANTLED: _("the user's own handling made the cause unknowable"),
    Exclusion.OTHER_HUMAN_DAMAGE: _("other damage by people"),
    Exclusion.FORCE_MAJEURE: _("force majeure"),
}
_UNPROVABLE = _(
    "Neither certificate nor invoice nor register proves the period, so the user pays the repair."
)
_OVER = _("The fault of %(since)s came after the end of the period on %(end)s.")
_EXCLUDED = _("Excluded for this part: %(exclusion)s. Every other part stays covered.")
_IN_PERIOD = _("The fault lies inside the period, which ends on %(end)s: the repair is free.")
_WINDOW_OVER = _("The window ended on %(end)s.")
_COMPONENT_ONLY = _(
    "Only the main component's period still runs, and the company's reading gives no exchange of "
    "the machine then."
)
_RESOLD = _("Whoever holds the papers now has the first owner's rights.")
_SANBAO_OVER = _(
    "The three-guarantee period ended on %(end)s or at %(km)s km, so this gives no more."
)
_NOT_EARLY = _("It was not within both %(days)s days and %(km)s km.")

REASONS: dict[str, Any] = {
    "R1": _UNPROVABLE,
    "R2": _OVER,
    "R3": _EXCLUDED,
    "R4": _IN_PERIOD,
    "R5": _(
        "The machine has been in repair for more than 30 working days, until %(deadline)s: "
        "the user may go on with the repair or have the same model in exchange."
    ),
    "R5.in_time": _("The 30 working days for this repair run until %(deadline)s."),
    "R5.component_only": _COMPONENT_ONLY,
    "R6": _(
        "The same severe problem is back after %(repairs)s repairs and the machine cannot be used: "
        "the main component or system is replaced free."
    ),
    "R7": _(
        "The same problem is back after %(repairs)s repairs within 30 days of the first operating "
        "season, until %(end)s: the main component or system is replaced free."
    ),
    "R7.window_over": _("The 30 days of the first operating season ended on %(end)s."),
    "R7.wear_part": _("The rule for the first operating season leaves wear parts out."),
    "R8": _(
        "The part was replaced on %(replaced)s and the same problem is back: the same model in "
        "exchange."
    ),
    "R8.component_only": _COMPONENT_ONLY,
    "R9": _(
        "The machine was replaced on %(replaced)s and the same problem is back: the full price "
        "is due."
    ),
    "R9.component_only": _COMPONENT_ONLY,
    "R10": _(
        "The same model is not to be had and the user asks for the money: the full price instead."
    ),
    "R11": _(
        "The scope of use was not disclosed and the machine cannot do the work: the full price "
        "back, until %(end)s."
    ),
    "R11.window_over": _("The 30 days of the first operating season ended on %(end)s."),
    "R11.season_unknown": _(
        "The start of the first operating season is not on record; state it with its evidence."
    ),
    "R12": _(
        "The certificate is lost and the period is provable: the seller issues it again by %(by)s."
    ),
    "R13": _(
        "The period stood still for %(days)s days while the seller refused or an inspection ran."
    ),
    "R14": _("Busy season: the repair is due by %(fix_by)s."),
    "R15": _RESOLD,
    "R16": _("After the replacement of %(start)s the period runs anew until %(end)s."),
    "CR1": _UNPROVABLE,
    "CR2": _("The fault of %(since)s came after %(end)s or after %(km)s km."),
    "CR3": _EXCLUDED,
    "CR4": _("Free repair runs until %(end)s or %(km)s km, whichever comes first."),
    "C1": _(
        "Engine, gearbox, traction battery or drive motor must be changed within 7 days: exchange "
        "or the full price back, without a fee."
    ),
    "C1.window_over": _WINDOW_OVER,
    "C2": _(
        "Such a danger within 60 days and 3,000 km gives exchange or the full price back, without "
        "a fee."
    ),
    "C2.not_early": _NOT_EARLY,
    "C3": _("A main part failed within 60 days and 3,000 km: the whole assembly is replaced free."),
    "C3.not_early": _NOT_EARLY,
    "C4": _(
        "A stay of more than 5 days in repair: a loaner car or travel money for %(days)s days."
    ),
    "C5.1": _("A severe safety fault after %(repairs)s repairs of such faults."),
    "C5.1.period_over": _SANBAO_OVER,
    "C5.2": _("The same assembly was replaced %(times)s times and is bad again."),
    "C5.2.period_over": _SANBAO_OVER,
    "C5.3": _("The same main part was replaced %(times)s times and is bad again."),
    "C5.3.period_over": _SANBAO_OVER,
    "C5.4": _(
        "In repair for %(days)s days in all; one problem repaired %(repairs)s times. More than 30 "
        "days or more than 4 repairs give exchange or the price back, less a usage fee."
    ),
    "C5.4.period_over": _SANBAO_OVER,
    "C6": _("The seller answers the request by %(answer_by)s and carries it out by %(done_by)s."),
    "C7": _("A lost certificate is issued again free of charge and at once."),
    "C8": _("After the replacement of %(start)s both periods run anew."),
    "C9": _RESOLD,
    "GR1": _UNPROVABLE,
    "GR2": _OVER,
    "GR3": _EXCLUDED,
    "GR4": _("The fault is not on this rule's list."),
    "G0": _IN_PERIOD,
    "G1": _("A fault up to day 7, %(end)s: the user chooses between money, exchange and repair."),
    "G2": _("A fault up to day 15, %(end)s: the user chooses between exchange and repair."),
    "G3": _("Bad again after %(repairs)s repairs: the same model in exchange."),
    "G4": _("Or, if the user wants the money, the price less depreciation by day."),
    "G5": _(
        "Accessories are replaced, not repaired; after two replacements the price is given back. "
        "Replaced so far: %(times)s."
    ),
    "G6": _("In repair for %(days)s days: the same model in exchange."),
    "G6.in_time": _("More than %(limit)s days in repair would give an exchange."),
    "G7": _(
        "The same model is not to be had and the user asks for the money: the full price instead."
    ),
    "G8": _("After the replacement of %(start)s the period runs anew."),
    "G9": _("The papers are lost but the purchase is provable: repair and exchange are still due."),
    "L1": _("The defect was told within 7 days of receipt, by %(end)s: the price back."),
    "L1.window_over": _WINDOW_OVER,
    "L2": _("Bought at a distance and given back within 7 days of receipt, by %(end)s."),
    "L2.window_over": _("The 7 days to return without reason ended on %(end)s."),
    "L2.shop": _("Only goods bought at a distance may be returned without reason."),
    "L3": _(
        "After the first 7 days exchange or repair; the money only where the contract may be ended "
        "by law, which a person judges."
    ),
    "LR1": _UNPROVABLE,
    "LR2": _OVER,
    "LR3": _EXCLUDED,
    "T1": _("A promise beyond the law gives more: %(promise)s."),
    "month_end": _("The month has no such day, so the period ends on the month's last day."),
    "rest_day": _("The last day is a rest day and moves to the next working day, %(end)s."),
    "provisional": _(
        "The holidays of %(year)s are not announced yet: this date is provisional and not moved."
    ),
    "warn.severe_once": _("One more repair of this severe problem, and a part must be replaced."),
    "warn.long_stay": _(
        "Working day %(day)s in repair; after the 30th the user may ask for another machine."
    ),
    "warn.component_only": _(
        "Only the main component's period still runs: ask counsel before a machine is replaced."
    ),
    "warn.season": _("Day %(day)s of the first season and one repair done of this problem."),
    "warn.repair_days": _(
        "In repair for %(days)s days in all; more than 30 give exchange or money."
    ),
    "warn.same_problem": _(
        "The same problem was repaired %(repairs)s times; more than 4 give exchange or money."
    ),
    "warn.goods_once": _("One more repair of this problem, and the goods must be exchanged."),
}

CLAIM_FINDINGS: dict[str, Any] = {
    "card_awaited": _("The receipt card is not here yet; it still has time."),
    "card_waived": _("The receipt card came late or not at all; a named person waived that."),
    "card_late": _("The receipt card came too late after the sale, and nobody waived that."),
    "card_missing": _("There is no receipt card, and nobody waived that."),
    "unsigned": _("The repair record has neither the user's signature nor a code."),
    "old_part_awaited": _("The old part has not come back yet."),
    "old_part_missing": _("The old part did not come back in time: its amount is deducted."),
    "no_open_fault": _("No fault was open on that day."),
    "goodwill": _("The fault is not covered; goodwill was granted by name."),
    "not_covered": _("The fault is not covered, so the manufacturer pays nothing."),
    "dealers_fault": _("The damage is the dealer's own; the repairer bears it."),
    "beyond_certificate": _(
        "The dealer promised more than the certificate and bears that himself."
    ),
    "factory_part": _("The factory supplied the part free: its amount is 0."),
    "late_with_reason": _("Filed after the limit, with a reason."),
    "filed_late": _("Filed after the limit."),
    "duplicate": _("The same repair was claimed before."),
    "over_limit": _("Above the limit: a person decides."),
    "sent_on": _("The dealer sent the user on to the factory: a breach is recorded."),
    "unapproved": _("Exchange or refund without management's approval: decided singly."),
    "more_than_owed": _("What was carried out is not among the user's options: decided singly."),
}
OUTCOMES: dict[Outcome, Any] = {
    Outcome.PAYABLE: pgettext_lazy("claim", "Payable"),
    Outcome.MANUAL: pgettext_lazy("claim", "A person decides"),
    Outcome.WAITING: pgettext_lazy("claim", "Waiting"),
    Outcome.RETURNED: pgettext_lazy("claim", "Back for correction"),
    Outcome.REJECTED: pgettext_lazy("claim", "Not payable"),
}

FLAWS: dict[str, Any] = {
    "missing": _("This is needed."),
    "unknown_field": _("There is no such field here."),
    "not_object": _("An object with named fields belongs here."),
    "not_list": _("A list belongs here."),
    "list_length": _("At least one entry and at most %(most)s."),
    "not_text": _("Text in quotes belongs here."),
    "characters": _("This holds characters that are none."),
    "too_long": _("At most %(longest)s characters."),
    "choice": _("“%(text)s” is not known here; possible are: %(known)s."),
    "unknown_law": _("“%(text)s” is no law known here; known are: %(known)s."),
    "unknown_class": _("%(law)s has no class “%(text)s”; it has: %(known)s."),
    "not_flag": _("true or false belongs here."),
    "not_day": _("“%(text)s” is no date; write it like 2024-03-05."),
    "day_like": _("“%(text)s” is not written as needed; write %(meant)s."),
    "no_such_day": _("There is no day %(text)s in the calendar."),
    "no_such_time": _("“%(text)s” has no such time of day."),
    "year": _("The year must lie between %(first)s and %(last)s."),
    "not_number": _("“%(text)s” is no number."),
    "number_as_text": _("“%(text)s” is text; write the number %(meant)s without quotes."),
    "range": _("%(text)s does not lie between %(least)s and %(most)s."),
    "places": _("%(text)s has more than %(places)s decimal places."),
    "version": _("Only files with schema_version %(version)s can be read."),
    "twice": _("The case %(text)s stands here twice."),
    "not_in_force": _("%(law)s judges sales from %(since)s on only."),
    "before_sale": _("This lies before the sale on %(sale)s."),
}


def sentence(reason: Reason) -> str:
    """Why, in the reader's language."""
    return str(REASONS[reason.code]) % said(reason.params)


def flaw_said(flaw: Flaw) -> str:
    """What is wrong at one place of the data, in the reader's language."""
    return str(FLAWS[flaw.code]) % said(flaw.params)


def claim_sentence(finding: ClaimFinding) -> str:
    """What a clause of the dealer's contract says of a claim, in the reader's language."""
    return str(CLAIM_FINDINGS[finding.code])


def said(params: Mapping[str, Any]) -> dict[str, str]:
    return {key: _said(value) for key, value in params.items()}


def _said(value: Any) -> str:
    if isinstance(value, Exclusion):
        return str(EXCLUSIONS[value])
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, Enum | Lazy):
        return str(value)
    return str(value)
