"""Make the plan of a run: load both sides, ask the pure planner, keep what concerns it."""

from collections.abc import Iterable, Mapping

from invoicing.models import Invoice, InvoiceLine
from xero_sync.models import ContactLink, MirrorRecord, SyncRun
from xero_sync.outcomes.changes import Change, Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Action, Direction, Kind
from xero_sync.planner.chart import plan_accounts, plan_tax_rates
from xero_sync.planner.contacts import ContactPlanner
from xero_sync.planner.inputs import (
    Chart,
    InvoiceRules,
    LocalContact,
    LocalInvoice,
    LocalItem,
    Refusals,
)
from xero_sync.planner.invoices import InvoicePlanner
from xero_sync.planner.items import ItemPlanner
from xero_sync.steps import sides
from xero_sync.steps.context import Context
from xero_sync.steps.pairs import contact_pairs, item_pairs
from xero_sync.store.issues import refused_contents, subject_of
from xero_sync.store.mirror import gone_ids

_PLACES = (Action.LINK, Action.CREATE)

Wanted = Mapping[str, set[int]]


def make_plan(ctx: Context) -> list[Change]:
    """Every change of the run: for the whole company, or for the records it is about."""
    accounts, tax_rates = sides.remote_accounts(ctx), sides.remote_tax_rates(ctx)
    chart = sides.chart_of(accounts, tax_rates)
    accepted = frozenset(ctx.connection.accepted_differences)
    contacts = _plan_contacts(ctx)
    changes = [
        *plan_accounts(sides.local_accounts(), accounts, accepted=accepted),
        *plan_tax_rates(sides.local_tax_rates(), tax_rates, accepted=accepted),
        *contacts,
        *_plan_items(ctx, chart),
        *_plan_invoices(ctx, chart, contacts),
    ]
    if ctx.run.reason == SyncRun.Reason.RECORDS:
        wanted = wanted_records(ctx.run)
        changes = [change for change in changes if _is_wanted(change, wanted)]
    return changes


def wanted_records(run: SyncRun) -> Wanted:
    """What a run for chosen records is about: they, and what their invoices need."""
    invoices = set(run.scope.get(Kind.INVOICE, ()))
    items = InvoiceLine.objects.filter(invoice__in=invoices, item__isnull=False)
    customers = Invoice.objects.filter(pk__in=invoices)
    return {
        Kind.INVOICE: invoices,
        Kind.CONTACT: set(run.scope.get(Kind.CONTACT, ()))
        | set(customers.values_list("customer_id", flat=True)),
        Kind.ITEM: set(run.scope.get(Kind.ITEM, ()))
        | set(items.values_list("item_id", flat=True)),
    }


def wanted_subjects(run: SyncRun) -> frozenset[str]:
    """The same as the issues of these records name them."""
    return frozenset(
        subject_of(kind, local_id, "")
        for kind, ids in wanted_records(run).items()
        for local_id in ids
    )


def _is_wanted(change: Change, wanted: Wanted) -> bool:
    return change.local_id in wanted.get(change.kind, ())


def _plan_contacts(ctx: Context) -> list[Change]:
    locals_, remotes = sides.local_contacts(ctx), sides.remote_contacts(ctx)
    links = sides.contact_links(ctx)
    here = {link.local_id for link in links}
    there = {link.xero_id for link in links}
    pairs = contact_pairs(
        ctx,
        [local for local in locals_ if local.id not in here],
        [remote for remote in remotes if remote.xero_id not in there],
    )
    return ContactPlanner(
        locals=locals_,
        remotes=remotes,
        links=links,
        pairs=pairs,
        refusals=_refusals(ctx, Kind.CONTACT, locals_),
    ).changes()


def _plan_items(ctx: Context, chart: Chart) -> list[Change]:
    locals_, remotes = sides.local_items(), sides.remote_items(ctx)
    links = sides.item_links(ctx)
    here = {link.local_id for link in links}
    there = {link.xero_id for link in links}
    pairs = item_pairs(
        ctx,
        [local for local in locals_ if local.id not in here],
        [remote for remote in remotes if remote.xero_id not in there],
    )
    return ItemPlanner(
        locals=locals_,
        remotes=remotes,
        links=links,
        pairs=pairs,
        chart=chart,
        refusals=_refusals(ctx, Kind.ITEM, locals_),
        gone=gone_ids(ctx.connection, Kind.ITEM),
    ).changes()


