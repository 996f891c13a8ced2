"""Real threads: five calls under way at once over HTTP, and never six."""

import threading
from collections.abc import Iterator
from queue import SimpleQueue

import pytest

from tests.ledger import EmptyLedger, PracticeLedger
from tests.xero_sync.client.test_over_http import Connected
from xero_sync.client.api import XeroApi
from xero_sync.client.call import Call
from xero_sync.client.exchange import (
    NoAnswer,
    NotSent,
    Request,
    Response,
    SystemClock,
)
from xero_sync.client.lines import ThreadLines
from xero_sync.client.paging import PageRead
from xero_sync.client.reading import Reading, Step
from xero_sync.client.throttle import MemoryBudget, Throttle
from xero_sync.client.transport import HttpTransport

DELAY_MS = 300
GET = Request("GET", "http://localhost/")


@pytest.fixture(scope="module")
def ledger() -> Iterator[PracticeLedger]:
    """With Xero's limits: a sixth call at once is answered with 429."""
    with EmptyLedger(tier="core") as running:
        yield running


class Counting:
    """How many are being sent at once, and on which threads."""

    def __init__(self) -> None:
        self._transport = HttpTransport()
        self._lock = threading.Lock()
        self._now = 0
        self.most = 0
        self.statuses: list[int] = []
        self.threads: set[str] = set()

    def send(self, request: Request) -> Response:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            self.threads.add(threading.current_thread().name)
        try:
            response = self._transport.send(request)
        finally:
            with self._lock:
                self._now -= 1
        with self._lock:
            self.statuses.append(response.status)
        return response


def accounts(calls: int) -> Reading:
    read = None
    for _ in range(calls):
        answer = yield Step(read, Call("GET", "Accounts", "Accounts"))
        read = PageRead([answer], None)
    yield Step(read, None)


def read_accounts(api: XeroApi, readings: int, calls: int) -> int:
    return len(list(api.read_all({n: accounts(calls) for n in range(readings)})))


def test_five_calls_are_under_way_at_once_and_not_six(ledger: PracticeLedger) -> None:
    """Two workers, each on a thread of its own, on one budget."""
    ledger.control("reset")
    connected = Connected(ledger)
    transport = Counting()
    (connection,) = connected.auth.connections(connected.token)
    budget = MemoryBudget()

    def worker() -> XeroApi:
        return XeroApi(
            ThreadLines(transport),
            Throttle(budget, SystemClock()),
            connected,
            connection.tenant_id,
            api_url=ledger.url,
            max_wait=30,
        )

    apis = [worker(), worker()]
    assert len(apis[0].actions()) > 0
    ledger.control("faults", kind="delay", delay_ms=DELAY_MS, times=-1)
    workers = [
        threading.Thread(target=read_accounts, args=(api, 5, 4), daemon=True)
        for api in apis
    ]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join(timeout=60)

    assert (transport.most, transport.statuses) == (5, [200] * 41)
    assert sum(api.calls for api in apis) == 41


def test_nothing_but_the_sending_leaves_the_thread(ledger: PracticeLedger) -> None:
    ledger.control("reset")
    connected = Connected(ledger)
    transport = Counting()
    (connection,) = connected.auth.connections(connected.token)
    budget = MemoryBudget()
    here = threading.current_thread().name
    seen: set[str] = set()

    class Watched(Throttle):
        def _now(self) -> int:
            seen.add(threading.current_thread().name)
            return super()._now()

    api = XeroApi(
        ThreadLines(transport),
        Watched(budget, SystemClock()),
        connected,
        connection.tenant_id,
        api_url=ledger.url,
    )

    assert read_accounts(api, 5, 2) == 10

    assert seen == {here}
    assert len(transport.threads) == 10
    assert here not in transport.threads


# --- the threads themselves ---


class Breaking:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def send(self, request: Request) -> Response:
        raise self.error


@pytest.mark.parametrize("error", [NotSent("refused"), NoAnswer("cut")])
def test_an_error_comes_back_as_an_outcome(error: Exception) -> None:
    lines = ThreadLines(Breaking(error))
    ticket = lines.start(GET)

    assert lines.next_done() == (ticket, error)


def test_what_nobody_foresaw_leaves_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: SimpleQueue[object] = SimpleQueue()
    monkeypatch.setattr(threading, "excepthook", lambda said: told.put(said.exc_type))
    lines = ThreadLines(Breaking(UnicodeError("odd")))
    ticket = lines.start(GET)

    done = lines.next_done(timeout=10)

    assert done is not None
    assert done[0] == ticket
    assert isinstance(done[1], NoAnswer)
    assert told.get(timeout=10) is UnicodeError


def test_who_waits_for_nothing_is_not_kept() -> None:
    assert ThreadLines(Breaking(NotSent("x"))).next_done(timeout=0.01) is None


def test_threads_that_wait_for_xero_do_not_keep_a_process_alive() -> None:
    held = threading.Event()

    class Silent:
        def send(self, request: Request) -> Response:
            held.wait(timeout=30)
            return Response(200)

    lines = ThreadLines(Silent())
    ticket = lines.start(GET)
    (thread,) = (t for t in threading.enumerate() if t.name.startswith("xero-call-"))

    assert thread.daemon
    held.set()
    assert lines.next_done() == (ticket, Response(200))
    thread.join(timeout=10)
    assert not thread.is_alive()
