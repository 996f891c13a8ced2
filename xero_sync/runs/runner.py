"""Work on a run for one slice of time: complete, observe, plan, apply, record.

All that is known lies in the database; a slice can end anywhere, also by a kill, and the
next one goes on.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import F, QuerySet
from django.utils import timezone

from fieldops.common.garbage import collected_seldom
from fieldops.common.prepared import Change, prepared, prepared_change
from fieldops.common.rows import Among, change_rows, save_columns
from xero_sync.client.api import XeroApi
from xero_sync.client.errors import (
    PermissionMissing,
    RateLimited,
    XeroDisconnected,
    XeroError,
    XeroUnavailable,
)
from xero_sync.models import SyncRun, SyncSettings, SyncStep, XeroConnection
from xero_sync.outcomes.codes import RunProblem
from xero_sync.outcomes.kinds import Step
from xero_sync.runs import ending
from xero_sync.runs.brake import hold_kept_back, question_of
from xero_sync.runs.choices import basis_of
from xero_sync.runs.plan import XERO_IS_EMPTY, steps_of
from xero_sync.runs.signed import keep_to_signed, plan_anew
from xero_sync.runs.wiring import build_api
from xero_sync.steps.both_changed import close_overtaken
from xero_sync.steps.carrying_out import archive_in_xero, carry_out_step
from xero_sync.steps.completing import complete_open_intents
from xero_sync.steps.context import Context, SliceOver
from xero_sync.steps.observing import (
    end_full_compare,
    is_full_compare,
    observe,
    parts_to_read,
)
from xero_sync.steps.planning import make_plan
from xero_sync.steps.undoing.broken_off import drop_links_of_broken_undos
from xero_sync.steps.undoing.planning import end_undo_plan, make_undo_plan
from xero_sync.store.cursors import read_again
from xero_sync.store.lease import Lease, LeaseLost, acquire_lease, must_wait
from xero_sync.store.mirror import holds_own_records
from xero_sync.store.plan import end_plan, forget_plan, is_planned, writes_beyond
from xero_sync.store.retention import forget_old

logger = logging.getLogger(__name__)

_STATE = SyncRun.State
_CAN_GO_ON = tuple(one for one in SyncRun.OPEN_STATES if one != _STATE.ASKING)
_CUT_OFF = (_STATE.OBSERVING, _STATE.PLANNING, _STATE.APPLYING)
_PLANNED = ("both_sides_hold_data", "planned_under", "question")


class Slice(StrEnum):
    """How a slice of work ended."""

    NOTHING = "nothing to do"
    BUSY = "somebody else is at work"
    MORE = "time is up, more to do"
    WAITING = "waits for Xero"
    ASKING = "waits for a person's answer"
    ENDED = "the run has ended"


@dataclass(frozen=True)
class Worker:
    """``owner`` names this process in the lease; ``build`` makes the API;
    ``cut_off_by`` is what its surroundings raise in it when its time is up."""

    owner: str
    clock: Callable[[], datetime] = timezone.now
    build: Callable[..., XeroApi] = build_api
    cut_off_by: tuple[type[Exception], ...] = ()

    def work(self, connection: XeroConnection) -> tuple[Slice, SyncRun | None]:
        """One slice on the oldest open run of the connection."""
        now = self.clock()
        if not connection.is_connected:
            # What is open goes on once somebody has reconnected.
            return Slice.NOTHING, None
        if must_wait(connection, now):
            return Slice.WAITING, None
        lease = acquire_lease(
            connection, owner=self.owner, now=now, length=settings.XERO_LEASE
        )
        if lease is None:
            return Slice.BUSY, None
        try:
            run = next_run(connection)
            if run is None:
                return Slice.NOTHING, None
            _note_idleness(run, connection.worked_at, now)
            with collected_seldom():
                return self._slice(run, lease), run
        except LeaseLost:
            logger.warning("The lease of %s went to somebody else.", connection)
            return Slice.BUSY, None
        finally:
            lease.release()

    def _slice(self, run: SyncRun, lease: Lease) -> Slice:
        by_hand = run.reason != SyncRun.Reason.AUTOMATIC
        api = self.build(run.connection, by_hand=by_hand)
        ctx = Context(
            run=run,
            settings=SyncSettings.current(),
            api=api,
            lease=lease,
            clock=self.clock,
            deadline=self.clock() + settings.XERO_SLICE,
        )
        try:
            advance(ctx)
        except SliceOver:
            return Slice.MORE
        except self.cut_off_by:
            return Slice.MORE
        except (LeaseLost, OperationalError, InterfaceError):
            # The database says no, or nothing at all: the next slice goes on from what
            # it holds, as after a kill.
            raise
        except XeroError as error:
            return _after_trouble(ctx, error)
        except Exception:  # a run must always end, and say so
            logger.exception("Run %s broke off.", run.pk)
            with ctx.commit() as now:
                ending.fail(run, RunProblem.INTERNAL, {"reference": f"R{run.pk}"}, now)
        finally:
            _keep_costs(run, api)
        if run.state == _STATE.ASKING:
            return Slice.ASKING
        return Slice.MORE if run.is_open else Slice.ENDED


def is_there_work(connection: XeroConnection) -> bool:
    return bool(_that_can_go_on(connection.pk))


def next_run(connection: XeroConnection) -> SyncRun | None:
    """The oldest that can go on."""
    return next(iter(_that_can_go_on(connection.pk)), None)


@prepared
def _that_can_go_on(connection_id: int) -> QuerySet[SyncRun]:
    """Open; one that asks is in nobody's way. The oldest of them."""
    runs = SyncRun.objects.filter(connection=connection_id, state__in=_CAN_GO_ON)
    return runs.select_related("connection").order_by("pk")[:1]


