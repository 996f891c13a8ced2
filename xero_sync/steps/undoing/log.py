"""What the change log says that a run wrote into our records, and what they say now.

The chart of accounts is left out: it is Xero's own, and stays.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from fieldops.common.changes import snapshot
from fieldops.common.models import ChangeEntry, Record
from xero_sync.models import SyncRun
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.undo_inputs import (
    CANCELLED_HERE,
    MONEY_STAYS,
    NUMBER_USED,
    Value,
    Written,
)
from xero_sync.steps.context import cause_of
from xero_sync.steps.drafts import people_draft
from xero_sync.store.links import RECORD_MODELS
from xero_sync.store.plan import in_slices

_KINDS = {model._meta.label_lower: Kind(kind) for kind, model in RECORD_MODELS.items()}
_KEPT = {
    "numbered": NUMBER_USED,
    "settled": MONEY_STAYS,
    "cancelled": CANCELLED_HERE,
}
# What stands in other tables, or is only ever added to.
_NOT_FIELDS = ("moved",)

Columns = Mapping[str, Any]


def entries_of(run: SyncRun, record: Record | None = None) -> list[ChangeEntry]:
    """The run's, oldest first; of one record, or of all that it wrote."""
    entries = ChangeEntry.objects.filter(cause=cause_of(run), at__gte=run.created_at)
    if record is None:
        entries = entries.filter(record_type__in=list(_KINDS))
    else:
        entries = entries.of(record)
    return list(entries.order_by("pk"))


def images_of(entries: Iterable[ChangeEntry]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns before the first of these entries and after the last."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for entry in entries:
        if entry.action not in _NOT_FIELDS:
            before = {**entry.before, **before}
            after |= entry.after
    return before, after


def written_by(run: SyncRun) -> list[Written]:
    """By record, in the order in which the run came to them."""
    by_record: dict[tuple[str, int], list[ChangeEntry]] = {}
    for entry in entries_of(run):
        by_record.setdefault((entry.record_type, entry.record_id), []).append(entry)
    names = _names(by_record)
    return [
        _written(_KINDS[label], record_id, entries, names)
        for (label, record_id), entries in by_record.items()
    ]


def columns_now(record: Record) -> dict[str, Any]:
    """As the change log keeps them."""
    said: dict[str, Any] = json.loads(
        json.dumps(snapshot(record), cls=DjangoJSONEncoder)
    )
    return said


def as_value(name: str, value: Any) -> Value:
    """A logged column as a planned change can say it."""
    if name == "people":
        return people_draft(value or [])
    if isinstance(value, bool):
        return int(value)
    return value if value is None or isinstance(value, int) else str(value)


def _names(by_record: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for kind, model in RECORD_MODELS.items():
        label = model._meta.label_lower
        ids = [record_id for its_label, record_id in by_record if its_label == label]
        for part in in_slices(ids):
            records = model._default_manager.in_bulk(part)
            found |= {(kind, pk): str(record) for pk, record in records.items()}
    return found


def _written(
    kind: Kind,
    record_id: int,
    entries: Sequence[ChangeEntry],
    names: Mapping[tuple[str, int], str],
) -> Written:
    before, after = images_of(entries)
    kept = [_KEPT[entry.action] for entry in entries if entry.action in _KEPT]
    has_fields = kind in (Kind.CONTACT, Kind.ITEM)
    return Written(
        kind=kind,
        local_id=record_id,
        title=names.get((kind, record_id), ""),
        is_new=has_fields and entries[0].action == "created",
        revision=entries[-1].revision,
        before=_values(before) if has_fields else {},
        after=_values(after) if has_fields else {},
        kept=tuple(dict.fromkeys(kept)),
    )


def _values(columns: Columns) -> dict[str, Value]:
    return {name: as_value(name, value) for name, value in columns.items()}
