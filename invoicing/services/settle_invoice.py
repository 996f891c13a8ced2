"""Take over what the books say about an invoice's money."""

from decimal import Decimal

from django.db import transaction

from fieldops.common.actor import Actor
from fieldops.common.changes import change_record, locked
from invoicing.models import Invoice


@transaction.atomic
def record_settlement(
    invoice: Invoice, *, paid: Decimal, credited: Decimal, by: Actor
) -> Invoice:
    invoice = locked(invoice)
    change_record(
        invoice,
        {"amount_paid": paid, "amount_credited": credited},
        by=by,
        action="settled",
    )
    return invoice
