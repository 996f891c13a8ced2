"""What must hold at the end of each single run (invariant 14)."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from fieldops.common.prepared import prepared
from tests.simulation.violations import Violation
from xero_sync.models import MirrorRecord, PlannedChange, SyncIssue, SyncRun
from xero_sync.store.links import LINK_MODELS

ABOUT = {"contact": "contact_id", "item": "item_id", "invoice": "invoice_id"}
ENDS = ("archive", "void", "delete")


def failures_are_told(run: SyncRun) -> None:
    """Each change that failed left an issue about its record, which was open when the run
    ended."""
    for kind, local_id, xero_id in _failed(run.pk):
        about = Q(xero_id=xero_id) if xero_id else Q(pk__in=())
        if local_id and kind in ABOUT:
            about |= Q(**{ABOUT[kind]: local_id})
        was_open = Q(resolved_at__isnull=True) | Q(resolved_at__gte=run.finished_at)
        told = SyncIssue.objects.filter(about, was_open, kind=kind)
        if not told.exists():
            said = f"run {run.pk}: {kind} {local_id or xero_id} failed without an issue"
            raise Violation(14, said)


@prepared
def _failed(run_id: int) -> "QuerySet[PlannedChange, Any]":
    failed = PlannedChange.objects.filter(run=run_id, state=PlannedChange.State.FAILED)
    return failed.values_list("kind", "local_id", "xero_id")


def successes_close(run: SyncRun) -> None:
    """What went through after a refusal of Xero's is not called failed any more. An undo
    takes other things back, and looks at nothing anew."""
    if run.undoes_id is not None:
        return
    began = run.started_at or run.created_at
    if not _refused_before(began):
        return
    done = run.changes.filter(state=PlannedChange.State.DONE, direction="to_xero")
    stale = SyncIssue.objects.to_fix().filter(
        sent_revision__isnull=False, last_seen_at__lt=began
    )
    by_kind: dict[str, list[int | None]] = {}
    for kind, local_id in done.values_list("kind", "local_id"):
        by_kind.setdefault(kind, []).append(local_id)
    for kind, ids in by_kind.items():
        if kind not in ABOUT:
            continue
        about = stale.filter(kind=kind, **{f"{ABOUT[kind]}__in": ids})
        if issue := about.first():
            raise Violation(14, f"run {run.pk} did it, and {issue} is still open")


def undos_let_go(run: SyncRun) -> None:
    """What an undo has ended in Xero is nobody's partner any more: the next sync would
    take that end for Xero's own, and end ours as well."""
    if run.undoes_id is None or run.state != SyncRun.State.FINISHED:
        return
    ended = run.changes.filter(
        state=PlannedChange.State.DONE, direction="to_xero", action__in=ENDS
    )
    for kind, xero_id in ended.values_list("kind", "xero_id"):
        links = LINK_MODELS[kind]._default_manager.filter(
            xero_id=xero_id, linked_at__lt=run.created_at
        )
        if links.exists() and _has_ended(kind, xero_id):
            said = f"run {run.pk} has ended {kind} {xero_id}, and left its link"
            raise Violation(14, said)


def _has_ended(kind: str, xero_id: str) -> bool:
    """As far as we know: somebody may have taken it back in Xero."""
    row = MirrorRecord.objects.get(kind=kind, xero_id=xero_id)
    status = row.payload.get("ContactStatus") or row.payload.get("Status")
    return row.is_gone or status in ("ARCHIVED", "VOIDED", "DELETED")


@prepared
def _refused_before(moment: datetime) -> "QuerySet[SyncIssue, int]":
    stale = SyncIssue.objects.to_fix().filter(
        sent_revision__isnull=False, last_seen_at__lt=moment
    )
    return stale.values_list("pk", flat=True)[:1]
