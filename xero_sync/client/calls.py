"""Calls to the accounting API side by side, on one thread: limits, tokens, a few tries,
and what they cost. Only the sending is done elsewhere."""

import logging
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from xero_sync.client.allowance import Hold
from xero_sync.client.answers import Json, token_was_rejected
from xero_sync.client.call import Call, Turn
from xero_sync.client.errors import (
    NotFound,
    RateLimited,
    XeroError,
    XeroRefused,
    XeroUnavailable,
)
from xero_sync.client.exchange import (
    Clock,
    NoAnswer,
    Response,
    TokenSource,
)
from xero_sync.client.lines import Lines, Outcome
from xero_sync.client.retry import Random, should_retry, wait_seconds
from xero_sync.client.throttle import Slot, Throttle

logger = logging.getLogger(__name__)

# The longest a call may take; its slot holds a little longer.
LONGEST_CALL = 70.0
# How long answers that nobody wants any more are waited for, to give their slots back.
PATIENCE = 10.0
# As many as are under way at once.
LATEST_WRITES = 5
# Xero's word about this call. Every other error would meet the next call as well.
ABOUT_THE_CALL = (XeroRefused, NotFound)


@dataclass(frozen=True, slots=True)
class Flight:
    turn: Turn
    slot: Slot
    started: float


