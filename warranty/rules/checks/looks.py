"""Checks that call for a second look: K15–K18, K20, K21, and K22 that lets pass."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from warranty.rules.amounts import payable_km
from warranty.rules.checks.facts import ClaimFacts
from warranty.rules.checks.items import is_inside_consent
from warranty.rules.checks.rows import Book, Finding, Rule

OUTSIDE_TERM = ("ended", "over_use", "not_started", "no_coverage", "no_reading")


def k15_asked_for(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """Machines in stock, watched parts, what the rules cannot price, and who asks for a look."""
    if facts.type == "pre_sale":
        yield Finding("pre_sale")
    if facts.asks_review:
        yield Finding("review_asked")
    for line in facts.of_kind("part"):
        if line.is_watched:
            yield Finding("part_watched", {"code": line.code}, line.position, risk="watched")
        if not line.has_price:
            yield Finding("no_price", {"code": line.code}, line.position)
    if not facts.has_rates:
        yield Finding("no_rates")


def k16_size(facts: ClaimFacts, rule: Rule, book: Book) -> Iterator[Finding]:
    """Large claims go to the level that may decide them.

    Figures of the row: `labour_cents`, `main_parts`, `repair_days` above which level 2 decides.
    """
    if is_inside_consent(facts):
        return
    level = book.level_for(facts.claimed_cents)
    if level > 1:
        yield Finding("large_amount", {"cents": facts.claimed_cents}, level=level)
    second = min(2, book.highest)
    wages = sum(line.claimed_cents for line in facts.of_kind("labour"))
    most = rule.number("labour_cents", 0)
    if most and wages > most:
        yield Finding("much_labour", {"cents": wages, "limit_cents": most}, level=second)
    main = sum(1 for line in facts.of_kind("part") if line.is_main)
    most = rule.number("main_parts", 0)
    if most and main > most:
        yield Finding("many_main_parts", {"count": main, "most": most}, level=second)
    most = rule.number("repair_days", 0)
    if most and facts.repair_days > most:
        yield Finding("many_repair_days", {"days": facts.repair_days, "most": most}, level=second)


def k17_place_and_time(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """Arrival and way fit the visit, and a trip served one machine.

    Figures: `hours` that an arrival may differ from the plan, `minutes` that report and check-in
    may differ.
    """
    if facts.arrived_at is not None:
        wide = timedelta(hours=rule.number("hours", 24))
        if facts.planned_at is not None and abs(facts.arrived_at - facts.planned_at) > wide:
            yield Finding("arrival_off_plan", risk="place")
        close = timedelta(minutes=rule.number("minutes", 60))
        checked_in = facts.visit_arrived_at
        if checked_in is not None and abs(facts.arrived_at - checked_in) > close:
            yield Finding("arrival_off_check_in", risk="place")
    km = facts.distance_km
    if km is not None and km > payable_km(km, facts.map_km, facts.km_tolerance_percent):
        values = {"km": str(km), "map_km": str(facts.map_km)}
        yield Finding("km_above_map", values, risk="distance")
    if facts.trip_machines > 1:
        yield Finding("trip_shared", {"machines": facts.trip_machines}, risk="trip")


def k18_evidence(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """Photos are this job's own, the customer signed, new pieces were sold to this dealer."""
    for photo in facts.used_photos:
        values = {"file": photo.name, "report": photo.used_on}
        yield Finding("photo_used_before", values, risk="photo")
    if facts.photo_count == 0:
        yield Finding("no_photo", risk="photo")
    if not facts.is_signed:
        yield Finding("signature_missing", risk="signature")
    for line in facts.of_kind("part"):
        if line.serial_sold not in ("", "ok"):
            values = {"code": line.code, "serial": line.new_serial}
            yield Finding(f"serial_{line.serial_sold}", values, line.position, risk="serial")


def k20_watched_batch(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """From the n-th claim of a watched batch on (`claims`), people look and the piece returns."""
    for line in facts.of_kind("part"):
        if line.batch_place and line.batch_place >= rule.number("claims", 3):
            values = {"code": line.code, "batch": line.batch, "place": line.batch_place}
            yield Finding("watched_batch", values, line.position, risk="watched")


def k21_charged(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """The user pays for other work at most travel and wages, and was told before."""
    if not facts.charged_cents:
        return
    most = sum(line.computed_cents for line in facts.of_kind("labour", "travel"))
    if facts.charged_cents > most:
        values = {"cents": facts.charged_cents, "limit_cents": most}
        yield Finding("charged_too_much", values, risk="charged")
    if not facts.is_charge_told:
        yield Finding("charge_not_told", {"cents": facts.charged_cents}, risk="charged")


def k22_passes(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """In term, within the rules, under the dealer's limit, trusted, not drawn: passes by itself.

    Figure: `sample_percent` of such claims are drawn for a look all the same.
    """
    if is_inside_consent(facts):
        yield Finding("inside_consent", {"number": facts.consent.number if facts.consent else ""})
        return
    why = list(_why_not(facts, rule))
    yield from why or [Finding("passes_by_itself")]


def _why_not(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    limit = facts.grade.pass_limit_cents
    if not facts.grade.is_trusted:
        yield Finding("not_trusted", is_exception=True)
    elif facts.claimed_cents > limit:
        yield Finding("over_pass_limit", {"limit_cents": limit}, is_exception=True)
    if any(line.cover in OUTSIDE_TERM for line in facts.covered_lines):
        yield Finding("not_all_in_term", is_exception=True)
    own = [line for line in facts.lines if line.kind != "part" or line.source == "own"]
    if any(line.claimed_cents > line.computed_cents for line in own):
        yield Finding("above_rules", is_exception=True)
    if facts.draw < rule.number("sample_percent", 0):
        yield Finding("drawn", is_exception=True)
