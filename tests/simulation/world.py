"""One world: our database, Xero's books, a clock, workers, and the messages between."""

import logging
import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Self
from unittest import mock
from urllib.parse import parse_qsl, urlencode, urlsplit

from celery import current_app
from celery.app.task import Task
from django.conf import settings
from django.db import connection as database

from fieldops.common.actor import Actor
from invoicing.models import Invoice
from tests.simulation import backup
from tests.simulation.clock import SimClock
from tests.simulation.faults import Faults
from tests.simulation.lines import SimLines
from tests.simulation.processes import Points, Processes, Worker
from tests.simulation.wire import PRACTICE_URL, SimWire
from xero_sync import tasks
from xero_sync.client.exchange import Request
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.runs import ending, wiring
from xero_sync.runs.connecting import choose_organisation, finish_consent
from xero_sync.sandbox.http import request as ledger_request
from xero_sync.sandbox.ledger import Ledger
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.sandbox import Sandbox
from xero_sync.sandbox.tables import Change
from xero_sync.sandbox.wire import decode, encode

PERSON = Actor.system("a person")
CONFIRMED = {
    "email_confirmed": True,
    "address_confirmed": True,
    "invoices_confirmed": True,
}


@dataclass(frozen=True)
class Start:
    """A state that histories begin in: both sides, and the time."""

    ours: backup.Backup
    theirs: list[Change]
    moment: datetime


@dataclass
class Message:
    """A wake-up of Celery's; it may come late, twice or never."""

    task: str
    arguments: tuple[Any, ...]
    due: datetime