class Calls:
    """``max_wait``: how many seconds calls may wait for leave, or one between its tries,
    before it is given up."""

    def __init__(
        self,
        lines: Lines,
        throttle: Throttle,
        tokens: TokenSource,
        *,
        tenant_id: str,
        api_url: str,
        clock: Clock,
        random: Random,
        max_wait: float,
    ) -> None:
        self._lines = lines
        self._throttle = throttle
        self._tokens = tokens
        self._tenant_id = tenant_id
        self._address = f"{api_url.rstrip('/')}/api.xro/2.0"
        self._clock = clock
        self._random = random
        self._max_wait = max_wait
        self._waiting: list[Turn] = []
        self._in_flight: dict[int, Flight] = {}
        self._held_since: float | None = None
        self._write_seconds: deque[float] = deque(maxlen=LATEST_WRITES)
        self.reads = 0
        self.writes = 0

    @property
    def mean_write_seconds(self) -> float:
        """How long Xero takes over a write, by the latest few; 0 before the first."""
        seconds = self._write_seconds
        return sum(seconds) / len(seconds) if seconds else 0.0

    @property
    def made(self) -> int:
        return self.reads + self.writes

    def free(self) -> int:
        """How many calls the minute's limit lets begin soon enough. RateLimited where it
        lets none."""
        free = self._throttle.free_within(self._max_wait)
        if isinstance(free, Hold):
            raise RateLimited(free.problem, retry_after=free.seconds)
        return free

    def answer(self, call: Call) -> Json:
        """Tried again with the same bytes, so under the same key, while that helps."""
        (outcome,) = self.answers([call])
        if isinstance(outcome, XeroError):
            raise outcome
        return outcome

    def answers(self, calls: Iterable[Call]) -> Iterator[Json | XeroError]:
        """In the order given, each let go before the next is waited for. Once Xero says
        that no call will do, nothing new is started, and what was not comes back with
        that error."""
        turns = deque(Turn(call) for call in calls)
        self._waiting += turns
        try:
            while turns:
                self.next_of([turns[0]])
                yield turns.popleft().answer
        finally:
            self.abandon(turns)

    def begin(self, call: Call) -> Turn:
        """Starts it, if it may start now, and waits for nothing."""
        turn = Turn(call)
        self._waiting.append(turn)
        self._start_what_may()
        return turn

    def next_of(self, turns: Collection[Turn]) -> Turn:
        """The first of them that has its outcome."""
        while True:
            for turn in turns:
                if turn.outcome is not None:
                    return turn
            self._wait(self._start_what_may())

    def abandon(self, turns: Collection[Turn]) -> None:
        """Nobody wants their outcome. Those under way end in peace, to give their slots
        back; those that take too long lose them by time."""
        unwanted = set(turns)
        self._waiting = [turn for turn in self._waiting if turn not in unwanted]
        deadline = self._clock.monotonic() + PATIENCE
        for turn in turns:
            turn.stopped_by = XeroUnavailable("Nobody waits for it any more.")
        while any(flight.turn in unwanted for flight in self._in_flight.values()):
            left = deadline - self._clock.monotonic()
            if left <= 0:
                return
            self._wait(left)

    # --- starting ---

    def _start_what_may(self) -> float | None:
        """After how many seconds there is more to start; None when only an answer can
        bring that about."""
        while due := self._due():
            try:
                token = self._tokens.access_token()
            except XeroError as error:
                self._waiting.remove(due[0])
                self._end(due[0], error)
                return None
            leave = self._throttle.take(len(due))
            if isinstance(leave, Hold):
                return self._held(leave)
            self._held_since = None
            for turn, slot in zip(due, leave, strict=False):
                if self._throttle.is_over(slot):
                    break
                self._waiting.remove(turn)
                self._start(turn, slot, token)
        now = self._clock.monotonic()
        return min((turn.due_at - now for turn in self._waiting), default=None)

    def _due(self) -> list[Turn]:
        now = self._clock.monotonic()
        return [turn for turn in self._waiting if turn.due_at <= now]

    def _held(self, hold: Hold) -> float | None:
        if hold.problem == "concurrent" and self._in_flight:
            return None
        now = self._clock.monotonic()
        if self._held_since is None:
            self._held_since = now
        if now - self._held_since + hold.seconds > self._max_wait:
            self._stop(RateLimited(hold.problem, retry_after=hold.seconds))
            return None
        return hold.seconds

    def _start(self, turn: Turn, slot: Slot, token: str) -> None:
        turn.token = token
        turn.tries += 1
        if turn.call.writes:
            self.writes += 1
        else:
            self.reads += 1
        ticket = self._lines.start(turn.request(self._address, self._tenant_id))
        self._in_flight[ticket] = Flight(turn, slot, self._clock.monotonic())

    # --- answers ---

    def _wait(self, seconds: float | None) -> None:
        """For the next answer, or for as long as there is nothing to start."""
        if not self._in_flight:
            if seconds is not None:
                self._clock.sleep(seconds)
            return
        ticket, oldest = next(iter(self._in_flight.items()))
        age = self._clock.monotonic() - oldest.started
        patience = max(0.0, LONGEST_CALL - age)
        is_patient = seconds is not None and seconds < patience
        done = self._lines.next_done(seconds if is_patient else patience)
        if done is not None:
            self._land(*done)
        elif not is_patient:
            self._land(ticket, NoAnswer("it took too long"))

    def _land(self, ticket: int, outcome: Outcome) -> None:
        flight = self._in_flight.pop(ticket, None)
        if flight is None:
            # It took too long, and was given up before.
            return
        response = outcome if isinstance(outcome, Response) else None
        self._throttle.give_back(flight.slot, response)
        seconds = self._clock.monotonic() - flight.started
        if flight.turn.call.writes:
            self._write_seconds.append(seconds)
        logger.debug(
            "%s %s: %s in %.0f ms, correlation %s",
            flight.turn.call.method,
            flight.turn.call.path,
            response.status if response else type(outcome).__name__,
            seconds * 1000,
            response.correlation_id if response else "",
        )
        self._conclude(flight.turn, outcome)

    def _conclude(self, turn: Turn, outcome: Outcome) -> None:
        if isinstance(outcome, Response) and token_was_rejected(outcome):
            if turn.stopped_by:
                turn.outcome = turn.met(turn.stopped_by)
                return
            if not turn.token_was_renewed:
                self._renew(turn)
                return
        try:
            turn.outcome = turn.answer_in(outcome, now=self._clock.now())
            self._tokens.worked(turn.token)
        except XeroError as error:
            self._try_again_or_end(turn, error)

    def _renew(self, turn: Turn) -> None:
        """Once for all that were under way with the same token."""
        turn.token_was_renewed = True
        turn.tries -= 1
        try:
            if self._tokens.access_token() == turn.token:
                self._tokens.refresh(turn.token)
        except XeroError as error:
            self._end(turn, error)
        else:
            self._waiting.insert(0, turn)

    def _try_again_or_end(self, turn: Turn, error: XeroError) -> None:
        turn.may_have_arrived = turn.may_have_arrived or error.outcome_unknown
        wait = wait_seconds(error, turn.tries, self._random)
        is_over = turn.waited + wait > self._max_wait
        if turn.stopped_by or is_over or not should_retry(error, turn.tries):
            self._end(turn, error)
            return
        turn.waited += wait
        turn.due_at = self._clock.monotonic() + wait
        self._waiting.insert(0, turn)

    def _end(self, turn: Turn, error: XeroError) -> None:
        turn.outcome = error
        if isinstance(error, ABOUT_THE_CALL):
            # Under the same key it is Xero's word about every try.
            return
        error.outcome_unknown = turn.may_have_arrived
        if not turn.stopped_by:
            self._stop(error)

    def _stop(self, error: XeroError) -> None:
        for turn in self._waiting:
            turn.outcome = turn.met(error)
        self._waiting.clear()
        self._held_since = None
        for flight in self._in_flight.values():
            flight.turn.stopped_by = flight.turn.stopped_by or error