def advance(ctx: Context) -> None:
    """From wherever the run stands to its end, or to the end of the slice."""
    run = ctx.run
    _mind_the_wait(ctx)
    if run.reason != SyncRun.Reason.PREVIEW:
        complete_open_intents(ctx)
    if run.state in (_STATE.APPLYING, _STATE.WAITING) and _planned_otherwise(ctx):
        with ctx.commit() as now:
            ending.start_anew(run, now)
        return
    if run.state == _STATE.WAITING and is_planned(run):
        _resume(ctx)
    elif run.state != _STATE.APPLYING:
        if run.state != _STATE.PLANNING:
            _observe(ctx)
        _plan(ctx)
    if run.state == _STATE.ASKING:
        return
    if run.reason != SyncRun.Reason.PREVIEW:
        _apply(ctx)
    with ctx.commit() as now:
        ending.finish(run, now)
        plan_anew(run)


def _note_idleness(run: SyncRun, worked_at: datetime | None, now: datetime) -> None:
    """A run that nobody came back to for long has waited, though nobody said so: its
    worker was killed, and there was no other."""
    if run.state in _CUT_OFF and worked_at and now - worked_at > ending.STALE_AFTER:
        run.state = _STATE.WAITING
        run.problem_details |= {"since": worked_at.isoformat()}


def _planned_otherwise(ctx: Context) -> bool:
    """Whether somebody has changed since what the plan was made under."""
    planned_under = ctx.run.planned_under
    return bool(planned_under) and planned_under != basis_of(ctx.settings)


def _set_state(run: SyncRun, state: str, now: datetime) -> None:
    run.state = state
    run.started_at = run.started_at or now
    run.problem = ""
    save_columns(run, "state", "started_at", "problem")


def _mind_the_wait(ctx: Context) -> None:
    """After a long one everything is read once more. Kept before anything else is done,
    for that may be cut off as well."""
    run = ctx.run
    if run.state == _STATE.WAITING and ending.waited_long(run, ctx.clock()):
        with ctx.commit() as now:
            ending.look_again(run, now)
            read_again(ctx.connection)


def _observe(ctx: Context) -> None:
    """From where it was cut off."""
    with ctx.commit() as now:
        ending.has_looked_again(ctx.run)
        _set_state(ctx.run, _STATE.OBSERVING, now)
        parts = parts_to_read(ctx)
    observe(ctx, parts)


def _resume(ctx: Context) -> None:
    """After a long wait both sides may have moved: what changed in Xero meanwhile is
    left to the next plan."""
    run = ctx.run
    if ending.looks_again(run):
        with ctx.commit():
            parts = parts_to_read(ctx)
        observe(ctx, parts)
    with ctx.commit() as now:
        ending.has_looked_again(run)
        _set_state(run, _STATE.APPLYING, now)


