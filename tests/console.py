"""What a page says on its console, and what of it is a complaint."""

from collections.abc import Iterable

# What htmx prints when a newer request takes the place of one that is under way.
_REPLACED = ("htmx:sendAbort", "htmx:afterRequest")


def complaints_of(said: Iterable[str]) -> list[str]:
    return [one for one in said if not one.startswith(_REPLACED)]
