"""Invoice numbers, without gaps: given at approval, or when a draft is first sent."""

from django.db import transaction
from django.db.models import QuerySet

from fieldops.common.actor import Actor
from fieldops.common.changes import change_record, locked
from fieldops.common.prepared import prepared
from fieldops.common.rows import save_columns
from invoicing.models import Invoice, InvoicingSettings


@transaction.atomic
def give_number(invoice: Invoice, *, by: Actor) -> Invoice:
    """The next free number, unless the invoice has one already."""
    invoice = locked(invoice)
    if not invoice.number:
        change_record(invoice, {"number": next_number()}, by=by, action="numbered")
    return invoice


def next_number() -> str:
    """Takes the number; call it inside the transaction that uses it."""
    settings = locked(InvoicingSettings.current())
    while True:
        number = f"{settings.number_prefix}{settings.next_number}"
        settings.next_number += 1
        if not _called(number):
            save_columns(settings, "next_number")
            return number


@prepared
def _called(number: str) -> "QuerySet[Invoice, int]":
    return Invoice.objects.filter(number=number).values_list("pk", flat=True)[:1]
