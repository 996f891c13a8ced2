"""What was called: the newest calls, and counters that tests can assert on."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime

from xero_sync.sandbox.http import Request, Response
from xero_sync.sandbox.wire import JsonObject

NEWEST = 50
_ID = re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}", re.IGNORECASE)


@dataclass(frozen=True)
class LoggedCall:
    at: datetime
    line: str
    status: int


@dataclass
class CallLog:
    """Reads and writes are calls to the Accounting API that were let through."""

    reads: int = 0
    writes: int = 0
    refused: int = 0
    by_path: Counter[str] = field(default_factory=Counter)
    _newest: deque[LoggedCall] = field(default_factory=lambda: deque(maxlen=NEWEST))

    def note(self, request: Request, response: Response, at: datetime) -> None:
        query = f"?{request.query_string}" if request.query_string else ""
        line = f"{request.method} {request.path}{query}"
        self._newest.appendleft(LoggedCall(at, line, response.status))
        short = _ID.sub("/{id}", request.path).removeprefix("/api.xro/2.0")
        self.by_path[f"{request.method} {short}"] += 1
        if not request.path.startswith("/api.xro/"):
            return
        if response.status in (401, 403, 429, 503):
            self.refused += 1
        elif request.method == "GET":
            self.reads += 1
        else:
            self.writes += 1

    def clear(self) -> None:
        self.reads = self.writes = self.refused = 0
        self.by_path.clear()
        self._newest.clear()

    def newest(self) -> list[LoggedCall]:
        return list(self._newest)

    def counters(self) -> JsonObject:
        return {
            "reads": self.reads,
            "writes": self.writes,
            "refused": self.refused,
            "by_path": dict(sorted(self.by_path.items())),
        }
