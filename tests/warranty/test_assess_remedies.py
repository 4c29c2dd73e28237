"""manage.py assess_remedies: agreement case by case, and a sentence for whatever is no file."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.warranty.examples import GIVEN, OURS


def run(path: Path) -> tuple[int, str]:
    """The exit code, and what was said on both streams."""
    out = StringIO()
    try:
        call_command("assess_remedies", str(path), stdout=out, no_color=True)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


def written(tmp_path: Path, change: Any) -> Path:
    data = json.loads(GIVEN.read_text("utf-8"))
    change(data)
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    return path


@pytest.mark.parametrize(("path", "count"), [(GIVEN, 38), (OURS, 29)])
def test_all_examples_agree(path: Path, count: int) -> None:
    code, said = run(path)
    assert (code, said.count(" agrees\n")) == (0, count)
    assert said.endswith(f"{count} of {count} cases agree.\n")


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("expected_options", ["REPAIR_PAID"], "options: expected REPAIR_PAID, found REPAIR_FREE"),
        ("expected_dates", {"expiry": "2026-05-21"}, "expected 2026-05-21, found 2026-05-20"),
        ("expected_dates", {"reissue_by": "2026-05-21"}, "expected 2026-05-21, found nothing"),
        ("expected_amounts", {"refund": 1.5}, "amounts.refund: expected 1.5, found nothing"),
        ("expected_payer", {"liable_to_user": "producer"}, "expected producer, found seller"),
        ("article", ["29"], "article: expected 29, found 24, 26"),
    ],
)
def test_a_mismatch_is_shown_and_exits_1(
    tmp_path: Path, key: str, value: Any, sentence: str
) -> None:
    code, said = run(written(tmp_path, lambda data: data["cases"][0].update({key: value})))
    assert code == 1
    assert sentence in said
    assert "37 of 38 cases agree." in said


def _event(**changed: Any) -> Any:
    return lambda data: data["cases"][0]["events"][0].update(changed)


def _case(**changed: Any) -> Any:
    return lambda data: data["cases"][0].update(changed)


def _without(key: str) -> Any:
    return lambda data: data["cases"][0].pop(key)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_case(sale_date="2024年3月5日"), "cases[0].sale_date: “2024年3月5日” is not written as"),
        (_case(sale_date="２０２５-０５-２０"), "write 2025-05-20"),
        (_case(sale_date="2025/5/20"), "write 2025-05-20"),
        (_case(sale_date="2025-02-30"), "There is no day 2025-02-30"),
        (_case(sale_date="soon"), "“soon” is no date; write it like 2024-03-05."),
        (_case(sale_date=20250520), "“20250520” is no date"),
        (_case(sale_date="0001-01-01"), "The year must lie between 1990 and 2100."),
        (_case(sale_date="2009-01-01"), "AGRI-2010 judges sales from 2010-06-01 on only."),
        (_case(ask_date="2025-01-01"), "ask_date: This lies before the sale"),
        (_case(regulation="AGRI-1998"), "“AGRI-1998” is no law known here; known are: AGRI-2010"),
        (_case(regulation=["AGRI-2010"]), "Text in quotes belongs here."),
        (_case(product_class="bicycle"), "AGRI-2010 has no class “bicycle”"),
        (_case(component_class="wheel"), "“wheel” is not known here"),
        (_case(component_class="accessory"), "“accessory” is not known here"),
        (_case(power_kw="１８"), "“１８” is text; write the number 18 without quotes."),
        (_case(power_kw="strong"), "“strong” is no number."),
        (_case(power_kw=True), "“True” is no number."),
        (_case(power_kw=-1), "-1 does not lie between 0 and 10,000."),
        (_case(price=9.999), "9.999 has more than 2 decimal places."),
        (_case(terms={"whole_months": 1.5}), "1.5 has more than 0 decimal places."),
        (_case(terms=12), "An object with named fields belongs here."),
        (_case(channel="web"), "“web” is not known here"),
        (_case(events={}), "A list belongs here."),
        (_case(events=[7]), "cases[0].events[0]: An object with named fields belongs here."),
        (_case(expected_options="REPAIR_FREE"), "A list belongs here."),
        (_case(expected_options=["REPAIR"]), "“REPAIR” is not known here"),
        (_case(id="W02"), "The case W02 stands here twice."),
        (_event(type="explosion"), "cases[0].events[0].type: “explosion” is not known here"),
        (_event(severity="bad"), "“bad” is not known here"),
        (_event(code=""), "events[0].code: This is needed."),
        (_event(code="x" * 201), "At most 200 characters."),
        (_event(date="2024-05-20"), "This lies before the sale on 2025-05-20."),
        (_event(date="2026-05-20T25:00"), "has no such time of day."),
        (_event(busy_season="yes"), "true or false belongs here."),
        (_without("sale_date"), "cases[0].sale_date: This is needed."),
        (_without("events"), "cases[0].events: This is needed."),
        (_without("expected_options"), "cases[0].expected_options: This is needed."),
        (lambda data: data.pop("cases"), "cases: This is needed."),
        (lambda data: data.update(cases=[]), "At least one entry"),
        (lambda data: data.update(cases={}), "cases: A list belongs here."),
        (lambda data: data["cases"].append(None), "cases[38]: An object with named fields"),
        (lambda data: data.update(schema_version=2), "Only files with schema_version 1"),
    ],
)
def test_a_bad_file_is_answered_with_a_sentence_and_exits_2(
    tmp_path: Path, change: Any, sentence: str
) -> None:
    code, said = run(written(tmp_path, change))
    assert code == 2
    assert sentence in said


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is no JSON: line 1, column 1"),
        (b'{"cases": [}', "is no JSON: line 1"),
        (b"\xff\xfe\x00", "is no text in UTF-8"),
        ("三包".encode("gb18030"), "is no text in UTF-8"),
        (b"[]", "the file: An object with named fields belongs here."),
        (b"[" * 100_000, "is nested too deeply."),
        (b'{"schema_version": NaN}', "NaN is no number."),
        (b'{"schema_version": ' + b"9" * 5_000 + b"}", "is no JSON that can be read"),
    ],
)
def test_what_is_no_file_of_cases_exits_2(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "cases.json"
    path.write_bytes(content)
    code, said = run(path)
    assert code == 2
    assert sentence in said


def test_a_missing_file_and_a_folder_exit_2(tmp_path: Path) -> None:
    assert run(tmp_path / "none.json")[0] == 2
    assert run(tmp_path)[0] == 2


def test_a_name_unknown_to_the_schema_is_noted_and_not_refused(tmp_path: Path) -> None:
    code, said = run(written(tmp_path, _event(serverity="severe")))
    assert code == 0
    assert "not read, unknown to the schema: events.0.serverity" in said


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    path.write_text(GIVEN.read_text("utf-8"), "utf-8-sig")
    assert run(path)[0] == 0
