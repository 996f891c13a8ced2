"""What comes back for invoices that are in Xero: money received, and cancellation; and
those that are found there again."""

from collections.abc import Sequence
from decimal import Decimal

from fieldops.common.changes import locked
from invoicing.models import Invoice
from invoicing.services.cancel_invoice import cancel_invoice
from invoicing.services.settle_invoice import record_settlement
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.invoices import invoice_from_wire
from xero_sync.models import InvoiceLink
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.planner.invoices import FOUND_BY_NUMBER
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import invoice_content
from xero_sync.steps.pull.base import carry_out, link_all, one_by_one
from xero_sync.store.links import Agreed
from xero_sync.store.mirror import mirror_rows
from xero_sync.store.plan import Planned


def pull_invoices(ctx: Context, ids: Sequence[int]) -> None:
    carry_out(ctx, ids, one_by_one(_apply))


def _apply(ctx: Context, change: Planned) -> bool:
    invoice = locked(Invoice.objects.get(pk=change.local_id or 0))
    if change.action == Action.LINK:
        return _link(ctx, change, invoice)
    if change.action == Action.VOID:
        if not invoice.is_cancelled:
            cancel_invoice(invoice, by=ctx.actor)
        return True
    after = {field.name: field.after for field in change.fields}
    record_settlement(
        invoice,
        paid=Decimal(str(after.get("amount_paid", invoice.amount_paid))),
        credited=Decimal(str(after.get("amount_credited", invoice.amount_credited))),
        by=ctx.actor,
    )
    return True


def _link(ctx: Context, change: Planned, invoice: Invoice) -> bool:
    """Nothing is written on either side. What it says here is taken for what was sent:
    the lines may differ as long as the total does not. What was keyed in by hand is
    nobody's draft of ours: its contents are never replaced."""
    rows = mirror_rows(ctx.connection, Kind.INVOICE, [change.xero_id])
    payload, digest = rows.get(change.xero_id, ({}, ""))
    try:
        remote = invoice_from_wire(payload)
    except Unreadable:
        return False  # told otherwise since it was planned
    if invoice.revision != change.revision or invoice.total != remote.total:
        return False
    found = Agreed(
        invoice.pk,
        remote.xero_id,
        {
            "total": f"{invoice.total:.2f}",
            "contact_id": remote.contact_id,
            "content": invoice_content(invoice, invoice.lines.all()),
            "as_draft": invoice.is_draft and change.reason == FOUND_BY_NUMBER,
        },
        invoice.revision,
        remote.updated_at,
        remote.status,
        remote_digest=digest,
        origin=InvoiceLink.Origin.ADOPTED,
        reasons=change.reason,
    )
    link_all(ctx, Kind.INVOICE, [found])
    return True
