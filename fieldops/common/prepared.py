"""Queries that are put into SQL once and asked again and again.

Django takes twenty times as long to make the SQL of a small query as the database takes
to answer it. A run of the sync asks the same hundred questions each time.
"""

import inspect
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, wraps
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

P = ParamSpec("P")
Row = TypeVar("Row")
Change = tuple["QuerySet[Any, Any]", Mapping[str, object]]
_Rows = Iterable[Sequence[Any]]


def prepared(build: Callable[P, "QuerySet[Any, Row]"]) -> Callable[P, list[Row]]:
    """All that the query finds. ``build`` runs once, with stand-ins for what is given:
    it may compare with them and no more, and depend on nothing else. What it calls a
    ``list`` is a list of whole numbers or of texts. Records or ``values_list``."""
    signature = inspect.signature(build)

    @cache
    def statement() -> tuple["_Statement", Callable[[_Rows], list[Any]]]:
        queryset = _built(build, signature)
        compiler = queryset.query.get_compiler(connection=connection)
        return _Statement(*compiler.as_sql()), _reader(queryset, compiler)

    @wraps(build)
    def ask(*args: P.args, **kwargs: P.kwargs) -> list[Row]:
        text, read = statement()
        with connection.cursor() as cursor:
            given = signature.bind(*args, **kwargs).arguments
            cursor.execute(text.sql, text.parameters(given))
            return read(cursor.fetchall())

    return ask


def prepared_change(build: Callable[P, Change]) -> Callable[P, int]:
    """How many rows it changed. ``build`` gives the query and what is set, and runs once,
    as above."""
    signature = inspect.signature(build)

    @cache
    def statement() -> "_Statement":
        queryset, values = _built(build, signature)
        query = queryset.query.chain(UpdateQuery)
        query.add_update_values(values)
        return _Statement(*query.get_compiler(connection=connection).as_sql())

    @wraps(build)
    def change(*args: P.args, **kwargs: P.kwargs) -> int:
        text = statement()
        with connection.cursor() as cursor:
            given = signature.bind(*args, **kwargs).arguments
            cursor.execute(text.sql, text.parameters(given))
            return int(cursor.rowcount)

    return change


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


class _Statement:
    def __init__(self, sql: str, parameters: Iterable[Any]) -> None:
        self.sql = sql
        self._parameters = list(parameters)

    def parameters(self, given: Mapping[str, Any]) -> list[Any]:
        return [
            one.written(given[one.name]) if isinstance(one, _Given) else one
            for one in self._parameters
        ]


def _built(build: Callable[..., Any], signature: inspect.Signature) -> Any:
    """With a stand-in for each parameter."""
    return build(
        **{
            name: _Given(name, _array_of(parameter.annotation))
            for name, parameter in signature.parameters.items()
        }
    )


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


def _reader(queryset: Any, compiler: Any) -> Callable[[_Rows], list[Any]]:
    """What makes of the database's rows what the query would give."""
    converters = compiler.get_converters(
        [one for one, _, _ in compiler.select[: compiler.col_count]]
    )
    make = _MAKERS[queryset._iterable_class](queryset, compiler)

    def read(rows: _Rows) -> list[Any]:
        if converters:
            rows = compiler.apply_converters(rows, converters)
        return list(make(rows))

    return read


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
