"""Requests under way at once. Only carrying them happens elsewhere: whoever starts them
takes their answers, on a thread of his own choice."""

import threading
from itertools import count
from queue import Empty, SimpleQueue
from typing import Protocol

from xero_sync.client.exchange import NoAnswer, NotSent, Request, Response, Transport

Outcome = Response | NotSent | NoAnswer
Done = tuple[int, Outcome]


class Lines(Protocol):
    def start(self, request: Request) -> int:
        """Sends it on its way; gives the ticket under which it comes back."""

    def next_done(self, timeout: float | None = None) -> Done | None:
        """Blocks until one is done. None when none was within ``timeout`` seconds."""


class ThreadLines:
    """A thread for each request, and none while nothing is under way. They hold no
    process back that wants to end."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._tickets = count(1)
        self._done: SimpleQueue[Done] = SimpleQueue()

    def start(self, request: Request) -> int:
        ticket = next(self._tickets)
        threading.Thread(
            target=self._carry,
            args=(ticket, request),
            name=f"xero-call-{ticket}",
            daemon=True,
        ).start()
        return ticket

    def next_done(self, timeout: float | None = None) -> Done | None:
        try:
            return self._done.get(timeout=timeout)
        except Empty:
            return None

    def _carry(self, ticket: int, request: Request) -> None:
        # Stands where carrying it broke in a way nobody foresaw.
        outcome: Outcome = NoAnswer("it broke off")
        try:
            outcome = self._transport.send(request)
        except (NotSent, NoAnswer) as error:
            outcome = error
        finally:
            self._done.put((ticket, outcome))
