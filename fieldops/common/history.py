"""The change log in words: who changed what, when, from what to what."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from django.db import models
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst

from fieldops.common.models import ChangeEntry, Record

BY_HAND = "by hand"
BLANK = "blank"
ICONS = {
    "created": "plus",
    "archived": "archive",
    "restored": "archive-restore",
    "approved": "check",
    "cancelled": "ban",
    "moved": "package",
    "merged": "merge",
    "merge undone": "undo-2",
    "became a customer": "users",
}
# Sums follow from the lines, so a change of lines need not name them.
_DERIVED = frozenset({"subtotal", "tax", "total", "moved_stock"})
# What the action itself says already.
_SAID_BY_ACTION = {
    "archived": "is_archived",
    "restored": "is_archived",
    "merged": "is_archived",
    "merge undone": "is_archived",
    "became a customer": "is_customer",
    "approved": "status",
    "cancelled": "status",
}

Names = Mapping[str, Mapping[Any, str]]


@dataclass(frozen=True)
class FieldChange:
    """``before`` is blank where something happened instead of being changed; ``returns``:
    it may be brought back, for ``after`` is still what the record says."""

    label: str
    before: str
    after: str
    name: str = ""
    returns: bool = False


@dataclass(frozen=True)
class HistoryEntry:
    at: datetime
    by: str
    action: str
    cause: str
    icon: str
    changes: tuple[FieldChange, ...]
    id: int = 0


def history_of(
    record: Record, entries: Iterable[ChangeEntry] | None = None
) -> list[HistoryEntry]:
    """Newest first. ``entries``: only these of the record's."""
    if entries is None:
        entries = ChangeEntry.objects.of(record)
    if isinstance(entries, models.QuerySet):
        entries = entries.select_related("user")
    entries = list(entries)
    names = _related_names(type(record), entries)
    return [_in_words(record, entry, names) for entry in entries]


def may_return(record: Record, entry: ChangeEntry, name: str) -> bool:
    """Whether an entry of this record replaced a value that people may bring back."""
    return (
        name in record.returnable_fields
        and name in entry.before
        and name in entry.after
        and entry.record_id == record.pk
        and entry.record_type == record._meta.label_lower
    )


def field_of(model: type[Record], name: str) -> "models.Field[Any, Any]":
    return next(f for f in model._meta.concrete_fields if f.attname == name)


def _in_words(record: Record, entry: ChangeEntry, names: Names) -> HistoryEntry:
    return HistoryEntry(
        at=entry.at,
        by=str(entry.user) if entry.user else capfirst(entry.cause),
        action=capfirst(entry.action),
        cause="" if entry.user is None or entry.cause == BY_HAND else entry.cause,
        icon=ICONS.get(entry.action, "pencil"),
        changes=tuple(_changes(record, entry, names)),
        id=entry.pk,
    )


def _changes(record: Record, entry: ChangeEntry, names: Names) -> Iterable[FieldChange]:
    """Nothing for a new record: all of it is new."""
    if entry.action == "created":
        return
    model = type(record)
    labels = labels_of(model)
    for name in [*entry.before, *(n for n in entry.after if n not in entry.before)]:
        before, after = entry.before.get(name), entry.after.get(name)
        said = name == _SAID_BY_ACTION.get(entry.action)
        if name in _DERIVED or said or before == after:
            continue
        yield FieldChange(
            label=labels.get(name, capfirst(name.replace("_", " "))),
            before=_said_before(model, entry, name, names),
            after=value_in_words(model, name, after, names),
            name=name,
            returns=_returns(record, entry, name),
        )


def _said_before(
    model: type[Record], entry: ChangeEntry, name: str, names: Names
) -> str:
    """Nothing where the entry says what happened, not what was changed."""
    if name not in entry.before:
        return ""
    return value_in_words(model, name, entry.before[name], names)


def _returns(record: Record, entry: ChangeEntry, name: str) -> bool:
    if not may_return(record, entry, name):
        return False
    said = field_of(type(record), name).to_python(entry.after[name])
    return bool(said == getattr(record, name))


def labels_of(model: type[Record]) -> dict[str, str]:
    """What people call each column; two of one name get their first word in front."""
    fields = model._meta.concrete_fields
    uses = Counter(str(field.verbose_name) for field in fields)
    return {
        field.attname: capfirst(
            str(field.verbose_name)
            if uses[str(field.verbose_name)] == 1
            else f"{field.name.split('_')[0]} {field.verbose_name}"
        )
        for field in fields
    }


def value_in_words(
    model: type[Record], name: str, value: Any, names: Names = MappingProxyType({})
) -> str:
    """As people read it; ``names`` are those of the records that it may point to."""
    if value is None or value in ("", []):
        return BLANK
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return "; ".join(map(_part_in_words, value))
    if name in names:
        return names[name].get(value, "a record that is gone")
    field = next((f for f in model._meta.concrete_fields if f.attname == name), None)
    if field is not None and field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DecimalField) or field is None:
        return _number_in_words(value)
    if isinstance(field, models.DateField):
        day = parse_date(str(value))
        return date_format(day, "j M Y") if day else str(value)
    return str(value)


def _number_in_words(value: Any) -> str:
    """12.5000 as 12.5; what is no number stays as it is."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return f"{number.normalize():f}"


def _part_in_words(part: Mapping[str, Any]) -> str:
    return _person_in_words(part) if "last_name" in part else _line_in_words(part)


def _person_in_words(person: Mapping[str, Any]) -> str:
    name = f"{person['first_name']} {person['last_name']}".strip()
    said = " ".join(filter(None, (name, person["email"])))
    return f"{said} (gets copies)" if person["gets_copies"] else said


def _line_in_words(line: Mapping[str, Any]) -> str:
    what = line.get("description") or "no description"
    quantity = _number_in_words(line.get("quantity", ""))
    return f"{quantity} x {what} at {_number_in_words(line.get('unit_price', ''))}"


def _related_names(model: type[Record], entries: Iterable[ChangeEntry]) -> Names:
    """The names of the records that foreign keys point to: one query per key."""
    names: dict[str, dict[Any, str]] = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            values = [e for entry in entries for e in (entry.before, entry.after)]
            ids = {value[field.attname] for value in values if field.attname in value}
            related = field.related_model._default_manager.in_bulk(ids - {None})
            names[field.attname] = {pk: str(record) for pk, record in related.items()}
    return names
