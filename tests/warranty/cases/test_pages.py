"""The pages of cases, spot checks and claims on suppliers, by who may do what there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation

from tests.cast import Cast, World, a_ticket
from tests.warranty.cases import builders
from warranty.models import Adjustment, RecoveryClaim, SpotCheck, StatutoryCase

As = Callable[..., Client]
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def cast(world: World) -> Cast:
    with world.owner.scope():
        model = world.owner.model
        model.product_class = "combine_harvester"
        model.save()
        machine = world.owner.machine
        machine.sold_on = timezone.localdate() - timedelta(days=60)
        machine.save()
    return world.owner


def a_case(cast: Cast, state: str = "triggered", **facts: Any) -> StatutoryCase:
    with cast.scope():
        return builders.a_case(cast, state, **facts)


def fresh(cast: Cast, row: Any) -> Any:
    with cast.scope():
        return type(row)._default_manager.get(pk=row.pk)


def page(client: Client, url: str, **query: str) -> str:
    client.cookies["django_language"] = "en"
    answer = client.get(url, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_case_keeps_the_two_answers_apart(cast: Cast, as_: As) -> None:
    case = a_case(cast, "carried_out")
    text = page(as_("clerk"), f"/warranty/cases/{case.number}/")
    user, dealer = text.split("What the manufacturer pays the dealer")
    assert "Main component or system replaced free" in user
    assert "29" in user
    assert "There is no receipt card, and nobody waived that." in dealer
    assert "receipt card" not in user.split("What the user may demand from the seller")[1]


def test_the_choice_is_recorded_approved_by_another_and_carried_out(cast: Cast, as_: As) -> None:
    case = a_case(cast)
    url = f"/warranty/cases/{case.number}/"
    clerk, boss = as_("clerk"), as_("manager")
    assert "Record the user" in page(clerk, url)
    wrong = clerk.post(f"{url}choose/", {"choice": "return", "signer": "张丰收", "words": "退钱"})
    assert wrong.status_code == 422
    assert "张丰收" in wrong.content.decode()
    unsigned = clerk.post(f"{url}choose/", {"choice": "replace_part", "signer": "张丰收"})
    assert unsigned.status_code == 422
    strokes = "[[10, 10, 90, 60]]"
    done = clerk.post(
        f"{url}choose/", {"choice": "replace_part", "signer": "张丰收", "signature": strokes}
    )
    assert done.status_code == 302
    assert "<polyline" in page(clerk, url)
    assert clerk.post(f"{url}approve/").status_code == 403
    assert boss.post(f"{url}refuse/", {"reason": ""}).status_code == 422
    assert boss.post(f"{url}approve/").status_code == 302
    assert boss.post(f"{url}carry-out/").status_code == 302
    row = fresh(cast, case)
    assert (row.state, row.chosen_label, row.approved_label) == (
        "carried_out",
        cast.people["clerk"].name,
        cast.people["manager"].name,
    )


def test_a_step_that_is_over_leads_back_with_a_sentence(cast: Cast, as_: As) -> None:
    case = a_case(cast, "dropped")
    answer = as_("manager").get(f"/warranty/cases/{case.number}/approve/", follow=True)
    assert answer.redirect_chain[0][0] == f"/warranty/cases/{case.number}/"


def test_cases_are_found_by_state_dealer_model_and_words(cast: Cast, as_: As) -> None:
    case, over = a_case(cast), a_case(cast, "dropped", machine=cast.neighbour_machine)
    clerk = as_("clerk")
    for query in (
        {"state": "open"},
        {"state": "triggered", "dealer": cast.dealer.number, "model": "4lz-6.0"},
        {"q": cast.machine.serial_number[-6:]},
    ):
        text = page(clerk, "/warranty/cases/", **query)
        assert case.number in text
        assert over.number not in text
    exported = as_("manager").get("/warranty/cases/export/", {"state": "dropped"})
    lines = exported.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert over.number in lines[1]


def test_the_evidence_pack_is_a_pdf(cast: Cast, as_: As) -> None:
    case = a_case(cast, "user_chose")
    answer = as_("clerk").get(f"/warranty/cases/{case.number}/evidence.pdf")
    assert answer.content.startswith(b"%PDF-")


def test_the_machine_page_asks_for_its_panel_and_a_dealer_gets_only_his(
    cast: Cast, as_: As
) -> None:
    clerk = as_("clerk")
    serial = cast.machine.serial_number
    assert f"/warranty/cases/machine/?serial={serial}" in page(clerk, f"/machines/{serial}/")
    text = page(clerk, "/warranty/cases/machine/", serial=serial)
    assert "No fault is open" in text
    assert "What the manufacturer pays" not in text
    principal = as_("dealer_principal")
    assert "No fault is open" in page(principal, "/warranty/cases/machine/", serial=serial)
    foreign = principal.get(
        "/warranty/cases/machine/", {"serial": cast.neighbour_machine.serial_number}
    )
    assert foreign.status_code == 404


def test_the_ticket_page_asks_for_the_panel_of_its_machine(cast: Cast, as_: As) -> None:
    with cast.scope():
        ticket = a_ticket(cast, dealer=cast.dealer)
    panel = f"/warranty/cases/machine/?serial={cast.machine.serial_number}"
    assert panel in page(as_("clerk"), f"/tickets/{ticket.number}/")


def a_check(cast: Cast, claims: int = 2) -> SpotCheck:
    with cast.scope():
        return builders.a_spot_check(cast, claims=claims)


def test_a_dealer_hands_in_papers_and_reads_verdicts_when_the_check_is_decided(
    cast: Cast, as_: As
) -> None:
    check = a_check(cast)
    url = f"/warranty/spot-checks/{check.number}/"
    dealer, decider = as_("dealer_clerk"), as_("technical_manager")
    with cast.scope():
        numbers = [item.claim.number for item in check.items.select_related("claim")]
    assert "Seed" not in page(dealer, url)
    for number in numbers:
        assert dealer.post(f"{url}{number}/papers/").status_code == 422
        papers = [
            SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF", "application/pdf")
            for name in ("report.pdf", "user.pdf")
        ]
        handed = dealer.post(f"{url}{number}/papers/", {"uploads": papers})
        assert handed.status_code == 302, handed.content.decode()[:3000]
    assert fresh(cast, check).state == "papers_in"
    assert page(decider, url).count("report.pdf") == 2
    assert decider.post(f"{url}decide/").status_code == 422
    first, second = numbers
    finding = {"verdict": "outside", "facts": "用户自行改装", "cents": "50.00"}
    too_much = decider.post(f"{url}{first}/verdict/", finding | {"cents": "99999"})
    assert too_much.status_code == 422
    assert "用户自行改装" in too_much.content.decode()
    inside = {"verdict": "inside", "facts": "属实"}
    assert decider.post(f"{url}{second}/verdict/", inside | {"cents": "1"}).status_code == 422
    assert decider.post(f"{url}{second}/verdict/", inside).status_code == 302
    assert "属实" not in page(dealer, url)
    assert dealer.post(f"{url}{first}/verdict/", finding).status_code == 403
    assert decider.post(f"{url}decide/").status_code == 422
    with cast.scope():
        SpotCheck.objects.get(pk=check.pk).items.filter(verdict="").update(
            verdict="outside", facts="用户自行改装"
        )
    assert decider.post(f"{url}decide/").status_code == 302
    assert "属实" in page(dealer, url)


def test_a_sample_is_drawn_once_of_what_was_settled(cast: Cast, as_: As) -> None:
    rep = as_("sales_rep")
    draw = "/warranty/spot-checks/draw/"
    nothing = rep.post(draw, {"dealer": cast.dealer.number})
    assert nothing.status_code == 422
    assert cast.dealer.number in nothing.content.decode()
    with cast.scope():
        for _each in range(5):
            builders.a_claim(cast, state="settled")
    assert rep.post(draw, {"dealer": cast.dealer.number}).status_code == 302
    with cast.scope():
        check = SpotCheck.objects.get()
        assert (check.population, check.items.count()) == (5, 3)
        assert Adjustment.objects.count() == 0
    again = rep.post(draw, {"dealer": cast.dealer.number})
    assert again.status_code == 422


def a_recovery(cast: Cast, state: str = "found") -> RecoveryClaim:
    with cast.scope():
        return builders.a_recovery(cast, state)


def test_a_supplier_is_asked_answers_in_part_and_is_debited_by_another_person(
    cast: Cast, as_: As
) -> None:
    recovery = a_recovery(cast)
    url = f"/warranty/recoveries/{recovery.number}/"
    engineer, boss = as_("engineer"), as_("technical_manager")
    assert engineer.post(f"{url}claim/", {"cents": "1000.01"}).status_code == 422
    assert engineer.post(f"{url}claim/", {"cents": "8.001"}).status_code == 422
    assert engineer.post(f"{url}claim/", {"cents": "800", "words": "材质"}).status_code == 302
    part = {"name": "accept_partly", "cents": "800", "answer": "承担一半"}
    assert engineer.post(f"{url}answer/", part).status_code == 422
    assert engineer.post(f"{url}answer/", part | {"cents": "400"}).status_code == 302
    assert engineer.post(f"{url}debit/").status_code == 403
    assert boss.post(f"{url}debit/").status_code == 302
    assert boss.post(f"{url}debit/").status_code == 422
    row = fresh(cast, recovery)
    assert (row.state, row.accepted_cents) == ("debited", 400_00)
    paper = engineer.get(f"{url}claim.pdf")
    assert paper.content.startswith(b"%PDF-")


def test_recoveries_are_found_by_supplier_and_state_and_summed(cast: Cast, as_: As) -> None:
    recovery, refused = a_recovery(cast), a_recovery(cast, "refused")
    text = page(as_("finance"), "/warranty/recoveries/", supplier="SUP", state="found")
    assert recovery.number in text
    assert refused.number not in text
    assert "800.00" in text
    exported = as_("finance").get("/warranty/recoveries/export/")
    assert len(exported.content.decode("utf-8-sig").splitlines()) == 3


@pytest.mark.parametrize("who", ["dealer_principal", "dealer_clerk", "dealer_technician"])
def test_no_dealer_sees_a_claim_on_a_supplier(cast: Cast, as_: As, who: str) -> None:
    recovery = a_recovery(cast)
    dealer = as_(who)
    for url in ("", f"{recovery.number}/", f"{recovery.number}/claim.pdf", "export/"):
        assert dealer.get(f"/warranty/recoveries/{url}").status_code == 403
    assert recovery.number not in page(dealer, "/warranty/")


def test_what_waits_stands_on_the_first_page(cast: Cast, as_: As) -> None:
    a_case(cast)
    a_check(cast)
    a_recovery(cast)
    assert "record what they want" in page(as_("clerk"), "/warranty/")
    assert "Costs to claim from suppliers" in page(as_("engineer"), "/warranty/")
    theirs = page(as_("dealer_principal"), "/warranty/")
    assert "hand in the papers" in theirs
    assert "Users who may demand more" in theirs


@pytest.mark.parametrize(
    ("who", "url", "make", "most"),
    [
        ("clerk", "/warranty/cases/", "case", 12),
        ("technical_manager", "/warranty/spot-checks/", "check", 12),
        ("engineer", "/warranty/recoveries/", "recovery", 14),
    ],
)
def test_a_list_takes_the_same_queries_however_long(
    cast: Cast,
    as_: As,
    who: str,
    url: str,
    make: str,
    most: int,
    django_assert_max_num_queries: Any,
) -> None:
    def add() -> None:
        with cast.scope():
            if make == "case":
                builders.a_case(cast, "dropped")
            elif make == "check":
                SpotCheck.objects.filter(pk=builders.a_spot_check(cast).pk).update(state="decided")
            else:
                builders.a_recovery(cast)

    client = as_(who)
    add()
    client.get(url)
    with django_assert_max_num_queries(most) as few:
        assert client.get(url).status_code == 200
    for _each in range(4):
        add()
    with django_assert_max_num_queries(len(few)):
        assert client.get(url).status_code == 200
