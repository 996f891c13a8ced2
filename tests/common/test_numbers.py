"""Numbers that come back from a page, whatever was made of them on the way."""

import pytest

from fieldops.common.numbers import whole_number, whole_numbers

NINES = "9" * 18


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), (NINES, int(NINES))])
def test_a_number(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "-1", "1.5", "seven", "²", "\u0667", "9" * 19])
def test_what_is_none(text: str) -> None:
    assert whole_number(text) is None


def test_of_many_those_that_are_numbers() -> None:
    assert whole_numbers(["3", "x", "9" * 5000, "1"]) == [3, 1]
