"""All rows of our database, taken and put back: yesterday's backup, and the cheap way to
begin every history in the same state."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

APPS = ("common", "users", "customers", "stock", "invoicing", "xero_sync")

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Backup:
    rows: dict[str, Rows]
    numbers: Rows


def take() -> Backup:
    with connection.cursor() as cursor:
        rows = {table: _all(cursor, table) for table in _tables()}
        return Backup(rows, _numbers(cursor))


def put_back(backup: Backup) -> None:
    """Only what differs is written; ids go on from where they stood then."""
    with connection.cursor() as cursor:
        for table, kept in backup.rows.items():
            if _all(cursor, table) == kept:
                continue
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
            if kept:
                marks = ", ".join(["%s"] * len(kept[0]))
                kept = [tuple(map(_adapted, row)) for row in kept]
                cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks})', kept)  # noqa: S608
        _set_numbers(cursor, backup.numbers)


def _all(cursor: Any, table: str) -> Rows:
    cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608
    return list(cursor.fetchall())


def _adapted(value: Any) -> Any:
    """PostgreSQL hands JSON out as Python's own, and does not take it back as that."""
    if isinstance(value, dict | list):
        return connection.ops.adapt_json_value(value, None)
    return value


def _models() -> list[type[Model]]:
    return [
        model
        for label in APPS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]


def _tables() -> list[str]:
    return [model._meta.db_table for model in _models()]


def _numbers(cursor: Any) -> Rows:
    if connection.vendor != "sqlite":
        return []
    cursor.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name")
    return list(cursor.fetchall())


def _set_numbers(cursor: Any, numbers: Rows) -> None:
    if connection.vendor == "sqlite":
        cursor.execute("DELETE FROM sqlite_sequence")
        cursor.executemany("INSERT INTO sqlite_sequence VALUES (%s, %s)", numbers)
        return
    for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
        cursor.execute(statement)
