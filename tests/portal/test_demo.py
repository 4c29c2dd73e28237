"""The demo data: every state in it, consistent with what the product itself would have written."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.models import Avg, Count, F, Q
from django.utils import timezone

from accounts.actors import companies_of
from accounts.models import Membership, User
from accounts.roles import Role
from core.models import NumberCounter, Option, Tenant
from core.numbering import next_number
from core.tenancy import tenant_scope
from dealers.models import Dealer, Region
from dealers.queries import contract_on, dealers_for, payee_of, rates_for_many
from ledger.check import check
from machines.card_queries import coverage_of
from machines.models import Machine, Ownership, Registration
from parts.models import LabourOperation, Part, PartSerial, Store
from parts.queries import price_of, standard_minutes, stock_of, worth_of
from portal.demo.loading import COMPANIES
from portal.demo.people import PASSWORD, logins
from portal.demo.seasons import moments
from portal.demo.stage import STAGE
from sla import services as sla
from sla.calendars import work_calendar
from sla.models import Clock, Step
from sla.rules import lay_out
from sla.states import ClockState, Promise, StepAction, StepState
from tickets.models import Offer, SupervisionCheck, Ticket, TimelineEntry
from tickets.states import OPEN, OfferState, Team, TicketKind, TicketState
from tickets.wording import EVENTS, sentence
from visits.models import Callback, Visit
from visits.states import CallbackState, VisitState
from warranty.models import Claim, ClaimVersion, PreAuthorisation, Settlement
from warranty.services import claims

SCALE = 0.03
SLUGS = [company.slug for company in COMPANIES]


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Loaded once for all tests of this module, and rolled back after the last one."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            call_command("load_demo", scale=SCALE, stdout=StringIO())
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _unblocked(demo: None, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        yield


def each_company() -> Any:
    for slug in SLUGS:
        tenant = Tenant.objects.get(slug=slug)
        with tenant_scope(tenant.pk):
            yield tenant


def counts(queryset: Any, name: str) -> Counter[str]:
    return Counter(dict(queryset.values_list(name).annotate(n=Count("id"))))


def test_each_company_has_claims_in_every_state_and_settlements_in_sound_books() -> None:
    alone = {"draft", "returned", "review", "decided", "appealed", "finance"}
    for _tenant in each_company():
        states = counts(Claim.objects.all(), "state")
        assert alone | {"closed", "void"} <= set(states), states
        assert {"payable", "in_settlement", "settled"} & set(states), states
        assert Settlement.objects.exists()
        assert check().findings == []
        assert PreAuthorisation.objects.filter(state="approved").exists()
        for version in ClaimVersion.objects.select_related("claim"):
            assert claims.is_intact(version)
            assert claims.is_repeatable(version)


def test_each_company_repairs_with_priced_parts_in_stock_and_timed_operations() -> None:
    for tenant in each_company():
        parts = list(Part.objects.all())
        today = price_of(parts, timezone.localdate())
        assert len(today) == len(parts) > 20, tenant
        assert set(price_of(parts, timezone.localdate() - timedelta(days=400))) == set(today)
        main = Store.objects.get(code="MAIN")
        assert set(stock_of(main)) == set(today)
        assert worth_of(main) > 0
        assert Part.objects.filter(is_watched=True, supplier__isnull=False).exists()
        assert Part.objects.filter(replaces__isnull=False).exists()
        sold = PartSerial.objects.exclude(dealer=None)
        assert sold.exists() and not sold.filter(sold_on=None).exists()
        for operation in LabourOperation.objects.all():
            fit = operation.fits.exclude(model=None).select_related("model").first()
            wanted = fit.minutes if fit else operation.standard_minutes
            assert standard_minutes(operation, fit.model if fit else None) == wanted


@pytest.mark.parametrize("slug", SLUGS)
def test_most_sales_are_registered_in_time_and_some_late_ones_waived(demo: Any, slug: str) -> None:
    with tenant_scope(Tenant.objects.get(slug=slug).pk):
        cards = Registration.objects.all()
        sold = Machine.objects.filter(sold_on__isnull=False).count()
        assert sold * 0.9 < cards.count() <= sold
        late = cards.filter(days_late__gt=0)
        assert 0 < late.count() < cards.count() * 0.15
        assert 0 < late.exclude(waived_at=None).count() < late.count()
        assert not cards.filter(invoice_on__gt=F("received_at__date")).exists()
        card = cards.first()
        assert card is not None
        row = next(row for row in coverage_of(card.machine) if row.layer == "whole")
        assert row.starts_on == card.invoice_on


def test_every_state_kind_and_holder_is_there() -> None:
    found: dict[str, Counter[str]] = {name: Counter() for name in "tkcovbs"}
    for _tenant in each_company():
        found["t"] += counts(Ticket.objects.order_by(), "state")
        found["k"] += counts(Ticket.objects.order_by(), "kind")
        found["c"] += counts(Ticket.objects.order_by(), "team")
        found["o"] += counts(Offer.objects.order_by(), "state")
        found["v"] += counts(Visit.objects.order_by(), "state")
        found["b"] += counts(Callback.objects.order_by(), "state")
        found["s"] += counts(Clock.objects.order_by(), "state")
    assert set(found["t"]) >= set(TicketState.values)
    assert set(found["k"]) == set(TicketKind.values)
    assert set(found["c"]) == set(Team.values)
    assert set(found["o"]) >= {OfferState.OFFERED, OfferState.ACCEPTED, OfferState.REFUSED}
    assert set(found["v"]) >= {VisitState.PLANNED, VisitState.FINISHED}
    assert set(found["b"]) >= {CallbackState.SCHEDULED, CallbackState.DONE}
    assert set(found["s"]) >= {ClockState.RUNNING, ClockState.MET, ClockState.CANCELLED}


def test_every_dealer_works_under_a_contract_and_has_rates() -> None:
    today = timezone.localdate()
    for _tenant in each_company():
        dealers = list(Dealer.objects.select_related("parent"))
        rates = rates_for_many((dealer, today) for dealer in dealers)
        assert dealers and all(rates.values())
        assert len({found.code for found in rates.values() if found}) > 1
        for dealer in dealers:
            contract = contract_on(dealer, today)
            assert contract is not None and contract.dealer == payee_of(dealer)
            assert contract.until_on == dealer.agreement_ends_on


def test_a_breach_is_marked_where_a_clock_was_missed_and_nowhere_else() -> None:
    for _tenant in each_company():
        missed = Clock.objects.filter(subject="ticket", missed_at__isnull=False)
        late = set(missed.values_list("subject_id", flat=True))
        marked = set(Ticket.objects.filter(has_breach=True).values_list("pk", flat=True))
        assert marked == late
        assert late
        assert (
            not Clock.objects.filter(missed_at__isnull=False)
            .exclude(missed_at=F("due_at"))
            .exists()
        )
        # Kept in time means no mark; ended after the due time means one.
        assert not Clock.objects.filter(finished_at__gt=F("due_at"), missed_at=None).exists()
        assert not Clock.objects.filter(
            finished_at__lte=F("due_at"), missed_at__isnull=False
        ).exists()


def test_clocks_are_laid_out_as_the_product_would() -> None:
    for _tenant in each_company():
        clocks = Clock.objects.filter(agreed_at=None).select_related("calendar")
        clocks = clocks.prefetch_related("steps", "pauses")
        for clock in clocks.order_by("?")[:150]:
            steps = sorted(clock.steps.all(), key=lambda step: step.position)
            rungs = [step for step in steps if step.action == StepAction.ESCALATE]
            layout = lay_out(
                clock.started_at,
                clock.minutes,
                clock.warn_percent,
                [rung.after_minutes for rung in rungs],
                work_calendar(clock.calendar),
                [(p.started_at, p.ended_at) for p in clock.pauses.all() if p.ended_at],
            )
            assert (clock.due_at, clock.warn_at) == (layout.due_at, layout.warn_at)
            assert tuple(rung.at for rung in rungs) == layout.rungs


def test_running_clocks_have_their_whole_ladder_and_ended_ones_nothing_planned() -> None:
    now = timezone.now()
    for _tenant in each_company():
        for clock in Clock.objects.filter(state=ClockState.RUNNING).annotate(n=Count("steps")):
            assert clock.n == 4
        ended = Step.objects.exclude(clock__state=ClockState.RUNNING)
        # A wait with a planned end has its own reminder.
        assert not ended.filter(state=StepState.PLANNED, is_wait=False).exists()
        fired = Step.objects.filter(state=StepState.FIRED)
        assert fired.exists()
        assert not fired.filter(fired_at__lt=F("at")).exists()
        assert not fired.filter(fired_at__gt=now + timedelta(minutes=1)).exists()


def test_each_open_ticket_owes_what_its_state_says() -> None:
    for _tenant in each_company():
        live: dict[int, set[str]] = {}
        for pk, promise in Clock.objects.filter(
            state=ClockState.RUNNING, subject="ticket"
        ).values_list("subject_id", "promise"):
            live.setdefault(pk, set()).add(promise)
        for ticket in Ticket.objects.all():
            owed = live.get(ticket.pk, set())
            if ticket.state == TicketState.NEW:
                assert Promise.DISPATCH in owed
            elif ticket.state in (TicketState.OFFERED, TicketState.ACCEPTED):
                assert Promise.ARRANGE in owed
                assert ticket.team == Team.DEALER
            elif ticket.state not in OPEN:
                assert not owed, ticket.number
            else:
                assert Promise.DISPATCH not in owed
        offered = Ticket.objects.filter(state=TicketState.OFFERED)
        assert offered.count() == Offer.objects.filter(state=OfferState.OFFERED).count()
        assert (
            not Offer.objects.exclude(state__in=[OfferState.OFFERED, OfferState.ACCEPTED])
            .filter(answered_at=None)
            .exists()
        )


def test_times_of_a_ticket_are_in_order_and_not_in_the_future() -> None:
    now = timezone.now() + timedelta(minutes=1)
    for _tenant in each_company():
        tickets = Ticket.objects.all()
        pairs = (
            ("reported_at", "handed_over_at"),
            ("handed_over_at", "arranged_at"),
            ("arranged_at", "done_at"),
            ("done_at", "closed_at"),
        )
        for before, after in pairs:
            assert not tickets.filter(**{f"{after}__lt": F(before)}).exists(), (before, after)
        for name in ("reported_at", "handed_over_at", "arranged_at", "done_at", "closed_at"):
            assert not tickets.filter(**{f"{name}__gt": now}).exists(), name
        assert not TimelineEntry.objects.filter(at__gt=now).exists()
        assert not TimelineEntry.objects.filter(at__lt=F("ticket__reported_at")).exists()
        assert not tickets.filter(state=TicketState.CLOSED, result="").exists()
        # A year, and nothing much older.
        assert not tickets.filter(reported_at__lt=now - timedelta(days=367)).exists()


def test_the_story_of_every_ticket_can_be_told() -> None:
    for _tenant in each_company():
        events = set(TimelineEntry.objects.exclude(event="").values_list("event", flat=True))
        assert events <= set(EVENTS)
        assert not Ticket.objects.filter(timeline=None).exists()
        for entry in TimelineEntry.objects.exclude(event="").order_by("?")[:100]:
            assert sentence(entry)


def test_the_shares_are_plausible() -> None:
    arranged, score = Counter[bool](), []
    for _tenant in each_company():
        clocks = Clock.objects.filter(promise=Promise.ARRANGE, state=ClockState.MET)
        for missed_at in clocks.values_list("missed_at", flat=True):
            arranged[missed_at is None] += 1
        average = Callback.objects.filter(score__isnull=False).aggregate(Avg("score"))
        score.append(average["score__avg"])
    assert 0.88 < arranged[True] / arranged.total() < 0.98
    assert all(4.1 < each < 4.7 for each in score)


def test_reopened_tickets_were_reopened_by_an_unhappy_customer() -> None:
    for _tenant in each_company():
        reopened = Ticket.objects.filter(reopen_count__gt=0)
        assert reopened.filter(callbacks__score__lte=2).distinct().count() == reopened.count()
        assert (
            not Ticket.objects.filter(state=TicketState.CLOSED, reopen_count=0)
            .exclude(callbacks__state__in=[CallbackState.DONE, CallbackState.GIVEN_UP])
            .exists()
        )


def test_checks_stand_beside_their_clocks() -> None:
    for _tenant in each_company():
        open_checks = SupervisionCheck.objects.filter(checked_at=None, is_cancelled=False)
        running = Clock.objects.filter(promise=Promise.CHECK, state=ClockState.RUNNING)
        assert set(open_checks.values_list("ticket_id", "due_at")) == set(
            running.values_list("subject_id", "due_at")
        )


def test_every_county_of_a_covered_province_belongs_to_somebody() -> None:
    for _tenant in each_company():
        counties = Region.objects.filter(code__startswith="37", code__regex=r"^\d{6}$")
        for county in counties.exclude(name="市辖区"):
            assert dealers_for(region_code=county.code), county.full_name


def test_a_machine_has_one_owner_now_and_some_were_sold_on() -> None:
    sold_on = 0
    for _tenant in each_company():
        owned = Ownership.objects.filter(until_on=None)
        assert owned.count() == Machine.objects.count()
        assert not owned.exclude(customer=F("machine__customer")).exists()
        assert not Ownership.objects.filter(until_on__lt=F("from_on")).exists()
        sold_on += Ownership.objects.exclude(until_on=None).count()
    assert sold_on


def test_one_person_per_role_can_sign_in(client: Any) -> None:
    for company in COMPANIES:
        tenant = Tenant.objects.get(slug=company.slug)
        with tenant_scope(tenant.pk):
            for login in logins(company):
                user = User.objects.get(email=login.email)
                assert user.check_password(PASSWORD)
                assert Membership.objects.get(user=user).role == login.role
    assert {login.role for login in logins(COMPANIES[0])} == set(Role)


def test_the_dealer_group_works_for_both_companies() -> None:
    user = User.objects.get(email="dealer@huinong.example")
    assert {company.slug for company in companies_of(user)} == set(SLUGS)
    for _tenant in each_company():
        dealer_id = Membership.objects.get(user=user).dealer_id
        assert dealer_id is not None
        waiting = Offer.objects.filter(dealer_id=dealer_id, state=OfferState.OFFERED)
        assert waiting.count() >= 5
        assert Dealer.objects.get(pk=dealer_id).is_active


def test_promises_fall_due_within_two_minutes_of_the_start() -> None:
    now = timezone.now()
    soon = Q(due_at__gt=now - timedelta(minutes=3), due_at__lt=now + timedelta(minutes=2))
    for _tenant in each_company():
        due = counts(Clock.objects.filter(soon, state=ClockState.RUNNING).order_by(), "promise")
        assert due[Promise.DISPATCH] >= 3
        assert due[Promise.ARRANGE] >= 5
        assert due[Promise.CHECK] >= 2


def test_the_sweep_escalates_what_is_on_the_stage() -> None:
    tenant = Tenant.objects.get(slug=SLUGS[0])
    with tenant_scope(tenant.pk):
        before = Step.objects.filter(state=StepState.FIRED).count()
        sla.sweep(timezone.now() + timedelta(minutes=2))
        after = Step.objects.filter(state=StepState.FIRED)
        assert after.count() >= before + 15
        assert after.filter(role="manager", fired_at__isnull=False).exists()
        offers = Offer.objects.filter(state=OfferState.TIMED_OUT)
        assert offers.filter(ticket__number__in=_on_stage()).count() == 3


def _on_stage() -> list[str]:
    newest: list[str] = Option.objects.filter(key=STAGE).order_by("-id")[0].value
    return newest


def test_the_next_ticket_gets_the_next_number() -> None:
    for _tenant in each_company():
        today = timezone.localdate()
        number = next_number("T", today)
        assert not Ticket.objects.filter(number=number).exists()
        assert NumberCounter.objects.filter(kind="CB").exists()


def test_links_lead_to_rows_of_the_same_company() -> None:
    with connection.cursor() as cursor:
        # The links are checked at the commit; here they are asked at once.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_second_run_adds_only_to_the_stage(demo: None) -> None:
    def picture() -> list[object]:
        rows: list[object] = []
        for _tenant in each_company():
            tables: tuple[type[models.Model], ...] = (Dealer, Machine, Callback, Membership)
            rows += [list(table._default_manager.order_by("pk").values()) for table in tables]
            rows.append(Ticket.objects.count())
        return rows

    before = picture()
    call_command("load_demo", scale=SCALE, stdout=StringIO())
    after = picture()
    assert [row for row in after if not isinstance(row, int)] == [
        row for row in before if not isinstance(row, int)
    ]
    grown = [
        new - old
        for old, new in zip(before, after, strict=True)
        if isinstance(old, int) and isinstance(new, int)
    ]
    assert grown == [17, 17]


def test_logins_are_printed_by_company() -> None:
    output = StringIO()
    call_command("demo_logins", stdout=output)
    said = output.getvalue()
    assert said.count(PASSWORD) == 2 * len(Role)
    assert "clerk@fenghe.example" in said and "dealer@huinong.example" in said


def test_seasons_show_in_the_calls() -> None:
    now = int(timezone.now().timestamp()) + 8 * 3_600
    found = moments(Random(1), COMPANIES[0], 8_000, now)
    by_month = Counter(
        datetime.fromtimestamp(at, UTC).month for at, line in found if line.code == "COMBINE"
    )
    assert by_month[6] > 4 * by_month[1]
    assert found == sorted(found, key=lambda moment: moment[0])
    assert found[-1][0] < now
