"""How a history comes to rest: nothing goes wrong any more, and within so many runs all
is quiet."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from django.db.models import QuerySet

from fieldops.common.prepared import prepared
from tests.simulation.circumstances import Circumstances
from tests.simulation.invariants import ALWAYS, View
from tests.simulation.logged import Logged
from tests.simulation.quiescence import QUIET
from tests.simulation.told import Told
from tests.simulation.violations import Violation
from tests.simulation.world import PERSON
from xero_sync import tasks
from xero_sync.models import PlannedChange, SyncRun, XeroConnection
from xero_sync.runs.brake import Answer, forget_kept_back
from xero_sync.runs.errors import FirstSyncDone
from xero_sync.runs.requests import start_first_sync, sync_now

# Runs from healed trouble to silence, and ticks for each.
RUNS_TO_QUIET = 8
TICKS_PER_RUN = 40
# What passes before the healed runs: a new day brings the full compare.
HOURS, DAY = timedelta(hours=2), timedelta(days=1)
REPORT = tasks.render_report_task.name


class Healing(Circumstances):
    """A part of ``History``."""

    told: Told
    happened: Counter[str]
    note: Callable[[str], None]
    check: Callable[[tuple[Callable[[View], None], ...]], None]

    def heal(self) -> None:
        """Nothing goes wrong any more; within so many runs all is quiet."""
        world = self.world
        world.faults.on = False
        world.ledger.faults.clear()
        world.wire.outage_until = None
        world.clock.jump(timedelta())
        world.wire.asked_to_wait = None
        world.processes.pause_rate = world.processes.death_rate = 0.0
        world.processes.is_mortal = False
        while world.processes.alive:
            world.processes.resume(world.processes.alive[0])
            self.check(ALWAYS)
        world.clock.set(world.clock.moment + self._time_to_heal())
        world.ledger.limits.clear()
        self._look_at_all_again()
        self.note("healed")
        world.put_off.add(REPORT)
        self._until_quiet()
        self._render_the_last()
        self.check(ALWAYS)

    def _look_at_all_again(self) -> None:
        """What somebody had left out."""
        connection = self.world.connection
        if connection is not None:
            forget_kept_back(connection)

    def _time_to_heal(self) -> timedelta:
        """In three of four histories what has changed is found by asking for changes
        alone; in the fourth by the compare of a new day as well, and where only that one
        can tell: of an item that was deleted in Xero."""
        if self.happened["xero_delete_item"] or not self.told.seed % 4:
            return DAY
        return HOURS

    def _render_the_last(self) -> None:
        """One report of the healed runs."""
        messages = self.world.messages
        reports = [one for one in messages if one.task == REPORT]
        messages[:] = [one for one in messages if one not in reports[:-1]]
        self.world.put_off.clear()
        self.world.work_off()

    def _until_quiet(self) -> None:
        silent, needed = 0, self._silent_runs()
        before = max((run.pk for run in _last_run()), default=0)
        for number in range(1, RUNS_TO_QUIET + 1):
            calls = len(self.world.wire.calls)
            changed_nothing = self._healed_run()
            # What began before has read what was then.
            is_new = max((run.pk for run in _last_run()), default=0) > before
            silent = silent + 1 if changed_nothing and is_new else 0
            if not needed and self._is_all_well():
                self.told.runs_to_quiet = number
                return
            made = [one for one in self.world.wire.calls[calls:] if one.is_accounting]
            # One of them may be the full compare of the day.
            if silent == 3 or (silent >= max(needed, 1) and _is_cheap(made)):
                _was_cheap(made)
                self.told.runs_to_quiet = number
                self.check(QUIET)
                return
        raise Violation(
            17, f"not quiet after {RUNS_TO_QUIET} healed runs: {_last_changes()}"
        )

    def _silent_runs(self) -> int:
        """How many in a row prove the peace: every third history waits for one, every
        ninth for two. To the others it is enough that all is well after a run."""
        return 0 if self.told.seed % 3 else 1 if self.told.seed % 9 else 2

    def _is_all_well(self) -> bool:
        (run,) = _last_run()
        if run.state != SyncRun.State.FINISHED:
            return False
        try:
            self.check(QUIET)
        except Violation:
            return False
        return True

    def _healed_run(self) -> bool:
        """One run to its end; whether it changed nothing on either side."""
        world = self.world
        connection = world.connection
        if connection is None or not connection.is_connected:
            self.world.connect()
        self._ask()
        if self.told.seed % 4:
            world.wake()
        for _ in range(TICKS_PER_RUN):
            world.work_off()
            self.answer(Answer.GO_ON)
            connection = world.connection
            if connection is None or not connection.is_connected:
                self.world.connect()
            if not SyncRun.objects.open().exists():
                break
            self._wait()
        else:
            rows = list(SyncRun.objects.open().values("pk", "state", "problem"))
            raise Violation(17, f"no end after {TICKS_PER_RUN} ticks: {rows}")
        world.clock.advance(61)
        (run,) = _last_run_over_all()
        self.note(
            f"healed run {run.pk}: {run.state} {run.problem}, {run.writes} writes"
        )
        done = _first_done(run.pk)
        return run.state == SyncRun.State.FINISHED and not run.writes and not done

    def _ask(self) -> None:
        connection = self.world.connection
        if connection is not None and connection.first_sync_done_at is None:
            try:
                start_first_sync(by=PERSON)
            except FirstSyncDone:
                return
        else:
            sync_now(by=PERSON)

    def _wait(self) -> None:
        """Until the run may go on, or the next tick."""
        connection = XeroConnection.current()
        until = self.world.clock.moment + timedelta(seconds=30)
        if connection is not None and connection.not_before:
            until = max(until, connection.not_before)
        self.world.clock.set(until)


def _is_cheap(made: list[Logged]) -> bool:
    return len(made) == 3 and not any(call.writes for call in made)


def _was_cheap(made: list[Logged]) -> None:
    """10: nothing changed: three reads, no write."""
    if not _is_cheap(made):
        said = [call.line() for call in made]
        raise Violation(10, f"a silent run made {len(made)} calls: {said}")


def _last_changes() -> list[str]:
    run = SyncRun.objects.latest("pk")
    changes = run.changes.filter(state=PlannedChange.State.DONE)[:5]
    return [f"{run.state} {run.problem}"] + [
        f"{one.action} {one.kind} {one.local_id} {one.direction} {one.reason} {one.fields}"
        for one in changes
    ]


@prepared
def _last_run() -> QuerySet[SyncRun]:
    return SyncRun.objects.order_by("-pk")[:1]


@prepared
def _last_run_over_all() -> QuerySet[SyncRun]:
    runs = SyncRun.objects.exclude(reason__in=["records", "preview"])
    return runs.order_by("-pk")[:1]


@prepared
def _first_done(run_id: int) -> "QuerySet[PlannedChange, int]":
    done = PlannedChange.objects.filter(run=run_id, state=PlannedChange.State.DONE)
    return done.values_list("pk", flat=True)[:1]
