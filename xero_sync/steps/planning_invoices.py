"""Plan what becomes of invoices, some hundreds at a time."""

from collections.abc import Sequence

from xero_sync.models import SyncSettings
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.hand_keyed import NO_ANSWERS, InvoiceAnswers
from xero_sync.planner.inputs import (
    InvoiceRules,
    LocalInvoice,
    Refusals,
)
from xero_sync.planner.invoices import InvoicePlanner
from xero_sync.steps import our_side, xero_side
from xero_sync.steps.choosing import choose_invoices
from xero_sync.steps.context import Context
from xero_sync.steps.customers_out import customers_in_xero, customers_out
from xero_sync.steps.hand_keyed import (
    alike_ids,
    find_keyed_by_hand,
    invoice_answers,
)
from xero_sync.steps.plan_in_making import (
    Planning,
    in_chunks,
    refusals_of,
    report_flaws,
)
from xero_sync.steps.settling import settle
from xero_sync.steps.xero_side import UnlinkedInvoices


def plan_invoices(plan: Planning) -> None:
    ctx = plan.ctx
    if plan.is_full:
        ids = our_side.invoice_ids()
    else:
        ids = choose_invoices(ctx, plan.wanted, plan.left)
    unlinked = xero_side.unlinked_invoices(ctx) if ids else UnlinkedInvoices()
    answers = invoice_answers(ctx) if ids else NO_ANSWERS
    rules = _invoice_rules(ctx)
    for part in in_chunks(ids):
        _plan_some_invoices(plan, rules, part, unlinked, answers)
    plan.close(Kind.INVOICE)


def _plan_some_invoices(
    plan: Planning,
    rules: InvoiceRules,
    ids: Sequence[int],
    unlinked: UnlinkedInvoices,
    answers: InvoiceAnswers,
) -> None:
    """Of Xero's: their partners, others of their numbers, and others that may have been
    keyed in by hand."""
    ctx = plan.ctx
    locals_ = our_side.local_invoices(ctx, ids)
    links = xero_side.invoice_links(ctx, ids)
    linked = {known.link.local_id for known in links}
    fresh = [one for one in locals_ if one.id not in linked]
    waiting = {one.customer_id for one in fresh}
    customers = customers_in_xero(ctx, plan.outlook, waiting)
    of_number = [
        xero_id
        for local in fresh
        if local.number
        for xero_id in unlinked.by_number.get(local.number.casefold(), ())
    ]
    alike = alike_ids(fresh, customers, unlinked, answers)
    partners = {known.link.xero_id for known in links}
    others = {*of_number, *alike} - partners
    read = xero_side.remote_invoices(ctx, [*partners, *others])
    strangers = [one for one in read.records if one.xero_id in others]
    changes = InvoicePlanner(
        locals=locals_,
        remotes=read.records,
        links=[known.link for known in links],
        rules=rules,
        chart=plan.chart,
        customers_out=customers_out(ctx, plan.outlook, waiting),
        refusals=_invoice_refusals(plan, locals_),
        customers=customers,
        by_hand=find_keyed_by_hand(ctx, fresh, strangers, customers, answers),
    ).changes()
    plan.keep(changes)
    report_flaws(plan, Kind.INVOICE, read)
    if not plan.only_looks:
        settle(ctx, Kind.INVOICE, locals_, read.digests, links, changes)


def _invoice_rules(ctx: Context) -> InvoiceRules:
    return InvoiceRules(
        base_currency=ctx.connection.base_currency,
        lock_date=ctx.connection.lock_date,
        sent_from=ctx.settings.invoices_from,
        sends_drafts=ctx.settings.sends_drafts,
        chosen=frozenset(ctx.run.scope.get(Kind.INVOICE, ())),
        arrive_approved=(
            ctx.settings.arrival_status == SyncSettings.ArrivalStatus.APPROVED
        ),
        forbidden=frozenset(ctx.connection.forbidden_actions),
    )


def _invoice_refusals(plan: Planning, locals_: Sequence[LocalInvoice]) -> Refusals:
    refusals = refusals_of(plan, Kind.INVOICE, locals_)
    if not refusals:
        return {}
    # Without the code of the item that is gone it is another invoice to Xero.
    lost_items = our_side.invoices_with_lost_items(plan.ctx)
    return {
        local_id: problem
        for local_id, problem in refusals.items()
        if not (problem.field_name == "item" and local_id in lost_items)
    }
