"""Xero's accounting API, verb by verb: what we read and the one way we write."""

import random as randomness
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

from xero_sync.client.answers import Json, element_result, elements_of
from xero_sync.client.call import Call
from xero_sync.client.calls import Calls
from xero_sync.client.errors import NotFound, XeroError
from xero_sync.client.exchange import Clock, SystemClock, TokenSource
from xero_sync.client.lines import Lines
from xero_sync.client.paging import PageRead, asked_from
from xero_sync.client.queries import (
    ACTIONS,
    FOUR_PLACES,
    ORGANISATION,
    PAGE_SIZE,
    WITH_ARCHIVED,
    get,
    items_since,
    only,
    paged,
    quoted,
    short_enough,
    whole,
)
from xero_sync.client.reading import Reading, read_side_by_side
from xero_sync.client.retry import Random
from xero_sync.client.throttle import Throttle
from xero_sync.outcomes.drafts import ElementResult

MAX_WAIT = 5.0
LONGEST_KEY = 128

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Write:
    """``body`` goes out byte for byte. PUT creates, POST updates by id."""

    method: str
    path: str
    body: bytes = field(repr=False)
    idempotency_key: str
    params: Mapping[str, str] = field(default_factory=dict)


class XeroApi:
    """One thread uses it: calls are under way side by side, all else is done on it."""

    def __init__(
        self,
        lines: Lines,
        throttle: Throttle,
        token_source: TokenSource,
        tenant_id: str,
        *,
        api_url: str = "https://api.xero.com",
        clock: Clock | None = None,
        random: Random = randomness.random,
        max_wait: float = MAX_WAIT,
    ) -> None:
        self._calls = Calls(
            lines,
            throttle,
            token_source,
            tenant_id=tenant_id,
            api_url=api_url,
            clock=clock or SystemClock(),
            random=random,
            max_wait=max_wait,
        )

    @property
    def calls(self) -> int:
        """How many requests were made, tries that failed included."""
        return self._calls.made

    @property
    def reads(self) -> int:
        return self._calls.reads

    @property
    def writes(self) -> int:
        return self._calls.writes

    def free_calls(self) -> int:
        """How many calls may begin soon enough not to be given up. RateLimited: none."""
        return self._calls.free()

    @property
    def mean_write_seconds(self) -> float:
        return self._calls.mean_write_seconds

    # --- whole lists, side by side ---

    def read_all(
        self, readings: Mapping[K, Reading]
    ) -> Generator[tuple[K, PageRead], None, None]:
        """Each page as it comes. An error is raised after the pages under way."""
        return read_side_by_side(self._calls, readings)

    def contact_pages(self, since: datetime | None) -> Reading:
        return paged("Contacts", WITH_ARCHIVED, since)

    def invoice_pages(self, since: datetime | None) -> Reading:
        return paged("Invoices", WITH_ARCHIVED | FOUR_PLACES, since)

    def item_list(self, since: datetime | None) -> Reading:
        """The whole list: Xero does not page items, and forgets those deleted."""
        return whole(items_since(asked_from(since)), since)

    def account_list(self) -> Reading:
        return whole(get("Accounts"))

    def tax_rate_list(self) -> Reading:
        return whole(get("TaxRates"))

    def organisation_entry(self) -> Reading:
        """One page of one element."""
        return whole(ORGANISATION)

    def action_list(self) -> Reading:
        return whole(ACTIONS)

    # --- reads ---

    def organisation(self) -> Json:
        return only(self._list(ORGANISATION), ORGANISATION)

    def actions(self) -> list[Json]:
        """What the organisation's plan, and whoever connected, allow us to do."""
        return self._list(ACTIONS)

    def items(self) -> list[Json]:
        return self._list(items_since(None))

    def contacts_by_number(self, numbers: Iterable[str]) -> list[Json]:
        """By ContactNumber, our own id; archived ones keep theirs."""
        terms = [f"ContactNumber=={quoted(number)}" for number in numbers]
        return self._by_filter("Contacts", "where", " OR ", terms, WITH_ARCHIVED)

    def contacts_by_id(self, xero_ids: Iterable[str]) -> list[Json]:
        return self._by_filter("Contacts", "IDs", ",", list(xero_ids), WITH_ARCHIVED)

    def invoices_by_number(self, numbers: Iterable[str]) -> list[Json]:
        """Bills of that number as well: look at the type."""
        terms = [f"InvoiceNumber=={quoted(number)}" for number in numbers]
        return self._by_filter("Invoices", "where", " OR ", terms, FOUR_PLACES)

    def invoices_by_id(self, xero_ids: Iterable[str]) -> list[Json]:
        return self._by_filter("Invoices", "IDs", ",", list(xero_ids), FOUR_PLACES)

    # --- the writes ---

    def write_all(
        self, writes: Sequence[Write]
    ) -> list[list[ElementResult] | XeroError]:
        """Side by side, their outcomes in the order given. Once Xero takes no more calls
        the rest is not sent: ``outcome_unknown`` of its error is False."""
        calls = [_write_call(write) for write in writes]
        resources = [call.resource for call in calls]
        return list(map(_outcome, self._calls.answers(calls), resources))

    def delete_item(self, xero_id: str) -> None:
        """What Xero has no longer counts as deleted."""
        path = f"Items/{quote(xero_id, safe='')}"
        try:
            self._calls.answer(Call("DELETE", path, "Items"))
        except NotFound:
            return

    # --- how ---

    def _list(self, call: Call) -> list[Json]:
        return elements_of(self._calls.answer(call), call.resource)

    def _by_filter(
        self,
        resource: str,
        param: str,
        joint: str,
        terms: Sequence[str],
        params: Mapping[str, str],
    ) -> list[Json]:
        found: list[Json] = []
        for part in short_enough(terms, joint):
            # A page, because the plain list leaves fields out.
            asked = {param: joint.join(part), "page": "1", "pageSize": str(PAGE_SIZE)}
            found += self._list(get(resource, params=dict(params) | asked))
        return found


def _write_call(write: Write) -> Call:
    if not 1 <= len(write.idempotency_key) <= LONGEST_KEY:
        raise ValueError("an idempotency key has 1 to 128 characters")
    return Call(
        write.method,
        write.path,
        write.path.partition("/")[0],
        params={"summarizeErrors": "false"} | FOUR_PLACES | dict(write.params),
        headers={"Idempotency-Key": write.idempotency_key},
        body=write.body,
    )


def _outcome(
    answer: Json | XeroError, resource: str
) -> list[ElementResult] | XeroError:
    return answer if isinstance(answer, XeroError) else _results(answer, resource)


def _results(answer: Json, resource: str) -> list[ElementResult]:
    """An element with neither an id nor a reason says nothing: as if it were left out."""
    results = (element_result(one, resource) for one in elements_of(answer, resource))
    return [result for result in results if result.xero_id or result.errors]
