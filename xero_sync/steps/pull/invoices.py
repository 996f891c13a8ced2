"""What comes back for invoices that are in Xero: money received, and cancellation."""

from collections.abc import Sequence
from decimal import Decimal

from fieldops.common.changes import locked
from invoicing.models import Invoice
from invoicing.services.cancel_invoice import cancel_invoice
from invoicing.services.settle_invoice import record_settlement
from xero_sync.models import PlannedChange
from xero_sync.outcomes.kinds import Action
from xero_sync.steps.context import Context
from xero_sync.steps.pull.base import carry_out, one_by_one
from xero_sync.store.plan import fields_of


def pull_invoices(ctx: Context, ids: Sequence[int]) -> None:
    carry_out(ctx, ids, one_by_one(_apply))


def _apply(ctx: Context, change: PlannedChange) -> bool:
    invoice = locked(Invoice.objects.get(pk=change.local_id or 0))
    if change.action == Action.VOID:
        if not invoice.is_cancelled:
            cancel_invoice(invoice, by=ctx.actor)
        return True
    after = {field.name: field.after for field in fields_of(change.fields)}
    record_settlement(
        invoice,
        paid=Decimal(str(after.get("amount_paid", invoice.amount_paid))),
        credited=Decimal(str(after.get("amount_credited", invoice.amount_credited))),
        by=ctx.actor,
    )
    return True
