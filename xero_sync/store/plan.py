"""Keep a run's plan and what became of it; the steps' counts are kept with it."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from xero_sync.models import PlannedChange, SyncRun, SyncStep
from xero_sync.outcomes.changes import Change, FieldChange, Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Action
from xero_sync.store.issues import close_issues, raise_issue, subject_of

_STATE = PlannedChange.State
_NOT_KEPT = (Action.LEAVE_OUT, Action.NOTE)
_FIRST_STATE = {Action.HOLD: _STATE.HELD, Action.REFUSE: _STATE.FAILED}


def save_plan(
    run: SyncRun, changes: Sequence[Change], step_names: Sequence[str]
) -> None:
    """The plan as rows, and its steps. What is left out is counted, not kept, and a note
    is an issue, if it is anything."""
    run.left_out = dict(
        Counter(
            f"{change.kind}: {change.reason}"
            for change in changes
            if change.action is Action.LEAVE_OUT
        )
    )
    run.save(update_fields=["left_out"])
    kept = [change for change in changes if change.action not in _NOT_KEPT]
    PlannedChange.objects.bulk_create(
        (_as_row(run, change) for change in kept), batch_size=500
    )
    totals = Counter(str(change.step) for change in kept)
    failed = _count(kept, Action.REFUSE)
    held = _count(kept, Action.HOLD)
    SyncStep.objects.filter(run=run).delete()
    SyncStep.objects.bulk_create(
        SyncStep(
            run=run,
            position=position,
            name=name,
            total=totals[name],
            failed=failed[name],
            held=held[name],
        )
        for position, name in enumerate(step_names, start=1)
    )


def raise_plan_issues(
    run: SyncRun,
    changes: Iterable[Change],
    kinds: Iterable[str],
    *,
    now: datetime,
    subjects: Container[str] | None = None,
) -> None:
    """Open an issue for all that is refused or held; close those not found again.

    ``kinds`` are the kinds that were planned, ``subjects`` the records the plan was
    about, None for all. A record waiting for another has no issue of its own: it is held
    under that other's.
    """
    seen: dict[str, set[tuple[str, str]]] = {kind: set() for kind in kinds}
    for change in changes:
        if change.code is None or _waits_for_another(change):
            continue
        raise_issue(
            run,
            Problem(change.code, change.field_name, change.details),
            kind=change.kind,
            title=change.title,
            now=now,
            local_id=change.local_id,
            xero_id=change.xero_id,
        )
        subject = subject_of(change.kind, change.local_id, change.xero_id)
        seen.setdefault(change.kind, set()).add((subject, change.code))
    for kind in kinds:
        close_issues(run, kind, seen[kind], now=now, subjects=subjects)


def pending(run: SyncRun, step: str, **filters: Any) -> list[PlannedChange]:
    return list(
        PlannedChange.objects.filter(
            run=run, step=step, state=_STATE.PLANNED, **filters
        ).order_by("pk")
    )


def finish_changes(
    changes: Iterable[PlannedChange], state: str, *, now: datetime
) -> None:
    """Set what became of changes of one run, and count them at their steps."""
    changes = list(changes)
    if not changes:
        return
    for change in changes:
        change.state = state
        change.applied_at = now
    PlannedChange.objects.bulk_update(changes, ["state", "applied_at"])
    counter = {
        _STATE.DONE: "done",
        _STATE.FAILED: "failed",
        _STATE.HELD: "held",
    }.get(_STATE(state))
    for name, count in Counter(change.step for change in changes).items():
        steps = SyncStep.objects.filter(run=changes[0].run_id, name=name)
        if counter:
            steps.update(**{counter: F(counter) + count})
        else:
            steps.update(total=F("total") - count)


def drop_changes_of(run: SyncRun, xero_ids: Container[str], *, now: datetime) -> None:
    """Leave to the next plan what was planned on records that have changed since."""
    planned = run.changes.filter(state=_STATE.PLANNED).exclude(xero_id="")
    stale = [change for change in planned if change.xero_id in xero_ids]
    finish_changes(stale, _STATE.DROPPED, now=now)


def set_state(changes: Iterable[PlannedChange], state: str) -> None:
    """A passing state, which no step counts."""
    ids = [change.pk for change in changes]
    PlannedChange.objects.filter(pk__in=ids).update(state=state)


def fields_of(rows: Iterable[dict[str, Any]]) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(row["name"], row["before"], row["after"]) for row in rows)


def _waits_for_another(change: Change) -> bool:
    return (
        change.action is Action.HOLD and change.code is IssueCode.CUSTOMER_NOT_IN_XERO
    )


def _count(changes: Iterable[Change], action: Action) -> Counter[str]:
    return Counter(str(one.step) for one in changes if one.action is action)


def _as_row(run: SyncRun, change: Change) -> PlannedChange:
    return PlannedChange(
        run=run,
        step=change.step,
        kind=change.kind,
        direction=change.direction,
        action=change.action,
        title=change.title[:500],
        reason=change.reason[:500],
        local_id=change.local_id,
        xero_id=change.xero_id,
        revision=change.revision,
        fields=[_field_row(one) for one in change.fields],
        losers=[_field_row(one) for one in change.losers],
        code=change.code or "",
        field_name=change.field_name,
        details=change.details,
        state=_FIRST_STATE.get(change.action, _STATE.PLANNED),
    )


def _field_row(one: FieldChange) -> dict[str, Any]:
    return {"name": one.name, "before": one.before, "after": one.after}
