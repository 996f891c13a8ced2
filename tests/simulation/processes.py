"""Workers as killable coroutines: they pause where a real one could lose the processor,
and die where a real one could be killed. Production code knows nothing of it.

A worker pauses at its calls to Xero and before its transactions, never within one. It
dies before or after a call, before, within or after a transaction, before a statement
that stands alone. From then on every statement and every call of it dies again, so that
no ``finally`` can tidy up what a killed process would leave lying.
"""

import re
import sys
import zlib
from collections import Counter
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass, field
from random import Random
from types import FrameType
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection
from greenlet import getcurrent, greenlet

_WRITES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
_WRITING = ("INSERT", "UPDATE", "DELETE")
_HEADS = ("SAVEPOINT", "RELEASE", "ROLLBACK")
# Written by whoever made the calls, whatever became of the lease.
_UNFENCED = re.compile(r"xeroconnection|callbudget|syncrun\b|syncrun$|report$")
_PASSED_OVER = frozenset({"commit", "renew", "acquire_lease", "release"})
ROOMS = (
    "/xero_sync/steps/",
    "/xero_sync/runs/",
    "/xero_sync/store/",
    "/xero_sync/tasks.py",
)
# How it ends for a worker where it would die: for good, by Celery's signal, by an error
# of the database.
DEATH, CUT_OFF, REFUSED = "death", "soft_time_limit", "database_refuses"
ENDS = (DEATH, DEATH, DEATH, CUT_OFF, REFUSED)
# One name in so many is where this seed's workers die.
NAMES_PER_DEATH = 7


# A seed, and the points at which workers die one after another beside those who die
# anyway.
Part = tuple[int, tuple[str, ...]]


class Crash(BaseException):
    """As by kill -9."""


class Refusal(OperationalError):
    """The database says no: locked, a deadlock, a full disk."""


class BrokenRule(BaseException):
    """Not to be caught by what it tells of."""


class StaleWrite(BrokenRule):
    """15: a transaction was committed under a lease that somebody else holds by now."""


class CallWithinTransaction(BrokenRule):
    """Xero was called while a transaction was open."""


@dataclass
class Points:
    """Where workers could have died, and where they did; ``passed_by`` is the first
    history in which one passed there: a seed, and where its workers died by order."""

    reached: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    passed_by: dict[str, Part] = field(default_factory=dict)
    ends: Counter[str] = field(default_factory=Counter)
    part: Part = (0, ())

    def reach(self, name: str) -> None:
        self.reached[name] += 1
        self.passed_by.setdefault(name, self.part)


class Worker(greenlet):  # type: ignore[misc]
    """One process of ours, from its start to its end or death."""

    def __init__(
        self, processes: "Processes", name: str, body: Callable[[], None]
    ) -> None:
        super().__init__(self._live)
        # The same connection to the database: where a browser's event loop runs in this
        # thread, Django keeps it in the context.
        self.gr_context = copy_context()
        self.name = name
        self.is_dead = False
        self.token: int | None = None
        self.tenant = processes.tenant_now()
        self.fenced = False
        self.wrote = False
        self.error: BaseException | None = None
        self._processes = processes
        self._body = body

    def _live(self) -> None:
        try:
            self._body()
        except Crash:
            connection.needs_rollback = False
        except (SoftTimeLimitExceeded, Refusal):
            pass  # The task failed, and Celery said so.
        except BaseException as error:  # noqa: BLE001  (a test has to tell of all)
            self.error = error


