"""Queries that are put into SQL once and asked again and again.

Django takes twenty times as long to make the SQL of a small query as the database takes
to answer it. A run of the sync asks the same hundred questions each time.
"""

import inspect
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, wraps
from itertools import chain
from typing import Any, ParamSpec, TypeVar, get_origin
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Expression, Model, QuerySet
from django.db.models import query as queries
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    NamedValuesListIterable,
    ValuesListIterable,
)
from django.db.models.sql import UpdateQuery

CHUNK = 500  # rows

P = ParamSpec("P")
Row = TypeVar("Row")
Change = tuple["QuerySet[Any, Any]", Mapping[str, object]]
_Rows = Iterable[Sequence[Any]]


def prepared(build: Callable[P, "QuerySet[Any, Row]"]) -> Callable[P, list[Row]]:
    """All that the query finds. ``build`` gets stand-ins for what is given: it may
    compare with them and no more. What it calls a ``list`` is one of whole numbers or of
    texts. It runs once for each value of what it takes by keyword only, and may depend
    on nothing else. Records or ``values_list``."""
    question = _Question(build, _reading)

    @wraps(build)
    def ask(*args: P.args, **kwargs: P.kwargs) -> list[Row]:
        statement, parameters = question.put(args, kwargs)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, parameters)
            return list(statement.read(cursor.fetchall()))

    return ask


def streamed(build: Callable[P, "QuerySet[Any, Row]"]) -> Callable[P, Iterator[Row]]:
    """The same for what may be long: some hundreds at a time, as ``iterator`` does."""
    question = _Question(build, _reading)

    @wraps(build)
    def ask(*args: P.args, **kwargs: P.kwargs) -> Iterator[Row]:
        statement, parameters = question.put(args, kwargs)
        with connection.chunked_cursor() as cursor:
            cursor.execute(statement.sql, parameters)
            parts = iter(lambda: cursor.fetchmany(CHUNK), [])
            yield from statement.read(chain.from_iterable(parts))

    return ask


def prepared_change(build: Callable[P, Change]) -> Callable[P, int]:
    """How many rows it changed. ``build`` gives the query and what is set."""
    question = _Question(build, _writing)

    @wraps(build)
    def change(*args: P.args, **kwargs: P.kwargs) -> int:
        statement, parameters = question.put(args, kwargs)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, parameters)
            return int(cursor.rowcount)

    return change


@dataclass(frozen=True)
class _Statement:
    sql: str
    parameters: Sequence[Any]
    read: Callable[[_Rows], Iterable[Any]]


class _Question:
    """What is asked, as Django says it, and the statements made of it."""

    def __init__(
        self, build: Callable[..., Any], make: Callable[[Any], _Statement]
    ) -> None:
        self._stand_ins: dict[str, _Given] = {}
        self._options: list[str] = []
        for name, one in inspect.signature(build).parameters.items():
            if one.kind is one.KEYWORD_ONLY:
                self._options.append(name)
            else:
                self._stand_ins[name] = _Given(name, _array_of(one.annotation))
        self._statement = cache(
            lambda *options: make(
                build(
                    **self._stand_ins, **dict(zip(self._options, options, strict=True))
                )
            )
        )

    def put(
        self, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> tuple[_Statement, list[Any]]:
        given = dict(zip(self._stand_ins, args, strict=False)) | dict(kwargs)
        statement = self._statement(*(given[name] for name in self._options))
        return statement, [
            one.written(given[one.name]) if isinstance(one, _Given) else one
            for one in statement.parameters
        ]


class _Given(Expression):
    """Stands in a query for what is given each time."""

    def __init__(self, name: str, array_of: str = "") -> None:
        super().__init__()
        self.name = name
        self.array_of = array_of

    def as_sql(self, *_: object, **__: object) -> Any:
        if not self.array_of:
            return "%s", [self]
        if connection.vendor == "sqlite":
            return "(SELECT value FROM json_each(%s))", [self]
        return f"(SELECT unnest(%s::{self.array_of}[]))", [self]

    def written(self, value: Any) -> Any:
        if not self.array_of:
            return _written(value)
        if connection.vendor == "sqlite":
            return msgspec.json.encode(list(value)).decode()
        return list(value)


def _array_of(annotation: Any) -> str:
    if get_origin(annotation) is not list:
        return ""
    return "bigint" if annotation.__args__[0] is int else "text"


def _written(value: Any) -> Any:
    """As the driver takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    if isinstance(value, Decimal):
        raise TypeError("how many places it has only its column knows")
    return str(value) if isinstance(value, str) else value


def _writing(change: Change) -> _Statement:
    queryset, values = change
    query: Any = queryset.query.chain(UpdateQuery)
    query.add_update_values(values)
    sql, parameters = query.get_compiler(connection=connection).as_sql()
    return _Statement(sql, parameters, iter)


def _reading(queryset: Any) -> _Statement:
    """Its rows are made into what the query would give."""
    compiler = queryset.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    converters = compiler.get_converters(
        [one for one, _, _ in compiler.select[: compiler.col_count]]
    )
    make = _MAKERS[queryset._iterable_class](queryset, compiler)

    def read(rows: _Rows) -> Iterable[Any]:
        if converters:
            rows = compiler.apply_converters(rows, converters)
        return make(rows)

    return _Statement(sql, parameters, read)


def _tuples(queryset: Any, compiler: Any) -> Callable[[_Rows], Iterable[Any]]:
    return lambda rows: map(tuple, rows)


def _firsts(queryset: Any, compiler: Any) -> Callable[[_Rows], Iterable[Any]]:
    return lambda rows: (row[0] for row in rows)


def _named(queryset: Any, compiler: Any) -> Callable[[_Rows], Iterable[Any]]:
    row: Any = namedtuple("Row", queryset._fields)  # type: ignore[misc]
    return lambda rows: map(row._make, rows)


def _records(queryset: Any, compiler: Any) -> Callable[[_Rows], Iterable[Any]]:
    model: type[Model] = queryset.model
    select, klass_info = compiler.select, compiler.klass_info
    places = klass_info["select_fields"]
    own = slice(places[0], places[-1] + 1)
    names = [one.target.attname for one, _, _ in select[own]]
    django: Any = queries
    related = django.get_related_populators(klass_info, select, queryset.db)

    def make(row: Sequence[Any]) -> Model:
        record = model.from_db(queryset.db, names, row[own])
        for one in related:
            one.populate(row, record)
        return record

    return lambda rows: map(make, rows)


_MAKERS: Mapping[Any, Callable[[Any, Any], Callable[[_Rows], Iterable[Any]]]] = {
    ValuesListIterable: _tuples,
    FlatValuesListIterable: _firsts,
    NamedValuesListIterable: _named,
    ModelIterable: _records,
}
