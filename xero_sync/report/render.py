"""The report of a run: kept with it as it was, and the line the command prints."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from fieldops.common.prepared import prepared
from xero_sync.models import PlannedChange, Report, SyncIssue, SyncRun, SyncStep
from xero_sync.outcomes.codes import RunProblem
from xero_sync.report.fields import message_of
from xero_sync.report.left_out import LeftOut, left_out_by, left_out_now
from xero_sync.report.queries import (
    Group,
    RunCounts,
    grouped,
    issues_of,
    run_counts,
    troubles_of,
)
from xero_sync.report.question_words import question_sentences
from xero_sync.report.wording import RUN_PROBLEMS, STEPS, note_of, words_of
from xero_sync.runs.signed import changed_since

_OF_THE_WHOLE = (
    *(SyncRun.Reason.FIRST, SyncRun.Reason.ASKED),
    SyncRun.Reason.AUTOMATIC,
)


def render_report(run: SyncRun) -> Report:
    """Write the run's report, or write it anew."""
    (report,) = Report.objects.bulk_create(
        [Report(run=run, content=content_of(run))],
        update_conflicts=True,
        unique_fields=["run"],
        update_fields=["content", "rendered_at"],
    )
    return report


def runs_without_report() -> list[int]:
    """Ended, and whoever should have written the report did not come to it."""
    return _without_report()


@prepared
def _without_report() -> "QuerySet[SyncRun, int]":
    ended = SyncRun.objects.exclude(state__in=SyncRun.OPEN_STATES)
    return ended.filter(report__isnull=True).values_list("pk", flat=True)


def content_of(run: SyncRun) -> dict[str, Any]:
    """JSON with words in it: it stays readable when the words have changed."""
    counts = run_counts([run]).get(run.pk, RunCounts())
    return {
        "status": run.state,
        "problem": problem_words(run),
        "signed": signed_words(run),
        "sent": counts.sent,
        "received": counts.received,
        "failed": counts.failed,
        "held": counts.held,
        "steps": [_step(step) | {"total": step.total} for step in run.steps.all()],
        "groups": [_group(group) for group in grouped(issues_of(run))],
        "left_out": [
            {"label": row.label, "count": row.count} for row in _left_out(run)
        ],
        "reads": run.reads,
        "writes": run.writes,
        "calls": run.calls,
    }


def summary(run: SyncRun) -> dict[str, Any]:
    """What ``manage.py sync --json`` prints as its last line."""
    if run.reason == SyncRun.Reason.PREVIEW:
        issues = [_trouble_line(change) for change in troubles_of(run)]
    else:
        issues = [_issue_line(issue) for issue in issues_of(run)]
    asked = {"question": question_sentences(run)} if run.is_asking else {}
    return asked | {
        "run": run.pk,
        "status": run.state,
        "steps": [
            {
                "name": step.name,
                "done": step.done,
                "failed": step.failed,
                "held": step.held,
            }
            for step in run.steps.all()
        ],
        "issues": issues,
        "calls": run.calls,
        "reads": run.reads,
        "writes": run.writes,
    }


def problem_words(run: SyncRun) -> dict[str, str] | None:
    """Why the run stopped or waits, in plain words."""
    if not run.problem:
        return None
    words = RUN_PROBLEMS[RunProblem(run.problem)]
    reference = run.problem_details.get("reference", "")
    return {
        "title": words.title,
        "why": words.why,
        "fix": f"{words.fix} Reference: {reference}." if reference else words.fix,
    }


def signed_words(run: SyncRun) -> str:
    """Who signed the plan of a first sync, and what had changed since."""
    sign_off = run.sign_off
    if sign_off is None:
        return ""
    at = date_format(timezone.localtime(sign_off.signed_at), "j M Y, H:i")
    signed = f"Signed off by {sign_off.user or 'Fieldops'}, {at}."
    changed = changed_since(run)
    if not changed:
        return f"{signed} Exactly that was carried out."
    return f"{signed} {changed_words(changed)}"


def changed_words(changed: int) -> str:
    """Of a signed run; nothing where it did all that stood in its plan."""
    if not changed:
        return ""
    return f"{changed:,} changed after you looked; the sync that follows takes them up."


def _left_out(run: SyncRun) -> list[LeftOut]:
    """The plan of an ordinary run is about what has changed: what it left out would be a
    part of the whole, which nobody could tell."""
    if run.reason not in _OF_THE_WHOLE:
        return left_out_by(run)
    return left_out_now(run.connection)


def _step(step: SyncStep) -> dict[str, Any]:
    return {
        "name": step.name,
        "label": STEPS[step.name],
        "done": step.done,
        "failed": step.failed,
        "held": step.held,
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "code": group.code,
        "kind": group.kind,
        "title": group.words.title,
        "counts": group.counts,
        "why": group.words.why,
        "fix": group.words.fix,
        "is_held": group.words.is_held,
        "records": [_record(issue) for issue in group.issues],
    }


def _record(issue: SyncIssue) -> dict[str, Any]:
    record = issue.record
    return {
        "title": issue.title,
        "note": message_of(issue),
        "record_id": record.pk if record else None,
        "xero_id": issue.xero_id,
    }


def _issue_line(issue: SyncIssue) -> dict[str, str]:
    return {
        "code": issue.code,
        "kind": issue.kind,
        "record": issue.title,
        "message": message_of(issue),
        "fix": words_of(issue.code, issue.kind).fix,
    }


def _trouble_line(change: PlannedChange) -> dict[str, str]:
    words = words_of(change.code, change.kind)
    note = note_of(change.code, change.kind, change.details)
    return {
        "code": change.code,
        "kind": change.kind,
        "record": change.title,
        "message": f"{words.title}. {note}".rstrip(),
        "fix": words.fix,
    }
