"""Many calls at once: what is written, what is read, and what came of it."""

from collections.abc import Sequence

from xero_sync.client.api import Write
from xero_sync.client.call import Call
from xero_sync.client.paging import PageRead
from xero_sync.client.reading import Reading, Step
from xero_sync.outcomes.wire import canonical

ORGANISATION = Call("GET", "Organisation", "Organisations")


def contact(number: int) -> Write:
    element = {"Name": f"Contact {number}", "ContactNumber": f"our-{number}"}
    body = canonical({"Contacts": [element]})
    return Write("PUT", "Contacts", body, f"key-{number}")


def keys_of(outcomes: Sequence[object]) -> list[object]:
    return [
        outcome[0].key if isinstance(outcome, list) else type(outcome)
        for outcome in outcomes
    ]


def many(calls: int) -> Reading:
    """So many calls, one after the other."""
    read = None
    for _ in range(calls):
        answer = yield Step(read, ORGANISATION)
        read = PageRead([answer], None)
    yield Step(read, None)
