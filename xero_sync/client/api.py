"""Xero's accounting API, verb by verb: what we read and the one way we write."""

import random as randomness
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from xero_sync.client.answers import Json, element_result, elements_of
from xero_sync.client.calls import Call, Calls
from xero_sync.client.errors import UnreadableAnswer
from xero_sync.client.exchange import Clock, SystemClock, TokenSource, Transport
from xero_sync.client.paging import Page
from xero_sync.client.retry import Random
from xero_sync.client.throttle import Throttle
from xero_sync.outcomes.drafts import ElementResult

PAGE_SIZE = 1000
MAX_WAIT = 5.0
LONGEST_KEY = 128
# A longer address is answered with 404: 53 ids in one filter are too many.
LONGEST_FILTER = 1800

OLDEST_FIRST = {"order": "UpdatedDateUTC ASC"}
FOUR_PLACES = {"unitdp": "4"}
WITH_ARCHIVED = {"includeArchived": "true"}


class XeroApi:
    def __init__(
        self,
        transport: Transport,
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
            transport,
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

    # --- reads ---

    def organisation(self) -> Json:
        found = self._list("Organisation", "Organisations")
        if len(found) != 1:
            raise UnreadableAnswer(
                f"Xero answered {len(found)} organisations.", outcome_unknown=False
            )
        return found[0]

    def accounts(self) -> list[Json]:
        return self._list("Accounts")

    def tax_rates(self) -> list[Json]:
        return self._list("TaxRates")

    def items(self, modified_since: datetime | None = None) -> list[Json]:
        """The whole list: Xero does not page items, and forgets those deleted."""
        return self._list("Items", params=FOUR_PLACES, modified_since=modified_since)

    def contacts_page(
        self,
        modified_since: datetime | None = None,
        page: int = 1,
        page_size: int = PAGE_SIZE,
    ) -> Page:
        return self._page("Contacts", WITH_ARCHIVED, modified_since, page, page_size)

    def invoices_page(
        self,
        modified_since: datetime | None = None,
        page: int = 1,
        page_size: int = PAGE_SIZE,
    ) -> Page:
        params = WITH_ARCHIVED | FOUR_PLACES
        return self._page("Invoices", params, modified_since, page, page_size)

    def contacts_by_number(self, numbers: Iterable[str]) -> list[Json]:
        """By ContactNumber, our own id; archived ones keep theirs."""
        terms = [f"ContactNumber=={_quoted(number)}" for number in numbers]
        return self._by_filter("Contacts", "where", " OR ", terms, WITH_ARCHIVED)

    def contacts_by_id(self, xero_ids: Iterable[str]) -> list[Json]:
        return self._by_filter("Contacts", "IDs", ",", list(xero_ids), WITH_ARCHIVED)

    def invoices_by_number(self, numbers: Iterable[str]) -> list[Json]:
        """Bills of that number as well: look at the type."""
        terms = [f"InvoiceNumber=={_quoted(number)}" for number in numbers]
        return self._by_filter("Invoices", "where", " OR ", terms, FOUR_PLACES)

    def invoices_by_id(self, xero_ids: Iterable[str]) -> list[Json]:
        return self._by_filter("Invoices", "IDs", ",", list(xero_ids), FOUR_PLACES)

    def invoice(self, xero_id: str) -> Json:
        """With its lines; NotFound when Xero has none of that id."""
        path = f"Invoices/{quote(xero_id, safe='')}"
        found = self._list("Invoices", path=path, params=FOUR_PLACES)
        if len(found) != 1:
            raise UnreadableAnswer(
                f"Xero answered {len(found)} invoices.", outcome_unknown=False
            )
        return found[0]

    # --- the write ---

    def write(
        self,
        method: str,
        path: str,
        body: bytes,
        *,
        idempotency_key: str,
        params: Mapping[str, str] | None = None,
    ) -> list[ElementResult]:
        """``body`` goes out byte for byte. PUT creates, POST updates by id. Each element
        of a batch has its own outcome, in the order Xero answered them."""
        if not 1 <= len(idempotency_key) <= LONGEST_KEY:
            raise ValueError("an idempotency key has 1 to 128 characters")
        resource = path.partition("/")[0]
        call = Call(
            method,
            path,
            resource,
            params={"summarizeErrors": "false"} | FOUR_PLACES | dict(params or {}),
            headers={"Idempotency-Key": idempotency_key},
            body=body,
        )
        answer = self._calls.answer(call)
        return [
            element_result(element, resource)
            for element in elements_of(answer, resource)
        ]

    # --- how ---

    def _list(
        self,
        resource: str,
        name: str = "",
        *,
        path: str = "",
        params: Mapping[str, str] | None = None,
        modified_since: datetime | None = None,
    ) -> list[Json]:
        """``name`` is the list's in the answer, where it is not the resource's."""
        name = name or resource
        call = Call(
            "GET",
            path or resource,
            name,
            params=params or {},
            headers=_since(modified_since),
        )
        return elements_of(self._calls.answer(call), name)

    def _page(
        self,
        resource: str,
        params: Mapping[str, str],
        modified_since: datetime | None,
        page: int,
        page_size: int,
    ) -> Page:
        paging = {"page": str(page), "pageSize": str(page_size)}
        call = Call(
            "GET",
            resource,
            resource,
            params=OLDEST_FIRST | dict(params) | paging,
            headers=_since(modified_since),
        )
        answer = self._calls.answer(call)
        return _page_of(answer, resource)

    def _by_filter(
        self,
        resource: str,
        param: str,
        joint: str,
        terms: Sequence[str],
        params: Mapping[str, str],
    ) -> list[Json]:
        found: list[Json] = []
        for part in _short_enough(terms, joint):
            # A page, because the plain list leaves fields out.
            asked = {param: joint.join(part), "page": "1", "pageSize": str(PAGE_SIZE)}
            found += self._list(resource, params=dict(params) | asked)
        return found


def _page_of(answer: Json, resource: str) -> Page:
    paging = answer.get("pagination")
    paging = paging if isinstance(paging, dict) else {}
    size, pages, items = (
        paging.get(name) for name in ("pageSize", "pageCount", "itemCount")
    )
    if not (
        isinstance(size, int) and isinstance(pages, int) and isinstance(items, int)
    ):
        raise UnreadableAnswer(
            f"Xero's answer does not say which page of {resource} it is.",
            outcome_unknown=False,
        )
    return Page(elements_of(answer, resource), size, pages, items)


def _since(moment: datetime | None) -> dict[str, str]:
    if moment is None:
        return {}
    return {"If-Modified-Since": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")}


def _quoted(value: str) -> str:
    # Doubled is the only way a quotation mark passes Xero's filter.
    return '"' + value.replace('"', '""') + '"'


def _short_enough(terms: Sequence[str], joint: str) -> Iterator[list[str]]:
    """Cuts a list of terms so that each part fits an address."""
    part: list[str] = []
    length = 0
    for term in dict.fromkeys(terms):
        added = len(quote(joint + term, safe=""))
        if part and length + added > LONGEST_FILTER:
            yield part
            part, length = [], 0
        part.append(term)
        length += added
    if part:
        yield part
