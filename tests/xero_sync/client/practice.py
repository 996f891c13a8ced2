"""The practice ledger in-process at the other end: calls take a clock's seconds, not
ours, and it notes when each was under way."""

import random
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.xero_sync.client.fakes import DirectLines, VirtualClock
from xero_sync.client.api import XeroApi
from xero_sync.client.exchange import NoAnswer, Request, Response
from xero_sync.client.throttle import Budget, MemoryBudget, State, Throttle
from xero_sync.sandbox.faults import Fault
from xero_sync.sandbox.http import request
from xero_sync.sandbox.ledger import Ledger
from xero_sync.sandbox.sandbox import Sandbox

SCOPE = "accounting.contacts accounting.invoices accounting.settings"
APP = "practice-client"


@dataclass
class Seen:
    """One call as the ledger saw it, in seconds since the start."""

    start: float
    end: float
    status: int
    line: str


class Killable(MemoryBudget):
    """Once its process is killed, nothing more is written."""

    killed = False

    def write(self, version: int, state: State) -> bool:
        return self.killed or super().write(version, state)


class Practice:
    """One organisation; any number of APIs may call it."""

    def __init__(self, *, latency: float = 0.0, tier: str = "core") -> None:
        self.clock = VirtualClock()
        self.latency = latency
        chance = random.Random(5)  # noqa: S311 - the same ids each time
        self.ledger = Ledger(clock=self.clock.now, chance=chance, tier=tier)
        self.sandbox = Sandbox(self.ledger)
        self.org = self.ledger.open_organisation("Books")
        self.budget = Killable()
        self.tokens = PracticeTokens(self)
        self.log: list[Seen] = []

    def api(self, *, max_wait: float = 5.0, budget: Budget | None = None) -> XeroApi:
        return XeroApi(
            DirectLines(self, self.clock),
            Throttle(budget or self.budget, self.clock),
            self.tokens,
            self.org.tenant_id,
            clock=self.clock,
            random=lambda: 0.0,
            max_wait=max_wait,
        )

    def fault(self, kind: str, **fields: object) -> None:
        self.ledger.faults.switch_on(Fault(kind=kind, **fields))  # type: ignore[arg-type]

    def carry(self, asked: Request) -> tuple[Response | NoAnswer, float]:
        """The outcome and after how many seconds it is there."""
        now = self.clock.monotonic()
        url = urlsplit(asked.url)
        answer = self.sandbox.handle(
            request(
                asked.method,
                f"{url.path}?{url.query}",
                headers=asked.headers,
                body=asked.body or b"",
                in_flight=1 + self.under_way_at(now),
            )
        )
        end = round(now + (answer.delay_ms / 1000 or self.latency), 6)
        line = f"{asked.method} {url.path.rpartition('/')[2]}"
        self.log.append(Seen(now, end, answer.status, line))
        if answer.lost:
            return NoAnswer("lost"), end - now
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Response(answer.status, headers, answer.body), end - now

    def slots(self) -> int:
        """How many the budget believes to be under way."""
        slots: Any = self.budget.read()[1]["slots"]
        return len(slots)

    # --- what the ledger saw ---

    def under_way_at(self, moment: float) -> int:
        return sum(seen.start <= moment < seen.end for seen in self.log)

    @property
    def most_at_once(self) -> int:
        return max(self.under_way_at(seen.start) for seen in self.log)

    @property
    def most_in_a_minute(self) -> int:
        starts = [seen.start for seen in self.log]
        return max(sum(one <= s < one + 60 for s in starts) for one in starts)

    def statuses(self) -> set[int]:
        return {seen.status for seen in self.log}

    @property
    def minutes(self) -> float:
        return (max(seen.end for seen in self.log) - self.log[0].start) / 60


class PracticeTokens:
    """Renewed at the ledger, each time another."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self.renewals = 0
        self.token = self._new()

    def access_token(self) -> str:
        return self.token

    def refresh(self, rejected: str) -> str:
        assert rejected == self.token
        self.renewals += 1
        self.token = self._new()
        return self.token

    def worked(self, access: str) -> None:
        pass

    def _new(self) -> str:
        org = self._practice.org
        given = self._practice.ledger.identity.client_token(
            APP, SCOPE, org.tenant_id, org.profile.name
        )
        return str(given["access_token"])
