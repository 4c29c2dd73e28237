"""Pages of claims: who sees what, decisions typed and kept, the dealer's answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from core.models import AuditEvent
from tests.cast import World
from tests.warranty.claims.conftest import Shop, shop  # noqa: F401 - a fixture
from tests.warranty.reviews.builders import a_claim, decided, install, lines_of, person
from warranty.models import Claim, PreAuthorisation
from warranty.services import claims as services
from warranty.services import reviews

As = Callable[..., Client]


@pytest.fixture(autouse=True)
def _ready(world: World) -> Any:
    install(world.owner)
    User.objects.update(language="en")
    with translation.override("en"):
        yield


def page(name: str, claim: Claim | None = None) -> str:
    return reverse(f"warranty:{name}", args=[claim.number] if claim else [])


def test_the_work_list_has_the_oldest_due_first_and_goes_on(world: World, as_: As) -> None:
    cast, now = world.owner, timezone.now()
    with cast.scope():
        late = a_claim(cast, decide_by=now - timedelta(days=1))
        soon = a_claim(cast, decide_by=now + timedelta(days=1))
        high = a_claim(cast, level=3)
        a_claim(cast, "finance")
        own = a_claim(cast, filer="engineer")
    answer = as_("engineer").get(page("claims"), {"queue": "decide"})
    assert [row.number for row in answer.context["listed"].rows] == [late.number, soon.number]
    assert high.number not in answer.content.decode() and own.number not in answer.content.decode()
    again = as_("engineer").get(page("claims"), {"queue": "decide", "after": late.number})
    assert [row.number for row in again.context["listed"].rows] == [soon.number]
    shown = as_("finance").get(page("claims"), {"queue": "confirm"}).context["listed"].rows
    assert len(shown) == 1


def test_the_list_filters_by_dealer_level_risk_and_machine(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        flagged = a_claim(cast, risk_flags=["photo"], level=2)
        plain = a_claim(cast)

    def found(**query: str) -> set[str]:
        rows = as_("manager").get(page("claims"), query).context["listed"].rows
        return {row.number for row in rows}

    assert found(risk="photo") == {flagged.number} == found(level="2")
    assert found(machine=" 4lz2026000001 ") == {flagged.number, plain.number}
    assert found(dealer=cast.neighbour.number) == set()
    assert found(q=plain.number.lower()) == {plain.number}


def test_a_dealer_sees_no_risk_and_asks_for_none(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        claim = a_claim(cast, risk_flags=["photo"])
    client = as_("dealer_principal")
    for answer in (client.get(page("claims")), client.get(page("claim", claim))):
        assert answer.status_code == 200
        assert "Photo used before" not in answer.content.decode()
    assert client.get(page("claims"), {"risk": "photo"}).context["listed"].rows == []
    assert "Photo used before" in as_("engineer").get(page("claim", claim)).content.decode()


def test_the_list_asks_a_fixed_number_of_questions(
    world: World, as_: As, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    cast = world.owner
    with cast.scope():
        for _each in range(8):
            a_claim(cast)
    client = as_("engineer")
    with django_assert_max_num_queries(22):
        assert client.get(page("claims"), {"queue": "decide"}).status_code == 200


def body(claim: Claim, *entries: tuple[str, str, str, str]) -> dict[str, str]:
    data: dict[str, str] = {}
    for line, (outcome, approved, reason, words) in zip(lines_of(claim), entries, strict=True):
        prefix = f"line-{line.pk}"
        data |= {f"{prefix}-outcome": outcome, f"{prefix}-approved": approved}
        data |= {f"{prefix}-reason": reason, f"{prefix}-words": words}
    return data


def test_lines_are_decided_and_the_next_claim_comes_by_itself(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        claim = a_claim(cast, decide_by=timezone.now())
        following = a_claim(cast)
        data = body(claim, ("approve", "", "", ""), ("reduce", "２０.５", "TOO_MUCH", "超时"))
    answer = as_("engineer").post(page("claim-decide", claim), data | {"words": "见明细"})
    assert answer.url == page("claim", following)
    with cast.scope():
        claim.refresh_from_db()
        assert (claim.state, claim.approved_cents) == ("decided", 120_50)


def test_what_a_reviewer_typed_is_kept_and_said_at_its_line(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        claim = a_claim(cast)
        data = body(claim, ("reject", "", "TOO_MUCH", " "), ("reduce", "1.234", "", "只换了一半"))
    answer = as_("engineer").post(page("claim-decide", claim), data)
    assert answer.status_code == 422
    first, second = answer.context["sheet"].entries
    assert second.words == "只换了一半" and "two decimals" in second.error
    text = answer.content.decode()
    assert "只换了一半" in text and 'value="1.234"' in text
    data |= {name: "20" for name in data if name.endswith("approved")}
    answer = as_("engineer").post(page("claim-decide", claim), data)
    first, second = answer.context["sheet"].entries
    assert "Say in words" in first.error and "Choose the reason" in second.error
    with cast.scope():
        assert Claim.objects.get(pk=claim.pk).state == "review"


def test_a_step_with_words_keeps_them_when_refused(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        claim = a_claim(cast)
    client = as_("technical_manager")
    answer = client.post(page("claim-cancel", claim), {"cancel-words": ""})
    assert answer.status_code == 422 and answer.context["forms"]["cancel"].errors["words"]
    answer = client.post(page("claim-ask-correction", claim), {"ask_correction-words": "缺照片"})
    assert answer.status_code == 302
    answer = client.post(page("claim-cancel", claim), {"cancel-words": "重复提交"})
    assert answer.status_code == 422 and "present state" in answer.content.decode()


def test_finance_sees_amounts_and_cannot_change_them(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        claim = a_claim(cast, "finance", approved_cents=120_00)
    client = as_("finance")
    text = client.get(page("claim", claim)).content.decode()
    assert "Confirm ¥120.00" in text and "-approved" not in text
    answer = client.post(page("claim-confirm", claim), {"approved_cents": "999999"})
    assert answer.status_code == 302
    with cast.scope():
        claim.refresh_from_db()
        assert (claim.state, claim.approved_cents) == ("payable", 120_00)
    again = client.post(page("claim-confirm", claim))
    assert again.status_code == 422


def test_the_dealer_appeals_from_the_telephone_and_nothing_is_lost(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        claim = decided(cast, 100_00, 20_00)
        cut = lines_of(claim)[1].pk
    client = as_("dealer_principal")
    assert "you may appeal" in client.get(page("claim", claim)).content.decode()
    answer = client.post(page("claim-appeal", claim), {f"appeal-{cut}-words": "工时属实"})
    assert answer.status_code == 422
    answer = client.post(
        page("claim-appeal", claim), {f"appeal-{cut}": "on", f"appeal-{cut}-words": "工时属实"}
    )
    assert answer.status_code == 302
    with cast.scope():
        assert Claim.objects.get(pk=claim.pk).state == "appealed"
    second = as_("dealer_principal").post(page("claim-accept", claim))
    assert second.status_code == 422


def test_an_appeal_shows_only_its_lines_and_is_decided_by_another(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        claim = decided(cast, 100_00, 20_00, by="technical_manager")
        cut = lines_of(claim)[1]
        reviews.appeal_claim(
            actor=cast.actor("dealer_principal"), claim=claim, lines={cut.pk: "属实"}
        )
        person(cast, "second_manager", "technical_manager")
    assert as_("technical_manager").get(page("claim", claim)).context["sheet"] is None
    client = as_("second_manager")
    sheet = client.get(page("claim", claim)).context["sheet"]
    assert [entry.line.pk for entry in sheet.entries] == [cut.pk]
    data = {f"line-{cut.pk}-outcome": "approve", "words": ""}
    answer = client.post(page("claim-decide-appeal", claim), data)
    assert answer.status_code == 422 and answer.context["sheet"].words_error
    answer = client.post(page("claim-decide-appeal", claim), data | {"words": "采纳"})
    assert answer.status_code == 302
    with cast.scope():
        assert Claim.objects.get(pk=claim.pk).approved_cents == 150_00


def test_the_export_has_what_is_shown_and_the_audit_who_took_it(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        claim = a_claim(cast, risk_flags=["photo"])
        other = a_claim(cast, "void")
    text = as_("manager").get(page("claim-export"), {"state": "review"}).content.decode()
    assert claim.number in text and other.number not in text
    with cast.scope():
        assert AuditEvent.objects.filter(verb="claim.exported").count() == 1
    rows = as_("dealer_clerk").get(page("claim-export")).content.decode()
    assert claim.number in rows and "photo" not in rows.lower()


def test_the_paper_is_a_pdf_for_dealer_and_house(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        claim = decided(cast, 100_00, 20_00)
    for who in ("dealer_clerk", "engineer"):
        answer = as_(who).get(page("claim-print", claim), {"language": "en"})
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")


def test_a_claim_is_begun_typed_and_filed_by_its_dealer(shop: Shop, as_: As) -> None:  # noqa: F811
    report = shop.report()
    client = as_("dealer_clerk")
    assert report.number in client.get(page("claim-new")).content.decode()
    answer = client.post(page("claim-new"), {"report": report.number})
    claim = Claim.objects.get(report=report)
    assert answer.url == page("claim-edit", claim)
    assert client.post(page("claim-new"), {"report": report.number}).url == answer.url
    form = client.get(page("claim-edit", claim))
    lines = form.context["lines"]
    assert [entry.kind_label for entry in lines if not entry.is_new][0] == "Part"
    assert all(entry.computed_cents is not None for entry in lines if not entry.is_new)
    # What cannot be read is kept and said at its field.
    bad = {"lines-0-claimed": "12.345", "type": "repair", "file": "1"}
    refused = client.post(page("claim-edit", claim), bad)
    assert refused.status_code == 422 and 'value="12.345"' in refused.content.decode()
    assert "two decimals" in refused.context["errors"]["lines-0-claimed"]
    claim.refresh_from_db()
    assert claim.state == "draft" and claim.draft["lines"][0]["claimed"] == "12.345"
    fresh = len(claim.draft["lines"])
    good = {
        "lines-0-claimed": "100.00",
        f"lines-{fresh}-kind": "freight",
        f"lines-{fresh}-words": "返厂运费",
        f"lines-{fresh}-claimed": "35",
        f"lines-{fresh}-invoice_number": "FP-1",
        "type": "repair",
    }
    assert client.post(page("claim-edit", claim), good | {"keep": "1"}).status_code == 302
    claim.refresh_from_db()
    assert len(claim.draft["lines"]) == fresh + 1
    assert client.post(page("claim-edit", claim), good | {"file": "1"}).url == page("claim", claim)
    claim.refresh_from_db()
    assert claim.state != "draft"
    assert [line.kind for line in lines_of(claim)][-1] == "freight"


def test_a_draft_is_discarded_and_a_filing_withdrawn(shop: Shop, as_: As) -> None:  # noqa: F811
    shop.level(is_trusted=False)
    claim = shop.filed()
    client = as_("dealer_clerk")
    assert "Withdraw the claim" in client.get(page("claim", claim)).content.decode()
    assert client.post(page("claim-withdraw", claim)).status_code == 302
    claim.refresh_from_db()
    assert claim.state == "void"
    assert client.post(page("claim-withdraw", claim)).status_code == 422


def test_our_technician_files_for_himself_and_never_for_a_dealer(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        theirs = a_claim(cast, "draft")
        own = a_claim(cast, "draft", dealer=None, payee=None, filer="field_engineer")
    client = as_("field_engineer")
    assert client.post(page("claim-discard", theirs)).status_code == 409
    assert client.post(page("claim-discard", own)).status_code == 302


def test_consent_is_asked_once_and_answered_with_a_limit(world: World, as_: As) -> None:
    cast = world.owner
    ask = reverse("warranty:pre-authorisation-new")
    client = as_("dealer_clerk")
    data = {"serial_number": "nothing", "asked_for": "换变速箱", "asked_cents": "1.005"}
    refused = client.post(ask, data)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"serial_number", "asked_cents"}
    assert "换变速箱" in refused.content.decode()
    serial = cast.machine.serial_number
    data |= {"serial_number": serial, "asked_cents": "1,200", "once": "a" * 32}
    answer = client.post(ask, data)
    assert client.post(ask, data).url == answer.url
    with cast.scope():
        row = PreAuthorisation.objects.get()
        assert (row.state, row.asked_cents, row.dealer) == ("submitted", 120_000, cast.dealer)
    url = reverse("warranty:pre-authorisation-approve", args=[row.number])
    assert as_("dealer_principal").post(url).status_code == 403
    late = {"approve-limit_cents": "800", "approve-expires_on": "2020-01-01"}
    assert as_("engineer").post(url, late).status_code == 422
    answer = as_("engineer").post(url, {"approve-limit_cents": "800"})
    assert answer.status_code == 302
    with cast.scope():
        row.refresh_from_db()
        assert (row.state, row.limit_cents) == ("approved", 80_000)
    shown = client.get(reverse("warranty:pre-authorisation", args=[row.number]))
    assert "¥800.00" in shown.content.decode()


def test_consent_comes_back_and_is_sent_in_again(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        row = services.ask_consent(
            actor=cast.actor("dealer_clerk"),
            machine=cast.machine,
            dealer=cast.dealer,
            asked_for="换变速箱",
            asked_cents=120_000,
        )
        row = services.submit_consent(actor=cast.actor("dealer_clerk"), consent=row)
    give_back = reverse("warranty:pre-authorisation-return", args=[row.number])
    assert as_("engineer").post(give_back, {"return-words": ""}).status_code == 422
    assert as_("engineer").post(give_back, {"return-words": "附报价单"}).status_code == 302
    edit = reverse("warranty:pre-authorisation-edit", args=[row.number])
    client = as_("dealer_clerk")
    assert "附报价单" in client.get(edit).content.decode()
    answer = client.post(edit, {"asked_for": "换变速箱，报价已附", "asked_cents": "900"})
    assert answer.status_code == 302
    with cast.scope():
        row.refresh_from_db()
        assert (row.state, row.asked_cents) == ("submitted", 90_000)
