"""Approve a draft: check it, number it, move its stock."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from fieldops.common.actor import Actor
from fieldops.common.changes import change_record, locked
from fieldops.common.prepared import prepared
from invoicing.errors import LineIncomplete, LinesMissing, NotADraft, TaxNotAllowed
from invoicing.models import Invoice, InvoiceLine
from invoicing.queries import accounts_of, tax_rates_of
from invoicing.services.numbering import next_number
from stock.models import StockMovement
from stock.services import move_stock


@transaction.atomic
def approve_invoice(
    invoice: Invoice,
    *,
    by: Actor,
    revision: int | None = None,
    moves_stock: bool = True,
) -> Invoice:
    """``moves_stock`` is False for old invoices brought in from elsewhere."""
    invoice = locked(invoice, revision=revision)
    if not invoice.is_draft:
        raise NotADraft(invoice.get_status_display())
    lines = _lines(invoice.pk)
    if not lines:
        raise LinesMissing
    check_lines(lines)
    change_record(
        invoice,
        {
            "number": invoice.number or next_number(),
            "status": Invoice.Status.APPROVED,
            "moved_stock": moves_stock,
        },
        by=by,
        action="approved",
    )
    if moves_stock:
        _take_from_stock(invoice, lines, by=by)
    return invoice


@prepared
def _lines(invoice_id: int) -> QuerySet[InvoiceLine]:
    return InvoiceLine.objects.filter(invoice=invoice_id).select_related("item")


def check_lines(lines: Iterable[InvoiceLine]) -> None:
    """Complete, and account and VAT rate may stand together.

    An account that is not in our chart passes: Xero may have it, and says so if not.
    """
    lines = list(lines)
    codes = {line.account_code for line in lines}
    accounts = {one.code: one for one in accounts_of(list(codes))}
    tax_types = {line.tax_type for line in lines}
    rates = {one.tax_type: one for one in tax_rates_of(list(tax_types))}
    for line in lines:
        for name, value in (
            ("description", line.description),
            ("account", line.account_code),
            ("VAT rate", line.tax_type),
        ):
            if not value:
                raise LineIncomplete(line.position, name)
        rate, account = rates.get(line.tax_type), accounts.get(line.account_code)
        if rate and account and not rate.applies_to(account):
            raise TaxNotAllowed(line.position, rate.name, account.code)


def _take_from_stock(
    invoice: Invoice, lines: Iterable[InvoiceLine], *, by: Actor
) -> None:
    for line in lines:
        if line.item and line.quantity:
            move_stock(
                line.item,
                -line.quantity,
                StockMovement.Kind.SOLD,
                by=by,
                reference=invoice.number,
            )
