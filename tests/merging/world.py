"""What stands in every table, to be compared before and after."""

from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from fieldops.common.models import ChangeEntry, Merge, MergedRecord, Record
from fieldops.common.prepared import prepared

# The log and the merges grow; revision and moment of a record say that it was written.
GROWING = (ChangeEntry, Merge, MergedRecord)
COUNTING = {"revision", "updated_at"}


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but those that only grow, without what only counts."""
    tables = {}
    for model in apps.get_models():
        if model in GROWING:
            continue
        left_out = COUNTING if issubclass(model, Record) else set()
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if field.name not in left_out
        ]
        rows = _rows(model=model, names=tuple(names))
        tables[model._meta.label] = [dict(zip(names, row, strict=True)) for row in rows]
    return tables


@prepared
def _rows(*, model: Any, names: tuple[str, ...]) -> "QuerySet[Any, Any]":
    rows: QuerySet[Any, Any] = model._default_manager.order_by("pk").values_list(*names)
    return rows


def differences(
    before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]
) -> list[tuple[str, Any, Any]]:
    """Row by row, so that a failure says what is wrong."""
    found: list[tuple[str, Any, Any]] = []
    for label in before:
        old = {str(row.get("id", row)): row for row in before[label]}
        new = {str(row.get("id", row)): row for row in after[label]}
        found += [
            (label, old.get(key), new.get(key))
            for key in sorted(old.keys() | new.keys())
            if old.get(key) != new.get(key)
        ]
    return found
