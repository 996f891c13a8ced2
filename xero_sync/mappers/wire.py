"""Single values of Xero's JSON: texts, numbers, dates, ids and what is nested."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from uuid import UUID

from xero_sync.mappers.errors import Unreadable
from xero_sync.outcomes.wire import canonical, moment

Payload = Mapping[str, object]

MONEY = Decimal("0.01")
PRICE = Decimal("0.0001")
LARGEST = Decimal(10) ** 15
LONGEST_NUMBER = 40
# Far more than any field of Xero's takes.
LONGEST_TEXT = 50_000
# Of what others point to.
LONGEST_ACCOUNT_CODE = 10
LONGEST_TAX_TYPE = 50

# Characters that neither XML nor PostgreSQL takes; tabs and line ends are white space.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")


def normal_text(text: str) -> str:
    """The one form both sides are compared in: NFC, no white space at the ends of a
    line nor doubled in it, no blank lines at the ends."""
    if not text:
        return text
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")
    text = unicodedata.normalize("NFC", _CONTROLS.sub("", text))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip("\n")


def payload_of(value: object) -> Payload:
    if not isinstance(value, Mapping):
        raise Unreadable("payload", value)
    return value


def text(payload: Payload, field: str, *, longest: int = LONGEST_TEXT) -> str:
    value = payload.get(field)
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or len(value) > longest:
        raise Unreadable(field, value)
    return normal_text(value)


def required_text(payload: Payload, field: str, *, longest: int = LONGEST_TEXT) -> str:
    value = text(payload, field, longest=longest)
    if not value:
        raise Unreadable(field, payload.get(field))
    return value


def guid(payload: Payload, field: str) -> str:
    """Lower case with dashes; "" for none and for the zero id of what was not made."""
    value = payload.get(field)
    if value is None or value == "":
        return ""
    try:
        read = UUID(value) if isinstance(value, str) else None
    except ValueError:
        read = None
    if read is None:
        raise Unreadable(field, value)
    return str(read) if read.int else ""


def required_guid(payload: Payload, field: str) -> str:
    value = guid(payload, field)
    if not value:
        raise Unreadable(field, payload.get(field))
    return value


def flag(payload: Payload, field: str, *, default: bool = False) -> bool:
    value = payload.get(field)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise Unreadable(field, value)
    return value


def whole_number(payload: Payload, field: str) -> int | None:
    value = payload.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= LARGEST:
        raise Unreadable(field, value)
    return value


def number(payload: Payload, field: str, places: Decimal) -> Decimal | None:
    """Rounded half up to ``places``. A float is refused: it has lost the truth."""
    value = payload.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise Unreadable(field, value)
    if isinstance(value, str) and len(value) > LONGEST_NUMBER:
        raise Unreadable(field, value)
    try:
        read = Decimal(value)
        if not read.is_finite() or abs(read) >= LARGEST:
            raise Unreadable(field, value)
        return read.quantize(places, rounding=ROUND_HALF_UP)
    except (InvalidOperation, ValueError) as error:
        raise Unreadable(field, value) from error


def required_number(payload: Payload, field: str, places: Decimal) -> Decimal:
    value = number(payload, field, places)
    if value is None:
        raise Unreadable(field, None)
    return value


def required_moment(payload: Payload, field: str) -> datetime:
    read = moment(payload.get(field))
    if read is None:
        raise Unreadable(field, payload.get(field))
    return read


def day(payload: Payload, field: str) -> date | None:
    """A plain date travels as midnight UTC, whatever the organisation's time zone."""
    value = payload.get(field)
    if value is None or value == "":
        return None
    read = moment(value)
    if read is None:
        raise Unreadable(field, value)
    return read.date()


def nested(payload: Payload, field: str) -> Payload:
    value = payload.get(field)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Unreadable(field, value)
    return value


def rows(payload: Payload, field: str) -> Iterator[Payload]:
    value = payload.get(field)
    if value is None:
        return
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise Unreadable(field, value)
    for row in value:
        if not isinstance(row, Mapping):
            raise Unreadable(field, row)
        yield row


def request_body(resource: str, elements: Sequence[Payload]) -> bytes:
    """The exact bytes of a write: ``resource`` is Contacts, Items or Invoices."""
    return canonical({resource: list(elements)})