@dataclass
class World:
    seed: str
    points: Points = field(default_factory=Points)
    tier: str = "core"
    messages: list[Message] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    # Tasks whose messages come later.
    put_off: set[str] = field(default_factory=set)
    # What was made between yesterday's backup and its return is nobody's.
    orphans_from: tuple[datetime, datetime] | None = None
    # Calls that named another organisation than ours.
    strayed: list[str] = field(default_factory=list)
    tenant: str = ""
    # What part of the calls was used that were to be expected.
    load: float = 0.0
    # How often a run that had waited long had to read Xero once more.
    looked_again: int = 0

    def __post_init__(self) -> None:
        self.chance = Random(f"{self.seed} events")
        self.clock = SimClock()
        self.faults = Faults(Random(f"{self.seed} faults"))
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        enter = self._stack.enter_context
        enter(self.clock)
        enter(_seeded(self.seed))
        self.processes = Processes(Random(f"{self.seed} processes"), self.points)
        self.processes.tenant_now = lambda: self.tenant
        self.open_books([])
        enter(database.execute_wrapper(self.processes.on_statement))
        enter(mock.patch.object(wiring, "HttpTransport", self._transport))
        enter(mock.patch.object(wiring, "ThreadLines", self._lines))
        enter(mock.patch.object(Task, "apply_async", self._post_office()))
        enter(mock.patch.object(ending, "look_again", self._looking_again()))
        enter(_listening(self.said))
        return self

    def __exit__(self, *exc: object) -> None:
        self.processes.kill_all()
        self._stack.close()

    # --- states to begin in ---

    def open_books(self, rows: list[Change]) -> None:
        """Xero as it was, or a new one."""
        self.ledger = Ledger(
            clock=self.clock.xeros, chance=Random(f"{self.seed} ledger"), tier=self.tier
        )
        if rows:
            self.ledger.restore(rows)
        else:
            self.ledger.open_organisation("Practice Ltd")
        self.wire = SimWire(
            Sandbox(self.ledger),
            self.clock,
            self.processes,
            self.faults,
            Random(f"{self.seed} wire"),
            look_at=self._look_at,
        )
        self.tenant = self.ledger.home.tenant_id

    def begin_in(self, start: Start) -> None:
        backup.put_back(start.ours)
        self.clock.set(start.moment)
        self.open_books(start.theirs)

    def as_start(self) -> Start:
        tables = self.ledger.journal.tables
        theirs = [
            Change(name, key, table.encoded(key))
            for name, table in tables.items()
            for key, _ in table.items()
        ]
        return Start(backup.take(), theirs, self.clock.moment)

    # --- what people do to get going ---

    def connect(self) -> XeroConnection:
        """To ours, whatever else is opened on the way."""
        found = self.consent(*self.ledger.organisations)
        if found.state == XeroConnection.State.CHOOSING:
            found = choose_organisation(found, self.tenant, by=PERSON)
        return found

    def consent(self, *tenants: str, another: bool = False) -> XeroConnection:
        """A person consents in the browser."""
        address, _, query = (
            wiring.xero_auth(PRACTICE_URL).authorize_url("s").partition("?")
        )
        form = urlencode(
            [
                *parse_qsl(query),
                ("decision", "allow"),
                *(("organisation", tenant) for tenant in tenants),
            ]
        )
        answer = self.wire.sandbox.handle(
            ledger_request("POST", urlsplit(address).path, body=form.encode())
        )
        code = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))["code"]
        return finish_consent(
            code, by=PERSON, practice_url=PRACTICE_URL, another=another
        )

    def open_another(self) -> XeroOrganisation:
        """A second organisation of the same person's."""
        others = [
            one
            for one in self.ledger.organisations.values()
            if one.tenant_id != self.tenant
        ]
        return others[0] if others else self.ledger.open_organisation("Another Ltd")

    def move_to(self, organisation: XeroOrganisation) -> None:
        """It is the one that people work in from now on; nothing in it is ours yet."""
        organisations = self.ledger.organisations
        first = {organisation.tenant_id: organisation}
        moved = first | organisations
        organisations.clear()
        organisations.update(moved)
        self.tenant = organisation.tenant_id
        self.wire.forget()

    def configure(self, **values: object) -> None:
        """Settings of the process, from now on."""
        for name, value in values.items():
            self._stack.enter_context(mock.patch.object(settings, name, value))

    # --- the engine, by its own doors ---

    def _look_at(self, request: Request) -> str:
        """Who began before a change of organisation may finish its sentence."""
        worker = self.processes.current()
        may_name = {self.tenant, worker.tenant if worker else self.tenant}
        if request.headers.get("Xero-Tenant-Id") not in may_name:
            self.strayed.append(f"{request.method} {request.address}")
        return unfit_invoice(request)

    def tick(self) -> Worker:
        return self.processes.start("tick", tasks.sync_tick)

    def deliver(self, message: Message) -> Worker:
        task = current_app.tasks[message.task]
        return self.processes.start(message.task, lambda: task(*message.arguments))

    def due_messages(self) -> list[Message]:
        now = self.clock.moment
        return [
            one
            for one in self.messages
            if one.due <= now and one.task not in self.put_off
        ]

    def run_out(self, worker: Worker) -> None:
        """To its end, whatever it pauses at."""
        while not worker.dead:
            self.processes.resume(worker)

    def work_off(self, limit: int = 60) -> None:
        """Every message that is due, and what comes of it; where nothing is due, what a
        tick finds."""
        if not self.due_messages():
            self.run_out(self.tick())
        for _ in range(limit):
            due = self.due_messages()
            if not due:
                return
            self.messages.remove(due[0])
            self.run_out(self.deliver(due[0]))
        raise AssertionError(f"messages without end: {self.messages[:3]}")

    def wake(self) -> None:
        """As the page does once somebody has pressed."""
        tasks.work_on_sync.apply_async()

    def in_xero(self, action: str, **fields: object) -> bool:
        """Somebody does it in Xero's own screens; False when Xero refuses."""
        self.wire.written += 1
        path = f"/sandbox/{action}"
        body = encode(fields)
        call = ledger_request("POST", path, body=body)
        if self.faults.fires("edit_not_visible"):
            answer = self.wire.lagging(0.9, lambda: self.wire.sandbox.handle(call))
        else:
            answer = self.wire.sandbox.handle(call)
        return bool(answer.status == 200)

    @property
    def connection(self) -> XeroConnection | None:
        return XeroConnection.current()

    def _transport(self) -> SimWire:
        return self.wire

    def _lines(self, transport: object) -> SimLines:
        return SimLines(self.wire)

    def _post_office(self) -> Callable[..., None]:
        def post(
            task: Any, args: Any = None, kwargs: Any = None, **options: Any
        ) -> None:
            wait = timedelta(seconds=float(options.get("countdown") or 0))
            due = self.clock.moment + wait
            self.messages.append(Message(task.name, tuple(args or ()), due))

        return post

    def _looking_again(self) -> Callable[[SyncRun, datetime], None]:
        look_again = ending.look_again

        def counted(run: SyncRun, now: datetime) -> None:
            self.looked_again += 1
            look_again(run, now)

        return counted


def unfit_invoice(request: Request) -> str:
    """Why an invoice in this request should not go to Xero; "" when all may."""
    if request.method != "PUT" or not request.address.endswith("/Invoices"):
        return ""
    chosen = {
        pk
        for scope in SyncRun.objects.filter(reason="records").values_list(
            "scope", flat=True
        )
        for pk in scope.get("invoice", ())
    }
    body: Any = decode(request.body or b"{}")
    numbers = [row.get("InvoiceNumber", "") for row in body.get("Invoices", [])]
    drafts = Invoice.objects.filter(number__in=numbers, status="draft")
    return "; ".join(
        f"draft {one.pk} was sent" for one in drafts if one.pk not in chosen
    )


@contextmanager
def _seeded(seed: str) -> Iterator[None]:
    """Keys, uids and jitter come from the seed."""
    state, chance = random.getstate(), Random(f"{seed} ids")
    random.seed(f"{seed} jitter")
    with mock.patch.object(os, "urandom", chance.randbytes):
        yield
    random.setstate(state)


class _Ear(logging.Handler):
    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(self.format(record))


@contextmanager
def _listening(said: list[str]) -> Iterator[None]:
    """All that is logged, so that no secret is among it; nothing goes to the console."""
    logger, ear = logging.getLogger("xero_sync"), _Ear(said)
    level, propagates = logger.level, logger.propagate
    logger.addHandler(ear)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    yield
    logger.removeHandler(ear)
    logger.setLevel(level)
    logger.propagate = propagates
