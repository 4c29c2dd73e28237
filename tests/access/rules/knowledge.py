"""Symptoms and the search."""

from tests.access.rule import SIGNED_IN, Rule

EDIT = {"GET": "knowledge.edit", "POST": "knowledge.edit"}

RULES = [
    Rule("knowledge:symptoms", {"GET": "knowledge.view"}),
    Rule("knowledge:symptom_new", EDIT),
    Rule("knowledge:symptom_edit", EDIT, kwargs={"code": "S01"}),
    Rule("search", {"GET": SIGNED_IN}),
    Rule("api-symptoms", {"GET": "knowledge.view", "POST": "knowledge.edit"}),
    Rule(
        "api-symptom", {"GET": "knowledge.view", "PATCH": "knowledge.edit"}, kwargs={"code": "S01"}
    ),
]
