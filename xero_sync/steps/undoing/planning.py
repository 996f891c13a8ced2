"""Make the plan of an undo: its rows are those of any other run."""

from xero_sync.models import SyncSettings
from xero_sync.outcomes.kinds import Step
from xero_sync.steps.context import Context
from xero_sync.steps.undoing.footprint import plan_undo
from xero_sync.store.plan import end_plan, in_slices, keep_changes

STEPS = (Step.UNDONE_IN_XERO, Step.UNDONE_HERE, Step.LEFT_AS_IT_IS)


def make_undo_plan(ctx: Context) -> None:
    undone = ctx.run.undoes
    if undone is None:
        raise ValueError("the run undoes no other")
    changes = plan_undo(undone, SyncSettings.current())
    for part in in_slices(changes):
        with ctx.commit():
            keep_changes(ctx.run, part)


def end_undo_plan(ctx: Context) -> None:
    end_plan(ctx.run, STEPS)