def _plan_invoices(
    ctx: Context, chart: Chart, contacts: Iterable[Change]
) -> list[Change]:
    locals_ = sides.local_invoices(ctx)
    lost_items = sides.invoices_with_lost_items(ctx)
    refusals = {
        local_id: problem
        for local_id, problem in _refusals(ctx, Kind.INVOICE, locals_).items()
        # Without the code of the item that is gone it is another invoice to Xero.
        if not (problem.field_name == "item" and local_id in lost_items)
    }
    return InvoicePlanner(
        locals=locals_,
        remotes=sides.remote_invoices(ctx),
        links=sides.invoice_links(ctx),
        rules=_invoice_rules(ctx),
        chart=chart,
        customers_out=_customers_out(ctx, contacts),
        refusals=refusals,
    ).changes()


def _invoice_rules(ctx: Context) -> InvoiceRules:
    return InvoiceRules(
        base_currency=ctx.connection.base_currency,
        lock_date=ctx.connection.lock_date,
        sent_from=ctx.settings.invoices_from,
        sends_drafts=ctx.settings.sends_drafts,
        chosen=frozenset(ctx.run.scope.get(Kind.INVOICE, ())),
    )


def _customers_out(ctx: Context, contacts: Iterable[Change]) -> dict[int, IssueCode]:
    """Customers that will not be in Xero when this plan has been carried out."""
    linked: set[int | None] = set(
        ContactLink.objects.filter(connection=ctx.connection).values_list(
            "record_id", flat=True
        )
    )
    contacts = list(contacts)
    linked |= {change.local_id for change in contacts if change.action in _PLACES}
    out = _archived_there(ctx)
    for change in contacts:
        if change.local_id is None:
            continue
        if change.code is IssueCode.MERGED_IN_XERO:
            out[change.local_id] = change.code
        elif change.action is Action.LINK:
            out.pop(change.local_id, None)
        elif _archives_in_xero(change):
            out[change.local_id] = IssueCode.CONTACT_ARCHIVED_IN_XERO
        elif change.local_id not in linked and not change.writes:
            left_out = change.action is Action.LEAVE_OUT
            out[change.local_id] = (
                IssueCode.CUSTOMER_NOT_IN_XERO
                if left_out or change.code is None
                else change.code
            )
    return out


def _archived_there(ctx: Context) -> dict[int, IssueCode]:
    """Linked customers that Xero takes no invoices for."""
    closed = MirrorRecord.objects.filter(
        connection=ctx.connection,
        kind=Kind.CONTACT,
        payload__ContactStatus__in=("ARCHIVED", "GDPRREQUEST"),
    )
    links = ContactLink.objects.filter(
        connection=ctx.connection, xero_id__in=closed.values("xero_id")
    )
    return dict.fromkeys(
        links.values_list("record_id", flat=True), IssueCode.CONTACT_ARCHIVED_IN_XERO
    )


def _archives_in_xero(change: Change) -> bool:
    """Whether an invoice would meet an archived contact."""
    if change.code is IssueCode.CONTACT_ARCHIVED_IN_XERO:
        return True
    return change.action is Action.ARCHIVE and change.direction is Direction.TO_US


def _refusals(
    ctx: Context,
    kind: Kind,
    locals_: Iterable[LocalContact] | Iterable[LocalItem] | Iterable[LocalInvoice],
) -> Refusals:
    """What Xero refused of records that have not changed since."""
    issues = refused_contents(ctx.connection.pk, kind)
    if not issues:
        return {}
    return {
        local.id: Problem(IssueCode(issue.code), issue.field_name, dict(issue.details))
        for local in locals_
        if (issue := issues.get(local.id)) and issue.sent_revision == local.revision
    }
