"""A telephone is found however it is written."""

import pytest

from core.errors import DomainError
from core.phones import digits_of, display, normalise


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13800138000", "+8613800138000"),
        (" 138 0013-8000 ", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("＋８６１３８００１３８０００", "+8613800138000"),
        ("008613800138000", "+8613800138000"),
        ("0311-88886666", "+8631188886666"),
        ("（0311）8888 6666", "+8631188886666"),
        ("010-62345678", "+861062345678"),
        ("400-810-0123", "+864008100123"),
        ("+852 2345 6789", "+85223456789"),
    ],
)
def test_every_spelling_is_kept_as_one_number(written: str, kept: str) -> None:
    assert normalise(written) == kept


@pytest.mark.parametrize(
    "written", ["", "abc", "88886666", "1380013800", "138001380001", "12345", "010-62345678-801"]
)
def test_what_is_no_number_is_refused_with_a_sentence_at_the_field(written: str) -> None:
    with pytest.raises(DomainError) as refused:
        normalise(written)
    assert refused.value.field == "phone"
    assert "13800138000" in str(refused.value)


def test_numbers_are_shown_as_people_read_them() -> None:
    assert display("+8613800138000") == "138 0013 8000"
    assert display("+8631188886666") == "0311-88886666"
    assert display("+864008100123") == "400-810-0123"
    assert display("+85223456789") == "+852 2345 6789"


def test_a_part_of_a_number_is_searched_without_country_and_trunk_code() -> None:
    assert digits_of("0311-8888") == "3118888"
    assert digits_of("+86 138 0013") == "1380013"
    assert digits_of("００８６138") == "138"
    assert digits_of("张三") == ""
    assert digits_of("LN-2024") == ""
