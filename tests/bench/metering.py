"""What a run of the engine costs, phase by phase: processor time and SQL statements."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any
from unittest import mock

from django.db import connection

from xero_sync.models import SyncRun
from xero_sync.steps.context import Context

_STATE = SyncRun.State
OBSERVED, PLANNED, APPLIED = "observed", "planned", "applied"
PHASES = {
    _STATE.QUEUED: OBSERVED,
    _STATE.OBSERVING: OBSERVED,
    _STATE.PLANNING: PLANNED,
    _STATE.APPLYING: APPLIED,
    _STATE.WAITING: APPLIED,
    _STATE.FINISHED: APPLIED,
}


class Meter:
    """Between two commits of a run, what was spent belongs to the run's state then."""

    def __init__(self, *, counts_statements: bool = False) -> None:
        self.cpu: Counter[str] = Counter()
        self.statements: Counter[str] = Counter()
        self._counts_statements = counts_statements
        self._since = 0.0
        self._unbooked = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        commit = Context.commit
        meter = self

        @contextmanager
        def metered(ctx: Context) -> Iterator[datetime]:
            phase = PHASES[_STATE(ctx.run.state)]
            with commit(ctx) as now:
                yield now
            meter._book(phase)

        with ExitStack() as stack:
            stack.enter_context(mock.patch.object(Context, "commit", metered))
            if self._counts_statements:
                stack.enter_context(connection.execute_wrapper(self._count))
            self._since = time.process_time()
            yield
            self._book(APPLIED)

    def _book(self, phase: str) -> None:
        now = time.process_time()
        self.cpu[phase] += now - self._since  # type: ignore[assignment]
        self._since = now
        self.statements[phase] += self._unbooked
        self._unbooked = 0

    def _count(self, execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        self._unbooked += 1
        return execute(sql, *arguments)
