"""The practice ledger over HTTP with a clock that its caller sets, call by call.

It runs in a process of its own: none of its time or memory counts as anybody else's.
"""

import json
import random
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from tests.bench.books import books
from tests.bench.plain_xml import as_json
from tests.bench.sizes import Sizes
from tests.bench.virtual import IN_FLIGHT, MOMENT
from xero_sync.sandbox.http import Response, json_response
from xero_sync.sandbox.ledger import Ledger
from xero_sync.sandbox.sandbox import Sandbox
from xero_sync.sandbox.server import (
    LedgerServer,
    StartResponse,
    WsgiLedger,
    request_of,
)
from xero_sync.sandbox.tables import Change

CALLS = "/bench/calls"
AGE = timedelta(days=60)


class BenchLedger(WsgiLedger):
    """Keeps what it was asked, when, and what it answered; understands XML bodies."""

    def __init__(self, open_ledger: Callable[..., Ledger]) -> None:
        self._moment: datetime | None = None
        self._sandbox = Sandbox(open_ledger(clock=self._now))
        self._asked: list[tuple[float, int]] = []
        super().__init__(self._sandbox)

    def _now(self) -> datetime:
        return self._moment or timezone.now()

    def __call__(
        self, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        with self._lock:
            response = self._answer(environ)
        headers = [*response.headers.items()]
        headers.append(("Content-Length", str(len(response.body))))
        start_response(f"{response.status} -", headers)
        return [response.body]

    def _answer(self, environ: dict[str, Any]) -> Response:
        if environ["PATH_INFO"] == CALLS:
            asked, self._asked = self._asked, []
            return json_response([list(one) for one in asked])
        moment = environ.get(MOMENT)
        self._moment = datetime.fromtimestamp(float(moment), UTC) if moment else None
        call = request_of(environ, int(environ.get(IN_FLIGHT) or 1))
        response = self._sandbox.handle(as_json(call))
        if call.path.startswith("/api.xro/"):
            self._asked.append((self._now().timestamp(), response.status))
        return response


class BenchServer(LedgerServer):
    def load(self) -> WsgiLedger:
        return BenchLedger(self._open_ledger)


def open_ledger(contacts: int, clock: Callable[[], datetime]) -> Ledger:
    """Full books were written over days: no two records changed at one moment."""
    chance = random.Random(7)  # noqa: S311
    if not contacts:
        ledger = Ledger(clock=clock, chance=chance, tier="core")
        ledger.open_organisation("Measured Company")
        return ledger
    past = Past(timezone.now() - AGE)
    rows: list[Change] = []
    old = Ledger(clock=past.now, chance=chance, tier="core", keep=rows.extend)
    old.open_organisation("Measured Company")
    old.load_books(books(Sizes(contacts)))
    ledger = Ledger(clock=clock, chance=chance, tier="core")
    ledger.restore(rows)
    return ledger


class Past:
    """A clock that goes on by a second each time somebody looks at it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


def main() -> None:
    arguments = json.loads(sys.argv[1])
    # gunicorn reads the command line as well.
    sys.argv = sys.argv[:1]
    opening = partial(open_ledger, arguments["contacts"])
    BenchServer(opening, "127.0.0.1", arguments["port"]).run()


if __name__ == "__main__":
    main()