class Processes:
    """All workers of a history; ``chance`` decides about pauses and deaths."""

    def __init__(self, chance: Random, points: Points) -> None:
        self.chance = chance
        self.points = points
        self.pause_rate = 0.0
        self.death_rate = 0.0
        self.death_name = -1
        self.is_mortal = False
        self.end = DEATH
        self.dies_at: list[str] = []
        self.deaths = 0
        # How often each table was written to, by whomever.
        self.written: Counter[str] = Counter()
        self._died: set[str] = set()
        self.tenant_now: Callable[[], str] = lambda: ""
        self.alive: list[Worker] = []
        self._main = getcurrent()
        self._depth = len(connection.savepoint_ids)
        self._looks = False

    # --- from the outside ---

    def start(self, name: str, body: Callable[[], None]) -> Worker:
        worker = Worker(self, name, body)
        self.alive.append(worker)
        return worker

    def resume(self, worker: Worker) -> None:
        """Until it pauses, ends or dies."""
        self._main = getcurrent()
        worker.switch()
        if worker.dead:
            self.alive.remove(worker)
            if worker.error is not None:
                raise worker.error

    def kill_all(self) -> None:
        """A power cut: those that pause never go on."""
        for worker in list(self.alive):
            worker.is_dead = True
            worker.throw(Crash())
            self.alive.remove(worker)

    # --- points ---

    def point(self, name: str) -> None:
        """A worker passes here: it may die, and outside transactions it may pause."""
        worker = self.current()
        if worker is None:
            return
        if worker.is_dead:
            raise Crash
        self._perhaps_die(worker, name)
        if len(connection.savepoint_ids) == self._depth:
            self._perhaps_pause()

    def call_point(self, name: str) -> None:
        if self.current() and len(connection.savepoint_ids) != self._depth:
            raise CallWithinTransaction(name)
        self.point(f"{name}: {caller()}")

    def current(self) -> Worker | None:
        now = getcurrent()
        return now if isinstance(now, Worker) else None

    def _perhaps_pause(self) -> None:
        if self.pause_rate and self.chance.random() < self.pause_rate:
            self._main.switch()
            worker = self.current()
            if worker is not None and worker.is_dead:
                raise Crash

    def _perhaps_die(self, worker: Worker, name: str) -> None:
        if not self.is_mortal:
            return
        self.points.reach(name)
        if self.dies_at[:1] == [name]:
            del self.dies_at[0]
            self._die(worker, name)
        if not (self.death_rate or self.death_name >= 0):
            return
        rate = self.death_rate
        if zlib.crc32(name.encode()) % NAMES_PER_DEATH == self.death_name:
            # Once at each: in the end somebody gets past it.
            rate = rate if name in self._died else 0.5
        if self.chance.random() < rate:
            self._died.add(name)
            self._end(worker, name)

    def _end(self, worker: Worker, name: str) -> None:
        """Only a dead one leaves a statement alone: all histories lie in one transaction,
        which another error of a statement would end."""
        if self.end == DEATH:
            self._die(worker, name)
        is_within = name.startswith(("before commit", "within commit"))
        if name.startswith("statement") or (self.end == REFUSED and not is_within):
            return
        self.points.ends[self.end] += 1
        self.deaths += 1
        raise SoftTimeLimitExceeded if self.end == CUT_OFF else Refusal("locked")

    def _die(self, worker: Worker, name: str) -> None:
        self.points.hit[name] += 1
        self.points.ends[DEATH] += 1
        self.deaths += 1
        worker.is_dead = True
        raise Crash

    # --- statements ---

    def on_statement(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: Any,
    ) -> Any:
        """A wrapper of Django's for every statement."""
        if sql[:6] in _WRITING and (written := _WRITES.match(sql)):
            self.written[written[1]] += 1
        worker = self.current()
        if worker is None or self._looks:
            return execute(sql, params, many, context)
        head = sql.split(" ", 1)[0]
        if worker.is_dead:
            if head in _HEADS[1:]:
                return execute(sql, params, many, context)
            raise Crash
        if head in _HEADS and len(connection.savepoint_ids) == self._depth:
            return self._on_transaction(
                worker, head, execute, sql, params, many, context
            )
        written = _WRITES.match(sql)
        if written is None:
            return execute(sql, params, many, context)
        self._on_write(worker, sql, written[1])
        result = execute(sql, params, many, context)
        if '"lease_owner"' in sql and '"lease_token" =' in sql.split("WHERE")[0]:
            worker.token = self._lease_token()
        return result

    def _on_transaction(
        self, worker: Worker, head: str, execute: Any, *rest: Any
    ) -> Any:
        if head == "SAVEPOINT":
            worker.fenced = False
            worker.wrote = False
            self.point(f"before commit: {caller()}")
            return execute(*rest)
        fenced = head == "RELEASE" and worker.fenced and worker.token is not None
        if fenced and self._lease_token() != worker.token:
            raise StaleWrite(caller())
        result = execute(*rest)
        if head == "RELEASE" and worker.wrote:
            self.point(f"after commit: {caller()}")
        return result

    def _on_write(self, worker: Worker, sql: str, table: str) -> None:
        if len(connection.savepoint_ids) == self._depth:
            self._perhaps_die(worker, f"statement: {caller()}")
            return
        if not _UNFENCED.search(table):
            worker.fenced = True
        if worker.wrote:
            self._perhaps_die(worker, f"within commit: {caller()}")
        worker.wrote = True

    def _lease_token(self) -> int:
        self._looks = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT max(lease_token) FROM xero_sync_xeroconnection WHERE is_current"
                )
                return int(cursor.fetchone()[0] or 0)
        finally:
            self._looks = False


def caller() -> str:
    """The nearest function of the sync that is about something: steps.batches.deliver."""
    frame: FrameType | None = sys._getframe(1)
    fallback = "tasks"
    while frame is not None:
        path = frame.f_code.co_filename
        name = frame.f_code.co_name
        if "/xero_sync/" in path and not name.startswith("<"):
            found = path.rpartition("/xero_sync/")[2].removesuffix(".py")
            found = f"{found.replace('/', '.')}.{name}"
            if found.startswith(("steps.", "runs.")) and name not in _PASSED_OVER:
                return found
            fallback = found if fallback == "tasks" else fallback
        frame = frame.f_back
    return fallback