def _plan(ctx: Context) -> None:
    """The parts of the plan are kept as they are made; here it becomes the plan."""
    run = ctx.run
    with ctx.commit() as now:
        forget_plan(run)
        _set_state(run, _STATE.PLANNING, now)
    if run.reason == SyncRun.Reason.UNDO:
        _plan_undo(ctx)
        return
    if run.reason != SyncRun.Reason.PREVIEW:
        drop_links_of_broken_undos(ctx)
    make_plan(ctx)
    run.both_sides_hold_data = (
        ctx.connection.first_sync_done_at is not None
        or holds_own_records(ctx.connection)
        or writes_beyond(run, XERO_IS_EMPTY)
    )
    with ctx.commit() as now:
        end_plan(run, steps_of(both_sides_hold_data=run.both_sides_hold_data))
        if run.reason != SyncRun.Reason.PREVIEW:
            close_overtaken(ctx.connection, now=now)
        run.planned_under = basis_of(ctx.settings)
        run.state = _STATE.APPLYING
        if run.sign_off_id is not None:
            keep_to_signed(run, now=now)
        if run.reason not in ending.FOR_A_PART:
            hold_kept_back(run, now=now)
            run.question = question_of(run, now=now)
            run.state = _STATE.ASKING if run.question else _STATE.APPLYING
        save_columns(run, "state", "left_out", *_PLANNED)
        is_days_first = run.reason not in ending.FOR_A_PART and is_full_compare(ctx)
        if is_days_first:
            end_full_compare(ctx)
    if is_days_first:
        with ctx.commit() as now:
            forget_old(ctx.connection.pk, now=now)


def _plan_undo(ctx: Context) -> None:
    """A person has seen what it does before they asked for it: nothing is asked again."""
    make_undo_plan(ctx)
    with ctx.commit():
        end_undo_plan(ctx)
        ctx.run.state = _STATE.APPLYING
        save_columns(ctx.run, "state")


def _apply(ctx: Context) -> None:
    """A step is marked as done together with the beginning of the next one."""
    done: SyncStep | None = None
    for step in _steps_to_take(ctx.run.pk):
        (ctx.run.stop_asked,) = _stop_asked(ctx.run.pk)
        if ctx.run.stop_asked:
            break
        with ctx.commit():
            _mark_done(ctx.run, done)
            _mark(step, SyncStep.State.ACTIVE)
        carry_out_step(ctx, Step(step.name))
        done = step
    if done:
        with ctx.commit():
            _mark_done(ctx.run, done)
    if not ctx.run.stop_asked:
        archive_in_xero(ctx)


def _mark_done(run: SyncRun, step: SyncStep | None) -> None:
    if step is None:
        return
    _mark(step, SyncStep.State.DONE)
    if run.problem_details:
        # Xero answers again: the attempts are counted anew.
        run.problem_details = {}
        save_columns(run, "problem_details")


def _mark(step: SyncStep, state: str) -> None:
    change_rows(SyncStep, {"state": str(state)}, Among("id", [step.pk]))


@prepared
def _steps_to_take(run_id: int) -> QuerySet[SyncStep]:
    return SyncStep.objects.filter(run=run_id).exclude(state=SyncStep.State.DONE)


@prepared
def _stop_asked(run_id: int) -> "QuerySet[SyncRun, bool]":
    return SyncRun.objects.filter(pk=run_id).values_list("stop_asked", flat=True)


def _after_trouble(ctx: Context, error: XeroError) -> Slice:
    """Whether the run waits or ends, by what the error says about who has to act."""
    with ctx.commit() as now:
        if isinstance(error, XeroDisconnected):
            ending.disconnect(ctx.run, error.reason, now)
        elif isinstance(error, PermissionMissing):
            ending.fail(ctx.run, RunProblem.PERMISSION_MISSING, {}, now)
        elif isinstance(error, RateLimited):
            is_day = error.problem == "day"
            problem = RunProblem.DAY_LIMIT if is_day else RunProblem.MINUTE_LIMIT
            until = now + timedelta(seconds=(error.retry_after or 1.0) + 1.0)
            ending.wait(ctx.run, problem, until, now)
        else:
            asked = error.retry_after if isinstance(error, XeroUnavailable) else None
            ending.wait_longer(ctx.run, error.message, asked, now)
    return Slice.WAITING if ctx.run.is_open else Slice.ENDED


def _keep_costs(run: SyncRun, api: XeroApi) -> None:
    """Calls are counted whatever happened to the lease: they were made."""
    if api.reads or api.writes:
        _count_calls(run.pk, api.reads, api.writes)


@prepared_change
def _count_calls(run_id: int, reads: int, writes: int) -> Change:
    run = SyncRun.objects.filter(pk=run_id)
    return run, {"reads": F("reads") + reads, "writes": F("writes") + writes}
