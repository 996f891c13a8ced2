"""Make the plan of a run, kind by kind: load both sides, ask the pure planner, keep it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from xero_sync.models import SyncRun, SyncSettings
from xero_sync.outcomes.changes import Change, Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import RemoteContact, RemoteItem
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.planner.account_numbers import Beside
from xero_sync.planner.chart import plan_accounts, plan_tax_rates
from xero_sync.planner.contacts import ContactPlanner
from xero_sync.planner.hand_keyed import NO_ANSWERS, InvoiceAnswers
from xero_sync.planner.inputs import (
    Chart,
    InvoiceRules,
    LocalContact,
    LocalInvoice,
    LocalItem,
    Pair,
    Refusals,
)
from xero_sync.planner.invoices import InvoicePlanner
from xero_sync.planner.items import ItemPlanner
from xero_sync.steps import our_side, xero_side
from xero_sync.steps.choosing import (
    EVERYTHING,
    Choice,
    Leftovers,
    Wanted,
    choose_contacts,
    choose_invoices,
    choose_items,
    leftovers,
    settled_digest,
    wanted_records,
)
from xero_sync.steps.context import Context
from xero_sync.steps.customers_out import Outlook, customers_in_xero, customers_out
from xero_sync.steps.hand_keyed import (
    alike_ids,
    find_keyed_by_hand,
    invoice_answers,
)
from xero_sync.steps.merged_here import follow_merges, retired_links
from xero_sync.steps.observing import is_full_compare
from xero_sync.steps.pairs import contact_pairs, item_pairs
from xero_sync.steps.possible_pairs import possible_pairs
from xero_sync.steps.settling import settle
from xero_sync.steps.xero_side import Read, UnlinkedInvoices
from xero_sync.store.cursors import cursor_of
from xero_sync.store.issues import (
    Trouble,
    close_issues,
    close_unreadable,
    raise_issues,
    refused_contents,
    subject_of,
)
from xero_sync.store.mirror import gone_ids
from xero_sync.store.pairs import Possible, has_pairs, keep_pairs
from xero_sync.store.plan import keep_changes, raise_plan_issues

CHUNK = 500  # changes in a transaction, and invoices planned together
T = TypeVar("T")


@dataclass
class Planning:
    """A plan in the making. ``wanted`` are the records that the run was asked for."""

    ctx: Context
    wanted: Wanted | None
    is_full: bool
    left: Leftovers
    found: dict[str, set[tuple[str, str]]] = field(
        default_factory=lambda: {kind: set() for kind in Kind}
    )
    outlook: Outlook = field(default_factory=Outlook)
    pairs: list[Possible] = field(default_factory=list)

    @property
    def only_looks(self) -> bool:
        return self.ctx.run.reason == SyncRun.Reason.PREVIEW

    def keep(self, changes: Iterable[Change]) -> None:
        """As rows, in transactions of their own, and what is wrong as issues."""
        ctx = self.ctx
        for part in _chunks(filter(self._is_wanted, changes)):
            with ctx.commit() as now:
                keep_changes(ctx.run, part)
                if not self.only_looks:
                    for subject, code in raise_plan_issues(ctx.run, part, now=now):
                        self.found[subject.partition(":")[0]].add((subject, code))

    def note_pairs(
        self,
        kind: Kind,
        pairs: Iterable[Pair],
        names: Mapping[int, str],
        remotes: Iterable[RemoteContact] | Iterable[RemoteItem],
        changes: Iterable[Change],
    ) -> None:
        """Those that a person is asked about, and in a preview what would be linked."""
        there = {remote.xero_id: remote.draft.name for remote in remotes}
        self.pairs += possible_pairs(
            kind, pairs, changes, names, there, with_certain=self.only_looks
        )

    def close(self, kind: Kind) -> None:
        """Issues that this plan looked for and did not find again. A record with an
        open issue is always among those planned."""
        if self.only_looks or kind not in self.left.troubled:
            return
        subjects = None if self.wanted is None else self._wanted_subjects(kind)
        with self.ctx.commit() as now:
            close_issues(
                self.ctx.run, kind, self.found[kind], now=now, subjects=subjects
            )

    def has_nothing(self, kind: Kind, choice: Choice) -> bool:
        """To plan, and nothing to say about what was wrong before."""
        return choice.is_nothing and kind not in self.left.troubled

    def _is_wanted(self, change: Change) -> bool:
        return self.wanted is None or change.local_id in self.wanted.get(
            change.kind, ()
        )

    def _wanted_subjects(self, kind: Kind) -> frozenset[str]:
        ids = (self.wanted or {}).get(kind, set())
        return frozenset(subject_of(kind, local_id, "") for local_id in ids)


def make_plan(ctx: Context) -> None:
    """For the whole company, by revision or in full, or for the records it is about."""
    run = ctx.run
    wanted = wanted_records(run) if run.reason == SyncRun.Reason.RECORDS else None
    is_full = plans_everything(ctx)
    follow_merges(ctx, in_full=is_full, only_looks=run.reason == SyncRun.Reason.PREVIEW)
    left = leftovers(ctx, by_revision=wanted is None and not is_full)
    plan = Planning(ctx, wanted, is_full, left)
    chart = _plan_chart(plan)
    _plan_contacts(plan)
    _plan_items(plan, chart)
    _plan_invoices(plan, chart)
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


def _plan_chart(plan: Planning) -> Chart:
    ctx = plan.ctx
    accounts = xero_side.remote_accounts(ctx)
    tax_rates = xero_side.remote_tax_rates(ctx)
    accepted = frozenset(ctx.connection.accepted_differences)
    ours = our_side.local_accounts()
    plan.keep(plan_accounts(ours, accounts.records, accepted=accepted))
    plan.close(Kind.ACCOUNT)
    rates = our_side.local_tax_rates()
    plan.keep(plan_tax_rates(rates, tax_rates.records, accepted=accepted))
    plan.close(Kind.TAX_RATE)
    if plan.is_full:  # the chart is read with a full plan only
        _report_flaws(plan, Kind.ACCOUNT, accounts)
        _report_flaws(plan, Kind.TAX_RATE, tax_rates)
    return xero_side.chart_of(accounts.records, tax_rates.records)


def _plan_contacts(plan: Planning) -> None:
    ctx = plan.ctx
    choice = (
        EVERYTHING if plan.is_full else choose_contacts(ctx, plan.wanted, plan.left)
    )
    retired = _retired(ctx)
    if plan.has_nothing(Kind.CONTACT, choice) and not retired:
        return
    locals_ = our_side.local_contacts(ctx, choice)
    read = xero_side.remote_contacts(ctx, choice)
    links = xero_side.contact_links(ctx, choice)
    here = {known.link.local_id for known in links}
    there = {known.link.xero_id for known in links}
    pairs = contact_pairs(
        ctx,
        [local for local in locals_ if local.id not in here],
        [remote for remote in read.records if remote.xero_id not in there],
    )
    asked = [*locals_, *(local for local, _ in retired)]
    changes = ContactPlanner(
        locals=locals_,
        remotes=read.records,
        links=[known.link for known in links],
        pairs=pairs,
        refusals=_refusals(plan, Kind.CONTACT, asked),
        beside=_numbers_beside(ctx, choice, locals_, read),
        ours_first=ctx.settings.start_with == SyncSettings.StartWith.OURS,
        to_archive=_to_archive(ctx),
        retired=retired,
    ).changes()
    plan.keep(changes)
    names = {local.id: local.draft.name for local in locals_}
    plan.note_pairs(Kind.CONTACT, pairs, names, read.records, changes)
    plan.outlook.note(changes)
    _report_flaws(plan, Kind.CONTACT, read)
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


def _plan_items(plan: Planning, chart: Chart) -> None:
    ctx = plan.ctx
    choice = EVERYTHING if plan.is_full else choose_items(ctx, plan.wanted, plan.left)
    if plan.has_nothing(Kind.ITEM, choice):
        return
    locals_ = our_side.local_items(ctx, choice)
    read = xero_side.remote_items(ctx, choice)
    links = xero_side.item_links(ctx, choice)
    here = {known.link.local_id for known in links}
    there = {known.link.xero_id for known in links}
    pairs = item_pairs(
        ctx,
        [local for local in locals_ if local.id not in here],
        [remote for remote in read.records if remote.xero_id not in there],
    )
    changes = ItemPlanner(
        locals=locals_,
        remotes=read.records,
        links=[known.link for known in links],
        pairs=pairs,
        chart=chart,
        refusals=_refusals(plan, Kind.ITEM, locals_),
        gone=gone_ids(ctx.connection, Kind.ITEM),
        beside=() if choice.is_everything else our_side.codes_beside(ctx, locals_),
        ours_first=ctx.settings.start_with == SyncSettings.StartWith.OURS,
    ).changes()
    plan.keep(changes)
    names = {local.id: local.draft.name for local in locals_}
    plan.note_pairs(Kind.ITEM, pairs, names, read.records, changes)
    _report_flaws(plan, Kind.ITEM, read)
    plan.close(Kind.ITEM)
    if not plan.only_looks:
        settle(ctx, Kind.ITEM, locals_, read.digests, links, changes)


def _plan_invoices(plan: Planning, chart: Chart) -> None:
    ctx = plan.ctx
    if plan.is_full:
        ids = our_side.invoice_ids()
    else:
        ids = choose_invoices(ctx, plan.wanted, plan.left)
    unlinked = xero_side.unlinked_invoices(ctx) if ids else UnlinkedInvoices()
    answers = invoice_answers(ctx) if ids else NO_ANSWERS
    rules = _invoice_rules(ctx)
    for part in _chunks(ids):
        _plan_some_invoices(plan, chart, rules, part, unlinked, answers)
    plan.close(Kind.INVOICE)


def _plan_some_invoices(
    plan: Planning,
    chart: Chart,
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
        chart=chart,
        customers_out=customers_out(ctx, plan.outlook, waiting),
        refusals=_invoice_refusals(plan, locals_),
        customers=customers,
        by_hand=find_keyed_by_hand(ctx, fresh, strangers, customers, answers),
    ).changes()
    plan.keep(changes)
    _report_flaws(plan, Kind.INVOICE, read)
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


def _to_archive(ctx: Context) -> frozenset[str]:
    """In the first sync alone: who is restored in Xero later is not archived again."""
    ours_are_kept = ctx.settings.start_with == SyncSettings.StartWith.OURS
    if not ours_are_kept or ctx.connection.first_sync_done_at:
        return frozenset()
    return frozenset(ctx.connection.to_archive)


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
    cursor = cursor_of(plan.ctx.connection, Kind.CONTACT)
    if cursor.settled_digest == digest:
        return
    with plan.ctx.commit():
        cursor.settled_digest = digest
        cursor.save(update_fields=["settled_digest"])


def _report_flaws(plan: Planning, kind: Kind, read: Read[T]) -> None:
    """What our mappers cannot understand is reported, and the rest goes on."""
    was_wrong = kind in plan.left.troubled
    if plan.only_looks or not (read.flaws or was_wrong):
        return
    ctx = plan.ctx
    with ctx.commit() as now:
        if was_wrong:
            close_unreadable(ctx.run, kind, read.digests, now=now)
        flaws = [
            Trouble(flaw.problem, kind, flaw.title, xero_id=flaw.xero_id)
            for flaw in read.flaws
        ]
        raise_issues(ctx.run, flaws, now=now)


def _invoice_refusals(plan: Planning, locals_: Sequence[LocalInvoice]) -> Refusals:
    refusals = _refusals(plan, Kind.INVOICE, locals_)
    if not refusals:
        return {}
    # Without the code of the item that is gone it is another invoice to Xero.
    lost_items = our_side.invoices_with_lost_items(plan.ctx)
    return {
        local_id: problem
        for local_id, problem in refusals.items()
        if not (problem.field_name == "item" and local_id in lost_items)
    }


def _refusals(
    plan: Planning,
    kind: Kind,
    locals_: Sequence[LocalContact] | Sequence[LocalItem] | Sequence[LocalInvoice],
) -> Refusals:
    """What Xero refused of records that have not changed since."""
    if kind not in plan.left.troubled:
        return {}
    issues = refused_contents(plan.ctx.connection.pk, kind)
    return {
        local.id: Problem(IssueCode(issue.code), issue.field_name, dict(issue.details))
        for local in locals_
        if (issue := issues.get(local.id)) and issue.sent_revision == local.revision
    }


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    part: list[T] = []
    for value in values:
        part.append(value)
        if len(part) == CHUNK:
            yield part
            part = []
    if part:
        yield part
