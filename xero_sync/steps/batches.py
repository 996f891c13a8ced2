"""Send changes in batches, up to five at once: the road of every write to Xero.

The intents are committed first, then the sockets open, then the answers are committed:
where Xero took everything together with the next intents, else each on its own. What
happens in between is found out by ``steps.completing``.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from xero_sync.client.api import Write
from xero_sync.client.errors import NotFound, XeroError, XeroRefused
from xero_sync.mappers.wire import request_body
from xero_sync.models import Intent, PlannedChange
from xero_sync.outcomes.drafts import ElementResult
from xero_sync.steps.context import Context, SliceOver
from xero_sync.steps.landing import (
    Taken,
    by_member,
    keep_taken,
    refuse_whole,
    set_aside,
    settle,
    settle_together,
)
from xero_sync.steps.pushing import GONE, Flight, Instead, Prepared, Pushing
from xero_sync.store.intents import new_intent, open_all
from xero_sync.store.plan import finish_by_id, still_planned

IN_FLIGHT = 5
# Xero takes 3.5 MB; what frames the elements has to fit as well.
LARGEST_BODY = 3_400_000
# Seconds that a write may take on the average before batches get smaller.
SLOW = 4.0
SMALLEST_BATCH = 10
# Older intents are not sent before we know that the lease is still ours.
FRESH = timedelta(seconds=10)

_STATE = PlannedChange.State

Outcome = Sequence[ElementResult] | XeroError
Landing = tuple[Flight, Outcome]


@dataclass(frozen=True, slots=True)
class Part:
    """Changes by their ids. ``again``: Xero has refused them with others before."""

    ids: list[int]
    again: bool = False


class Backlog:
    """What is still to be sent. Parts of refused batches stay together and go first."""

    def __init__(self, ids: Sequence[int]) -> None:
        self._ids = deque(ids)
        self._parts: deque[Part] = deque()

    def __bool__(self) -> bool:
        return bool(self._ids or self._parts)

    def next_parts(self, count: int, size: int) -> list[Part]:
        parts: list[Part] = []
        while self and len(parts) < count:
            parts.append(self._parts.popleft() if self._parts else self._cut(size))
        return parts

    def put_back(self, part: Part) -> None:
        self._parts.appendleft(part)

    def _cut(self, size: int) -> Part:
        return Part([self._ids.popleft() for _ in range(min(size, len(self._ids)))])


def send_changes(
    ctx: Context, pushing: Pushing, ids: Sequence[int], *, method: str
) -> None:
    backlog = Backlog(ids)
    size = settings.XERO_BATCH
    taken: list[Taken] = []
    while backlog:
        free = _free_calls(ctx, taken)
        with ctx.commit() as now:
            keep_taken(ctx, taken, now=now)
            parts = backlog.next_parts(free, size)
            flights = _take_off(ctx, pushing, backlog, parts, method, now=now)
        landings = _send(ctx, flights)
        taken = _taken_whole(landings)
        if len(taken) < len(landings):
            for part in reversed(_land_all(ctx, landings, taken)):
                backlog.put_back(Part(part, again=True))
            taken = []
        size = shrunk(size, ctx.api.mean_write_seconds)
    settle_together(ctx, taken)


def _free_calls(ctx: Context, taken: Sequence[Taken]) -> int:
    """How many batches may go next: what would not be let through is not prepared. Where
    none may, what was taken before is kept now."""
    try:
        ctx.breathe()
        return min(IN_FLIGHT, ctx.api.free_calls())
    except (SliceOver, XeroError):
        settle_together(ctx, taken)
        raise


def shrunk(size: int, seconds: float) -> int:
    """Five under way use a call a second up as long as none takes more than five
    seconds; a larger batch would only wait longer for its answer."""
    if seconds <= SLOW:
        return size
    return max(min(size, SMALLEST_BATCH), int(size * SLOW / seconds))


def fly(ctx: Context, flights: Sequence[Flight]) -> list[list[int]]:
    """Send open intents' exact bytes under their keys, and settle each. Gives what goes
    once more."""
    landings = _send(ctx, flights)
    return _land_all(ctx, landings, _taken_whole(landings))


def _send(ctx: Context, flights: Sequence[Flight]) -> list[Landing]:
    if not flights:
        return []
    _make_sure_of_the_lease(ctx, flights)
    outcomes = ctx.api.write_all(
        [
            Write(
                flight.intent.method,
                flight.intent.path,
                bytes(flight.intent.body),
                idempotency_key=flight.intent.key,
                params=flight.intent.params,
            )
            for flight in flights
        ]
    )
    return list(zip(flights, outcomes, strict=True))


def _land_all(
    ctx: Context, landings: Sequence[Landing], taken: Sequence[Taken]
) -> list[list[int]]:
    """An error of one waits until the answers of the others are kept."""
    settle_together(ctx, taken)
    parts: list[list[int]] = []
    troubles: list[XeroError] = []
    for flight, outcome in landings:
        if flight.intent.state == Intent.State.SETTLED:
            continue
        try:
            parts += _land(ctx, flight, outcome)
        except XeroError as error:
            troubles.append(error)
    if troubles:
        raise troubles[0]
    return parts


def _taken_whole(landings: Sequence[Landing]) -> list[Taken]:
    return [one for one in map(_all_taken, landings) if one]


def _all_taken(landing: Landing) -> Taken | None:
    """Nothing to look after: Xero took all that was sent for the first time."""
    flight, outcome = landing
    if flight.again or isinstance(outcome, XeroError):
        return None
    answers = by_member(flight, outcome)
    accepted = [(one, result) for one, result in answers if result and result.accepted]
    return Taken(flight, accepted) if len(accepted) == len(answers) else None


def _land(ctx: Context, flight: Flight, outcome: Outcome) -> list[list[int]]:
    if isinstance(outcome, NotFound):
        # One record that Xero has no longer takes the whole request down.
        outcome = XeroRefused(404, (GONE,))
    if isinstance(outcome, XeroRefused):
        return refuse_whole(ctx, flight, outcome)
    if isinstance(outcome, XeroError):
        set_aside(ctx, flight, unknown=outcome.outcome_unknown)
        raise outcome
    settle(ctx, flight, by_member(flight, outcome))
    return []


def _take_off(
    ctx: Context,
    pushing: Pushing,
    backlog: Backlog,
    parts: Sequence[Part],
    method: str,
    *,
    now: datetime,
) -> list[Flight]:
    """The intents of these parts, to be committed."""
    flights: list[Flight] = []
    ready = _ready(ctx, pushing, parts, method, now=now)
    for part in parts:
        those = [ready[change_id] for change_id in part.ids if change_id in ready]
        if not those:
            continue
        body, count = _fitting(pushing.resource, those)
        flights.append(
            _flight(ctx, pushing, method, those[:count], body, part.again, now)
        )
        if count < len(those):
            rest = [one.change.pk for one in those[count:]]
            backlog.put_back(Part(rest, again=part.again))
    open_all([flight.intent for flight in flights])
    return flights


def _ready(
    ctx: Context,
    pushing: Pushing,
    parts: Sequence[Part],
    method: str,
    *,
    now: datetime,
) -> dict[int, Prepared]:
    """The elements by their changes' ids; what became of the rest is recorded."""
    ids = [change_id for part in parts for change_id in part.ids]
    ready: dict[int, Prepared] = {}
    others: dict[str, dict[int, str]] = {}
    changes = still_planned(ids, with_fields=method == "POST")
    for one in pushing.prepare(ctx, changes):
        if isinstance(one, Instead):
            others.setdefault(one.state, {})[one.change.pk] = one.change.step
        else:
            ready[one.change.pk] = one
    for state, steps in others.items():
        finish_by_id(ctx.run.pk, steps, state, now=now)
    return ready


