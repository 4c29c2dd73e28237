"""What each finding of a check says: names to sentences, in the reader's language.

A sentence is filled with the values of its finding; values in cents are shown as money, days as
days. Risk findings are for reviewers: a dealer reads only that a person will look at the claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.money import yuan
from core.words import money

SENTENCES: dict[str, Any] = {
    # K01
    "machine_unknown": _("The machine is not on file."),
    "dealer_not_active": _("The dealer's agreement was not in force on the day of the repair."),
    "model_differs": _("The model does not belong to this machine."),
    # K02
    "no_card": _("The machine has no receipt card: register the sale first."),
    "late_card": _(
        "The receipt card came %(days)s days late and was not waived: ask the manufacturer for"
        " a waiver."
    ),
    "card_waived": _("The receipt card came %(days)s days late; this was waived."),
    # K03
    "meter_below_earlier": _(
        "The meter reading %(reading)s is below %(other)s, which an earlier repair recorded."
    ),
    "meter_above_later": _(
        "The meter reading %(reading)s is above %(other)s, which a later repair recorded."
    ),
    # K04, K05
    "report_claimed": _("This repair is claimed already by %(claim)s."),
    "paid_before": _(
        "%(code)s was claimed for this machine before by %(claim)s. If it failed again, mark the"
        " report as the same fault again."
    ),
    # K06–K08
    "part_does_not_fit": _("Part %(code)s does not belong to this model."),
    "operation_does_not_fit": _("Operation %(code)s does not belong to this model."),
    "too_many": _("%(quantity)s pieces of %(code)s are claimed; the machine has %(most)s."),
    "no_term": _("There is no term of coverage for %(code)s on this machine."),
    "reading_needed": _("The term of %(code)s counts use: a meter reading is needed."),
    # K09
    "part_ended": _("The term of %(code)s had ended on %(day)s."),
    "part_over_use": _("The meter is above the limit of the term of %(code)s."),
    "part_not_started": _("The coverage of %(code)s had not begun on the day of the fault."),
    # K10
    "consent_needed": _("Above %(limit)s this needs a pre-authorisation before the work."),
    "claim_needs_consent": _("A claim above %(limit)s needs a pre-authorisation before the work."),
    "consent_expired": _("Pre-authorisation %(number)s had expired on %(day)s."),
    "above_consent": _("Pre-authorisation %(number)s has %(left)s left; %(claimed)s is claimed."),
    "not_in_consent": _("Pre-authorisation %(number)s does not name %(code)s."),
    # K11–K14
    "filed_late": _(
        "Filed %(days)s days after the last day, %(day)s. Give the reason of the delay."
    ),
    "first_service_used": _("The free service of this machine was claimed before by %(claim)s."),
    "old_parts_overdue": _(
        "%(pieces)s old parts are overdue: new claims wait until they are sent."
    ),
    "operation_restricted": _("Operation %(code)s is not open to the dealer's grade."),
    # K15, K16
    "pre_sale": _("A repair of a machine in stock."),
    "review_asked": _("The dealer asks for a review."),
    "part_watched": _("Part %(code)s is on the watch list."),
    "no_price": _("Part %(code)s has no contract price on the day of the repair."),
    "no_rates": _("There is no rate card for the day of the repair."),
    "large_amount": _("The claim of %(amount)s is above what the first level decides."),
    "much_labour": _("Labour of %(amount)s is above %(limit)s."),
    "many_main_parts": _(
        "%(count)s main parts are claimed; above %(most)s a higher level decides."
    ),
    "many_repair_days": _("The repair took %(days)s days; above %(most)s a higher level decides."),
    # K17
    "arrival_off_plan": _("The arrival on the report is far from the planned visit."),
    "arrival_off_check_in": _("The arrival on the report differs from the check-in."),
    "km_above_map": _("%(km)s km are claimed; the map says %(map_km)s km."),
    "trip_shared": _("One trip served %(machines)s machines."),
    # K18
    "no_photo": _("The report has no photo."),
    "photo_used_before": _("The photo %(file)s stands on report %(report)s as well."),
    "signature_missing": _("The customer's signature is missing."),
    "serial_missing": _("The serial number of the new %(code)s is missing."),
    "serial_unknown": _("Serial number %(serial)s of %(code)s is not on file."),
    "serial_other_dealer": _("%(code)s with serial number %(serial)s was sold to another dealer."),
    # K19–K21
    "part_from_factory": _(
        "Part %(code)s was supplied by the factory: it is not paid again; its labour is."
    ),
    "part_from_customer": _("Part %(code)s was brought by the customer: it is not paid."),
    "watched_batch": _(
        "Claim no. %(place)s of the watched batch %(batch)s of %(code)s: look at the photos, the"
        " piece must come back."
    ),
    "charged_too_much": _("The user was charged %(amount)s; travel and wages are %(limit)s."),
    "charge_not_told": _("The user was charged %(amount)s without being told before."),
    # K22
    "inside_consent": _("All is inside pre-authorisation %(number)s."),
    "passes_by_itself": _("In term, within the rules and under the dealer's limit."),
    "not_trusted": _("Claims of this grade are looked at by a person."),
    "over_pass_limit": _("Above %(limit)s a person looks at the claim."),
    "not_all_in_term": _("Not everything is in its term."),
    "above_rules": _("More is claimed than the rules compute."),
    "drawn": _("Drawn by chance for a look."),
}
# What a dealer reads in place of a finding that is for reviewers.
FOR_DEALERS = _("A reviewer looks at this claim.")
# Names of values as they are stored, and as the sentences call them.
MONEY = {
    "cents": "amount",
    "limit_cents": "limit",
    "left_cents": "left",
    "claimed_cents": "claimed",
}
# Findings whose very question a dealer must not know in advance.
HIDDEN = frozenset({"drawn", "not_trusted"})


def sentence(finding: str, values: Mapping[str, Any]) -> str:
    """The sentence of a finding; one that is no longer known says its name."""
    pattern = SENTENCES.get(finding)
    if pattern is None:
        return finding
    return str(pattern) % _Shown(_shown(values))


def for_dealer(finding: str, values: Mapping[str, Any], *, is_risk: bool) -> str:
    """What the dealer reads of it."""
    if is_risk or finding in HIDDEN:
        return str(FOR_DEALERS)
    return sentence(finding, values)


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in values.items():
        if name in MONEY:
            shown[MONEY[name]] = money(yuan(value))
        elif name == "day" and value:
            shown[name] = date_format(date.fromisoformat(value), "DATE_FORMAT")
        else:
            shown[name] = value
    return shown


class _Shown(dict[str, Any]):
    """A value that is missing reads as a dash: a sentence with a gap is better than none."""

    def __missing__(self, key: str) -> str:
        return "—"
