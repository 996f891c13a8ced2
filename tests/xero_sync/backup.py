"""Yesterday's backup: every row of every table, and the counters behind their ids."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

_SEQUENCES = "sqlite_sequence"


@dataclass(frozen=True)
class Backup:
    tables: dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def take_backup() -> Backup:
    tables = sorted(set(connection.introspection.table_names()) - {"django_migrations"})
    if connection.vendor == "sqlite":
        tables.append(_SEQUENCES)
    return Backup({table: _rows(table) for table in tables})


def restore(backup: Backup) -> None:
    """As from a file: what was written since is gone, and ids are given anew."""
    with connection.cursor() as cursor:
        for table in backup.tables:
            cursor.execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608
        for table, (columns, rows) in backup.tables.items():
            names = ", ".join(_quoted(column) for column in columns)
            marks = ", ".join(["%s"] * len(columns))
            if rows:
                cursor.executemany(
                    f"INSERT INTO {_quoted(table)} ({names}) VALUES ({marks})",  # noqa: S608
                    rows,
                )
        for statement in connection.ops.sequence_reset_sql(
            no_style(), apps.get_models()
        ):
            cursor.execute(statement)


def _rows(table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_quoted(table)}")  # noqa: S608
        columns = [column[0] for column in cursor.description]
        return columns, cursor.fetchall()


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
