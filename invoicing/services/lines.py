"""What a line of an invoice is made of, and how lines are put in place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from fieldops.common.merging import surviving
from fieldops.common.money import Totals, document_totals, line_amount, line_tax
from fieldops.common.prepared import prepared
from invoicing.errors import AmountTooLarge, UnknownTaxType
from invoicing.models import Invoice, InvoiceLine
from invoicing.queries import tax_rates_of
from stock.models import StockItem

_WRITTEN = [
    field.name
    for field in InvoiceLine._meta.concrete_fields
    if field.name not in ("id", "invoice", "position")
]
LARGEST_AMOUNT = Decimal("9999999999.99")


@dataclass(frozen=True)
class LineValues:
    """One line as it is typed, imported or received; prices and quantities 4 places."""

    description: str = ""
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = Decimal(0)
    discount_percent: Decimal = Decimal(0)
    account_code: str = ""
    tax_type: str = ""
    item: StockItem | None = None


def priced_lines(
    values: Iterable[LineValues], amounts_are: str
) -> tuple[list[InvoiceLine], Totals]:
    """Unsaved lines with rate and amounts filled in, and the sums of the document."""
    values = list(values)
    survivors = _survivors(value.item for value in values)
    rates = _rates({value.tax_type for value in values if value.tax_type})
    lines = []
    for position, value in enumerate(values, start=1):
        if value.tax_type and value.tax_type not in rates:
            raise UnknownTaxType(position, value.tax_type)
        line = InvoiceLine(
            position=position,
            item=survivors.get(value.item.pk, value.item) if value.item else None,
            description=value.description.strip(),
            quantity=value.quantity,
            unit_price=value.unit_price,
            discount_percent=value.discount_percent,
            account_code=value.account_code,
            tax_type=value.tax_type,
            tax_percent=rates.get(value.tax_type, Decimal(0)),
        )
        line.amount = line_amount(line)
        line.tax_amount = line_tax(line, amounts_are)
        # SQLite keeps 15 digits: a larger number could be written but never read.
        if (
            max(map(abs, (line.amount, line.quantity, line.unit_price)))
            > LARGEST_AMOUNT
        ):
            raise AmountTooLarge(position)
        lines.append(line)
    return lines, document_totals(lines, amounts_are)


def put_lines(invoice: Invoice, lines: Sequence[InvoiceLine]) -> None:
    """In the rows that are there, place by place: who remembers a row finds it again."""
    there = dict(_places(invoice.pk))
    for line in lines:
        line.invoice, line.pk = invoice, there.pop(line.position, None)
    if there:
        invoice.lines.filter(pk__in=there.values()).delete()
    InvoiceLine.objects.bulk_update([one for one in lines if one.pk], _WRITTEN)
    InvoiceLine.objects.bulk_create([one for one in lines if not one.pk])


@prepared
def _places(invoice_id: int) -> "QuerySet[InvoiceLine, Any]":
    lines = InvoiceLine.objects.filter(invoice=invoice_id)
    return lines.values_list("position", "pk")


def lines_as_history(lines: Iterable[InvoiceLine]) -> list[dict[str, Any]]:
    """The lines as the change log keeps them."""
    return [
        {
            "item_id": line.item_id,
            "description": line.description,
            "quantity": f"{line.quantity:.4f}",
            "unit_price": f"{line.unit_price:.4f}",
            "discount_percent": f"{line.discount_percent:.4f}",
            "account_code": line.account_code,
            "tax_type": line.tax_type,
            "tax_percent": f"{line.tax_percent:.4f}",
            "amount": f"{line.amount:.2f}",
        }
        for line in lines
    ]


def _survivors(items: Iterable[StockItem | None]) -> dict[int, StockItem]:
    """Of items that were merged away the ones they are now, by their own ids."""
    ids = {item.pk for item in items if item}
    if not ids:
        return {}
    return {item.pk: surviving(item) for item in _merged_away(list(ids))}


@prepared
def _merged_away(ids: list[int]) -> QuerySet[StockItem]:
    gone = StockItem.objects.filter(pk__in=ids, merged_into__isnull=False)
    return gone.select_related("merged_into")


def _rates(tax_types: set[str]) -> dict[str, Decimal]:
    return {rate.tax_type: rate.percent for rate in tax_rates_of(list(tax_types))}
