"""A plan in the making: what it keeps, what it reports, which trouble it closes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from xero_sync.models import SyncRun
from xero_sync.outcomes.changes import Change, Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import (
    RemoteAccount,
    RemoteContact,
    RemoteItem,
    RemoteTaxRate,
)
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.inputs import (
    Chart,
    LocalContact,
    LocalInvoice,
    LocalItem,
    Pair,
    Refusals,
)
from xero_sync.steps.choosing import (
    Choice,
    Leftovers,
    Wanted,
)
from xero_sync.steps.context import Context
from xero_sync.steps.customers_out import Outlook
from xero_sync.steps.possible_pairs import possible_pairs
from xero_sync.steps.xero_side import (
    Read,
    chart_of,
    remote_accounts,
    remote_tax_rates,
)
from xero_sync.store.issues import (
    Trouble,
    close_issues,
    close_unreadable,
    raise_issues,
    refused_contents,
    subject_of,
)
from xero_sync.store.pairs import Possible
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

    @cached_property
    def accounts(self) -> Read[RemoteAccount]:
        return remote_accounts(self.ctx)

    @cached_property
    def tax_rates(self) -> Read[RemoteTaxRate]:
        return remote_tax_rates(self.ctx)

    @cached_property
    def chart(self) -> Chart:
        return chart_of(self.accounts.records, self.tax_rates.records)

    @property
    def only_looks(self) -> bool:
        return self.ctx.run.reason == SyncRun.Reason.PREVIEW

    def keep(self, changes: Iterable[Change]) -> None:
        """As rows, in transactions of their own, and what is wrong as issues."""
        ctx = self.ctx
        for part in in_chunks(filter(self._is_wanted, changes)):
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


def report_flaws(plan: Planning, kind: Kind, read: Read[T]) -> None:
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


def refusals_of(
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


def in_chunks(values: Iterable[T]) -> Iterator[list[T]]:
    part: list[T] = []
    for value in values:
        part.append(value)
        if len(part) == CHUNK:
            yield part
            part = []
    if part:
        yield part