def _fitting(resource: str, ready: Sequence[Prepared]) -> tuple[bytes, int]:
    """The body, and how many of the elements it holds: at least one, for Xero to say
    what is wrong with it."""
    body = request_body(resource, [one.element for one in ready])
    count = len(ready)
    while len(body) > LARGEST_BODY and count > 1:
        count = max(1, min(count - 1, count * LARGEST_BODY // len(body)))
        body = request_body(resource, [one.element for one in ready[:count]])
    return body, count


def _flight(
    ctx: Context,
    pushing: Pushing,
    method: str,
    ready: Sequence[Prepared],
    body: bytes,
    again: bool,
    now: datetime,
) -> Flight:
    members = [one.member for one in ready]
    intent = new_intent(
        ctx.run,
        members,
        kind=pushing.kind,
        method=method,
        path=pushing.resource,
        body=body,
        slots=pushing.slots(ctx),
        now=now,
    )
    return Flight(pushing, intent, members, again=again)


def _make_sure_of_the_lease(ctx: Context, flights: Sequence[Flight]) -> None:
    """Who slept since the intents were committed may have been given up meanwhile, and
    what they say may have been settled and overtaken by others."""
    if any(ctx.clock() - flight.intent.prepared_at > FRESH for flight in flights):
        with ctx.commit():
            pass
