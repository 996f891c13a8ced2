"""Keep a run's plan and what became of it; the steps' counts are kept with it."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from django.db.models import Count, F, Q, QuerySet

from fieldops.common.bulk import insert_rows
from fieldops.common.prepared import Change as RowChange
from fieldops.common.prepared import prepared, prepared_change
from fieldops.common.rows import Among, change_rows, read_rows
from xero_sync.models import PlannedChange, SyncRun, SyncStep
from xero_sync.outcomes.changes import Change, FieldChange, Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Action, Direction
from xero_sync.store.issues import Trouble, raise_issues

V = TypeVar("V")

_STATE = PlannedChange.State
_NOT_KEPT = (Action.LEAVE_OUT, Action.NOTE)
_FIRST_STATE = {
    Action.HOLD: _STATE.HELD,
    Action.LEAVE: _STATE.HELD,
    Action.REFUSE: _STATE.FAILED,
}


def is_planned(run: SyncRun) -> bool:
    """To the end: the steps come last."""
    return bool(_steps_of(run.pk))


def forget_plan(run: SyncRun) -> None:
    """Of one that was cut off while it was made."""
    if _some_change(run.pk):
        run.changes.all().delete()
    if is_planned(run):
        run.steps.all().delete()
    run.left_out = {}


def keep_changes(run: SyncRun, changes: Iterable[Change]) -> None:
    """A part of the plan as rows. What is left out is counted, not kept, and a note is
    an issue, if it is anything."""
    left_out = Counter(run.left_out)
    kept: list[dict[str, Any]] = []
    for change in changes:
        if change.action is Action.LEAVE_OUT:
            left_out[f"{change.kind}: {change.reason}"] += 1
        if change.action not in _NOT_KEPT:
            kept.append(_as_row(run, change))
    insert_rows(PlannedChange, kept)
    run.left_out = dict(left_out)


def end_plan(run: SyncRun, step_names: Sequence[str]) -> None:
    """All of it is kept: here are its steps, with what they hold; one that holds nothing
    is done."""
    counts = {step: numbers for step, *numbers in _counts(run.pk)}
    steps = []
    for position, name in enumerate(step_names, start=1):
        total, failed, held = counts.get(name, (0, 0, 0))
        state = SyncStep.State.WAITING if total else SyncStep.State.DONE
        steps.append(
            {
                "run": run.pk,
                "position": position,
                "name": str(name),
                "state": str(state),
                "total": total,
                "done": 0,
                "failed": failed,
                "held": held,
            }
        )
    insert_rows(SyncStep, steps)


def writes_beyond(run: SyncRun, steps: Iterable[str]) -> bool:
    """Whether anything is planned in another step than these."""
    return not set(_steps_with_work(run.pk)) <= set(steps)


def raise_plan_issues(
    run: SyncRun, changes: Iterable[Change], *, now: datetime
) -> set[tuple[str, str]]:
    """Open an issue for all that is refused or held, and say for which subjects. A record
    waiting for another has no issue of its own: it is held under that other's."""
    return raise_issues(
        run,
        [
            Trouble(
                Problem(change.code, change.field_name, change.details),
                kind=change.kind,
                title=change.title,
                local_id=change.local_id,
                xero_id=change.xero_id,
            )
            for change in changes
            if change.code is not None and not _waits_for_another(change)
        ],
        now=now,
    )


def pending(run: SyncRun, *steps: str, kind: str = "", action: str = "") -> list[int]:
    """The ids of what is still to be carried out, in the plan's order."""
    return [
        pk
        for pk, its_kind, its_action, _ in _todo(run.pk, list(steps))
        if kind in ("", its_kind) and action in ("", its_action)
    ]


@dataclass(frozen=True)
class Todo:
    """The ids of what is still to be carried out of a step, in the plan's order."""

    to_us: list[int]
    by_action: Mapping[str, list[int]]

    def of(self, action: str) -> list[int]:
        """What does not come to us."""
        return self.by_action.get(action, [])


def still_pending(run: SyncRun, step: str) -> Todo:
    todo = Todo([], defaultdict(list))
    for pk, _, action, direction in _todo(run.pk, [step]):
        is_to_us = direction == Direction.TO_US
        (todo.to_us if is_to_us else todo.by_action[action]).append(pk)
    return todo


class Planned(msgspec.Struct):
    """A change as carrying it out needs it."""

    pk: int
    kind: str
    step: str
    action: str
    title: str
    reason: str
    local_id: int | None
    xero_id: str
    revision: int | None
    details: Mapping[str, str] = {}
    fields: tuple[FieldChange, ...] = ()
    losers: tuple[FieldChange, ...] = ()


_COLUMNS = (
    "id",
    "kind",
    "step",
    "action",
    "title",
    "reason",
    "local_id",
    "xero_id",
    "revision",
)


def still_planned(ids: Iterable[int], *, with_fields: bool = True) -> list[Planned]:
    """These changes, in the plan's order. A new record's fields are all it has: who
    reads the record itself does without them."""
    more = ("details", "fields", "losers") if with_fields else ()
    rows = read_rows(
        PlannedChange,
        (*_COLUMNS, *more),
        Among("id", ids),
        order=("id",),
        state=str(_STATE.PLANNED),
    )
    if not with_fields:
        return [Planned(*row) for row in rows]
    return [Planned(*row[:-2], *map(fields_of, row[-2:])) for row in rows]


