"""Read and change many rows by their keys, in statements whose text is always the same.

What they cost does not grow with a list of parameters, and no object is made of a row.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection, models

from fieldops.common.columns import field_named, quoted_column, quoted_table

Convert = Callable[[Any], Any]


class Among(NamedTuple):
    """Rows whose ``column`` has one of these values, all texts or all whole numbers."""

    column: str
    values: Iterable[int | str]


def read_rows(
    model: type[models.Model],
    names: tuple[str, ...],
    among: Among,
    *,
    order: tuple[str, ...] = (),
    **fixed: Any,
) -> list[tuple[Any, ...]]:
    """As ``values_list`` of these columns would give them."""
    values = list(among.values)
    if not values:
        return []
    statement, converters = _select(
        model, names, among.column, _array_type(values), tuple(fixed), order
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*fixed.values(), _list(values)])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return _converted(rows, converters) if converters else rows


def read_named(
    model: type[models.Model], names: tuple[str, ...], among: Among
) -> list[Any]:
    """The same with their names on them: as good as records for who only reads."""
    make = _row_type(names)._make
    return [make(row) for row in read_rows(model, names, among)]


def change_rows(
    model: type[models.Model],
    changes: Mapping[str, object],
    among: Among,
    **fixed: Any,
) -> int:
    """Set the same in all of them; how many there were. ``fixed``: what they must say
    until then, one value or a tuple of several."""
    values = list(among.values)
    if not values:
        return 0
    counts = tuple(
        len(value) if isinstance(value, tuple) else 0 for value in fixed.values()
    )
    statement = _update(
        model,
        tuple(changes),
        among.column,
        _array_type(values),
        tuple(zip(fixed, counts, strict=True)),
    )
    parameters = [
        field_named(model, name).get_db_prep_save(value, connection)
        for name, value in changes.items()
    ]
    for value in fixed.values():
        parameters += value if isinstance(value, tuple) else [value]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, _list(values)])
        return int(cursor.rowcount)


def save_columns(record: models.Model, *names: str) -> None:
    """As ``save(update_fields=names)`` would, of a record that is there."""
    values = {name: getattr(record, name) for name in names}
    change_rows(type(record), values, Among(record._meta.pk.name, [record.pk]))


@cache
def _row_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)


@cache
def _select(
    model: type[models.Model],
    names: tuple[str, ...],
    key: str,
    array: str,
    fixed: tuple[str, ...],
    order: tuple[str, ...],
) -> tuple[str, dict[int, Convert]]:
    where = [f"{quoted_column(model, name)} = %s" for name in fixed]
    where.append(_is_among(model, key, array))
    read = ", ".join(_readable(model, name) for name in names)
    statement = (
        f"SELECT {read} FROM {quoted_table(model)}"  # noqa: S608
        f" WHERE {' AND '.join(where)}"
    )
    if order:
        ordered = ", ".join(quoted_column(model, name) for name in order)
        statement += f" ORDER BY {ordered}"
    converters = {
        place: _converter(field_named(model, n)) for place, n in enumerate(names)
    }
    return statement, {place: one for place, one in converters.items() if one}


@cache
def _update(
    model: type[models.Model],
    names: tuple[str, ...],
    key: str,
    array: str,
    fixed: tuple[tuple[str, int], ...],
) -> str:
    sets = ", ".join(f"{quoted_column(model, name)} = %s" for name in names)
    where = [_condition(model, name, count) for name, count in fixed]
    where.append(_is_among(model, key, array))
    return (
        f"UPDATE {quoted_table(model)} SET {sets}"  # noqa: S608
        f" WHERE {' AND '.join(where)}"
    )


def _converted(
    rows: list[tuple[Any, ...]], converters: Mapping[int, Convert]
) -> list[tuple[Any, ...]]:
    columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
    for place, convert in converters.items():
        if columns:
            columns[place] = [
                None if one is None else convert(one) for one in columns[place]
            ]
    return list(zip(*columns, strict=True))


def _converter(field: Any) -> Convert | None:
    """What the driver does not do by itself."""
    if isinstance(field, models.DecimalField):
        return Decimal
    if isinstance(field, models.JSONField):
        return msgspec.json.decode
    if connection.vendor != "sqlite":
        return None
    if isinstance(field, models.UUIDField):
        return UUID
    return _aware if isinstance(field, models.DateTimeField) else None


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _readable(model: type[models.Model], name: str) -> str:
    """Decimals and JSON as text, with all the places that the field has: SQLite keeps a
    decimal as a float, whose text is exact at fifteen digits."""
    column, field = quoted_column(model, name), field_named(model, name)
    if isinstance(field, models.DecimalField) and connection.vendor == "sqlite":
        written = f"printf('%%.{field.decimal_places}f', {column})"
        return (
            f"CASE WHEN {column} IS NOT NULL THEN {written} END"
            if field.null
            else written
        )
    if isinstance(field, models.DecimalField | models.JSONField):
        return f"CAST({column} AS TEXT)"
    return column


def _condition(model: type[models.Model], name: str, count: int) -> str:
    """``count`` values to choose from; 0 for one that it must be."""
    if count:
        return f"{quoted_column(model, name)} IN ({', '.join(['%s'] * count)})"
    return f"{quoted_column(model, name)} = %s"


def _is_among(model: type[models.Model], name: str, array: str) -> str:
    """The list is one parameter."""
    if connection.vendor == "sqlite":
        return f"{quoted_column(model, name)} IN (SELECT value FROM json_each(%s))"  # noqa: S608
    return f"{quoted_column(model, name)} = ANY(%s::{array}[])"


def _array_type(values: Sequence[int | str]) -> str:
    return "text" if isinstance(values[0], str) else "bigint"


def _list(values: list[int | str]) -> Any:
    if connection.vendor == "sqlite":
        return msgspec.json.encode(values).decode()
    return values
