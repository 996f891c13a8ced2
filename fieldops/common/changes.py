"""The only road to a record's row: save it and write its line of history together.

Call these inside a transaction, on a row that was read with ``locked``.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from fieldops.common.actor import Actor
from fieldops.common.bulk import insert_record, insert_records, insert_rows
from fieldops.common.errors import StaleRecord
from fieldops.common.models import ChangeEntry, Record
from fieldops.common.prepared import prepared
from fieldops.common.rows import save_columns

R = TypeVar("R", bound=Record)

# Left out of what a record was created with.
BLANKS: tuple[object, ...] = ("", [], None)


def locked(record: R, *, revision: int | None = None) -> R:
    """The record as it is now, locked until the transaction ends.

    ``revision`` is what the caller last saw; another one now raises StaleRecord.
    """
    model = type(record)
    if not connection.in_atomic_block:
        raise TransactionManagementError("A lock lasts as long as its transaction.")
    fresh: R | None = next(iter(_row_locked(record.pk, model=model)), None)
    if fresh is None:
        raise model.DoesNotExist(f"{model.__name__} {record.pk} is not there any more.")
    if revision is not None and fresh.revision != revision:
        raise StaleRecord(
            "Somebody changed this record while you were working on it. "
            "Look at the new version and make your change again."
        )
    return fresh


@prepared
def _row_locked(pk: int, *, model: Any) -> "QuerySet[Any]":
    rows: QuerySet[Any] = model._default_manager.select_for_update()
    return rows.filter(pk=pk)


def stripped(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with white space taken off the ends of every text."""
    return {
        name: value.strip() if isinstance(value, str) else value
        for name, value in values.items()
    }


def snapshot(record: Record) -> dict[str, Any]:
    """The record's own fields by column name, as the change log keeps them."""
    return {name: getattr(record, name) for name in _logged_columns(type(record))}


@cache
def _logged_columns(model: type[Record]) -> tuple[str, ...]:
    fields = model._meta.concrete_fields
    return tuple(f.attname for f in fields if f.name not in model.unlogged_fields)


def create_record(
    record: R, *, by: Actor, action: str = "created", extra: Mapping[str, Any] = {}
) -> R:
    record.revision = 1
    insert_record(record)
    record_event(record, action, by=by, after=_filled(record) | dict(extra))
    return record


def create_records(records: Sequence[R], *, by: Actor) -> None:
    """As ``create_record`` for each, in three statements."""
    if not records:
        return
    for record in records:
        record.revision = 1
    insert_records(records)
    manager = type(records[0])._default_manager
    found = manager.filter(uid__in=[record.uid for record in records])
    ids = dict(found.values_list("uid", "pk"))
    for record in records:
        record.pk = ids[record.uid]
        record._state.adding = False
    now = timezone.now()
    insert_rows(
        ChangeEntry,
        [
            {"at": now, **_entry(record, "created", by=by, after=_filled(record))}
            for record in records
        ],
    )


def _filled(record: Record) -> dict[str, Any]:
    return {k: value for k, value in snapshot(record).items() if value not in BLANKS}


def change_record(
    record: Record,
    values: Mapping[str, Any],
    *,
    by: Actor,
    action: str = "changed",
    extra_before: Mapping[str, Any] = {},
    extra_after: Mapping[str, Any] = {},
) -> frozenset[str]:
    """Set the values that differ, save them, log them; nothing differs: nothing is done.

    ``extra_before`` and ``extra_after`` hold what belongs to the record but lies in
    other tables (an invoice's lines). Returns the names of the fields that changed.
    """
    before = snapshot(record)
    for name, value in values.items():
        setattr(record, name, value)
    after = snapshot(record)
    changed = {name for name in after if before[name] != after[name]}
    lines_changed = dict(extra_before) != dict(extra_after)
    if not changed and not lines_changed:
        return frozenset()
    record.revision += 1
    record.updated_at = timezone.now()
    save_columns(record, *sorted(changed), "revision", "updated_at")
    record_event(
        record,
        action,
        by=by,
        before={name: before[name] for name in changed} | dict(extra_before),
        after={name: after[name] for name in changed} | dict(extra_after),
    )
    return frozenset(changed)


def record_event(
    record: Record,
    action: str,
    *,
    by: Actor,
    before: Mapping[str, Any] = {},
    after: Mapping[str, Any] = {},
) -> None:
    entry = _entry(record, action, by=by, before=before, after=after)
    insert_rows(ChangeEntry, [{"at": timezone.now(), **entry}])


def _entry(
    record: Record,
    action: str,
    *,
    by: Actor,
    before: Mapping[str, Any] = {},
    after: Mapping[str, Any] = {},
) -> dict[str, Any]:
    return {
        "user_id": by.user.pk if by.user else None,
        "cause": by.cause,
        "record_type": record._meta.label_lower,
        "record_id": record.pk,
        "record_uid": record.uid,
        "revision": record.revision,
        "action": action,
        "before": dict(before),
        "after": dict(after),
    }
