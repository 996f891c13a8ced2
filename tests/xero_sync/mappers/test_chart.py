"""Accounts, tax rates and the organisation."""

from datetime import date
from decimal import Decimal

import pytest

from tests.xero_sync.mappers.payloads import account, organisation, tax_rate
from xero_sync.mappers.accounts import account_from_wire
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.organisation import organisation_from_wire
from xero_sync.mappers.tax_rates import tax_rate_from_wire


def test_reads_an_account_and_one_without_a_code() -> None:
    sales = account_from_wire(account())
    bank = account_from_wire(account(Code=None, Type="BANK", Status="ARCHIVED"))

    assert (sales.code, sales.name, sales.type) == ("200", "Sales", "REVENUE")
    assert (sales.tax_type, sales.is_active) == ("OUTPUT2", True)
    assert (bank.code, bank.is_active) == ("", False)


def test_a_tax_rate_is_worth_its_effective_rate() -> None:
    rate = tax_rate_from_wire(tax_rate(EffectiveRate=Decimal("8.25")))

    assert (rate.tax_type, rate.percent) == ("OUTPUT2", Decimal("8.2500"))
    assert rate.applies_to_revenue
    assert not rate.applies_to_expenses


def test_a_tax_rate_without_any_rate_is_unreadable() -> None:
    assert tax_rate_from_wire(tax_rate(EffectiveRate=None)).percent == 20
    with pytest.raises(Unreadable):
        tax_rate_from_wire(tax_rate(EffectiveRate=None, DisplayTaxRate=None))


@pytest.mark.parametrize(
    ("period", "year", "locked"),
    [
        (None, None, None),
        ("/Date(1789344000000+0000)/", None, date(2026, 9, 14)),
        ("/Date(1789344000000)/", "/Date(1791936000000)/", date(2026, 10, 14)),
        ("/Date(1791936000000)/", "/Date(1789344000000)/", date(2026, 10, 14)),
    ],
)
def test_the_later_lock_date_binds(
    period: str | None, year: str | None, locked: date | None
) -> None:
    read = organisation_from_wire(
        organisation(PeriodLockDate=period, EndOfYearLockDate=year)
    )

    assert read.lock_date == locked
    assert (read.name, read.base_currency, read.is_demo) == (
        "Rushworth Books",
        "GBP",
        True,
    )
