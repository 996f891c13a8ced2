"""Writing a table of records, one row each: match, create, change, refuse, report."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fieldops.common.errors import DomainError
from fieldops.common.importing.cells import comparison_key
from fieldops.common.importing.flaws import FlawsOf
from fieldops.common.importing.layout import Row, Table
from fieldops.common.importing.report import Entry, ImportReport, Outcome, Remark
from fieldops.common.importing.sheet import BrokenLine
from fieldops.common.importing.twins import Known, Twins, Wanted
from fieldops.common.models import Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Recipe(Generic[R]):
    """What is particular to one kind of record.

    ``number_field`` holds the number that tells records apart; where ``number_decides``
    the name does not matter beside it. ``values_of`` are the fields a row states.
    ``beside`` puts them beside what a record has, where one does not replace the other.
    ``flaws_of`` is given the older record that carries the same number, if one does.
    """

    number_field: str
    values_of: Callable[[Row], Mapping[str, Any]]
    create: Callable[[Row], R]
    change: Callable[[R, Mapping[str, Any]], R]
    flaws_of: FlawsOf[R]
    warnings_of: Callable[[Row], Iterable[Remark]] = lambda row: ()
    number_decides: bool = False
    beside: Callable[[R, Mapping[str, Any]], Mapping[str, Any]] = lambda _, values: (
        values
    )


@dataclass(frozen=True)
class Verdict(Generic[R]):
    row: Row
    outcome: Outcome
    record: R | None = None
    errors: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    changed: tuple[str, ...] = ()


class RecordsImport(Generic[R]):
    """One table against the records we have; ``run`` once."""

    def __init__(self, table: Table, known: Iterable[R], recipe: Recipe[R]) -> None:
        self.table = table
        self.recipe = recipe
        self.known = {record.pk: record for record in known}

    def run(self) -> ImportReport:
        repeats = self._repeats()
        rows = [row for row in self.table.rows if row.line not in repeats]
        matches = self._matches(rows)
        verdicts = list(repeats.values())
        for place, row in enumerate(rows):
            verdict = self._written(row, matches.get(place))
            if verdict.record is not None:
                self.known[verdict.record.pk] = verdict.record
            verdicts.append(verdict)
        entries = [self._entry(verdict, self._keepers()) for verdict in verdicts]
        entries += [broken_entry(line) for line in self.table.broken]
        entries.sort(key=lambda entry: entry.lines)
        return ImportReport(tuple(entries), self.table.warnings)

    def _number(self, row: Row) -> str:
        return str(row.values.get(self.recipe.number_field, ""))

    def _repeats(self) -> dict[int, Verdict[R]]:
        """Rows that say again, or otherwise, what an earlier row has said."""
        seen: dict[tuple[str, ...], int] = {}
        repeats: dict[int, Verdict[R]] = {}
        for row in self.table.rows:
            cells = ("", *row.cells)
            identity = self._identity(row)
            if cells in seen and not row.errors:
                remark = Remark(row.line, "", f"repeats line {seen[cells]}")
                repeats[row.line] = Verdict(row, Outcome.UNCHANGED, warnings=(remark,))
            elif identity and identity in seen:
                name = self.table.name_of(self.recipe.number_field)
                reason = f"line {seen[identity]} already gives {self._number(row)}"
                remark = Remark(row.line, name, reason)
                errors = (*row.errors, remark)
                repeats[row.line] = Verdict(row, Outcome.REFUSED, errors=errors)
            else:
                seen[cells] = row.line
                if identity:
                    seen[identity] = row.line
        return repeats

    def _identity(self, row: Row) -> tuple[str, ...]:
        number = comparison_key(self._number(row))
        if not number:
            return ()
        if self.recipe.number_decides:
            return (number,)
        return (number, comparison_key(row.values.get("name", "")))

    def _matches(self, rows: Sequence[Row]) -> dict[int, R]:
        number_field = self.recipe.number_field
        values = [self.recipe.values_of(row) for row in rows]
        return Twins(
            [Wanted(self._number(row), row.values.get("name", "")) for row in rows],
            [
                Known(record, getattr(record, number_field), str(record_name(record)))
                for record in self.known.values()
            ],
            lambda place, record: bool(self._differing(record, values[place])),
            number_decides=self.recipe.number_decides,
        ).pairs()

    def _written(self, row: Row, match: R | None) -> Verdict[R]:
        if row.errors:
            return Verdict(row, Outcome.REFUSED, errors=row.errors)
        warnings = tuple(self.recipe.warnings_of(row))
        try:
            if match is None:
                made = self.recipe.create(row)
                return Verdict(row, Outcome.CREATED, made, warnings=warnings)
            values = self._differing(match, self.recipe.values_of(row))
            if not values:
                return Verdict(row, Outcome.UNCHANGED, match, warnings=warnings)
            record = self.recipe.change(match, values)
        except DomainError as refusal:
            field = self.table.name_of(refusal.field)
            remark = Remark(row.line, field, refusal.message)
            return Verdict(row, Outcome.REFUSED, errors=(remark,))
        changed = tuple(self.table.name_of(name) or name for name in values)
        return Verdict(row, Outcome.CHANGED, record, (), warnings, changed)

    def _differing(self, record: R, values: Mapping[str, Any]) -> dict[str, Any]:
        return differing(record, self.recipe.beside(record, values))

    def _keepers(self) -> dict[str, R]:
        """By number: of several records that carry it, the oldest."""
        keepers: dict[str, R] = {}
        for record in sorted(self.known.values(), key=lambda each: -each.pk):
            if number := comparison_key(getattr(record, self.recipe.number_field)):
                keepers[number] = record
        return keepers

    def _entry(self, verdict: Verdict[R], keepers: Mapping[str, R]) -> Entry:
        row, record = verdict.row, verdict.record
        return Entry(
            lines=(row.line,),
            label=record_name(record) if record else label_of(row),
            outcome=verdict.outcome,
            errors=verdict.errors,
            warnings=(*verdict.warnings, *self._flaws(row, record, keepers)),
            changed=verdict.changed,
        )

    def _flaws(
        self, row: Row, record: R | None, keepers: Mapping[str, R]
    ) -> Iterable[Remark]:
        if record is None:
            return
        number = comparison_key(getattr(record, self.recipe.number_field))
        keeper = keepers.get(number)
        other = None if keeper is None or keeper.pk == record.pk else keeper
        for flaw in self.recipe.flaws_of(record, other):
            name = self.table.name_of(flaw.field) or flaw.label
            yield Remark(row.line, name, flaw.message)


def differing(record: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in values.items() if getattr(record, name) != value
    }


def record_name(record: Record) -> str:
    return str(getattr(record, "name", record))


def label_of(row: Row) -> str:
    return str(row.values.get("name", "")) or next(filter(None, row.cells), "")


def broken_entry(line: BrokenLine) -> Entry:
    remark = Remark(line.line, "", line.reason)
    label = " ".join(line.text.split())[:60]
    return Entry((line.line,), label, Outcome.REFUSED, errors=(remark,))
