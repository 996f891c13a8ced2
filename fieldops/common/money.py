"""Sums: the one place where amounts are computed.

As Xero does it: a line is quantity x unit price x (1 - discount), rounded once to two
places, half up; tax per line, rounded, then summed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from django.db import models

PENNY = Decimal("0.01")
ZERO = Decimal("0.00")
HUNDRED = Decimal(100)


class AmountsAre(models.TextChoices):
    """How unit prices relate to tax; the values are Xero's ``LineAmountTypes``."""

    EXCLUSIVE = "Exclusive", "Tax exclusive"
    INCLUSIVE = "Inclusive", "Tax inclusive"
    NO_TAX = "NoTax", "No tax"


class Line(Protocol):
    """What a sum needs to know of a line; tax_percent is 20 for twenty per cent."""

    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit_price(self) -> Decimal: ...
    @property
    def discount_percent(self) -> Decimal: ...
    @property
    def tax_percent(self) -> Decimal: ...


@dataclass(frozen=True)
class Totals:
    subtotal: Decimal
    tax: Decimal
    total: Decimal


def round_to_penny(amount: Decimal) -> Decimal:
    return amount.quantize(PENNY, rounding=ROUND_HALF_UP)


def line_amount(line: Line) -> Decimal:
    """The line's amount as it stands on the document: with tax when prices include it."""
    kept = 1 - line.discount_percent / HUNDRED
    return round_to_penny(line.quantity * line.unit_price * kept)


def line_tax(line: Line, amounts_are: str) -> Decimal:
    amount = line_amount(line)
    if amounts_are == AmountsAre.NO_TAX:
        return ZERO
    if amounts_are == AmountsAre.INCLUSIVE:
        return round_to_penny(amount * line.tax_percent / (HUNDRED + line.tax_percent))
    return round_to_penny(amount * line.tax_percent / HUNDRED)


def document_totals(lines: Iterable[Line], amounts_are: str) -> Totals:
    lines = list(lines)
    amounts = sum((line_amount(line) for line in lines), ZERO)
    tax = sum((line_tax(line, amounts_are) for line in lines), ZERO)
    if amounts_are == AmountsAre.INCLUSIVE:
        return Totals(subtotal=amounts - tax, tax=tax, total=amounts)
    return Totals(subtotal=amounts, tax=tax, total=amounts + tax)


def tax_by_rate(
    lines: Iterable[Line], amounts_are: str
) -> list[tuple[Decimal, Decimal, Decimal]]:
    """Per rate: the rate in per cent, the net amount, the tax; highest rate first."""
    sums: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for line in lines:
        tax = line_tax(line, amounts_are)
        inclusive = amounts_are == AmountsAre.INCLUSIVE
        net = line_amount(line) - (tax if inclusive else ZERO)
        old_net, old_tax = sums.get(line.tax_percent, (ZERO, ZERO))
        sums[line.tax_percent] = (old_net + net, old_tax + tax)
    return [(rate, *sums[rate]) for rate in sorted(sums, reverse=True)]
