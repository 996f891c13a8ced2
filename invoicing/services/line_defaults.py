"""What a line starts with: from its stock item, else from the company's settings."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from invoicing.models import InvoicingSettings
from invoicing.services.lines import LineValues


def completed_lines(lines: Sequence[Mapping[str, Any]]) -> list[LineValues]:
    """Only what is not named is filled in; what is named as blank stays blank."""
    settings = InvoicingSettings.current()
    return [LineValues(**(_defaults(line, settings) | dict(line))) for line in lines]


def _defaults(line: Mapping[str, Any], settings: InvoicingSettings) -> dict[str, Any]:
    account, tax = settings.sales_account_code, settings.sales_tax_type
    item = line.get("item")
    if item is None:
        return {"account_code": account, "tax_type": tax}
    return {
        "description": item.description or item.name,
        "unit_price": item.sell_price or Decimal(0),
        "account_code": item.sales_account_code or account,
        "tax_type": item.sales_tax_type or tax,
    }
