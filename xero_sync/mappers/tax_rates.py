"""Xero's tax rates: known by their tax type, worth their effective rate."""

from decimal import Decimal

from xero_sync.mappers import wire
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.wire import Payload
from xero_sync.outcomes.drafts import RemoteTaxRate

RATE = Decimal("0.0001")


def tax_rate_from_wire(payload: object) -> RemoteTaxRate:
    rate = wire.payload_of(payload)
    return RemoteTaxRate(
        tax_type=wire.required_text(rate, "TaxType", longest=wire.LONGEST_TAX_TYPE),
        name=wire.text(rate, "Name"),
        percent=_percent(rate),
        is_active=wire.text(rate, "Status") == "ACTIVE",
        applies_to_assets=wire.flag(rate, "CanApplyToAssets"),
        applies_to_equity=wire.flag(rate, "CanApplyToEquity"),
        applies_to_expenses=wire.flag(rate, "CanApplyToExpenses"),
        applies_to_liabilities=wire.flag(rate, "CanApplyToLiabilities"),
        applies_to_revenue=wire.flag(rate, "CanApplyToRevenue"),
    )


def _percent(rate: Payload) -> Decimal:
    for field in ("EffectiveRate", "DisplayTaxRate"):
        percent = wire.number(rate, field, RATE)
        if percent is not None:
            return percent
    raise Unreadable("EffectiveRate", None)
