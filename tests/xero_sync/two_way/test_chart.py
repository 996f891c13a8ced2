"""The chart of accounts, where both sides say something else."""

from decimal import Decimal

import pytest

from invoicing.models import Account, TaxRate
from tests.builders import TESTER
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_accounted_for,
    connect,
    in_step,
    next_sync,
    open_codes,
)
from xero_sync.models import SyncIssue
from xero_sync.report.fixing import accept_xeros_value

pytestmark = pytest.mark.django_db


def test_another_type_or_rate_is_asked_and_taken_over(ledger: PracticeLedger) -> None:
    Account.objects.filter(code="260").update(type="EXPENSE")
    TaxRate.objects.filter(tax_type="RROUTPUT").update(percent=Decimal("17.5"))
    connect(ledger)
    assert_accounted_for(in_step())
    assert open_codes() == ["account_differs", "tax_rate_differs"]
    assert Account.objects.get(code="260").type == "EXPENSE"

    for issue in SyncIssue.objects.open():
        accept_xeros_value(issue, by=TESTER)
    next_sync()

    assert open_codes() == []
    assert Account.objects.get(code="260").type == "REVENUE"
    assert TaxRate.objects.get(tax_type="RROUTPUT").percent == Decimal("5")
