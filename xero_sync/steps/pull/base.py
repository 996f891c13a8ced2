"""How changes from Xero are carried out here, whatever their kind."""

from collections.abc import Callable, Sequence

from django.db import transaction

from fieldops.common.errors import DomainError
from xero_sync.models import PlannedChange
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.steps.context import Context
from xero_sync.store.issues import close_issues_of, raise_issue, subject_of
from xero_sync.store.plan import finish_changes

CHUNK = 50
_QUESTIONS = (IssueCode.POSSIBLE_TWIN, IssueCode.NAME_TAKEN_IN_XERO)

# Carries one change out; False when what it was planned on has changed since.
Apply = Callable[[Context, PlannedChange], bool]


def carry_out(ctx: Context, changes: Sequence[PlannedChange], apply: Apply) -> None:
    """In transactions of 50, each record in a savepoint of its own: a bad record never
    undoes a good one, and after a crash the rest is still planned."""
    for start in range(0, len(changes), CHUNK):
        ctx.breathe()
        with ctx.commit() as now:
            done: list[PlannedChange] = []
            dropped: list[PlannedChange] = []
            failed: list[PlannedChange] = []
            for change in changes[start : start + CHUNK]:
                try:
                    with transaction.atomic():
                        (done if apply(ctx, change) else dropped).append(change)
                except DomainError as refusal:
                    failed.append(change)
                    problem = Problem(
                        IssueCode.RULE, refusal.field, {"message": refusal.message}
                    )
                    raise_issue(
                        ctx.run,
                        problem,
                        kind=change.kind,
                        title=change.title,
                        now=now,
                        local_id=change.local_id,
                        xero_id=change.xero_id,
                    )
            state = PlannedChange.State
            finish_changes(done, state.DONE, now=now)
            finish_changes(dropped, state.DROPPED, now=now)
            finish_changes(failed, state.FAILED, now=now)
            _close_twin_questions(ctx, done)


def _close_twin_questions(ctx: Context, done: Sequence[PlannedChange]) -> None:
    """A record that found its partner has nothing left to ask; what else is wrong with it
    stays on the report."""
    for kind in {change.kind for change in done}:
        subjects = [
            subject_of(kind, change.local_id, change.xero_id)
            for change in done
            if change.kind == kind and change.action == "link"
        ]
        if subjects:
            now = ctx.clock()
            close_issues_of(ctx.run, kind, subjects, now=now, only=_QUESTIONS)
