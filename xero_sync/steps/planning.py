"""Make the plan of a run, kind by kind: load both sides, ask the pure planner, keep it."""

from collections.abc import Iterable, Sequence

from fieldops.common.rows import save_columns
from xero_sync.models import SyncRun, SyncSettings
from xero_sync.outcomes.changes import Change
from xero_sync.outcomes.drafts import RemoteContact
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.planner.account_numbers import Beside
from xero_sync.planner.chart import plan_accounts, plan_tax_rates
from xero_sync.planner.contacts import ContactPlanner
from xero_sync.planner.inputs import LocalContact
from xero_sync.planner.items import ItemPlanner
from xero_sync.steps import our_side, xero_side
from xero_sync.steps.choosing import (
    EVERYTHING,
    Choice,
    choose_contacts,
    choose_items,
    leftovers,
    wanted_records,
)
from xero_sync.steps.context import Context
from xero_sync.steps.merged_here import follow_merges, retired_links
from xero_sync.steps.observing import is_full_compare
from xero_sync.steps.pairs import contact_pairs, item_pairs
from xero_sync.steps.plan_in_making import Planning, refusals_of, report_flaws
from xero_sync.steps.planning_invoices import plan_invoices
from xero_sync.steps.second_copies import second_copies, second_item_copies
from xero_sync.steps.settling import settle
from xero_sync.steps.unlinked import chart_digest, settled_digest
from xero_sync.steps.xero_side import Read
from xero_sync.store.cursors import cursor_of, cursors_of
from xero_sync.store.mirror import gone_ids
from xero_sync.store.pairs import has_pairs, keep_pairs
from xero_sync.store.ticked import split_ticked


def make_plan(ctx: Context) -> None:
    """For the whole company, by revision or in full, or for the records it is about."""
    run = ctx.run
    wanted = wanted_records(run) if run.reason == SyncRun.Reason.RECORDS else None
    is_full = plans_everything(ctx)
    follow_merges(ctx, in_full=is_full, only_looks=run.reason == SyncRun.Reason.PREVIEW)
    left = leftovers(ctx, by_revision=wanted is None and not is_full)
    plan = Planning(ctx, wanted, is_full, left)
    _plan_chart(plan)
    _plan_contacts(plan)
    _plan_items(plan)
    plan_invoices(plan)
    if plan.pairs or has_pairs(ctx.connection):
        with ctx.commit():
            keep_pairs(ctx.run, plan.pairs, wanted=plan.wanted)


def plans_everything(ctx: Context) -> bool:
    """In a first sync and its preview, and once a day after all was read anew."""
    if ctx.run.reason == SyncRun.Reason.RECORDS:
        return False
    return (
        ctx.run.reason in (SyncRun.Reason.FIRST, SyncRun.Reason.PREVIEW)
        or ctx.connection.first_sync_done_at is None
        or is_full_compare(ctx)
    )


def _plan_chart(plan: Planning) -> None:
    """In full, or when one side has changed since there was nothing to do."""
    if plan.wanted is not None:
        return
    ctx = plan.ctx
    digest = chart_digest(ctx)
    if not plan.is_full and digest == _remembered(ctx, Kind.ACCOUNT):
        return
    accepted = frozenset(ctx.connection.accepted_differences)
    accounts, tax_rates = plan.accounts, plan.tax_rates
    ours, rates = our_side.local_accounts(), our_side.local_tax_rates()
    changes = [
        *plan_accounts(ours, accounts.records, accepted=accepted),
        *plan_tax_rates(rates, tax_rates.records, accepted=accepted),
    ]
    plan.keep(changes)
    plan.close(Kind.ACCOUNT)
    plan.close(Kind.TAX_RATE)
    if plan.is_full:  # the chart is read with a full plan only
        report_flaws(plan, Kind.ACCOUNT, accounts)
        report_flaws(plan, Kind.TAX_RATE, tax_rates)
    if not plan.only_looks:
        _remember(plan, Kind.ACCOUNT, "" if changes else digest)


def _plan_contacts(plan: Planning) -> None:
    ctx = plan.ctx
    choice = (
        EVERYTHING if plan.is_full else choose_contacts(ctx, plan.wanted, plan.left)
    )
    retired = _retired(ctx)
    if plan.has_nothing(Kind.CONTACT, choice) and not retired:
        return
    copies = second_copies(ctx) if choice.unlinked and plan.wanted is None else []
    choice = choice.with_linked(pair.local_id for pair in copies)
    locals_ = our_side.local_contacts(ctx, choice)
    read = xero_side.remote_contacts(ctx, choice)
    links = xero_side.contact_links(ctx, choice)
    here = {known.link.local_id for known in links}
    there = {known.link.xero_id for known in links}
    pairs = contact_pairs(
        ctx,
        [local for local in locals_ if local.id not in here],
        [remote for remote in read.records if remote.xero_id not in there],
        copies,
    )
    asked = [*locals_, *(local for local, _ in retired)]
    to_archive, changed = _ticked(ctx)
    changes = ContactPlanner(
        locals=locals_,
        remotes=read.records,
        links=[known.link for known in links],
        pairs=pairs,
        refusals=refusals_of(plan, Kind.CONTACT, asked),
        beside=_numbers_beside(ctx, choice, locals_, read),
        ours_first=ctx.settings.start_with == SyncSettings.StartWith.OURS,
        to_archive=to_archive,
        changed_since_ticked=changed,
        retired=retired,
    ).changes()
    plan.keep(changes)
    names = {local.id: local.draft.name for local in locals_}
    plan.note_pairs(Kind.CONTACT, pairs, names, read.records, changes)
    plan.outlook.note(changes)
    report_flaws(plan, Kind.CONTACT, read)
    plan.close(Kind.CONTACT)
    if plan.only_looks:
        return
    settle(ctx, Kind.CONTACT, locals_, read.digests, links, changes)
    if choice.unlinked:
        _remember_unlinked(plan, locals_, read, here, there, changes)


