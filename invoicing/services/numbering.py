"""Invoice numbers, without gaps: given at approval, or when a draft is first sent."""

from django.db import transaction

from fieldops.common.actor import Actor
from fieldops.common.changes import change_record, locked
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
    InvoicingSettings.current()
    settings = InvoicingSettings.objects.select_for_update().get(pk=1)
    while True:
        number = f"{settings.number_prefix}{settings.next_number}"
        settings.next_number += 1
        if not Invoice.objects.filter(number=number).exists():
            settings.save(update_fields=["next_number"])
            return number
