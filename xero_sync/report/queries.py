"""Named reads of the report: what is wrong, by cause; what runs did."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from fieldops.common.prepared import prepared
from invoicing.models import Invoice, InvoiceQuerySet
from xero_sync.models import (
    MirrorRecord,
    PlannedChange,
    SyncIssue,
    SyncRun,
    SyncSettings,
    XeroConnection,
)
from xero_sync.models.issues import SyncIssueQuerySet
from xero_sync.outcomes.codes import NOTICES, IssueCode
from xero_sync.outcomes.kinds import Action, Direction, Kind
from xero_sync.report.wording import WORDS, counted, words_of
from xero_sync.report.words import Words

_ORDER = {code: place for place, code in enumerate(WORDS)}


@dataclass(frozen=True)
class Group:
    """The open issues of one cause; ``counts`` in words: "5 customers"."""

    code: str
    kind: str
    words: Words
    issues: Sequence[SyncIssue]

    @property
    def key(self) -> str:
        return f"{self.code}-{self.kind}"

    @property
    def count_id(self) -> str:
        return f"issues-{self.key}"

    @property
    def counts(self) -> str:
        if self.code == IssueCode.BOTH_CHANGED:
            return counted(len(self.issues), "value")
        return in_words(Counter(noun_of(issue) for issue in self.issues))

    @property
    def tone(self) -> str:
        if self.code in NOTICES:
            return "info"
        return "warn" if self.words.is_held else "bad"


@dataclass(frozen=True)
class Tally:
    """What is open when one has been put right: in all, and of its ``group``."""

    issues: int
    groups: int
    group: Group


@dataclass(frozen=True)
class RunCounts:
    sent: int = 0
    received: int = 0
    failed: int = 0
    held: int = 0

    @property
    def done(self) -> int:
        return self.sent + self.received


def open_issues(connection: XeroConnection | None) -> SyncIssueQuerySet:
    """What is wrong now; notices are not."""
    return _of(connection, SyncIssue.objects.to_fix())


def open_notices(connection: XeroConnection | None) -> SyncIssueQuerySet:
    return _of(connection, SyncIssue.objects.notices())


def _of(
    connection: XeroConnection | None, issues: SyncIssueQuerySet
) -> SyncIssueQuerySet:
    if connection is None:
        return SyncIssue.objects.none()
    issues = issues.filter(connection=connection)
    return issues.select_related("contact", "item", "invoice__customer")


def issues_of(run: SyncRun) -> list[SyncIssue]:
    """What this run found and is still so."""
    return _issues_of(run.pk, run.connection_id)


@prepared
def _issues_of(run_id: int, connection_id: int) -> QuerySet[SyncIssue]:
    issues = SyncIssue.objects.to_fix().filter(run=run_id, connection=connection_id)
    return issues.select_related("contact", "item", "invoice__customer")


def grouped(issues: Iterable[SyncIssue]) -> list[Group]:
    """By cause, failures first, in the order of the table of words."""
    found: dict[tuple[str, str], list[SyncIssue]] = {}
    for issue in issues:
        found.setdefault((issue.code, issue.kind), []).append(issue)
    groups = [
        Group(code, kind, words_of(code, kind), members)
        for (code, kind), members in found.items()
    ]
    return sorted(
        groups,
        key=lambda one: (one.words.is_held, _ORDER[IssueCode(one.code)], one.kind),
    )


def tally_after(issue: SyncIssue) -> Tally:
    """After ``issue`` was put right."""
    groups = grouped(open_issues(issue.connection))
    words = words_of(issue.code, issue.kind)
    group = Group(issue.code, issue.kind, words, [])
    return Tally(
        issues=sum(len(one.issues) for one in groups),
        groups=len(groups),
        group=next((one for one in groups if one.key == group.key), group),
    )


def noun_of(issue: SyncIssue) -> str:
    """A contact is called by its group."""
    if issue.contact is None:
        return issue.kind
    return "supplier" if not issue.contact.is_customer else "customer"


def in_words(counts: Counter[str]) -> str:
    return ", ".join(counted(count, noun) for noun, count in counts.items())


def groups_in_xero(connection: XeroConnection | None, xero_id: str) -> list[str]:
    """The names of the contact groups somebody put a contact into in Xero, as far as the
    mirror knows. They are Xero's alone: shown, never written."""
    if connection is None or not xero_id:
        return []
    mirrored = MirrorRecord.objects.filter(
        connection=connection, kind=Kind.CONTACT, xero_id=xero_id
    )
    kept = mirrored.values_list("payload__ContactGroups", flat=True).first()
    groups = kept if isinstance(kept, list) else []
    names = (group.get("Name") for group in groups if isinstance(group, dict))
    return sorted({str(name) for name in names if name}, key=str.casefold)


