"""Lines and totals as they really are: Xero's to the penny, or an issue."""

from decimal import Decimal

import pytest

from invoicing.services.lines import LineValues
from tests.builders import line, make_invoice
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    in_step,
    open_codes,
)

pytestmark = pytest.mark.django_db


TOTALS = {
    "four places": [
        line("10.3333", "1.3333"),
        line("0.0049", "100", discount_percent=Decimal("12.3456")),
    ],
    "per line": [line("25.06"), line("25.61"), line("25.63"), line("0.125")],
    "thirds": [line("10.3333", "1.3333", discount_percent=Decimal("33.3333"))] * 3,
    "less": [line("100"), line("-20.005", "3"), line("0"), line("5", "0")],
    "hardly": [line("100"), line("-20.005", discount_percent=Decimal("0.0001"))],
    "nothing": [line("0")],
    "five per cent": [line("10.3333", "1.3333", tax_type="RROUTPUT")] * 3,
}


def test_totals_are_xeros_to_the_penny(ledger: PracticeLedger) -> None:
    ours = Decimal(0)
    for lines in TOTALS.values():
        for amounts in ("Exclusive", "Inclusive", "NoTax"):
            ours += make_invoice(lines=lines, amounts_are=amounts).total
    connect(ledger)

    assert_accounted_for(in_step())

    assert open_codes() == []
    assert (ledger.state()["invoices"], Decimal(ledger.state()["sales_total"])) == (
        21,
        ours,
    )
    assert_silent()


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (line(description="x" * 4001), "field_too_long"),
        (line(account_code="999"), "account_missing"),
        (line("-5"), "refused"),
    ],
)
def test_a_line_xero_does_not_take_is_an_issue(
    ledger: PracticeLedger, bad: LineValues, code: str
) -> None:
    make_invoice(lines=[bad])
    make_invoice()
    connect(ledger)

    assert_accounted_for(in_step())

    assert open_codes() == [code]
    assert ledger.state()["invoices"] == 1
    assert_silent()
