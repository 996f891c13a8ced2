"""What became of the rows of a file: plain, frozen facts for pages and commands."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Remark:
    """``field`` is the column's name in the file, or what people call it where the file
    has no such column; blank when the whole row is meant."""

    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else "file"
        return ": ".join(filter(None, (where, self.field, self.reason)))


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Entry:
    """One record of the file: the lines it stands on and what became of it."""

    lines: tuple[int, ...]
    label: str
    outcome: Outcome
    errors: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """``entries`` stand in the order of the file; ``warnings`` are about all of it."""

    entries: tuple[Entry, ...]
    warnings: tuple[Remark, ...] = ()

    def count(self, outcome: str) -> int:
        return Counter(entry.outcome for entry in self.entries)[Outcome(outcome)]

    @property
    def created(self) -> int:
        return self.count(Outcome.CREATED)

    @property
    def changed(self) -> int:
        return self.count(Outcome.CHANGED)

    @property
    def unchanged(self) -> int:
        return self.count(Outcome.UNCHANGED)

    @property
    def refused(self) -> int:
        return self.count(Outcome.REFUSED)

    @property
    def errors(self) -> tuple[Remark, ...]:
        return tuple(remark for entry in self.entries for remark in entry.errors)

    @property
    def all_warnings(self) -> tuple[Remark, ...]:
        return (*self.warnings, *self._entry_warnings())

    def reasons_by_line(self) -> dict[int, str]:
        """Every line of every refused record, with why."""
        return {
            line: "; ".join(_reasons_for(entry, line))
            for entry in self.entries
            if entry.outcome is Outcome.REFUSED
            for line in entry.lines
        }

    def _entry_warnings(self) -> Iterator[Remark]:
        for entry in self.entries:
            yield from entry.warnings


def _reasons_for(entry: Entry, line: int) -> Iterable[str]:
    own = [remark for remark in entry.errors if remark.line == line]
    if own:
        return [": ".join(filter(None, (each.field, each.reason))) for each in own]
    lines = sorted({remark.line for remark in entry.errors})
    return [f"refused with line {', '.join(map(str, lines))}"]
