"""Fields of a model by name, and what tables and columns are called in SQL."""

from functools import cache
from typing import Any

from django.db import connection, models


@cache
def field_named(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


@cache
def quoted_column(model: type[models.Model], name: str) -> str:
    return connection.ops.quote_name(field_named(model, name).column)


@cache
def quoted_table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
