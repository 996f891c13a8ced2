"""What is asked of Xero's accounting API, as plain calls: verb, address, headers. Nothing
is called here."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from xero_sync.client.answers import Json, elements_of
from xero_sync.client.call import Call
from xero_sync.client.errors import UnreadableAnswer
from xero_sync.client.paging import Ask, Page, PageRead, keyset, newest_of
from xero_sync.client.reading import Reading, Step

PAGE_SIZE = 1000
# A longer address is answered with 404: 53 ids in one filter are too many.
LONGEST_FILTER = 1800

OLDEST_FIRST = {"order": "UpdatedDateUTC ASC"}
FOUR_PLACES = {"unitdp": "4"}
WITH_ARCHIVED = {"includeArchived": "true"}


def get(
    resource: str,
    *,
    path: str = "",
    params: Mapping[str, str] | None = None,
    since: datetime | None = None,
) -> Call:
    headers = {}
    if since is not None:
        moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        headers["If-Modified-Since"] = moment
    return Call("GET", path or resource, resource, params=params or {}, headers=headers)


ORGANISATION = get("Organisations", path="Organisation")
ACTIONS = get("Actions", path="Organisation/Actions")


def items_since(since: datetime | None) -> Call:
    return get("Items", params=FOUR_PLACES, since=since)


def page_call(resource: str, params: Mapping[str, str], ask: Ask) -> Call:
    paging = {"page": str(ask.number), "pageSize": str(PAGE_SIZE)}
    asked = OLDEST_FIRST | dict(params) | paging
    return get(resource, params=asked, since=ask.since)


def paged(resource: str, params: Mapping[str, str], since: datetime | None) -> Reading:
    paging = keyset(since)
    progress = next(paging)
    while progress.ask:
        answer = yield Step(progress.read, page_call(resource, params, progress.ask))
        progress = paging.send(page_of(answer, resource))
    yield Step(progress.read, None)


def whole(call: Call, since: datetime | None = None) -> Reading:
    answer = yield Step(None, call)
    elements = elements_of(answer, call.resource)
    if call is ORGANISATION:
        only(elements, call)
    yield Step(PageRead(elements, newest_of(since, elements)), None)


def only(found: list[Json], call: Call) -> Json:
    if len(found) != 1:
        raise UnreadableAnswer(
            f"Xero answered {len(found)} {call.resource.lower()}.",
            outcome_unknown=False,
        )
    return found[0]


def page_of(answer: Json, resource: str) -> Page:
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


def quoted(value: str) -> str:
    # Doubled is the only way a quotation mark passes Xero's filter.
    return '"' + value.replace('"', '""') + '"'


def short_enough(terms: Sequence[str], joint: str) -> Iterator[list[str]]:
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
