"""Rows in memory with indexes, and a journal that can take writes back or hand them
to storage. Rows are never changed in place: a write puts a new row."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec

Row = TypeVar("Row", bound=msgspec.Struct)


@dataclass(frozen=True)
class Change:
    """One key of one table as storage has to keep it; None means gone."""

    table: str
    key: str
    body: bytes | None


class Table(Generic[Row]):
    """Rows of one kind by key, and by any number of named indexes."""

    def __init__(
        self,
        name: str,
        row_type: type[Row],
        journal: "Journal",
        **indexes: Callable[[Row], Hashable | None],
    ) -> None:
        self.name = name
        self.row_type = row_type
        self._journal = journal
        self._rows: dict[str, Row] = {}
        self._index_of = indexes
        self._indexes: dict[str, dict[Hashable, dict[str, None]]] = {
            name: {} for name in indexes
        }
        journal.tables[name] = self

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def get(self, key: str) -> Row | None:
        return self._rows.get(key)

    def items(self) -> list[tuple[str, Row]]:
        """A copy, so that rows may be put or removed on the way."""
        return list(self._rows.items())

    def find(self, index: str, value: Hashable) -> list[Row]:
        return [self._rows[key] for key in self._indexes[index].get(value, ())]

    def first_key(self) -> str | None:
        return next(iter(self._rows), None)

    def put(self, key: str, row: Row) -> Row:
        self._journal.note(self, key)
        self.restore(key, row)
        return row

    def remove(self, key: str) -> None:
        self._journal.note(self, key)
        self.restore(key, None)

    def clear(self) -> None:
        for key, _ in self.items():
            self.remove(key)

    def restore(self, key: str, row: Row | None) -> None:
        """Put or remove without noting it: for loading and for taking back."""
        old = self._rows.get(key)
        for name, index_of in self._index_of.items():
            self._move(self._indexes[name], index_of, key, old, row)
        if row is None:
            self._rows.pop(key, None)
        else:
            self._rows[key] = row

    @staticmethod
    def _move(
        index: dict[Hashable, dict[str, None]],
        index_of: Callable[[Row], Hashable | None],
        key: str,
        old: Row | None,
        new: Row | None,
    ) -> None:
        before = None if old is None else index_of(old)
        after = None if new is None else index_of(new)
        if before == after:
            return
        if before is not None:
            index[before].pop(key)
            if not index[before]:
                del index[before]
        if after is not None:
            index.setdefault(after, {})[key] = None

    def load(self, key: str, body: bytes) -> None:
        self.restore(key, msgspec.json.decode(body, type=self.row_type))

    def encoded(self, key: str) -> bytes | None:
        row = self._rows.get(key)
        return None if row is None else msgspec.json.encode(row)


@dataclass
class Journal:
    """What was written since the last commit, with the rows as they were before."""

    tables: dict[str, "Table[Any]"] = field(default_factory=dict)
    _entries: list[tuple[str, str, msgspec.Struct | None]] = field(default_factory=list)

    def note(self, table: "Table[Row]", key: str) -> None:
        self._entries.append((table.name, key, table.get(key)))

    def mark(self) -> int:
        return len(self._entries)

    def roll_back(self, mark: int) -> None:
        while len(self._entries) > mark:
            name, key, before = self._entries.pop()
            self.tables[name].restore(key, before)

    def commit(self) -> list[Change]:
        """Forget how to take back, and say what storage has to keep."""
        touched = dict.fromkeys((name, key) for name, key, _ in self._entries)
        self._entries.clear()
        return [
            Change(name, key, self.tables[name].encoded(key)) for name, key in touched
        ]
