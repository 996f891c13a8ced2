"""Write many rows in one statement, whatever the database's limit of parameters is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models


def insert_rows(rows: Sequence[models.Model]) -> None:
    """As ``save`` would one by one. The rows do not learn their primary keys."""
    if not rows:
        return
    fields = _written_fields(type(rows[0]))
    names = ", ".join(_quoted(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    values = [
        tuple(
            field.get_db_prep_save(field.pre_save(row, add=True), connection)
            for field in fields
        )
        for row in rows
    ]
    _execute(
        f"INSERT INTO {_table(type(rows[0]))} ({names}) VALUES ({marks})",  # noqa: S608
        values,
    )


def update_rows(
    model: type[models.Model], keys: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> None:
    """Each row names the same fields: ``keys`` find it, the others are set."""
    rows = list(rows)
    if not rows:
        return
    names = [*(name for name in rows[0] if name not in keys), *keys]
    fields = [_field(model, name) for name in names]
    places = [f"{_quoted(field.column)} = %s" for field in fields]
    sets, where = places[: -len(keys)], places[-len(keys) :]
    values = [
        tuple(
            field.get_db_prep_save(row[name], connection)
            for field, name in zip(fields, names, strict=True)
        )
        for row in rows
    ]
    _execute(
        f"UPDATE {_table(model)} SET {', '.join(sets)}"  # noqa: S608
        f" WHERE {' AND '.join(where)}",
        values,
    )


def _written_fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _table(model: type[models.Model]) -> str:
    return _quoted(model._meta.db_table)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _execute(statement: str, values: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
