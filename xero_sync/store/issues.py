"""Keep what is wrong now: the same trouble is one open row, success closes it."""

from collections.abc import Container, Iterable, Mapping
from datetime import datetime

from xero_sync.models import SyncIssue, SyncRun
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import NOTICES, IssueCode
from xero_sync.outcomes.kinds import Kind

# A plan that does not find these again says nothing about them.
_NOT_OF_A_PLAN = (IssueCode.UNREADABLE, IssueCode.BOTH_CHANGED)
RECORD_FIELD = {
    Kind.CONTACT: "contact_id",
    Kind.ITEM: "item_id",
    Kind.INVOICE: "invoice_id",
}


# PostgreSQL takes it in no text.
_NUL = "\0"
LONGEST_TECHNICAL = 4000
# What stands in for the id of a record of Xero's that has none.
NAMELESS = "unknown "


def subject_of(kind: str, local_id: int | None, xero_id: str) -> str:
    return f"{kind}:{local_id}" if local_id else f"{kind}:xero:{xero_id}"


def raise_issue(
    run: SyncRun,
    problem: Problem,
    *,
    kind: str,
    title: str,
    now: datetime,
    local_id: int | None = None,
    xero_id: str = "",
    technical: str = "",
    sent_revision: int | None = None,
    subject: str = "",
) -> SyncIssue:
    """``subject``: of an issue about a part of a record."""
    subject = subject or subject_of(kind, local_id, xero_id)
    issue = (
        SyncIssue.objects.open()
        .filter(connection=run.connection, subject=subject, code=problem.code)
        .first()
    )
    if issue is None:
        issue = _closed_by(run, subject, problem.code)
    if issue is None:
        issue = SyncIssue(
            connection=run.connection,
            subject=subject,
            code=problem.code,
            kind=kind,
            first_seen_at=now,
            times=0,
        )
        if local_id and kind in RECORD_FIELD:
            setattr(issue, RECORD_FIELD[Kind(kind)], local_id)
    issue.resolved_at = None
    issue.title = title[:500].replace(_NUL, "")
    issue.xero_id = xero_id
    issue.field_name = problem.field_name
    issue.details = problem.details
    issue.technical = technical[:LONGEST_TECHNICAL].replace(_NUL, "") or issue.technical
    if sent_revision is not None:
        issue.sent_revision = sent_revision
    issue.run = run
    issue.last_seen_at = now
    issue.times += 1
    issue.save()
    return issue


def _closed_by(run: SyncRun, subject: str, code: str) -> SyncIssue | None:
    """Closed since the run was asked for, because the record was to be sent once more:
    found again it is the same trouble."""
    return SyncIssue.objects.filter(
        connection=run.connection,
        subject=subject,
        code=code,
        resolved_at__gte=run.created_at,
    ).last()


def close_issues(
    run: SyncRun,
    kind: str,
    still_open: Iterable[tuple[str, str]],
    *,
    now: datetime,
    subjects: Container[str] | None = None,
) -> int:
    """Close what a plan of a kind did not find again.

    ``still_open`` are the (subject, code) pairs that it did, ``subjects`` the records it
    was about, None for all.
    """
    keep = set(still_open)
    gone = [
        issue.pk
        for issue in SyncIssue.objects.open()
        .filter(connection=run.connection, kind=kind)
        .exclude(code__in=_NOT_OF_A_PLAN)
        if (issue.subject, issue.code) not in keep
        and (subjects is None or issue.subject in subjects)
    ]
    return SyncIssue.objects.filter(pk__in=gone).update(resolved_at=now)


def close_issues_of(
    run: SyncRun,
    kind: str,
    subjects: Iterable[str],
    *,
    now: datetime,
    only: Iterable[str] = (),
    but: Iterable[str] = (),
) -> int:
    """Close the issues of records that have just succeeded: ``only`` those of some codes,
    or all ``but`` those. What is merely worth knowing outlasts a success."""
    issues = (
        SyncIssue.objects.open()
        .filter(connection=run.connection, kind=kind, subject__in=list(subjects))
        .exclude(code__in=[*but, *NOTICES])
    )
    if only:
        issues = issues.filter(code__in=list(only))
    return issues.update(resolved_at=now)


def close_unreadable(
    run: SyncRun, kind: str, xero_ids: Iterable[str], *, now: datetime
) -> None:
    """These could be read now. What this run has found unreadable it found in a newer
    version than the one it plans on."""
    issues = (
        SyncIssue.objects.open()
        .filter(connection=run.connection, kind=kind, code=IssueCode.UNREADABLE)
        .exclude(run=run)
    )
    if issues.exists():
        issues.filter(xero_id__in=list(xero_ids)).update(resolved_at=now)


def close_nameless(run: SyncRun, kind: str, *, now: datetime) -> None:
    """After a whole list: what this run has not found again is there no longer."""
    SyncIssue.objects.open().filter(
        connection=run.connection,
        kind=kind,
        code=IssueCode.UNREADABLE,
        xero_id__startswith=NAMELESS,
    ).exclude(run=run).update(resolved_at=now)


def forget_refusals(issues: Iterable[SyncIssue]) -> None:
    """Let these be sent again although nothing about them changed."""
    ids = [issue.pk for issue in issues]
    SyncIssue.objects.filter(pk__in=ids).update(sent_revision=None)


def refused_contents(connection_id: int, kind: str) -> Mapping[int, SyncIssue]:
    """Open refusals of Xero's by our record's id."""
    field = RECORD_FIELD[Kind(kind)]
    issues = SyncIssue.objects.open().filter(connection_id=connection_id, kind=kind)
    return {
        getattr(issue, field): issue for issue in issues.exclude(sent_revision=None)
    }
