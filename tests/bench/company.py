"""Puts the measured company into our database, as the services would have left it."""

from collections.abc import Iterator

from django.db import transaction

from customers.models import Contact
from fieldops.common.money import AmountsAre, Totals
from invoicing.models import Invoice, InvoiceLine
from invoicing.services.lines import LineValues, priced_lines
from stock.models import StockItem
from tests.bench.books import (
    DAYS_TO_PAY,
    contact_fields,
    invoice_number,
    issued_on,
    item_fields,
    line_fields,
)
from tests.bench.sizes import LINES, Sizes

CHUNK = 500


@transaction.atomic
def put_company(sizes: Sizes) -> None:
    Contact.objects.bulk_create(
        (Contact(revision=1, **contact_fields(n)) for n in range(sizes.contacts)),
        batch_size=CHUNK,
    )
    StockItem.objects.bulk_create(
        (StockItem(revision=1, **item_fields(n)) for n in range(sizes.items)),
        batch_size=CHUNK,
    )
    contacts = list(Contact.objects.order_by("pk").values_list("pk", flat=True))
    items = list(StockItem.objects.order_by("pk"))
    for start in range(0, sizes.invoices, CHUNK):
        numbers = range(start, min(start + CHUNK, sizes.invoices))
        _put_invoices(numbers, contacts, items)


def _put_invoices(numbers: range, contacts: list[int], items: list[StockItem]) -> None:
    invoices, lines = [], []
    for number in numbers:
        priced, totals = priced_lines(_lines(number, items), AmountsAre.EXCLUSIVE)
        invoice = _invoice(number, contacts[number % len(contacts)], totals)
        for line in priced:
            line.invoice = invoice
        invoices.append(invoice)
        lines += priced
    Invoice.objects.bulk_create(invoices)
    InvoiceLine.objects.bulk_create(lines, batch_size=CHUNK)


def _invoice(number: int, customer_id: int, totals: Totals) -> Invoice:
    return Invoice(
        revision=2,
        number=invoice_number(number),
        customer_id=customer_id,
        status=Invoice.Status.APPROVED,
        issued_on=issued_on(number),
        due_on=issued_on(number) + DAYS_TO_PAY,
        reference=f"Order {number}",
        subtotal=totals.subtotal,
        tax=totals.tax,
        total=totals.total,
    )


def _lines(number: int, items: list[StockItem]) -> Iterator[LineValues]:
    for place in range(LINES):
        item = items[(number * LINES + place) % len(items)] if place == 1 else None
        yield LineValues(**line_fields(number, place), item=item)
