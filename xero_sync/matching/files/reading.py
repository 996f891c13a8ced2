"""Reads lists from files, quickly and one record at a time, or says where one is wrong."""

import sys
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

import msgspec

RecordId = int | str
# Other programs write numbers where a text is meant, and the other way round.
Loose = str | int | float | bool | None

BOM = b"\xef\xbb\xbf"
TRUE = frozenset(["true", "yes", "y", "1"])

Row = TypeVar("Row")


class FileRefused(ValueError):
    """The file cannot be used; the message says where and why, in one line."""


def rows_of_lines(path: Path, row_type: type[Row]) -> Iterator[tuple[int, Row]]:
    """With the number of its line; empty lines are left out."""
    decode = msgspec.json.Decoder(row_type).decode
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                text = line.removeprefix(BOM) if number == 1 else line
                if text.strip():
                    yield number, _decoded(decode, text, f"{path}, line {number}")
    except OSError as error:
        raise FileRefused(f"{path} cannot be read: {error.strerror}.") from error


def rows_of_document(path: Path, kind: str, row_type: type[Row]) -> Iterator[Row]:
    """Those of the list that Xero's answer has under ``kind``."""
    try:
        content = path.read_bytes().removeprefix(BOM)
    except OSError as error:
        raise FileRefused(f"{path} cannot be read: {error.strerror}.") from error
    if not content.strip():
        raise FileRefused(f'{path} is empty: {{"{kind}": [...]}} is expected.')
    lists = _decoded(
        msgspec.json.Decoder(dict[str, msgspec.Raw]).decode, content, str(path)
    )
    if kind not in lists:
        raise FileRefused(f'{path} has no "{kind}".')
    raw_rows = _decoded(
        msgspec.json.Decoder(list[msgspec.Raw] | None).decode,
        lists[kind],
        f'{path}, "{kind}"',
    )
    decode = msgspec.json.Decoder(row_type).decode
    for at, raw in enumerate(raw_rows or []):
        yield _decoded(decode, raw, f"{path}, {kind}[{at}]")


def _decoded(
    decode: Callable[[bytes | msgspec.Raw], Row],
    content: bytes | msgspec.Raw,
    where: str,
) -> Row:
    try:
        return decode(content)
    except msgspec.ValidationError as error:
        raise FileRefused(f"{where}: {error}.") from error
    except UnicodeDecodeError as error:
        raise FileRefused(f"{where}: not UTF-8.") from error
    except (msgspec.DecodeError, RecursionError) as error:
        reason = "not UTF-8" if _is_other_encoding(content) else f"not JSON ({error})"
        raise FileRefused(f"{where}: {reason}.") from error


def _is_other_encoding(content: bytes | msgspec.Raw) -> bool:
    try:
        return "\x00" in bytes(content).decode()
    except UnicodeDecodeError:
        return True


class Ids:
    """Sees to it that each record of a file has an id, and each its own."""

    def __init__(self, path: Path, field: str, unit: str) -> None:
        self._path, self._field, self._unit = path, field, unit
        self._seen: dict[RecordId, int] = {}

    def add(self, record_id: RecordId | None, number: int) -> RecordId:
        where = f"{self._path}, {self._unit} {number}"
        if record_id is None or record_id == "":
            raise FileRefused(f'{where}: no "{self._field}".')
        first = self._seen.setdefault(record_id, number)
        if first != number:
            raise FileRefused(
                f'{where}: "{self._field}" {record_id} is that of '
                f"{self._unit} {first} as well."
            )
        return record_id


def text(value: Loose) -> str:
    """One line, without white space at its ends."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def often(value: Loose) -> str:
    """A text that many records have, kept once: lists of 100,000 have to fit in."""
    return sys.intern(text(value))


def flag(value: Loose) -> bool:
    if isinstance(value, str):
        return value.strip().casefold() in TRUE
    return bool(value)


def price(value: Loose) -> Decimal | None:
    """None as well for what is no number: a price is but one hint of many."""
    if value is None or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
