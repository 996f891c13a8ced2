"""Whether a stock item is fit for the books: pure checks, used wherever one is needed."""

from collections.abc import Iterator

from fieldops.common.readiness import Flaw
from stock.models import StockItem

LONGEST_NAME = 64
# Xero's own limits are tighter; from there on we warn, and report what it says.
LONGEST_NAME_IN_XERO = 50
LONGEST_CODE = 30
LONGEST_DESCRIPTION = 4000


def item_flaws(item: StockItem, *, code_keeper: str = "") -> Iterator[Flaw]:
    """``code_keeper`` is the name of the other item that carries the code."""
    if not item.code:
        yield Flaw("code_missing", "code", "has no code")
    elif len(item.code) > LONGEST_CODE:
        message = f"is {len(item.code)} characters long; Xero takes {LONGEST_CODE}"
        yield Flaw("code_too_long", "code", message)
    if code_keeper and item.code:
        message = f"{item.code} is already the code of {code_keeper}"
        yield Flaw("code_used_here", "code", message)
    yield from _name_flaws(item.name)
    for field in ("description", "purchase_description"):
        length = len(getattr(item, field))
        if length > LONGEST_DESCRIPTION:
            message = f"is {length} characters long; Xero takes {LONGEST_DESCRIPTION}"
            yield Flaw("field_too_long", field, message)


def _name_flaws(name: str) -> Iterator[Flaw]:
    length = len(name)
    if length > LONGEST_NAME:
        message = f"is {length} characters long; the most is {LONGEST_NAME}"
        yield Flaw("name_too_long", "name", message)
    elif length > LONGEST_NAME_IN_XERO:
        message = f"is {length} characters long; Xero takes {LONGEST_NAME_IN_XERO}"
        yield Flaw("name_too_long", "name", message)
