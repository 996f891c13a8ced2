"""Cancel an invoice; what it took from stock goes back."""

from django.db import transaction

from fieldops.common.actor import Actor
from fieldops.common.changes import change_record, locked
from invoicing.errors import AlreadyCancelled, InvoicePaid
from invoicing.models import Invoice
from stock.models import StockMovement
from stock.services import move_stock


@transaction.atomic
def cancel_invoice(
    invoice: Invoice, *, by: Actor, revision: int | None = None
) -> Invoice:
    """What it took from stock goes back. Refused once money was received on it."""
    invoice = locked(invoice, revision=revision)
    if invoice.is_cancelled:
        raise AlreadyCancelled
    if invoice.amount_paid or invoice.amount_credited:
        raise InvoicePaid
    returns_stock = invoice.moved_stock
    change_record(
        invoice,
        {"status": Invoice.Status.CANCELLED, "moved_stock": False},
        by=by,
        action="cancelled",
    )
    if returns_stock:
        _return_to_stock(invoice, by=by)
    return invoice


def _return_to_stock(invoice: Invoice, *, by: Actor) -> None:
    for line in invoice.lines.select_related("item"):
        if line.item and line.quantity:
            move_stock(
                line.item,
                line.quantity,
                StockMovement.Kind.RETURNED,
                by=by,
                reference=f"{invoice.number} cancelled",
            )
