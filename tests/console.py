"""What a page says on its console, and what of it is a complaint."""

from collections.abc import Iterable

_EXPECTED = (
    # What htmx prints when a newer request takes the place of one that is under way.
    "htmx:sendAbort",
    "htmx:afterRequest",
    # What the browser prints when a form comes back with what to put right.
    "Failed to load resource: the server responded with a status of 422",
)


def complaints_of(said: Iterable[str]) -> list[str]:
    return [one for one in said if not one.startswith(_EXPECTED)]