def number_was_given(change: Planned, revision: int) -> None:
    """By us, on the way out: it must not look like somebody's edit at the next try."""
    change.revision = revision
    PlannedChange.objects.filter(pk=change.pk).update(revision=revision)


def finish_changes(
    changes: Iterable[PlannedChange], state: str, *, now: datetime
) -> None:
    """Set what became of changes of one run, and count them at their steps."""
    changes = list(changes)
    if changes:
        steps = {change.pk: change.step for change in changes}
        finish_by_id(changes[0].run_id, steps, state, now=now)


def finish_by_id(
    run_id: int, steps: Mapping[int, str], state: str, *, now: datetime
) -> None:
    """``steps`` are the names of the changes' steps, by the changes' ids. What has ended
    once is not counted twice."""
    count_in = _COUNT_IN.get(_STATE(state), _count_out)
    for name in sorted(set(steps.values())):
        ids = [change_id for change_id, step in steps.items() if step == name]
        count = change_rows(
            PlannedChange,
            {"state": str(state), "applied_at": now},
            Among("id", ids),
            state=str(_STATE.PLANNED),
        )
        count_in(run_id, name, count)


def drop_changes_of(run_id: int, xero_ids: Container[str], *, now: datetime) -> None:
    """Leave to the next plan what was planned on records that have changed since. A link
    goes by what became of its partner, whoever has touched that."""
    stale = {
        pk: step for pk, step, xero_id in _with_xero_id(run_id) if xero_id in xero_ids
    }
    finish_by_id(run_id, stale, _STATE.DROPPED, now=now)


def in_slices(values: Sequence[V], size: int = 500) -> Iterator[Sequence[V]]:
    """As many at a time as one statement takes."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def fields_of(rows: Iterable[dict[str, Any]]) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(row["name"], row["before"], row["after"]) for row in rows)


def _waits_for_another(change: Change) -> bool:
    return (
        change.action is Action.HOLD and change.code is IssueCode.CUSTOMER_NOT_IN_XERO
    )


def _as_row(run: SyncRun, change: Change) -> dict[str, Any]:
    return {
        "run": run.pk,
        "step": str(change.step),
        "kind": str(change.kind),
        "direction": str(change.direction),
        "action": str(change.action),
        "title": change.title[:500],
        "reason": change.reason[:500],
        "local_id": change.local_id,
        "xero_id": change.xero_id,
        "revision": change.revision,
        "fields": change.fields,
        "losers": change.losers,
        "code": str(change.code or ""),
        "field_name": change.field_name,
        "details": change.details,
        "state": str(_FIRST_STATE.get(change.action, _STATE.PLANNED)),
    }


# --- what is asked, and counted -------------------------------------------------------


@prepared
def _some_change(run_id: int) -> "QuerySet[PlannedChange, int]":
    return PlannedChange.objects.filter(run=run_id).values_list("pk", flat=True)[:1]


@prepared
def _steps_of(run_id: int) -> "QuerySet[SyncStep, int]":
    return SyncStep.objects.filter(run=run_id).values_list("pk", flat=True)


@prepared
def _counts(run_id: int) -> "QuerySet[PlannedChange, tuple[Any, ...]]":
    """By step: all, failed, held."""
    changes = PlannedChange.objects.filter(run=run_id).order_by()
    return changes.values_list("step").annotate(
        total=Count("pk"),
        failed=Count("pk", filter=Q(state=_STATE.FAILED)),
        held=Count("pk", filter=Q(state=_STATE.HELD)),
    )


@prepared
def _steps_with_work(run_id: int) -> "QuerySet[PlannedChange, str]":
    planned = PlannedChange.objects.filter(run=run_id, state=_STATE.PLANNED)
    return planned.order_by().values_list("step", flat=True).distinct()


@prepared
def _todo(
    run_id: int, steps: list[str]
) -> "QuerySet[PlannedChange, tuple[int, str, str, str]]":
    planned = PlannedChange.objects.filter(
        run=run_id, step__in=steps, state=_STATE.PLANNED
    )
    names = ("pk", "kind", "action", "direction")
    return planned.order_by("pk").values_list(*names)


@prepared
def _with_xero_id(run_id: int) -> "QuerySet[PlannedChange, tuple[Any, ...]]":
    planned = PlannedChange.objects.filter(run=run_id, state=_STATE.PLANNED)
    planned = planned.exclude(xero_id="").exclude(action=Action.UNLINK)
    return planned.values_list("pk", "step", "xero_id")


@prepared_change
def _count_done(run_id: int, name: str, count: int) -> RowChange:
    return _step(run_id, name), {"done": F("done") + count}


@prepared_change
def _count_failed(run_id: int, name: str, count: int) -> RowChange:
    return _step(run_id, name), {"failed": F("failed") + count}


@prepared_change
def _count_held(run_id: int, name: str, count: int) -> RowChange:
    return _step(run_id, name), {"held": F("held") + count}


@prepared_change
def _count_out(run_id: int, name: str, count: int) -> RowChange:
    return _step(run_id, name), {"total": F("total") - count}


def _step(run_id: int, name: str) -> "QuerySet[SyncStep]":
    return SyncStep.objects.filter(run=run_id, name=name)


_COUNT_IN = {
    _STATE.DONE: _count_done,
    _STATE.FAILED: _count_failed,
    _STATE.HELD: _count_held,
}
