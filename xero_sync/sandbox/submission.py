"""Reading what a client sent: typed values out of one JSON element, with the messages
Xero gives for what does not fit."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from xero_sync.sandbox.errors import NotFound, PostDataInvalid
from xero_sync.sandbox.wire import (
    Element,
    read_decimal,
    read_guid,
    read_moment,
)


def text(element: Element, name: str) -> str | None:
    """The text as sent; None when left out or null. Numbers count as text."""
    value = element.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    raise _wrong(value, "System.String")


def limited_text(
    element: Element, name: str, limit: int, problems: list[str]
) -> str | None:
    value = text(element, name)
    if value is not None and len(value) > limit:
        problems.append(f"The {name} must not be longer than {limit} characters.")
    return value


def flag(element: Element, name: str) -> bool | None:
    value = element.get(name)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise _wrong(value, "System.Boolean")


def number(element: Element, name: str) -> Decimal | None:
    value = element.get(name)
    if value is None or value == "":
        return None
    try:
        return read_decimal(value)
    except ValueError:
        raise _wrong(value, "System.Decimal") from None


def day(element: Element, name: str) -> date | None:
    value = element.get(name)
    if value is None or value == "":
        return None
    try:
        return read_moment(value if isinstance(value, str) else "").date()
    except ValueError:
        message = f"The string '{value}' is not a valid AllXsd value."
        raise PostDataInvalid(message) from None


def choice(element: Element, name: str, allowed: Mapping[str, str]) -> str | None:
    """One of an enumeration, any case; `allowed` maps upper case to the spelling kept."""
    value = element.get(name)
    if value is None or value == "":
        return None
    spelling = allowed.get(str(value).upper())
    if spelling is None:
        raise _wrong(value, name)
    return spelling


def guid(element: Element, name: str) -> str | None:
    """A record id; an all-zero or missing one is None, a malformed one names nothing."""
    value = element.get(name)
    if value is None or value == "":
        return None
    found = read_guid(value) if isinstance(value, str) else None
    if found is None:
        raise NotFound(str(value))
    return found if found.strip("0-") else None


def one(element: Element, name: str) -> Element:
    """A nested object; empty when left out."""
    value = element.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong(value, name)
    return value


def many(element: Element, name: str) -> list[Element] | None:
    """A nested array of objects; None when left out."""
    value = element.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise _wrong(value, name)
    return value


def enumeration(*spellings: str) -> dict[str, str]:
    return {spelling.upper(): spelling for spelling in spellings}


def _wrong(value: object, kind: str) -> PostDataInvalid:
    return PostDataInvalid(f"Error converting value \"{value}\" to type '{kind}'")