def _retired(ctx: Context) -> list[tuple[LocalContact, RemoteContact]]:
    """Merged away here, and a person wants what they are in Xero archived there."""
    links = list(retired_links(ctx.connection))
    if not links:
        return []
    partners = xero_side.retired_partners(ctx, [link.xero_id for link in links])
    locals_ = our_side.retired_contacts(ctx, links)
    return [(locals_[partner.xero_id], partner) for partner in partners]


def _plan_items(plan: Planning) -> None:
    ctx = plan.ctx
    choice = EVERYTHING if plan.is_full else choose_items(ctx, plan.wanted, plan.left)
    if plan.has_nothing(Kind.ITEM, choice):
        return
    copies = second_item_copies(ctx) if choice.unlinked and plan.wanted is None else []
    choice = choice.with_linked(pair.local_id for pair in copies)
    locals_ = our_side.local_items(ctx, choice)
    read = xero_side.remote_items(ctx, choice)
    links = xero_side.item_links(ctx, choice)
    here = {known.link.local_id for known in links}
    there = {known.link.xero_id for known in links}
    pairs = item_pairs(
        ctx,
        [local for local in locals_ if local.id not in here],
        [remote for remote in read.records if remote.xero_id not in there],
        copies,
    )
    changes = ItemPlanner(
        locals=locals_,
        remotes=read.records,
        links=[known.link for known in links],
        pairs=pairs,
        chart=plan.chart,
        refusals=refusals_of(plan, Kind.ITEM, locals_),
        gone=gone_ids(ctx.connection, Kind.ITEM),
        beside=() if choice.is_everything else our_side.codes_beside(ctx, locals_),
        ours_first=ctx.settings.start_with == SyncSettings.StartWith.OURS,
    ).changes()
    plan.keep(changes)
    names = {local.id: local.draft.name for local in locals_}
    plan.note_pairs(Kind.ITEM, pairs, names, read.records, changes)
    report_flaws(plan, Kind.ITEM, read)
    plan.close(Kind.ITEM)
    if not plan.only_looks:
        settle(ctx, Kind.ITEM, locals_, read.digests, links, changes)


def _ticked(ctx: Context) -> tuple[frozenset[str], frozenset[str]]:
    """For archiving, and those of them that have changed since. In the first sync alone:
    who is restored in Xero later is not archived again."""
    ours_are_kept = ctx.settings.start_with == SyncSettings.StartWith.OURS
    if not ours_are_kept or ctx.connection.first_sync_done_at:
        return frozenset(), frozenset()
    return split_ticked(ctx.connection)


def _numbers_beside(
    ctx: Context,
    choice: Choice,
    locals_: Sequence[LocalContact],
    read: Read[RemoteContact],
) -> Beside:
    if choice.is_everything:
        return Beside()
    here, partners = our_side.numbers_beside(ctx, locals_)
    numbers = {one.draft.account_number.casefold() for one in locals_} - {""}
    there = xero_side.numbers_beside(ctx, numbers, set(read.digests))
    return Beside(here, there, partners)


def _remember_unlinked(
    plan: Planning,
    locals_: Sequence[LocalContact],
    read: Read[RemoteContact],
    here: set[int],
    there: set[str],
    changes: Iterable[Change],
) -> None:
    """When nothing is to be done for what is not linked, it is not looked at again
    before one of it changes."""
    idle = not read.flaws and all(
        change.action is Action.LEAVE_OUT or change.local_id in here
        for change in changes
    )
    digest = ""
    if idle:
        digest = settled_digest(
            plan.ctx,
            [(one.id, one.revision) for one in locals_ if one.id not in here],
            [pair for pair in sorted(read.digests.items()) if pair[0] not in there],
        )
    _remember(plan, Kind.CONTACT, digest)


def _remembered(ctx: Context, kind: Kind) -> str:
    """Looks only: the cursor is made under the lease, like all that a run writes."""
    known = cursors_of(ctx.connection).get(kind)
    return known.settled_digest if known else ""


def _remember(plan: Planning, kind: Kind, digest: str) -> None:
    """That there is nothing to do as long as the digest is the same; blank: there is."""
    if _remembered(plan.ctx, kind) != digest:
        with plan.ctx.commit():
            cursor = cursor_of(plan.ctx.connection, kind)
            cursor.settled_digest = digest
            save_columns(cursor, "settled_digest")
