"""Lists of holidays as CSV and iCal files: read in both languages, refused line by line."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from sla.calendar import windows
from sla.daylist import MOST_BYTES, NotReadable, decoded, parse

NEW_YEAR = [date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)]


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_the_codings_of_the_office(coding: str) -> None:
    text = "日期,名称,类型\r\n2027年1月1日,元旦,休\r\n２０２７－０１－０３，,\r\n"
    days, complaints = parse(decoded(text.encode(coding)))
    assert [(day.on, day.name, day.kind) for day in days] == [(NEW_YEAR[0], "元旦", "holiday")]
    assert len(complaints) == 1 and complaints[0].startswith("Line 3: “” is no kind of day")


@pytest.mark.parametrize(
    "text",
    [
        "date,name,kind\n2027-01-01,New Year,holiday\n2027-01-03,New Year,workday",
        "Kind;Date;Name\nholiday;2027/1/1;New Year\nmakeup;2027.1.3;New Year\n",
        "日期\t节日\t性质\n20270101\tNew Year\t放假\n２０２７年１月３日\tNew Year\t补班\n",
        '\ufeff# from the ministry\n"Date","Name","Type"\n"2027-01-01","New Year","休"\n'
        '"2027-1-3","New Year","班"',
        "2027-01-01,New Year,holiday\n2027-01-03,New Year,班",
    ],
)
def test_tables_with_heads_in_both_languages_are_read(text: str) -> None:
    days, complaints = parse(text)
    assert complaints == []
    assert [(day.on, day.kind, day.name) for day in days] == [
        (NEW_YEAR[0], "holiday", "New Year"),
        (NEW_YEAR[2], "makeup", "New Year"),
    ]


def test_special_days_bring_their_hours_in_lines_and_tables() -> None:
    own = windows("09:00-12:00", "13:00-15:00")
    lines = "2027-02-13 盘点 特殊 09：00～12：00、13:00-15:00\n2027-02-14 春节 班 09:00-16:00"
    first, second = parse(lines)[0]
    assert (first.kind, first.windows, first.name) == ("special", own, "盘点")
    assert (second.kind, second.windows) == ("makeup", windows("09:00-16:00"))
    table = 'date,name,kind,hours\n2027-02-13,盘点,special,"09:00-12:00, 13:00-15:00"'
    assert parse(table)[0][0].windows == own


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("2027-02-31,x,holiday", "Line 2: there is no such date."),
        ("31.2.2027,x,holiday", "Line 2: “31.2.2027” is no date like 2027-01-01."),
        ("2027-01-01,,holiday", "Line 2: the name of the day is missing."),
        ("2027-01-01,x,", "Line 2: “” is no kind of day"),
        ("2027-01-01,x,special,", "Line 2: a special day needs its hours"),
        ("2027-01-01,x,holiday,09:00-10:00", "Line 2: only special days"),
        ("2027-01-01,x,special,10:00-09:00", "Line 2: The window 10:00-09:00 must end after"),
        ("2027-01-01,x,special,09:00-11:00 10:00-12:00", "Line 2: The windows 09:00-11:00 and"),
        ("2027-01-01,x,special,25:00-26:00", "Line 2: The window 25:00-26:00 leaves the day"),
        ("2027-01-01,x,special,soon", "Line 2: “soon” is no window"),
    ],
)
def test_a_wrong_row_is_named(line: str, complaint: str) -> None:
    assert parse(f"date,name,kind,hours\n{line}")[1][0].startswith(complaint)


def test_a_table_without_the_column_of_kinds_says_so() -> None:
    assert parse("date,name\n2027-01-01,x")[1] == [
        "Line 1: the column kind is missing; the head reads: date, name, kind."
    ]


def test_a_day_that_comes_twice_names_both_lines() -> None:
    twice = "date,name,kind\n2027-01-01,a,holiday\n\n2027-01-01,b,makeup"
    assert parse(twice)[1] == ["Line 4: 2027-01-01 is listed twice, first on line 2."]


def test_a_hopeless_list_does_not_drown_the_page() -> None:
    complaints = parse("\n".join(["nonsense"] * 300))[1]
    assert len(complaints) == 51 and complaints[-1] == "… and 250 more lines like these."
    assert len(parse("\n" * 30_000)[1]) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"PK\x03\x04\x14\x00\x06\x00", "no text file"),
        (bytes(range(256)), "no text file"),
        (b"\xff\xfe\x00", "no text file"),
        (b"x" * (MOST_BYTES + 1), "larger than 1 MB"),
    ],
)
def test_what_is_no_list_at_all_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(NotReadable, match=sentence):
        decoded(content)


def ical(*events: str) -> str:
    body = "\r\n".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}\r\nEND:VCALENDAR\r\n"


def test_all_day_events_end_before_their_end() -> None:
    text = ical(
        "DTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20270104\r\nSUMMARY:元旦（休）",
        "DTSTART;VALUE=DATE:20270206\r\nSUMMARY:春节 补班",
        "DTSTART;VALUE=DATE:20270501\r\nDURATION:P2D\r\nSUMMARY:Labour\\, Day\r\n  holiday",
    )
    days, complaints = parse(text)
    assert complaints == []
    assert [(day.on, day.kind, day.name) for day in days] == [
        *((day, "holiday", "元旦") for day in NEW_YEAR),
        (date(2027, 2, 6), "makeup", "春节"),
        (date(2027, 5, 1), "holiday", "Labour, Day holiday"),
        (date(2027, 5, 2), "holiday", "Labour, Day holiday"),
    ]


def test_alarms_zones_and_cancelled_events_are_passed_over() -> None:
    text = ical(
        "DTSTART;VALUE=DATE:20270101\r\nSUMMARY:元旦 休\r\nBEGIN:VALARM\r\nTRIGGER:-PT15M\r\n"
        "SUMMARY:x\r\nEND:VALARM",
        "DTSTART;VALUE=DATE:20270102\r\nSUMMARY:元旦 休\r\nSTATUS:CANCELLED",
    )
    days, complaints = parse(text)
    assert [day.on for day in days] == [NEW_YEAR[0]] and complaints == []


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ("SUMMARY:元旦 休", "Line 3: the event has no day (DTSTART)."),
        ("DTSTART:20270101T080000Z\r\nSUMMARY:休", "Line 4: “20270101T080000Z” is no whole day"),
        ("DTSTART;VALUE=DATE:20270231\r\nSUMMARY:休", "Line 4: there is no such date."),
        ("DTSTART;VALUE=DATE:20270101\r\nSUMMARY:元旦", "Line 5: “元旦” does not say whether"),
        ("DTSTART;VALUE=DATE:20270101\r\nSUMMARY:", "Line 5: “” does not say whether"),
        (
            "DTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20270101\r\nSUMMARY:休",
            "Line 5: it ends before it begins",
        ),
        (
            "DTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20290101\r\nSUMMARY:休",
            "Line 5: it lasts longer than 31 days.",
        ),
        (
            "DTSTART;VALUE=DATE:20270101\r\nDURATION:PT3H\r\nSUMMARY:休",
            "Line 5: it lasts no whole days",
        ),
        (
            "DTSTART;VALUE=DATE:20270101\r\nSUMMARY:休\r\nRRULE:FREQ=YEARLY",
            "Line 6: repeated events are not taken",
        ),
        ("nonsense", "Line 4: it is no line of an iCal file."),
    ],
)
def test_a_wrong_event_is_named_by_its_line(event: str, complaint: str) -> None:
    assert any(said.startswith(complaint) for said in parse(ical(event))[1])


def test_a_file_that_breaks_off_is_not_half_read_in_silence() -> None:
    text = ical("DTSTART;VALUE=DATE:20270101\r\nSUMMARY:休").replace("END:VCALENDAR\r\n", "")
    assert parse(text)[1] == ["Line 6: the file breaks off: END:VCALENDAR is missing."]
    assert parse("BEGIN:VCALENDAR\r\nEND:VEVENT")[1] == ["Line 2: END does not match its BEGIN."]


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"BEGIN:VCALENDAR\n", b"date,name,kind\n"]))
def test_any_bytes_end_in_days_or_sentences(content: bytes, head: bytes) -> None:
    try:
        days, complaints = parse(decoded(head + content))
    except NotReadable as error:
        assert str(error)
    else:
        assert all(complaint.startswith(("Line ", "…")) for complaint in complaints)
        assert len({day.on for day in days}) == len(days)
