"""Who of a long list is worth comparing with a record: those who share something rare
with it, or several things that are less so."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from xero_sync.matching.frequencies import Frequencies
from xero_sync.matching.records import KEYED, Field, Record

# Longer rows of records under one key are not read: what so many share says nothing.
LONGEST_ROW = 60
RARE_ROW = 6
RAREST_WORDS = 3
START = 6
FIELD_NAMES = [field.name for field in Field]


class Index:
    """Each key leads to the one place in the list that has it, or to a row of them."""

    def __init__(self, records: Sequence[Record], frequencies: Frequencies) -> None:
        self.records = records
        self._frequencies = frequencies
        self._rows: dict[int, int | list[int]] = {}
        for at, record in enumerate(records):
            for key in set(keys(record, frequencies)):
                self._add(key, at)

    def _add(self, key: int, at: int) -> None:
        row = self._rows.setdefault(key, at)
        if isinstance(row, list):
            if len(row) <= LONGEST_ROW:
                row.append(at)
        elif row != at:
            self._rows[key] = [row, at]

    def near(self, record: Record) -> list[int]:
        """The places of those worth comparing, in order."""
        found: dict[int, float] = {}
        enough = 1.0 / RARE_ROW
        for key in set(keys(record, self._frequencies)):
            row = self._rows.get(key)
            if row is None:
                continue
            if isinstance(row, int):
                found[row] = 1.0
            elif len(row) <= LONGEST_ROW:
                share = 1.0 / len(row)
                for at in row:
                    found[at] = found.get(at, 0.0) + share
        return sorted(at for at, worth in found.items() if worth >= enough)


def keys(record: Record, frequencies: Frequencies) -> Iterator[int]:
    """As numbers, which take less room than what they stand for."""
    return map(hash, _keys(record, frequencies))


def _keys(record: Record, frequencies: Frequencies) -> Iterator[tuple[str, ...]]:
    for field, values in zip(KEYED, record.values, strict=True):
        for value in values:
            yield FIELD_NAMES[field], value
    yield from _by_place(record)
    for name in record.names:
        yield from _by_name(name, record, frequencies)
    if record.letters:
        yield "letters", record.letters
        yield "start", record.letters[:START]
        yield "ends", record.letters[0], record.letters[-START:]
    if record.person:
        yield "name", *record.person
    if record.taken:
        yield "taken", record.taken


def _by_place(record: Record) -> Iterator[tuple[str, ...]]:
    for place in record.places:
        if place.street:
            if place.postcode:
                yield "at", place.postcode, place.street
            if place.town:
                yield "at", place.town, place.street
        if place.postcode:
            yield "postcode", place.postcode


def _by_name(
    name: tuple[str, ...], record: Record, frequencies: Frequencies
) -> Iterator[tuple[str, ...]]:
    if not name:
        return
    yield "name", *name
    rarest = sorted(name, key=lambda word: (-frequencies.of_word(word), word))
    rarest = rarest[:RAREST_WORDS]
    for word in rarest:
        yield "word", word
        for place in record.places:
            yield "word at", word, place.town
            yield "word at", word, place.postcode[:3]
    for pair in combinations(sorted(rarest), 2):
        yield "words", *pair
