"""What a cell says, and why it says nothing."""

from datetime import date
from decimal import Decimal

import pytest

from fieldops.common.importing.cells import (
    CellError,
    currency,
    day,
    decimal,
    many_lines,
    one_line,
    percentage,
)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12", "12"),
        (" 9.8 ", "9.8"),
        ("£1,234.50", "1234.50"),
        ("1,234,567.8912", "1234567.8912"),
        ("-£5", "-5"),
        ("(12.50)", "-12.50"),
        ("\N{MINUS SIGN}3", "-3"),
        (".5", "0.5"),
        ("GBP 7", "7"),
        ("1.50000000", "1.5"),
    ],
)
def test_reads_amounts(cell: str, number: str) -> None:
    assert decimal(cell) == Decimal(number)


@pytest.mark.parametrize(
    "cell", ["12,50", "1 2", "1.2.3", "ten", "£", "1E+05", "--1", "NaN", "12%"]
)
def test_refuses_what_is_no_amount(cell: str) -> None:
    with pytest.raises(CellError, match="is not a number"):
        decimal(cell)


def test_refuses_a_fifth_decimal_place() -> None:
    with pytest.raises(CellError, match="more than 4 decimal places"):
        decimal("1.00005")


def test_refuses_a_number_the_database_has_no_room_for() -> None:
    assert decimal("999,999,999,999") == 999_999_999_999
    with pytest.raises(CellError, match="is too large"):
        decimal("1000000000000")


@pytest.mark.parametrize(("cell", "percent"), [("10", "10"), ("12.5%", "12.5")])
def test_reads_percentages(cell: str, percent: str) -> None:
    assert percentage(cell) == Decimal(percent)


@pytest.mark.parametrize("cell", ["-1", "100.01%"])
def test_refuses_a_discount_of_more_than_all(cell: str) -> None:
    with pytest.raises(CellError, match="between 0 and 100"):
        percentage(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-07-04",
        "2026-07-04 00:00:00",
        "2026-07-04T00:00:00Z",
        "04/07/2026",
        "4/7/2026",
        "04-07-2026",
        "4.7.26",
        "4 Jul 2026",
        "4 July 2026",
        "04-Jul-26",
    ],
)
def test_reads_dates_as_the_british_write_them(cell: str) -> None:
    assert day(cell) == date(2026, 7, 4)


def test_two_digits_of_a_year_may_mean_the_last_century() -> None:
    assert day("04/07/96") == date(1996, 7, 4)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("31/02/2026", "there is no day 31 in month 02"),
        ("tomorrow", "is not a date"),
        ("4 Foo 2026", "is not a date"),
        ("01/01/0026", "the year 26 cannot be right"),
        ("20260704", "is not a date"),
    ],
)
def test_refuses_what_is_no_date(cell: str, says: str) -> None:
    with pytest.raises(CellError) as refusal:
        day(cell)
    assert says in str(refusal.value)


def test_an_american_date_is_refused_when_it_cannot_be_read_otherwise() -> None:
    with pytest.raises(CellError, match="no day 12 in month 25"):
        day("12/25/2026")


def test_breaks_in_a_line_become_commas() -> None:
    assert (
        one_line(" 9-8 Sekimai\r\nMusashino-shi,\n\n") == "9-8 Sekimai, Musashino-shi"
    )
    assert one_line("Foo,") == "Foo,"


def test_longer_texts_keep_their_breaks() -> None:
    assert many_lines("\none \r\n\r\ntwo\n") == "one\n\ntwo"


def test_currencies_have_three_letters() -> None:
    assert currency(" gbp ") == "GBP"
    with pytest.raises(CellError, match="not a currency"):
        currency("pounds")
