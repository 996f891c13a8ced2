"""Whether an invoice of the file is the one we have under its number."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from fieldops.common.importing.cells import comparison_key
from fieldops.common.importing.layout import Row
from invoicing.imports.documents import Document
from invoicing.models import Invoice, InvoiceLine

HEAD = ("issued_on", "due_on", "reference", "currency", "amounts_are")


def differences(document: Document, invoice: Invoice) -> Iterator[str]:
    """Names of the fields that differ; what the file leaves blank does not count."""
    head = document.head
    if comparison_key(head["name"]) != comparison_key(invoice.customer.name):
        yield "name"
    yield from (
        name for name in HEAD if name in head and head[name] != getattr(invoice, name)
    )
    here = Counter(_of_line(line) for line in invoice.lines.all())
    if here != Counter(_of_row(row) for row in document.rows):
        yield "lines"


def _of_row(row: Row) -> tuple[Any, ...]:
    values = row.values
    return (
        values["description"],
        values["quantity"],
        values["unit_price"],
        values.get("discount_percent", 0),
        values["account_code"],
        values["tax_type"],
    )


def _of_line(line: InvoiceLine) -> tuple[Any, ...]:
    return (
        line.description,
        line.quantity,
        line.unit_price,
        line.discount_percent,
        line.account_code,
        line.tax_type,
    )
