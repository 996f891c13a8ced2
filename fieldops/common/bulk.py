"""Write many rows in one statement, whatever the database's limit of parameters is."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, connections, models
from django.utils import timezone

from fieldops.common.columns import field_named, quoted_column, quoted_table

Row = Mapping[str, Any]

# Values of these types go to these fields as they are.
_PLAIN_VALUES = frozenset({str, int, bool, type(None)})
_PLAIN_FIELDS = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.BooleanField,
    models.ForeignKey,
)
_json = msgspec.json.Encoder(decimal_format="string")


def insert_records(records: Sequence[models.Model]) -> None:
    """As ``save`` would one by one, all at the same moment. They do not learn their
    primary keys."""
    if not records:
        return
    names = _touched(records, timezone.now())
    _insert(type(records[0]), names, [vars(record) for record in records])


def _touched(records: Sequence[models.Model], now: datetime) -> list[str]:
    """Gives each the moments that a first ``save`` would; the columns that are written."""
    fields = [one for one in records[0]._meta.concrete_fields if not one.primary_key]
    for field in fields:
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            for record in records:
                setattr(record, field.attname, now)
    return [field.attname for field in fields]


def insert_record(record: models.Model) -> None:
    """As ``save`` would for the first time, without making the same SQL again."""
    model = type(record)
    if record.pk is not None or not connection.features.can_return_columns_from_insert:
        record.save(force_insert=True)
        return
    names = _touched([record], timezone.now())
    tail = f"RETURNING {quoted_column(model, 'id')}"
    statement = _inserting(model, tuple(names), tail)
    with connection.cursor() as cursor:
        cursor.execute(statement, *_parameters(model, names, [vars(record)]))
        ((record.pk,),) = cursor.fetchall()
    record._state.adding, record._state.db = False, connection.alias


def insert_rows(
    model: type[models.Model], rows: Sequence[Row], *, or_ignore: bool = False
) -> int:
    """Every row names the same columns. How many were inserted: with ``or_ignore`` those
    that meet a unique constraint are not."""
    tail = "ON CONFLICT DO NOTHING" if or_ignore else ""
    return _insert(model, list(rows[0]), rows, tail) if rows else 0


def put_rows(
    model: type[models.Model],
    rows: Sequence[Row],
    *,
    unique: Sequence[str],
    newest_by: str,
) -> int:
    """Insert rows, or replace those there under the ``unique`` columns, unless these are
    newer by ``newest_by``."""
    if not rows:
        return 0
    keys = [quoted_column(model, name) for name in unique]
    sets = [
        f"{column} = excluded.{column}"
        for name in rows[0]
        if (column := quoted_column(model, name)) not in keys
    ]
    moment = quoted_column(model, newest_by)
    tail = (
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(sets)} "
        f"WHERE {quoted_table(model)}.{moment} <= excluded.{moment}"
    )
    return _insert(model, list(rows[0]), rows, tail)


def update_rows(
    model: type[models.Model], keys: Sequence[str], rows: Iterable[Row]
) -> None:
    """Each row names the same columns: ``keys`` find it, the others are set."""
    rows = list(rows)
    if not rows:
        return
    names = [*(name for name in rows[0] if name not in keys), *keys]
    places = [f"{quoted_column(model, name)} = %s" for name in names]
    sets, where = places[: -len(keys)], places[-len(keys) :]
    _execute(
        f"UPDATE {quoted_table(model)} SET {', '.join(sets)}"  # noqa: S608
        f" WHERE {' AND '.join(where)}",
        _parameters(model, names, rows),
    )


def _insert(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Row], tail: str = ""
) -> int:
    statement = _inserting(model, tuple(names), tail)
    return _execute(statement, _parameters(model, names, rows))


@cache
def _inserting(model: type[models.Model], names: tuple[str, ...], tail: str) -> str:
    columns = ", ".join(quoted_column(model, name) for name in names)
    marks = ", ".join(["%s"] * len(names))
    return f"INSERT INTO {quoted_table(model)} ({columns}) VALUES ({marks}) {tail}"  # noqa: S608


def _parameters(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Row]
) -> list[tuple[Any, ...]]:
    """Column by column: a type's way of writing is looked up once."""
    columns = [
        _written(field_named(model, name), [row[name] for row in rows])
        for name in names
    ]
    return list(zip(*columns, strict=True))


def _written(field: Any, values: Sequence[Any]) -> list[Any]:
    """The values of a field as its column takes them."""
    database = connections[connection.alias]

    def prepared(value: Any) -> Any:
        return field.get_db_prep_save(value, database)

    if isinstance(field, models.JSONField):
        return [None if one is None else _json.encode(one).decode() for one in values]
    if isinstance(field, models.DateTimeField):
        # Most rows name the same few moments.
        known = {one: _moment(one) for one in set(values) if one is not None}
        return [known.get(one) for one in values]
    if isinstance(field, models.UUIDField) and database.vendor == "sqlite":
        return [one.hex if isinstance(one, UUID) else prepared(one) for one in values]
    if isinstance(field, _PLAIN_FIELDS):
        return [one if type(one) in _PLAIN_VALUES else prepared(one) for one in values]
    return [prepared(one) for one in values]


def _moment(value: datetime) -> Any:
    if value.tzinfo is UTC and connection.vendor == "sqlite":
        return str(value.replace(tzinfo=None))
    return connection.ops.adapt_datetimefield_value(value)


def _execute(statement: str, values: Sequence[tuple[Any, ...]]) -> int:
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
        return int(cursor.rowcount)
