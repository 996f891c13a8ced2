"""Two ways to the practice ledger: in-process with a clock that tests move, and as a
real server. Both have every 200 and 400 answer judged by Xero's specification."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.ledger import EmptyLedger, PracticeLedger
from tests.sandbox import specification
from xero_sync.sandbox.http import Request, Response, request
from xero_sync.sandbox.ledger import Ledger
from xero_sync.sandbox.sandbox import Sandbox
from xero_sync.sandbox.tables import Change

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
SCOPE = (
    "accounting.contacts accounting.invoices accounting.payments accounting.settings"
)
JsonObject = dict[str, Any]


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class Books:
    """An empty ledger in-process, signed in; calls answer with status and JSON."""

    clock: Clock = field(default_factory=Clock)
    kept: list[Change] = field(default_factory=list)
    tier: str = "unlimited"

    def __post_init__(self) -> None:
        self.ledger = Ledger(
            clock=self.clock,
            chance=random.Random(7),  # noqa: S311
            tier=self.tier,
            keep=self.kept.extend,
        )
        self.sandbox = Sandbox(self.ledger)
        self.org = self.ledger.open_organisation("Test Company")
        token = self.ledger.identity.client_token(
            "practice-client", SCOPE, self.org.tenant_id, "Test Company"
        )
        self.headers = {
            "Authorization": f"Bearer {token['access_token']}",
            "Xero-Tenant-Id": self.org.tenant_id,
            "Accept": "application/json",
        }

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        in_flight: int = 1,
        headers: Mapping[str, str] | None = None,
        **named: str,
    ) -> Response:
        """`Idempotency_Key="k"` and the like add headers; an empty one drops it."""
        merged = {**self.headers, **(headers or {}), **_spelled(named)}
        response = self.sandbox.handle(
            request(
                method,
                f"/api.xro/2.0{path}",
                headers={name: value for name, value in merged.items() if value},
                body=b"" if body is None else json.dumps(body).encode(),
                in_flight=in_flight,
            )
        )
        if specification.is_at_hand() and response.status in (200, 400):
            plain = f"/api.xro/2.0{path}".partition("?")[0]
            parsed = json.loads(response.body)
            specification.check_answer(method, plain, response.status, parsed)
        return response

    def call(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> tuple[int, JsonObject]:
        response = self.send(method, path, body, headers=_spelled(headers))
        return response.status, json.loads(response.body or b"{}")

    def rows(self, path: str, **headers: str) -> list[JsonObject]:
        """The rows of a list that must answer 200."""
        status, body = self.call("GET", path, **headers)
        assert status == 200, body
        name = path.strip("/").partition("?")[0].partition("/")[0]
        found: list[JsonObject] = body[name]
        return found

    def made(self, path: str, element: JsonObject) -> JsonObject:
        """PUT of one element that must succeed; the element as answered."""
        status, body = self.call("PUT", path, element)
        assert status == 200, body
        found: JsonObject = body[path.strip("/").partition("?")[0]][0]
        return found

    def changed(self, path: str, element: JsonObject) -> JsonObject:
        """POST of one element that must succeed; the element as answered."""
        status, body = self.call("POST", path, element)
        assert status == 200, body
        name = path.strip("/").partition("?")[0].partition("/")[0]
        found: JsonObject = body[name][0]
        return found

    def refused(self, method: str, path: str, element: JsonObject) -> list[str]:
        """The messages of one element that must be refused; nothing may have changed."""
        before = self.snapshot()
        status, body = self.call(method, path, element)
        assert status == 400, body
        assert self.snapshot() == before
        (refused,) = body["Elements"]
        return [error["Message"] for error in refused["ValidationErrors"]]

    def control_request(self, action: str, fields: JsonObject) -> Request:
        return request("POST", f"/sandbox/{action}", body=json.dumps(fields).encode())

    def snapshot(self) -> JsonObject:
        """Every row of the books, for "nothing changed"."""
        return {
            name: dict(table.items())
            for name, table in self.ledger.journal.tables.items()
            if name != "idempotency"
        }


def _spelled(named: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in named.items()}


@pytest.fixture
def books() -> Books:
    return Books()


@pytest.fixture(scope="session")
def server() -> Iterator[PracticeLedger]:
    """One real, empty ledger for the tests that only add to it."""
    with EmptyLedger() as ledger:
        yield ledger
