"""Rows that belong to a record by a foreign key, and how they follow it into another.

Which these are is read from the models: every foreign key of a ``Record``, and of rows
that say what they are ``part_of`` (the lines of an invoice, the movements of an item).
Whatever else points to a record, such as its link to the accounts, stays with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps
from django.db import models

from fieldops.common.actor import Actor
from fieldops.common.changes import change_record, locked
from fieldops.common.models import Record


@dataclass(frozen=True)
class Reference:
    """``column`` of ``model`` points to the record; ``owner`` names the foreign key to
    the record that a row is part of, blank where the row is a record itself."""

    model: type[models.Model]
    column: str
    owner: str = ""

    @property
    def label(self) -> str:
        return str(self.model._meta.label_lower)

    def rows(self, record_id: int) -> "models.QuerySet[Any]":
        return self.model._default_manager.filter(**{self.column: record_id})


@dataclass(frozen=True)
class Moved:
    """Rows of one table that were pointed from one record to another."""

    model: str
    column: str
    source: int
    ids: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Moved":
        return cls(kept["model"], kept["column"], kept["source"], tuple(kept["ids"]))

    @property
    def reference(self) -> Reference:
        model = apps.get_model(self.model)
        return Reference(model, self.column, getattr(model, "part_of", ""))

    def still_at(self, record_id: int) -> list[int]:
        """Of these rows, those that nobody has pointed elsewhere since."""
        rows = self.reference.rows(record_id).filter(pk__in=self.ids)
        return list(rows.order_by("pk").values_list("pk", flat=True))


def references_to(model: type[models.Model]) -> list[Reference]:
    found = []
    for relation in model._meta.related_objects:
        child: Any = relation.related_model
        owner = getattr(child, "part_of", "")
        if relation.one_to_many and (owner or issubclass(child, Record)):
            found.append(Reference(child, relation.field.attname, owner))
    return sorted(found, key=lambda one: (one.label, one.column))


def count_followers(record: Record) -> list[tuple[Reference, int]]:
    """What would follow the record; what nothing follows is left out."""
    counts = ((one, one.rows(record.pk).count()) for one in references_to(type(record)))
    return [(reference, count) for reference, count in counts if count]


def in_words(reference: Reference, count: int) -> str:
    """ "28 invoices"; records that were merged into this one before are called so."""
    options = reference.model._meta
    if reference.column == "merged_into_id":
        return f"{count} earlier merge{'' if count == 1 else 's'}"
    name = options.verbose_name if count == 1 else options.verbose_name_plural
    return f"{count} {name}"


def move_followers(
    source: Record, to: Record, *, by: Actor, action: str
) -> list[Moved]:
    """Everything that belongs to ``source``."""
    moved = []
    for reference in references_to(type(source)):
        ids = list(
            reference.rows(source.pk).order_by("pk").values_list("pk", flat=True)
        )
        if ids:
            move_rows(reference, ids, source, to, by=by, action=action)
            rows = Moved(reference.label, reference.column, source.pk, tuple(ids))
            moved.append(rows)
    return moved


def move_rows(
    reference: Reference,
    ids: Sequence[int],
    source: Record,
    to: Record,
    *,
    by: Actor,
    action: str,
) -> None:
    """A record that moves gets its own line of history; of a part, what it is part of."""
    rows: Any = reference.model._default_manager.filter(pk__in=ids).order_by("pk")
    if not reference.owner:
        for row in rows.select_for_update():
            change_record(row, {reference.column: to.pk}, by=by, action=action)
        return
    name = reference.column.removesuffix("_id")
    if reference.owner != name:
        for owner in _owners(reference, rows):
            change_record(
                owner,
                {},
                by=by,
                action=action,
                extra_before={name: str(source)},
                extra_after={name: str(to)},
            )
    rows.update(**{reference.column: to.pk})


def _owners(reference: Reference, rows: "models.QuerySet[Any]") -> Iterable[Record]:
    key: Any = reference.model._meta.get_field(reference.owner)
    ids = rows.order_by().values_list(key.attname, flat=True).distinct()
    owners = key.related_model._default_manager.filter(pk__in=list(ids))
    return [locked(owner) for owner in owners.order_by("pk")]
