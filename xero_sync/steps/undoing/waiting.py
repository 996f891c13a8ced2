"""What an undo leaves as it is because an invoice stays that should have gone."""

from collections.abc import Iterable

from invoicing.models import Invoice, InvoiceLine
from xero_sync.models import PlannedChange, SyncRun
from xero_sync.outcomes.kinds import Action, Kind, Step
from xero_sync.store.plan import in_slices

_ENDS = (Action.VOID, Action.DELETE)
_OPEN_OR_DONE = (PlannedChange.State.PLANNED, PlannedChange.State.DONE)


def waiting_for_invoices(run: SyncRun, kind: Kind) -> frozenset[int]:
    """By our ids. An invoice waits for its number, which would stay used for ever once it
    has ended; its customer and the items on its lines wait for it."""
    if kind is Kind.INVOICE:
        return frozenset(_not_done(run, (Action.UPDATE,)))
    standing = _not_done(run, _ENDS)
    found: set[int] = set()
    for part in in_slices(standing):
        if kind is Kind.CONTACT:
            invoices = Invoice.objects.filter(pk__in=part)
            found |= set(invoices.values_list("customer_id", flat=True))
        else:
            lines = InvoiceLine.objects.filter(invoice__in=part)
            found |= {pk for pk in lines.values_list("item_id", flat=True) if pk}
    return frozenset(found)


def _not_done(run: SyncRun, actions: Iterable[str]) -> list[int]:
    """Of the invoices that the undo would change in Xero, those on which that failed."""
    changes = run.changes.filter(
        step=Step.UNDONE_IN_XERO, kind=Kind.INVOICE, action__in=list(actions)
    ).exclude(state__in=_OPEN_OR_DONE)
    rows = changes.filter(local_id__isnull=False).values_list("local_id", flat=True)
    return [pk for pk in rows if pk]
