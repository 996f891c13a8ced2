"""Carry out one step of a run: the changes planned for it, and what they need first."""

from collections.abc import Callable, Mapping, Sequence

from django.db.models import QuerySet

from fieldops.common.prepared import prepared
from invoicing.models import InvoiceLine
from xero_sync.models import PlannedChange
from xero_sync.outcomes.kinds import Action, Step
from xero_sync.steps.batches import send_changes
from xero_sync.steps.context import Context
from xero_sync.steps.pull.chart import pull_chart
from xero_sync.steps.pull.contacts import pull_contacts
from xero_sync.steps.pull.invoices import pull_invoices
from xero_sync.steps.pull.items import pull_items
from xero_sync.steps.push.contacts import CONTACTS
from xero_sync.steps.push.invoices import INVOICES
from xero_sync.steps.push.items import ITEMS
from xero_sync.steps.pushing import Pushing
from xero_sync.steps.undoing.here import undo_here
from xero_sync.steps.undoing.in_xero import undo_in_xero
from xero_sync.store.plan import pending, still_pending

Pull = Callable[[Context, Sequence[int]], None]

_PULLS: Mapping[Step, Pull] = {
    Step.CUSTOMERS_FROM_XERO: pull_contacts,
    Step.STOCK_FROM_XERO: pull_items,
    Step.SUPPLIERS_FROM_XERO: pull_contacts,
    Step.CHART_OF_ACCOUNTS: pull_chart,
}
_PUSHES: Mapping[Step, Pushing] = {
    Step.CUSTOMERS_TO_XERO: CONTACTS,
    Step.STOCK_TO_XERO: ITEMS,
    Step.SUPPLIERS_TO_XERO: CONTACTS,
}
_UNDOS: Mapping[Step, Callable[[Context], None]] = {
    Step.UNDONE_IN_XERO: undo_in_xero,
    Step.UNDONE_HERE: undo_here,
    Step.LEFT_AS_IT_IS: lambda ctx: None,
}


def carry_out_step(ctx: Context, step: Step) -> None:
    if step in _UNDOS:
        _UNDOS[step](ctx)
    elif step in _PULLS:
        _PULLS[step](ctx, pending(ctx.run, step))
    elif step is Step.INVOICES_TO_XERO:
        _invoices(ctx)
    else:
        _push(ctx, _PUSHES[step], step)


def archive_in_xero(ctx: Context) -> None:
    """Last of all: Xero takes no invoices for a contact that is archived."""
    steps = (Step.CUSTOMERS_TO_XERO, Step.SUPPLIERS_TO_XERO)
    archived = pending(ctx.run, *steps, action=Action.ARCHIVE)
    send_changes(ctx, CONTACTS, archived, method="POST")


def _push(ctx: Context, pushing: Pushing, step: Step) -> None:
    """Changed ones first: a name or a code that one of them gives up may be a new one's."""
    todo = still_pending(ctx.run, step)
    send_changes(ctx, pushing, todo.of(Action.UPDATE), method="POST")
    send_changes(ctx, pushing, todo.of(Action.CREATE), method="PUT")


def _invoices(ctx: Context) -> None:
    todo = still_pending(ctx.run, Step.INVOICES_TO_XERO)
    pull_invoices(ctx, todo.of(Action.LINK))
    pull_invoices(ctx, todo.to_us)
    created = todo.of(Action.CREATE)
    if created:
        send_changes(ctx, ITEMS, _needed_items(ctx.run.pk), method="PUT")
    send_changes(ctx, INVOICES, created, method="PUT")
    for action in (Action.UPDATE, Action.VOID, Action.DELETE):
        send_changes(ctx, INVOICES, todo.of(action), method="POST")


@prepared
def _needed_items(run_id: int) -> "QuerySet[PlannedChange, int]":
    """Stock items on new invoices go up before them, whatever the step."""
    created = PlannedChange.objects.filter(
        run=run_id, action=Action.CREATE, state=PlannedChange.State.PLANNED
    )
    invoices = created.filter(step=Step.INVOICES_TO_XERO)
    lines = InvoiceLine.objects.filter(
        invoice__in=invoices.values("local_id"), item__isnull=False
    )
    needed = created.filter(
        step=Step.STOCK_TO_XERO, local_id__in=lines.values("item_id")
    )
    return needed.order_by("pk").values_list("pk", flat=True)
