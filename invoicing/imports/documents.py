"""Which rows make one invoice, and whether they agree. Pure: no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldops.common.importing.cells import comparison_key
from fieldops.common.importing.layout import Row, Table
from fieldops.common.importing.report import Remark
from fieldops.common.importing.sheet import BrokenLine
from invoicing.imports.columns import LINE_FIELDS


@dataclass(frozen=True)
class Document:
    """An invoice as the file tells it. ``head`` is what its rows say of the whole."""

    number: str
    rows: tuple[Row, ...]
    head: Mapping[str, Any]
    lines: tuple[int, ...]
    errors: tuple[Remark, ...]

    @property
    def first_line(self) -> int:
        return self.lines[0]

    @property
    def label(self) -> str:
        name = self.head.get("name", "")
        return " ".join(filter(None, (self.number or "(no number)", name)))


def documents(table: Table) -> tuple[list[Document], list[BrokenLine]]:
    """The invoices in the order of their first rows; broken lines that name none."""
    groups = _groups(table.rows)
    of_group, strays = _broken_by_group(table, groups)
    return (
        [_document(table, rows, of_group.get(key, [])) for key, rows in groups.items()],
        strays,
    )


def _groups(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """By number. A row without one belongs to the row above, unless it contradicts it:

    else an invoice would lose a line without a word.
    """
    groups: dict[str, list[Row]] = {}
    above, key = None, ""
    for row in rows:
        number = row.values.get("number", "")
        if number:
            key = number
        elif above is None or _contradicts(row, above):
            key = f"\0{row.line}"
        groups.setdefault(key, []).append(row)
        above = row
    return groups


def _contradicts(row: Row, above: Row) -> bool:
    return any(
        _comparable(field, row.values[field]) != _comparable(field, above.values[field])
        for field in _stated_head(row) & _stated_head(above)
    )


def _broken_by_group(
    table: Table, groups: Mapping[str, list[Row]]
) -> tuple[dict[str, list[BrokenLine]], list[BrokenLine]]:
    """A line that cannot be read still shows the number of the invoice it spoils."""
    of_group: dict[str, list[BrokenLine]] = {}
    strays = []
    for line in table.broken:
        tokens = [part.strip(' "') for part in line.text.split(table.delimiter)]
        number = next((token for token in tokens if token and token in groups), None)
        if number is None:
            strays.append(line)
        else:
            of_group.setdefault(number, []).append(line)
    return of_group, strays


def _document(
    table: Table, rows: Sequence[Row], broken: Sequence[BrokenLine]
) -> Document:
    head, disagreements = _head(table, rows)
    missing = [
        Remark(rows[0].line, table.name_of(field), "is blank")
        for field in ("name", "issued_on")
        if field not in head and not _has_error(table.name_of(field), rows)
    ]
    unreadable = [Remark(line.line, "", line.reason) for line in broken]
    own = [error for row in rows for error in row.errors]
    errors = [*own, *disagreements, *missing, *unreadable]
    return Document(
        number=head.get("number", ""),
        rows=tuple(rows),
        head=head,
        lines=tuple(sorted([row.line for row in rows] + [b.line for b in broken])),
        errors=tuple(sorted(errors, key=lambda remark: remark.line)),
    )


def _head(table: Table, rows: Sequence[Row]) -> tuple[dict[str, Any], list[Remark]]:
    head: dict[str, Any] = {}
    stated_on: dict[str, int] = {}
    errors = []
    for row in rows:
        for field in sorted(_stated_head(row)):
            value = row.values[field]
            if field not in head:
                head[field], stated_on[field] = value, row.line
            elif _comparable(field, head[field]) != _comparable(field, value):
                reason = f"differs from line {stated_on[field]} of the same invoice"
                errors.append(Remark(row.line, table.name_of(field), reason))
    return head, errors


def _stated_head(row: Row) -> set[str]:
    return set(row.values) - LINE_FIELDS


def _comparable(field: str, value: Any) -> Any:
    return comparison_key(value) if field == "name" else value


def _has_error(column: str, rows: Sequence[Row]) -> bool:
    return any(error.field == column for row in rows for error in row.errors)
