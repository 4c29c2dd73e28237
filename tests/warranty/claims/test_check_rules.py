"""The check table is changed by new rows; what was checked stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.errors import DomainError
from tests.cast import World
from tests.warranty.claims.conftest import Shop
from warranty.defaults import install_defaults
from warranty.models import CheckRule, CutReason, ReviewLevel
from warranty.queries.check_rules import rules_today
from warranty.services import check_rules, claims
from warranty.services.check_rules import BadLevels, InThePast, RowOfTheDay

As = Callable[..., Client]
URL = "/warranty/rules/"


@pytest.fixture
def installed(world: World) -> World:
    with world.owner.scope():
        install_defaults(tenant=world.owner.tenant)
    return world


def today() -> date:
    return timezone.localdate()


def test_a_company_starts_with_every_check_and_asking_again_adds_none(installed: World) -> None:
    with installed.owner.scope():
        install_defaults(tenant=installed.owner.tenant)
        assert CheckRule.objects.count() == 22
        assert ReviewLevel.objects.count() == 3
        reasons = CutReason.objects.all()
        assert all(row.name and row.name_en for row in reasons)
        assert all(row.question and row.question_en for row in CheckRule.objects.all())


def test_a_new_row_counts_from_its_day_and_old_filings_keep_theirs(shop: Shop) -> None:
    shop.level(is_trusted=False)
    claim = shop.filed()
    manager = shop.cast.actor("technical_manager")
    check_rules.add_rule(actor=manager, code="K22", from_on=today(), outcome="reject")
    assert claims.is_repeatable(claim.versions.get())
    assert claims.recheck(claim.versions.get()).outcome == "manual"
    found = [each.row for each in rules_today(manager) if each.row.code == "K22"]
    assert [row.from_on for row in found] == [today()]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"from_on": date(2020, 1, 1)}, InThePast),
        ({"code": "K99"}, DomainError),
        ({"parameters": {"sample_percent": 101}}, DomainError),
        ({"until_on": date(2020, 1, 2)}, DomainError),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(
    installed: World, changes: dict[str, Any], error: Any
) -> None:
    row: dict[str, Any] = {"code": "K22", "from_on": today(), "outcome": "pass"} | changes
    with installed.owner.scope(), pytest.raises(error):
        check_rules.add_rule(actor=installed.owner.actor("administrator"), **row)


def test_two_rows_of_one_day_are_refused_but_one_for_a_grade_is_not(installed: World) -> None:
    cast = installed.owner
    with cast.scope():
        row: dict[str, Any] = {
            "actor": cast.actor("administrator"),
            "code": "K13",
            "from_on": today(),
        }
        check_rules.add_rule(**row, outcome="manual")
        with pytest.raises(RowOfTheDay):
            check_rules.add_rule(**row, outcome="return")
        check_rules.add_rule(**row, outcome="return", dealer_level=cast.level)


@pytest.mark.parametrize(
    "levels",
    [
        [],
        [("engineer", 100)],
        [("engineer", 100), ("engineer", None)],
        [("engineer", 0), ("manager", None)],
        [("engineer", 200), ("technical_manager", 100), ("manager", None)],
        [("keeper", None)],
    ],
)
def test_levels_rise_and_the_last_has_no_limit(
    installed: World, levels: list[tuple[str, int | None]]
) -> None:
    with installed.owner.scope(), pytest.raises(BadLevels):
        check_rules.set_levels(actor=installed.owner.actor("administrator"), levels=levels)


def test_a_row_is_written_on_its_page_and_kept_when_wrong(installed: World, as_: As) -> None:
    page = as_("technical_manager")
    body = {
        "from_on": "2020年1月1日",
        "outcome": "manual",
        "softened": "",
        "level": "2",
        "is_active": "on",
        "labour_cents": "1,500.50",
        "main_parts": "3",
        "repair_days": "9",
    }
    answer = page.post(f"{URL}K16/new/", body)
    assert answer.status_code == 422
    assert "1,500.50" in answer.content.decode()
    answer = page.post(f"{URL}K16/new/", body | {"from_on": str(today() + timedelta(days=1))})
    assert answer.status_code == 302
    with installed.owner.scope():
        row = CheckRule.objects.get(code="K16", from_on__gt=today())
        assert row.parameters == {"labour_cents": 150_050, "main_parts": 3, "repair_days": 9}
    assert "1,500.50" in page.get(f"{URL}K16/").content.decode()


def test_a_reason_is_written_and_reworded(installed: World, as_: As) -> None:
    page = as_("administrator")
    body = {"code": "mud", "name": "泥沙进入", "name_en": "Mud got in", "is_active": "on"}
    assert page.post(f"{URL}reasons/new/", body).status_code == 302
    assert page.post(f"{URL}reasons/new/", body).status_code == 422
    assert page.post(f"{URL}reasons/mud/", {"name": "泥沙"}).status_code == 302
    with installed.owner.scope():
        row = CutReason.objects.get(code="mud")
        assert (row.name, row.is_active) == ("泥沙", False)


def test_levels_are_set_on_their_page(installed: World, as_: As) -> None:
    page = as_("administrator")
    body = {
        "role_1": "engineer",
        "cents_1": "3000",
        "role_2": "manager",
        "cents_2": "",
        "role_3": "",
        "cents_3": "",
    }
    assert page.post(f"{URL}levels/", body | {"cents_1": "3.001"}).status_code == 422
    assert page.post(f"{URL}levels/", body).status_code == 302
    with installed.owner.scope():
        rows = ReviewLevel.objects.values_list("level", "role", "up_to_cents")
        assert list(rows) == [(1, "engineer", 300_000), (2, "manager", None)]


def test_the_table_costs_the_same_however_many_rows(
    installed: World, as_: As, django_assert_max_num_queries: Any
) -> None:
    page = as_("administrator")
    page.get(URL)
    with django_assert_max_num_queries(24):
        assert page.get(URL).status_code == 200
