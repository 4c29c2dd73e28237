"""Agreed symptoms."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from knowledge.models import Symptom
from tests.cast import World

As = Callable[..., Client]
NEW = {
    "code": "s20",
    "name": "液压漏油",
    "severity": "grave",
    "is_unusual": "on",
    "is_active": "on",
}


def test_the_administrator_agrees_on_a_symptom_once(world: World, as_: As) -> None:
    client = as_("administrator")
    assert client.post(reverse("knowledge:symptom_new"), NEW).status_code == 302
    again = client.post(reverse("knowledge:symptom_new"), NEW)
    assert again.status_code == 422 and again.context["form"].errors["code"]
    with world.owner.scope():
        assert Symptom.objects.get(code="S20").is_unusual


def test_a_symptom_is_taken_out_of_use_and_keeps_its_code(world: World, as_: As) -> None:
    url = reverse("knowledge:symptom_edit", args=["S01"])
    as_("administrator").post(url, {"code": "X", "name": "不启动", "severity": "minor"})
    with world.owner.scope():
        symptom = Symptom.objects.get(code="S01")
    assert (symptom.name, symptom.is_active) == ("不启动", False)


def test_symptoms_of_a_line_are_those_of_all_lines_too(world: World, as_: As) -> None:
    with world.owner.scope():
        Symptom.objects.filter(code="S99").update(product_line_code="GENSET")
    answer = as_("clerk").get(reverse("knowledge:symptoms"), {"line": "HARVESTER"})
    assert [symptom.code for symptom in answer.context["listed"].rows] == ["S01"]


def test_symptoms_out_of_use_can_be_listed_apart(world: World, as_: As) -> None:
    with world.owner.scope():
        Symptom.objects.filter(code="S99").update(is_active=False)
    for query, codes in [("true", ["S01"]), ("false", ["S99"]), ("", ["S99", "S01"])]:
        answer = as_("clerk").get(reverse("knowledge:symptoms"), {"is_active": query})
        assert [symptom.code for symptom in answer.context["listed"].rows] == codes
