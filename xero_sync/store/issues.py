"""Keep what is wrong now: the same trouble is one open row, success closes it."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.db.models import F, Q, QuerySet

from fieldops.common.bulk import insert_rows, update_rows
from fieldops.common.prepared import prepared
from fieldops.common.rows import Among, change_rows
from xero_sync.models import SyncIssue, SyncRun
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import NOTICES, IssueCode
from xero_sync.outcomes.kinds import Kind

_Rows: TypeAlias = "QuerySet[SyncIssue, tuple[Any, ...]]"
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


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a record. ``about``: the subject of an issue about a part of
    it; ``sent_revision``: the record's when Xero refused it."""

    problem: Problem
    kind: str
    title: str
    local_id: int | None = None
    xero_id: str = ""
    technical: str = ""
    sent_revision: int | None = None
    about: str = ""

    @property
    def subject(self) -> str:
        return self.about or subject_of(self.kind, self.local_id, self.xero_id)

    @property
    def cause(self) -> tuple[str, str]:
        return self.subject, str(self.problem.code)


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
) -> None:
    """``subject``: of an issue about a part of a record."""
    one = Trouble(
        problem, kind, title, local_id, xero_id, technical, sent_revision, subject
    )
    raise_issues(run, [one], now=now)


def raise_issues(
    run: SyncRun, troubles: Iterable[Trouble], *, now: datetime
) -> set[tuple[str, str]]:
    """Open an issue for each, or keep the one that is open; in as many statements for
    many as for one. Gives their subjects and codes."""
    troubles = list(troubles)
    if not troubles:
        return set()
    times = Counter(one.cause for one in troubles)
    last = {one.cause: one for one in troubles}
    known = _known(run, {subject for subject, _ in last})
    new = [cause for cause in last if cause not in known]
    insert_rows(SyncIssue, [_as_row(run, last[one], times[one], now) for one in new])
    update_rows(
        SyncIssue,
        ("id",),
        [
            _seen_again(run, issue, last[cause], times[cause], now)
            for cause, issue in known.items()
            if cause in last
        ],
    )
    return set(last)


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    times: int
    technical: str
    sent_revision: int | None


def _known(run: SyncRun, subjects: Iterable[str]) -> dict[tuple[str, str], _Known]:
    """Open, or closed since the run was asked for, because the record was to be sent once
    more: found again it is the same trouble."""
    rows = _open_or_closed_since(run.connection_id, run.created_at, list(subjects))
    return {(subject, code): _Known(*columns) for subject, code, *columns in rows}


def _as_row(run: SyncRun, one: Trouble, times: int, now: datetime) -> dict[str, Any]:
    columns = dict.fromkeys(RECORD_FIELD.values())
    if one.local_id and one.kind in RECORD_FIELD:
        columns[RECORD_FIELD[Kind(one.kind)]] = one.local_id
    return {
        "connection": run.connection_id,
        "subject": one.subject,
        "code": str(one.problem.code),
        "kind": str(one.kind),
        "first_seen_at": now,
        "times": times,
        "technical": _technical(one),
        "sent_revision": one.sent_revision,
        **{column.removesuffix("_id"): value for column, value in columns.items()},
        **_seen_now(run, one, now),
    }


def _seen_again(
    run: SyncRun, issue: _Known, one: Trouble, times: int, now: datetime
) -> dict[str, Any]:
    sent = issue.sent_revision if one.sent_revision is None else one.sent_revision
    return {
        "id": issue.id,
        "times": issue.times + times,
        "technical": _technical(one) or issue.technical,
        "sent_revision": sent,
        **_seen_now(run, one, now),
    }


def _seen_now(run: SyncRun, one: Trouble, now: datetime) -> dict[str, Any]:
    return {
        "resolved_at": None,
        "title": one.title[:500].replace(_NUL, ""),
        "xero_id": one.xero_id,
        "field_name": one.problem.field_name,
        "details": one.problem.details,
        "run": run.pk,
        "last_seen_at": now,
    }


def _technical(one: Trouble) -> str:
    return one.technical[:LONGEST_TECHNICAL].replace(_NUL, "")


