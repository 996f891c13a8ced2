"""JSON and moments as they go over the wire, for every room that reads or keeps them."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import msgspec

from xero_sync.outcomes.characters import with_characters_only, without_nul

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS = re.compile(r"/Date\((-?[0-9]{1,18})(?:[+-][0-9]{2,4})?\)/")

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_decoder = msgspec.json.Decoder(float_hook=str)
_encoder = msgspec.json.Encoder(order="sorted", decimal_format="number")
_keeper = msgspec.json.Encoder(order="sorted")

# Left out of what is kept: they come and go with the kind of answer, and say nothing.
_PASSING = frozenset(
    {
        "StatusAttributeString",
        "ValidationErrors",
        "HasValidationErrors",
        "HasErrors",
        "Warnings",
    }
)


def decode(body: bytes | str) -> object:
    """Numbers with a point stay the text that they are, as the mirror keeps them;
    ValueError says that it is no JSON. One character that is none must not cost a whole
    page: it is left out or replaced."""
    body = without_nul(body.encode() if isinstance(body, str) else body)
    try:
        return _decoded(body)
    except ValueError:
        mended = with_characters_only(body)
        if mended == body:
            raise
        return _decoded(mended)


def _decoded(body: bytes) -> object:
    try:
        return _decoder.decode(body)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error


def canonical(value: object) -> bytes:
    """The one way to write a value: keys sorted, no spaces, Decimals as numbers."""
    return _encoder.encode(value)


def fingerprint(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def kept(element: Mapping[str, object]) -> tuple[msgspec.Raw, str]:
    """A record of Xero's as we keep it, and the hash of that."""
    said = dict(element)
    for key in _PASSING & said.keys():
        del said[key]
    text = _keeper.encode(said)
    return msgspec.Raw(text), hashlib.sha256(text).hexdigest()


def moment(value: object) -> datetime | None:
    """Xero's ``/Date(ms+0000)/``, whose offset means nothing, or ISO, where UTC is
    meant unless it says otherwise. None for what is neither."""
    return _moment(value) if isinstance(value, str) else None


@lru_cache(maxsize=2000)
def _moment(value: str) -> datetime | None:
    match = _MILLISECONDS.fullmatch(value)
    try:
        if match:
            return EPOCH + timedelta(milliseconds=int(match[1]))
        read = datetime.fromisoformat(value)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def updated_at(element: Mapping[str, object]) -> datetime | None:
    return moment(element.get("UpdatedDateUTC"))


def guid_of(value: object) -> str:
    """An id of Xero's in lower case; "" for what is none."""
    if not isinstance(value, str):
        return ""
    value = value.strip().lower()
    return value if _GUID.fullmatch(value) else ""
