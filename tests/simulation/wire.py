"""Xero at the end of a wire that the seed breaks: the practice ledger in process, behind
the two protocols that the client knows."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import urlsplit

from tests.simulation.clock import SimClock
from tests.simulation.closed_books import touched_closed
from tests.simulation.faults import AFTER, BEFORE, INSTEAD, Faults
from tests.simulation.logged import API, Logged, updated_by
from tests.simulation.processes import Processes
from xero_sync.client.exchange import NoAnswer, NotSent, Request, Response
from xero_sync.sandbox.faults import Fault
from xero_sync.sandbox.http import Response as Answer
from xero_sync.sandbox.http import request as ledger_request
from xero_sync.sandbox.sandbox import Sandbox
from xero_sync.sandbox.wire import decode, encode

PRACTICE_URL = "http://ledger.test"
TOKEN_PATH = "/connect/token"
HTML = b"<!DOCTYPE html><html><body>Please wait...</body></html>"
ERROR_BODY = json.dumps(
    {"ErrorNumber": 17, "Type": "NoDataProcessedException", "Message": "later"}
).encode()
SLOW_SECONDS = (8.0, 70.0)
READ_SECONDS = 60.0


@dataclass
class Lag:
    """A row that readers see as it was, until a moment."""

    table: Any
    key: str
    before: Any
    until: datetime


@dataclass
class Flight:
    """A call under way: when it ends and with what."""

    ends: datetime
    outcome: Response | NotSent | NoAnswer


@dataclass
class SimWire:
    """``calls`` is the whole log, ``made`` what came to be in Xero by our own calls,
    ``asked_to_wait`` from when to when the latest Retry-After holds."""

    sandbox: Sandbox
    clock: SimClock
    processes: Processes
    faults: Faults
    chance: Random
    calls: list[Logged] = field(default_factory=list)
    # What a backup that was put back knows nothing of is not counted with the rest.
    counted_from: int = 0
    made: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    lags: list[Lag] = field(default_factory=list)
    asked_to_wait: tuple[datetime, datetime, int] | None = None
    too_early: list[str] = field(default_factory=list)
    outage_until: datetime | None = None
    unfit: list[str] = field(default_factory=list)
    # How often somebody has changed the books.
    written: int = 0
    look_at: Callable[[Request], str] = lambda request: ""
    meanwhile: Callable[[], object] = lambda: None
    _last_page: dict[str, bytes] = field(default_factory=dict)
    _busy_keys: set[str] = field(default_factory=set)
    # The same request at each try.
    _strict_keys: set[str] = field(default_factory=set)

    # --- as a Transport ---

    def set_out(self) -> datetime:
        """The worker has a place among those at once; here it may stand still. Gives
        the moment at which it had leave to go."""
        leave = self.clock.moment
        self.processes.call_point("before call")
        return leave

    def send(self, request: Request) -> Response:
        leave = self.set_out()
        flight = self.begin(request, leave)
        return self.finish(flight)

    def finish(self, flight: Flight) -> Response:
        outcome = self.land(flight)
        if isinstance(outcome, Response):
            return outcome
        raise outcome

    def land(self, flight: Flight) -> Response | NotSent | NoAnswer:
        if flight.ends > self.clock.moment:
            self.clock.set(flight.ends)
        self.processes.call_point("after call")
        self._note_the_wait(flight)
        return flight.outcome

    # --- the road there and back ---

    def begin(self, request: Request, leave: datetime) -> Flight:
        """Handled at once; the answer is there when it ends."""
        now = self.clock.moment
        broken = self._broken_road(now)
        if broken is not None:
            return Flight(now + timedelta(seconds=0.1), broken)
        seconds = 0.2 + 0.6 * self.chance.random()
        if API in request.address:
            if said := self.look_at(request):
                self.unfit.append(said)
        else:
            answer = self._handled(request)
            lost = self.faults.on and TOKEN_PATH in request.address
            ends = now + timedelta(seconds=seconds)
            if lost and self.faults.fires("refresh_lost"):
                return Flight(ends, NoAnswer("the refresh was done"))
            return Flight(ends, _response(answer))
        request = self._changed(request)
        forced = (
            self.faults.one_of(INSTEAD) if not self._is_busy(request) else "key_busy"
        )
        refused = self._instead(request, forced) if forced else None
        answer = refused or self._handled(request)
        after = "" if refused else self.faults.one_of(AFTER)
        if after == "slow":
            seconds = self.chance.choice(SLOW_SECONDS)
        ends = now + timedelta(seconds=min(seconds, READ_SECONDS))
        self._note(request, answer, ends, leave)
        return Flight(ends, self._outcome(request, answer, after, seconds))

    def _broken_road(self, now: datetime) -> NotSent | NoAnswer | None:
        if self.outage_until is not None and now < self.outage_until:
            return NotSent("ConnectTimeout")
        kind = self.faults.one_of(BEFORE)
        if kind == "outage":
            hours = self.chance.choice((0.05, 0.5, 4))
            self.outage_until = now + timedelta(hours=hours)
            return NotSent("ConnectTimeout")
        if kind == "refused":
            return NotSent("NewConnectionError")
        return NoAnswer("ConnectionReset") if kind else None

    def _handled(self, request: Request) -> Answer:
        url = urlsplit(request.url)
        call = ledger_request(
            request.method,
            f"{url.path}?{url.query}" if url.query else url.path,
            headers=request.headers,
            body=request.body or b"",
            in_flight=self._in_flight() + 1,
        )
        if request.method != "GET":
            return self._write(call)
        self.lags = [lag for lag in self.lags if lag.until > self.clock.moment]
        truth = [(lag, lag.table.get(lag.key)) for lag in reversed(self.lags)]
        truth += self._naming_the_unseen()
        for lag, _ in truth:
            lag.table.restore(lag.key, lag.before)
        answer = self.sandbox.handle(call)
        for lag, row in reversed(truth):
            lag.table.restore(lag.key, row)
        return answer

    def _naming_the_unseen(self) -> list[tuple[Lag, Any]]:
        """Nobody sees an invoice before its contact: a copy of the books lags as one."""
        home = self.sandbox.ledger.home
        new = [lag for lag in self.lags if lag.before is None]
        unseen = {lag.key: lag.until for lag in new if lag.table is home.contacts}
        return [
            (Lag(home.invoices, key, None, unseen[row.contact_id]), row)
            for key, row in home.invoices.items()
            if row.contact_id in unseen
        ]

    def _write(self, call: Any) -> Answer:
        """Keeps in mind what came to be by our own hand."""
        self.written += 1
        known = {
            kind: set(dict(table.items())) for kind, table in self._tables().items()
        }
        invoices = dict(self.sandbox.ledger.home.invoices.items())
        if self.faults.fires("own_write_not_visible"):
            seconds = self.chance.choice((0.5, 3.0, 20.0))
            answer: Answer = self.lagging(seconds, lambda: self.sandbox.handle(call))
        else:
            answer = self.sandbox.handle(call)
        for kind, table in self._tables().items():
            for key, _ in table.items():
                if key not in known[kind]:
                    self.made[key] = (kind, self.clock.moment)
        self.unfit += touched_closed(invoices, self.sandbox.ledger.home)
        return answer

    def _tables(self) -> dict[str, Any]:
        home = self.sandbox.ledger.home
        return {"contact": home.contacts, "item": home.items, "invoice": home.invoices}

    def lagging(self, seconds: float, write: Callable[[], Any]) -> Any:
        """Whoever reads within these seconds sees the books as they were."""
        tables = list(self._tables().values())
        before = [dict(table.items()) for table in tables]
        result = write()
        until = self.clock.moment + timedelta(seconds=seconds)
        for table, rows in zip(tables, before, strict=True):
            for key in {*rows, *dict(table.items())}:
                if rows.get(key) is not table.get(key):
                    self.lags.append(Lag(table, key, rows.get(key), until))
        return result

    def _in_flight(self) -> int:
        now = self.clock.moment
        recent = self.calls[-20:]
        return sum(call.at <= now < call.ends for call in recent if call.is_accounting)

    def forget(self) -> None:
        """From here on it is about other books."""
        self.made.clear()
        self.lags.clear()
        self.asked_to_wait = None
        self._last_page.clear()

    # --- what goes wrong ---

    def _changed(self, request: Request) -> Request:
        """Xero's own state, before the call is looked at."""
        limits = self.sandbox.ledger.limits
        if self.faults.fires("others_use_the_window"):
            tenant = request.headers.get("Xero-Tenant-Id", "")
            counters = limits._counters("practice-client", tenant, self.clock.moment)
            for _ in range(min(20, 60 - counters.minute.used)):
                counters.minute.take(self.clock.moment)
        if "pageSize" in request.params and self.faults.pages_are_small:
            size = {"pageSize": str(self.faults.page_size)}
            return replace(request, params={**request.params, **size})
        key = request.headers.get("Idempotency-Key", "")
        kept = self.sandbox.ledger.idempotency.answers.get(f"practice-client/{key}")
        is_new = kept is None and key
        if is_new and self.faults.fires("whole_batch_refused"):
            self._strict_keys.add(key)
        if key in self._strict_keys:
            params = {**request.params, "summarizeErrors": "true"}
            if is_new and self.chance.random() < 0.5:
                self.sandbox.ledger.faults.switch_on(Fault(kind="keep_valid"))
            return replace(request, params=params)
        return request

    def _is_busy(self, request: Request) -> bool:
        key = request.headers.get("Idempotency-Key", "")
        if key in self._busy_keys:
            self._busy_keys.discard(key)
            return True
        return False

    def _instead(self, request: Request, kind: str) -> Answer | None:
        ledger = self.sandbox.ledger
        if kind in ("offline", "maintenance"):
            ledger.faults.switch_on(
                Fault(kind="offline" if kind == "offline" else "maintenance")
            )
            return self._handled(request)
        if kind == "token_expired":
            ledger.identity.expire_access_tokens()
            ledger.commit()
            return self._handled(request)
        if kind.startswith("limit_"):
            problem = kind.removeprefix("limit_")
            wait = {"minute": 17, "day": 66_975}.get(problem, 5)
            ledger.faults.switch_on(
                Fault(kind="rate_limit", problem=problem, retry_after=wait)
            )
            return self._handled(request)
        if kind.startswith("status_"):
            return Answer(int(kind[-3:]), HTML, {"Content-Type": "text/html"})
        if kind == "key_busy":
            return Answer(409, b"", {})
        elements = (request.body or b"").count(b'"Contact"') + len(request.body or b"")
        return Answer(413, HTML, {}) if elements > 1500 else None

    def _outcome(
        self, request: Request, answer: Answer, after: str, seconds: float
    ) -> Response | NoAnswer:
        if after == "key_forgotten" and request.method != "GET":
            # Until Xero is there again the key is none any more.
            self.outage_until = self.clock.moment + timedelta(minutes=7)
            return NoAnswer("ConnectionReset")
        if after == "answer_lost" or (after == "slow" and seconds > READ_SECONDS):
            return NoAnswer("ReadTimeout")
        if after == "key_busy" and request.method != "GET" and answer.status == 200:
            self._busy_keys.add(request.headers.get("Idempotency-Key", ""))
            return NoAnswer("ConnectionReset")
        response = _response(answer)
        if after == "half_json":
            return replace(response, body=response.body[: len(response.body) // 2])
        if after == "html_200" and answer.status == 200:
            return replace(response, body=HTML)
        if after == "error_body_200" and answer.status == 200:
            return replace(response, body=ERROR_BODY)
        if answer.status == 200:
            return replace(response, body=self._bent(request, response.body))
        return response

    def _bent(self, request: Request, body: bytes) -> bytes:
        """Answers that no manual promises, and that have been seen."""
        name = urlsplit(request.address).path.removeprefix(API).partition("/")[0]
        if request.method == "GET" and "page" in request.params:
            before = self._last_page.get(name)
            self._last_page[name] = body
            if b'"pageCount":1,' not in body:
                self._between_pages()
            if before and self.faults.fires("same_page_twice"):
                return self._twice(name, before, body)
        asks_for_some = "where" in request.params or "IDs" in request.params
        if request.method != "GET":
            if self.faults.fires("other_order"):
                return _with(body, name, lambda rows: rows[::-1])
            if self.faults.fires("one_missing"):
                return _with(body, name, lambda rows: rows[1:])
        if self.faults.fires("unknown_fields"):
            extra = {"Novelty": {"Deep": [1]}, "HasNovelty": None}
            return _with(body, name, lambda rows: [row | extra for row in rows])
        is_list = "page" in request.params and not asks_for_some
        if is_list and self.faults.fires("wrong_item_count"):
            return body.replace(b'"itemCount":', b'"itemCount":9')
        if is_list and name == "Invoices" and self.faults.fires("unknown_status"):
            return body.replace(b'"Status":"SUBMITTED"', b'"Status":"PONDERED"')
        return body

    def _between_pages(self) -> None:
        if self.faults.pages_are_small:
            self.faults.note("small_pages")
        if self.faults.fires("edit_between_pages"):
            self.meanwhile()

    def _twice(self, name: str, before: bytes, body: bytes) -> bytes:
        """The page before comes along once more, in front of this one."""
        envelope: Any = decode(before)
        old = envelope.get(name, [])
        return _with(body, name, lambda rows: (old + rows)[:999])

    # --- the log ---

    def _note(
        self, request: Request, answer: Answer, ends: datetime, leave: datetime
    ) -> None:
        url = urlsplit(request.url)
        headers = request.headers
        body = request.body or b""
        self.calls.append(
            Logged(
                at=self.clock.moment,
                leave=leave,
                method=request.method,
                path=f"{url.path}?{url.query}" if url.query else url.path,
                tenant=headers.get("Xero-Tenant-Id", ""),
                key=headers.get("Idempotency-Key", ""),
                digest=hashlib.sha256(body).hexdigest()[:16],
                status=answer.status,
                ends=ends,
                changes=updated_by(request.method, url.path, body),
            )
        )
        self._mind_the_wait(self.calls[-1], leave)

    def _mind_the_wait(self, call: Logged, leave: datetime) -> None:
        """A worker that died may have taken the answer with it, and one that stood still
        between its leave and the call cannot take the call back."""
        if self.asked_to_wait is not None:
            known, until, deaths = self.asked_to_wait
            if known < leave < until and deaths == self.processes.deaths:
                self.too_early.append(f"{call.line()} before {until.isoformat()}")

    def _note_the_wait(self, flight: Flight) -> None:
        """From when the worker has read the answer: it may have stood still before."""
        answer = flight.outcome
        if not isinstance(answer, Response) or answer.status != 429:
            return
        if wait := answer.headers.get("retry-after", ""):
            until = flight.ends + timedelta(seconds=int(wait))
            self.asked_to_wait = (self.clock.moment, until, self.processes.deaths)


def _response(answer: Answer) -> Response:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Response(answer.status, headers, answer.body)


def _with(body: bytes, name: str, change: Callable[[list[Any]], list[Any]]) -> bytes:
    envelope: Any = decode(body)
    if isinstance(envelope.get(name), list):
        envelope[name] = change(envelope[name])
    return encode(envelope)