def troubled_kinds(connection_id: int) -> frozenset[str]:
    """Of what kinds there is an open issue at all."""
    return frozenset(_kinds_of_open(connection_id))


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
        pk
        for pk, subject, code in _of_plans(run.connection_id, kind)
        if (subject, code) not in keep and (subjects is None or subject in subjects)
    ]
    return resolve_issues(gone, now=now)


def resolve_issues(ids: Iterable[int], *, now: datetime) -> int:
    return change_rows(SyncIssue, {"resolved_at": now}, Among("id", ids))


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
    only, but = set(only), {*but, *NOTICES}
    gone = [
        pk
        for pk, code in _open_about(run.connection_id, kind, list(subjects))
        if code not in but and (not only or code in only)
    ]
    return resolve_issues(gone, now=now)


def close_unreadable(
    run: SyncRun, kind: str, xero_ids: Iterable[str], *, now: datetime
) -> None:
    """These could be read now. What this run has found unreadable it found in a newer
    version than the one it plans on."""
    readable = set(xero_ids)
    unread = _unreadable(run.connection_id, kind, run.pk)
    resolve_issues((pk for pk, xero_id in unread if xero_id in readable), now=now)


def close_nameless(run: SyncRun, kind: str, *, now: datetime) -> None:
    """After a whole list: what this run has not found again is there no longer."""
    unread = _unreadable(run.connection_id, kind, run.pk)
    gone = (pk for pk, xero_id in unread if xero_id.startswith(NAMELESS))
    resolve_issues(gone, now=now)


def forget_refusals(issues: Iterable[SyncIssue]) -> None:
    """Let these be sent again although nothing about them changed."""
    ids = [issue.pk for issue in issues]
    SyncIssue.objects.filter(pk__in=ids).update(sent_revision=None)


def refused_contents(connection_id: int, kind: str) -> Mapping[int, SyncIssue]:
    """Open refusals of Xero's by our record's id."""
    field = RECORD_FIELD[Kind(kind)]
    return {getattr(issue, field): issue for issue in _refused(connection_id, kind)}


# --- what is asked --------------------------------------------------------------------


@prepared
def _open_or_closed_since(
    connection_id: int, moment: datetime, subjects: list[str]
) -> _Rows:
    issues = SyncIssue.objects.filter(
        Q(resolved_at__isnull=True) | Q(resolved_at__gte=moment),
        connection=connection_id,
        subject__in=subjects,
    )
    return issues.order_by(F("resolved_at").asc(nulls_last=True), "pk").values_list(
        "subject", "code", "pk", "times", "technical", "sent_revision"
    )


@prepared
def _kinds_of_open(connection_id: int) -> "QuerySet[SyncIssue, str]":
    issues = SyncIssue.objects.open().filter(connection=connection_id)
    return issues.order_by().values_list("kind", flat=True).distinct()


@prepared
def _open_about(connection_id: int, kind: str, subjects: list[str]) -> _Rows:
    issues = SyncIssue.objects.open().filter(
        connection=connection_id, kind=kind, subject__in=subjects
    )
    return issues.order_by("pk").values_list("pk", "code")


@prepared
def _of_plans(connection_id: int, kind: str) -> _Rows:
    issues = SyncIssue.objects.open().filter(connection=connection_id, kind=kind)
    issues = issues.exclude(code__in=_NOT_OF_A_PLAN)
    return issues.order_by("pk").values_list("pk", "subject", "code")


@prepared
def _unreadable(connection_id: int, kind: str, but_of_run: int) -> _Rows:
    issues = SyncIssue.objects.open().filter(
        connection=connection_id, kind=kind, code=IssueCode.UNREADABLE
    )
    rows = issues.exclude(run=but_of_run).order_by("pk")
    return rows.values_list("pk", "xero_id")


@prepared
def _refused(connection_id: int, kind: str) -> "QuerySet[SyncIssue]":
    issues = SyncIssue.objects.open().filter(connection=connection_id, kind=kind)
    return issues.exclude(sent_revision=None)
