"""Take a merge back, at any time: what it changed goes back, what came since stays."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.apps import apps
from django.db import models
from django.utils import timezone

from fieldops.common.actor import Actor
from fieldops.common.changes import change_record, locked
from fieldops.common.errors import DomainError
from fieldops.common.following import Moved, count_followers, in_words, move_rows
from fieldops.common.history import field_of, labels_of, value_in_words
from fieldops.common.merging import ACTION as MERGED
from fieldops.common.merging import surviving
from fieldops.common.models import ChangeEntry, Merge, MergedRecord, Record
from fieldops.common.taken_since import Claim, LeftOut, left_out

R = TypeVar("R", bound=Record)

ACTION = "merge undone"


class CannotUndo(DomainError):
    code = "cannot_undo"


@dataclass(frozen=True)
class Returning:
    """Rows of one table that go back to ``to``."""

    rows: Moved
    ids: tuple[int, ...]
    to: Record

    @property
    def stay(self) -> int:
        return len(self.rows.ids) - len(self.ids)

    @property
    def words(self) -> str:
        return in_words(self.rows.reference, len(self.ids))


@dataclass(frozen=True)
class Undoing:
    """What undoing a merge would do now. ``back``: the columns of the kept record that
    get their old value; ``stays``: those that have been changed since; ``left_out``:
    numbers that are somebody else's by now."""

    merge: Merge
    kept: Record
    losers: dict[int, MergedRecord]
    records: dict[int, Record]
    back: dict[str, Any]
    stays: tuple[str, ...]
    returning: tuple[Returning, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def something_stays(self) -> bool:
        """Of what followed."""
        return any(one.stay for one in self.returning)

    @property
    def back_labels(self) -> list[str]:
        return _labels(self.kept, self.back)

    @property
    def back_words(self) -> list[str]:
        """Each with the value that it gets."""
        model = type(self.kept)
        labels = labels_of(model)
        return [
            f"{labels[name]} ({_in_words(model, name, value)})"
            for name, value in self.back.items()
        ]

    @property
    def stays_labels(self) -> list[str]:
        return _labels(self.kept, self.stays)


@dataclass(frozen=True)
class Remaining:
    """The kept record and what would still belong to it."""

    kept: Record
    returning: tuple[Returning, ...]
    merged_at: datetime

    def has(self, column: str) -> bool:
        """Whether a row would still point to it by a column of this name."""
        here = sum(
            count
            for reference, count in count_followers(self.kept)
            if reference.column == column
        )
        leaving = (one for one in self.returning if one.rows.column == column)
        return here > sum(len(one.ids) for one in leaving)

    def has_since(self, column: str) -> bool:
        """Whether it would, and one was pointed to it after the merge."""
        if not self.has(column):
            return False
        # No index leads to a time: later entries have higher numbers.
        own = ChangeEntry.objects.of(self.kept).filter(at__lte=self.merged_at).first()
        since = ChangeEntry.objects.filter(
            pk__gt=own.pk if own else 0,
            at__gt=self.merged_at,
            **{f"after__{column}": self.kept.pk},
        )
        # What another merge brought goes with that one, or came back from it.
        return since.exclude(action__in=(MERGED, ACTION)).exists()


# Whether a column of the kept record keeps its value although nobody changed it since.
Keeps = Callable[[Remaining, str], bool]


def keeps_nothing(remaining: Remaining, name: str) -> bool:
    return False


def later_merge(merge: Merge) -> Merge | None:
    """The standing merge in which the kept record was merged away in its turn."""
    model: Any = apps.get_model(merge.record_type)
    kept = model._default_manager.get(pk=merge.kept_id)
    return Merge.objects.standing().of(kept).first()


def plan_undoing(
    merge: Merge, *, keeps: Keeps = keeps_nothing, number: str = ""
) -> Undoing:
    """Refuses where there is nothing to undo, or another merge stands on this one.
    ``number``: the column that only one record should carry."""
    if merge.undone_at is not None:
        raise CannotUndo("This merge was undone already.")
    later = later_merge(merge)
    if later is not None:
        raise CannotUndo(
            f"Undo the later merge first: {later.names} was merged away on "
            f"{timezone.localtime(later.at):%-d %b %Y} by {later.by}."
        )
    model: Any = apps.get_model(merge.record_type)
    kept: Record = model._default_manager.get(pk=merge.kept_id)
    losers = {one.record_id: one for one in merge.merged.all()}
    records: dict[int, Record] = model._default_manager.in_bulk(losers)
    moved = [Moved.from_json(rows) for rows in merge.followed]
    returning = tuple(
        Returning(rows, tuple(rows.still_at(kept.pk)), records[rows.source])
        for rows in moved
    )
    remaining = Remaining(kept, returning, merge.at)
    fields = kept._meta.concrete_fields
    names = [field.attname for field in fields if field.attname in merge.after]
    stays = tuple(
        name
        for name in names
        if not _is_as_merged(kept, merge, name) or keeps(remaining, name)
    )
    back = {
        name: _value_before(kept, merge, name) for name in names if name not in stays
    }
    taken = _taken(merge, number, kept, back, losers, records) if number else ()
    for one in taken:
        if one.record is kept:
            back[number] = ""
    return Undoing(merge, kept, losers, records, back, stays, returning, taken)


def _taken(
    merge: Merge,
    number: str,
    kept: Record,
    back: Mapping[str, Any],
    losers: Mapping[int, MergedRecord],
    records: Mapping[int, Record],
) -> tuple[LeftOut, ...]:
    claims = [
        Claim(record, getattr(record, number))
        for pk, record in records.items()
        if not losers[pk].was_archived
    ]
    own = Claim(kept, back.get(number, getattr(kept, number)))
    return left_out(number, claims, own, since=merge.at)


def take_back(
    merge: Merge, *, by: Actor, keeps: Keeps = keeps_nothing, number: str = ""
) -> Undoing:
    """Call this in a transaction."""
    _lock_all(merge)
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    undoing = plan_undoing(merge, keeps=keeps, number=number)
    kept = undoing.kept
    for one in undoing.returning:
        move_rows(one.rows.reference, one.ids, kept, one.to, by=by, action=ACTION)
    _hand_on(merge, kept, undoing.stays)
    change_record(
        kept,
        undoing.back,
        by=by,
        action=ACTION,
        extra_after={"separated_from": merge.names},
    )
    for pk, loser in undoing.records.items():
        was_archived = undoing.losers[pk].was_archived
        restored = {"merged_into_id": None, "is_archived": was_archived}
        without = {one.column: "" for one in undoing.left_out if one.record is loser}
        change_record(loser, restored | without, by=by, action=ACTION)
    merge.undone_at, merge.undone_by = timezone.now(), by.user
    merge.save(update_fields=["undone_at", "undone_by"])
    return undoing


def _lock_all(merge: Merge) -> None:
    """First of all: who undoes another merge into the same record writes to this one."""
    model: Any = apps.get_model(merge.record_type)
    ids = [merge.kept_id, *merge.merged.values_list("record_id", flat=True)]
    for record in model._default_manager.filter(pk__in=ids).order_by("pk"):
        locked(record)


def _is_as_merged(kept: Record, merge: Merge, name: str) -> bool:
    """Whether the column still says what the merge wrote, by whatever name that record
    goes by now."""
    field = field_of(type(kept), name)
    now, merged = getattr(kept, name), field.to_python(merge.after[name])
    return bool(now == merged or now == _surviving_id(field, merged))


def _value_before(kept: Record, merge: Merge, name: str) -> Any:
    field = field_of(type(kept), name)
    return _surviving_id(field, field.to_python(merge.before[name]))


def _surviving_id(field: "models.Field[Any, Any]", value: Any) -> Any:
    """Of a foreign key: where its record was merged away since, the one that it is."""
    if value is None or not isinstance(field, models.ForeignKey):
        return value
    record: Any = field.related_model._default_manager.filter(pk=value).first()
    return value if record is None else surviving(record).pk


def _hand_on(merge: Merge, kept: Record, stays: Sequence[str]) -> None:
    """What a later merge wrote over ours, or still needs, goes back with that one, to
    what was before both."""
    later = list(
        Merge.objects.standing()
        .filter(record_type=merge.record_type, kept_id=merge.kept_id, pk__gt=merge.pk)
        .order_by("pk")
    )
    for name in stays:
        heir = next((one for one in later if name in one.before), None)
        if heir is not None:
            as_value = field_of(type(kept), name).to_python
            if as_value(heir.before[name]) == as_value(merge.after[name]):
                heir.before[name] = merge.before[name]
        elif later and _is_as_merged(kept, merge, name):
            later[0].before[name] = merge.before[name]
            later[0].after[name] = merge.after[name]
    for one in later:
        one.save(update_fields=["before", "after"])


def _in_words(model: type[Record], name: str, value: Any) -> str:
    field = field_of(model, name)
    if value is not None and isinstance(field, models.ForeignKey):
        return str(field.related_model._default_manager.get(pk=value))
    return value_in_words(model, name, value)


def _labels(record: Record, names: Iterable[str]) -> list[str]:
    labels = labels_of(type(record))
    return [labels[name] for name in names]