def unsent_invoices(settings: SyncSettings) -> InvoiceQuerySet:
    """Those that would have gone by now, were nothing in their way."""
    invoices = Invoice.objects.not_cancelled().filter(xero_links__isnull=True)
    if not settings.sends_drafts:
        invoices = invoices.approved()
    if settings.invoices_from:
        invoices = invoices.filter(issued_on__gte=settings.invoices_from)
    return invoices


def waiting_counts(
    issues: Iterable[SyncIssue], settings: SyncSettings
) -> dict[int, int]:
    """How many invoices wait for each contact that is not in Xero yet."""
    ids = {issue.contact_id for issue in issues if issue.contact_id}
    rows = (
        unsent_invoices(settings)
        .filter(customer__in=ids, customer__xero_links__isnull=True)
        .order_by()
        .values_list("customer")
        .annotate(count=Count("pk"))
    )
    return dict(rows)


def run_counts(runs: Iterable[SyncRun]) -> dict[int, RunCounts]:
    """One query for all of them."""
    done = Q(state=PlannedChange.State.DONE)
    to_xero = Q(direction=Direction.TO_XERO)
    failed = Q(state=PlannedChange.State.FAILED)
    held = Q(state=PlannedChange.State.HELD)
    rows = (
        PlannedChange.objects.filter(run__in=[run.pk for run in runs])
        .order_by()
        .values("run")
        .annotate(
            sent=Count("pk", filter=done & to_xero),
            received=Count("pk", filter=done & ~to_xero),
            failed=Count("pk", filter=failed),
            held=Count("pk", filter=held),
        )
    )
    return {
        row["run"]: RunCounts(row["sent"], row["received"], row["failed"], row["held"])
        for row in rows
    }


def calls_since(connection: XeroConnection, moment: datetime) -> int:
    runs = SyncRun.objects.filter(connection=connection, created_at__gte=moment)
    sums = runs.aggregate(reads=Sum("reads"), writes=Sum("writes"))
    return (sums["reads"] or 0) + (sums["writes"] or 0)


def latest_preview(connection: XeroConnection | None) -> SyncRun | None:
    """None from before an undo, which has changed both sides since."""
    if connection is None:
        return None
    reasons = (SyncRun.Reason.PREVIEW, SyncRun.Reason.UNDO)
    runs = SyncRun.objects.filter(connection=connection, reason__in=reasons)
    newest = runs.order_by("-pk").first()
    return newest if newest and newest.reason == SyncRun.Reason.PREVIEW else None


def run_in_view(connection: XeroConnection | None) -> SyncRun | None:
    """The open run that people watch; sent records show in their own rows."""
    if connection is None:
        return None
    runs = SyncRun.objects.open().filter(connection=connection)
    runs = runs.exclude(reason=SyncRun.Reason.RECORDS)
    return runs.select_related("connection", "started_by").first()


def latest_whole_run(connection: XeroConnection | None) -> SyncRun | None:
    """The newest ended run that was about the whole company."""
    if connection is None:
        return None
    runs = SyncRun.objects.filter(connection=connection, finished_at__isnull=False)
    runs = runs.exclude(reason__in=[SyncRun.Reason.RECORDS, SyncRun.Reason.PREVIEW])
    return runs.select_related("connection").first()


def troubles_of(run: SyncRun) -> list[PlannedChange]:
    """What a plan could not do, for runs that raise no issues: the preview's."""
    actions = (Action.HOLD, Action.REFUSE)
    return list(run.changes.filter(action__in=actions).exclude(code=""))
