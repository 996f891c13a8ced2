"""Columns: which a file may have, what they are called, and what their cells say."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from fieldops.common.importing.cells import CellError, one_line
from fieldops.common.importing.report import Remark
from fieldops.common.importing.sheet import BrokenLine, FileRefused, Record, Sheet


@dataclass(frozen=True)
class Column:
    """``name`` is the template's, without its star; ``field`` is ours.

    A ``required`` column has to be there, and filled in ``every_row`` unless the rows
    of one record may leave it to the first of them.
    """

    name: str
    field: str
    read: Callable[[str], Any] = one_line
    required: bool = False
    every_row: bool = True
    longest: int | None = None


@dataclass(frozen=True)
class Layout:
    """``anchors``: one of them must be there, or the file has no line of names.

    ``unused`` are the template's columns we have no place for: named only when they
    hold something. ``foreign`` belong to another kind of file.
    """

    columns: tuple[Column, ...]
    anchors: tuple[str, ...]
    unused: tuple[str, ...] = ()
    foreign: Mapping[str, str] = field(default_factory=dict)

    @property
    def by_key(self) -> dict[str, Column]:
        return {column_key(column.name): column for column in self.columns}


@dataclass(frozen=True)
class Row:
    """``values`` holds what is stated: a blank cell is not in it."""

    line: int
    cells: tuple[str, ...]
    values: Mapping[str, Any]
    errors: tuple[Remark, ...]


@dataclass(frozen=True)
class Table:
    """A sheet read by a layout. ``names`` gives each field its column's name."""

    rows: tuple[Row, ...]
    broken: tuple[BrokenLine, ...]
    warnings: tuple[Remark, ...]
    names: Mapping[str, str]
    delimiter: str

    def name_of(self, field: str) -> str:
        return self.names.get(field, "")


def longest_of(model: type[Model], field: str) -> int | None:
    """How many characters the database has room for."""
    longest: int | None = getattr(model._meta.get_field(field), "max_length", None)
    return longest


# The column that our own list of refused rows adds.
REASON = "Reason"


def column_key(name: str) -> str:
    """Star, case, spaces and punctuation do not count."""
    return re.sub(r"[\W_]", "", name).casefold()


def read_table(sheet: Sheet, layout: Layout) -> Table:
    bound = _bound_columns(sheet.header, layout)
    _refuse_missing(bound.values(), layout)
    return Table(
        rows=tuple(_row(record, sheet.header, bound) for record in sheet.records),
        broken=sheet.broken,
        warnings=tuple(_file_warnings(sheet, layout, bound)),
        names={column.field: column.name for column in layout.columns},
        delimiter=sheet.delimiter,
    )


def _bound_columns(header: Record, layout: Layout) -> dict[int, Column]:
    """Which column stands where."""
    known = layout.by_key
    keys = [column_key(name) for name in header.cells]
    for key, what in layout.foreign.items():
        if key in keys:
            raise FileRefused(f"This looks like a file of {what}.")
    if not any(column_key(anchor) in keys for anchor in layout.anchors):
        raise FileRefused(
            "The first line does not name the columns. It must name at least "
            f"{' or '.join(layout.anchors)}."
        )
    twice = [key for key, times in Counter(keys).items() if times > 1 and key in known]
    if twice:
        names = ", ".join(known[key].name for key in twice)
        raise FileRefused(f"The first line names a column twice: {names}.")
    return {place: known[key] for place, key in enumerate(keys) if key in known}


def _refuse_missing(present: Iterable[Column], layout: Layout) -> None:
    there = {column.field for column in present}
    missing = [c.name for c in layout.columns if c.required and c.field not in there]
    if missing:
        word = "column is" if len(missing) == 1 else "columns are"
        raise FileRefused(f"The {word} missing: {', '.join(missing)}.")


def _row(record: Record, header: Record, bound: Mapping[int, Column]) -> Row:
    values: dict[str, Any] = {}
    errors = []
    extra = record.cells[len(header.cells) :]
    if any(cell.strip() for cell in extra):
        errors.append(
            Remark(
                record.line,
                "",
                f"has {len(record.cells)} values for {len(header.cells)} columns "
                "(put a value that holds the separator in quotation marks)",
            )
        )
    for place, column in bound.items():
        cell = record.cells[place] if place < len(record.cells) else ""
        try:
            if cell.strip():
                values[column.field] = _value(cell, column)
            elif column.required and column.every_row:
                raise CellError("is blank")
        except CellError as error:
            errors.append(Remark(record.line, column.name, str(error)))
    return Row(record.line, record.cells, values, tuple(errors))


def _value(cell: str, column: Column) -> Any:
    value = column.read(cell)
    if column.longest is not None and len(value) > column.longest:
        raise CellError(f"is longer than {column.longest} characters")
    return value


def _file_warnings(
    sheet: Sheet, layout: Layout, bound: Mapping[int, Column]
) -> Iterable[Remark]:
    if sheet.remark:
        yield Remark(0, "", sheet.remark)
    unused = {column_key(name) for name in layout.unused}
    for place, name in enumerate(sheet.header.cells):
        key = column_key(name)
        if place in bound or key == column_key(REASON):
            continue
        filled = any(
            place < len(record.cells) and record.cells[place].strip()
            for record in sheet.records
        )
        if filled or (key and key not in unused):
            shown = name.strip() or f"without a name (number {place + 1})"
            yield Remark(sheet.header.line, shown, "this column is not imported")
