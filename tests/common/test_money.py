"""Sums against cases computed by hand."""

from dataclasses import dataclass
from decimal import Decimal as D

import pytest

from fieldops.common.money import (
    AmountsAre,
    Totals,
    document_totals,
    line_amount,
    line_tax,
    tax_by_rate,
)


@dataclass(frozen=True)
class Line:
    quantity: D
    unit_price: D
    discount_percent: D = D(0)
    tax_percent: D = D(20)


def line(quantity: str, unit_price: str, discount: str = "0", tax: str = "20") -> Line:
    return Line(D(quantity), D(unit_price), D(discount), D(tax))


@pytest.mark.parametrize(
    ("quantity", "unit_price", "discount", "expected"),
    [
        ("2", "18.50", "0", "37.00"),
        ("3", "0.3333", "0", "1.00"),  # 0.9999
        ("1", "0.005", "0", "0.01"),  # half a penny goes up
        ("1", "0.0049", "0", "0.00"),
        ("12", "14", "15", "142.80"),  # 168 less 25.20
        ("7", "9.9999", "12.5", "61.25"),  # 69.9993 x 0.875 = 61.2493875
        ("-1", "0.005", "0", "-0.01"),  # away from zero below it as well
        ("1.5", "33.3333", "33.3333", "33.33"),  # 49.99995 x 0.666667 = 33.33330
    ],
)
def test_a_line_is_rounded_once(
    quantity: str, unit_price: str, discount: str, expected: str
) -> None:
    assert line_amount(line(quantity, unit_price, discount)) == D(expected)


def test_tax_is_rounded_per_line_and_then_summed() -> None:
    """Xero's own example: 25.06, 25.61 and 25.63 at 15 % make 11.44, not 11.45."""
    lines = [line("1", price, tax="15") for price in ("25.06", "25.61", "25.63")]

    assert document_totals(lines, AmountsAre.EXCLUSIVE) == Totals(
        subtotal=D("76.30"), tax=D("11.44"), total=D("87.74")
    )


def test_inclusive_tax_is_taken_out_of_the_line() -> None:
    """541.25 and 500.00 at 15 % hold 70.60 and 65.22."""
    lines = [line("1", "541.25", tax="15"), line("1", "500.00", tax="15")]

    assert [line_tax(one, AmountsAre.INCLUSIVE) for one in lines] == [
        D("70.60"),
        D("65.22"),
    ]
    assert document_totals(lines, AmountsAre.INCLUSIVE) == Totals(
        subtotal=D("905.43"), tax=D("135.82"), total=D("1041.25")
    )


def test_no_tax_leaves_the_rate_out() -> None:
    assert document_totals([line("2", "10")], AmountsAre.NO_TAX) == Totals(
        subtotal=D("20.00"), tax=D("0.00"), total=D("20.00")
    )


def test_mixed_rates_are_listed_apart_highest_first() -> None:
    lines = [
        line("1", "100.00"),
        line("1", "50.00", tax="5"),
        line("1", "10.00"),
        line("1", "9.99", tax="0"),
    ]

    assert tax_by_rate(lines, AmountsAre.EXCLUSIVE) == [
        (D(20), D("110.00"), D("22.00")),
        (D(5), D("50.00"), D("2.50")),
        (D(0), D("9.99"), D("0.00")),
    ]


def test_an_invoice_without_lines_is_nothing() -> None:
    assert document_totals([], AmountsAre.EXCLUSIVE) == Totals(
        D("0.00"), D("0.00"), D("0.00")
    )
