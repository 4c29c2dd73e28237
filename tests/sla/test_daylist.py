"""Pasted holidays: read in both languages, refused line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from sla.calendar import windows
from sla.daylist import HOLIDAY, MAKEUP, ORDINARY, SPECIAL, ListedDay, parse, written


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


def test_the_example_of_the_page_is_read() -> None:
    assert parse("2027-01-01 元旦 holiday") == (
        [ListedDay(date(2027, 1, 1), HOLIDAY, "元旦", line=1)],
        [],
    )


def test_chinese_words_tabs_commas_and_comments_are_read() -> None:
    days, complaints = parse(
        "# 2027\n\n2027年1月1日\t元旦\t休\n2027/2/6，春节，补班\n"
        "2027.02.08 Spring Festival holiday\n"
        "2027-03-01 平日\n"
    )
    assert complaints == []
    assert [(day.on, day.kind, day.name) for day in days] == [
        (date(2027, 1, 1), HOLIDAY, "元旦"),
        (date(2027, 2, 6), MAKEUP, "春节"),
        (date(2027, 2, 8), HOLIDAY, "Spring Festival"),
        (date(2027, 3, 1), ORDINARY, ""),
    ]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("New Year holiday", "Line 1: it does not start with a date like 2027-01-01."),
        ("2027-02-30 x holiday", "Line 1: there is no such date."),
        ("2027-01-01 元旦", "Line 1: it does not end with holiday"),
        ("2027-01-01", "Line 1: it does not end with holiday"),
        ("2027-01-01 holiday", "Line 1: the name of the day is missing."),
        (f"2027-01-01 {'x' * 61} holiday", "Line 1: the name is longer than 60 characters."),
        (
            "2027-01-01 a holiday\n2027-1-1 b makeup",
            "Line 2: 2027-01-01 is listed twice, first on line 1.",
        ),
    ],
)
def test_a_wrong_line_is_named(line: str, complaint: str) -> None:
    assert parse(line)[1][0].startswith(complaint)


def test_what_is_written_can_be_read_again() -> None:
    days = [ListedDay(date(2027, 1, 1), HOLIDAY, "New Year's Day")]
    days.append(ListedDay(date(2027, 2, 1), SPECIAL, "盘点", windows("09:00-12:00")))
    read, complaints = parse(written(days))
    assert [replace(day, line=0) for day in read] == days and complaints == []
