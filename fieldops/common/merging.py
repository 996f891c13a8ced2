"""Make several records one: values, rows and history, all that it takes to go back.

The kept record gets the chosen values, what belonged to the others follows it, and the
others stay as they are: archived, and marked ``merged_into``.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from fieldops.common.actor import Actor
from fieldops.common.changes import change_record, locked, snapshot
from fieldops.common.errors import DomainError, MergedAway
from fieldops.common.following import move_followers
from fieldops.common.models import Merge, MergedRecord, Record

R = TypeVar("R", bound=Record)

MOST_AT_ONCE = 3
ACTION = "merged"
BLANK: tuple[object, ...] = ("", None, [])
NO_REVISIONS: Mapping[int, int] = {}


class CannotMerge(DomainError):
    code = "cannot_merge"


@dataclass(frozen=True)
class Choice:
    """Columns that are chosen together: a whole address comes from one record."""

    key: str
    label: str
    columns: tuple[str, ...]
    joint: str = ", "  # between the columns, where they are read as one text

    def values(self, record: Record) -> dict[str, Any]:
        return {name: getattr(record, name) for name in self.columns}

    def is_blank(self, record: Record) -> bool:
        return all(value in BLANK for value in self.values(record).values())


def surviving(record: R) -> R:
    """The record, or the one it was merged into."""
    into: R | None = getattr(record, "merged_into", None)
    return record if into is None else into


def require_standing(record: Record) -> None:
    """Refuse to work on a record that is part of another one."""
    into = surviving(record)
    if into is not record:
        raise MergedAway(str(record), str(into))


def lock_for_merging(
    kept: R, others: Sequence[R], *, revisions: Mapping[int, int] = NO_REVISIONS
) -> tuple[R, list[R]]:
    """As they are now, locked in one order; ``revisions`` are those that were looked at,
    by primary key."""
    ids = [kept.pk, *(other.pk for other in others)]
    if len(ids) == 1:
        raise CannotMerge("Choose what to merge it with.")
    if len(ids) > MOST_AT_ONCE:
        raise CannotMerge(f"At most {MOST_AT_ONCE} can be merged at once.")
    if len(set(ids)) < len(ids):
        raise CannotMerge(f"{kept} cannot be merged with itself.")
    fresh = {
        one.pk: locked(one, revision=revisions.get(one.pk))
        for one in sorted([kept, *others], key=lambda one: one.pk)
    }
    for one in fresh.values():
        require_standing(one)
    if getattr(fresh[kept.pk], "is_archived", False):
        raise CannotMerge(f"{kept} is archived. Restore it first, or keep another one.")
    return fresh[kept.pk], [fresh[other.pk] for other in others]


def preset_values(
    kept: Record, others: Sequence[Record], choices: Sequence[Choice]
) -> dict[str, Any]:
    """Where nobody chose: the kept record's own; where that is blank, another's."""
    values: dict[str, Any] = {}
    for choice in choices:
        values |= choice.values(preset_source(kept, others, choice))
    return values


def preset_source(kept: R, others: Sequence[R], choice: Choice) -> R:
    return next((one for one in (kept, *others) if not choice.is_blank(one)), kept)


def require_chosen(values: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse columns that are not chosen between."""
    unknown = sorted(values.keys() - set(known))
    if unknown:
        raise CannotMerge(f"Not to be chosen in a merge: {', '.join(unknown)}.")


def put_merge(
    kept: R,
    others: Sequence[R],
    values: Mapping[str, Any],
    *,
    by: Actor,
    archives_in_books: bool = False,
) -> Merge:
    """Call this in a transaction, on what ``lock_for_merging`` gave."""
    before = snapshot(kept)
    names = " and ".join(str(other) for other in others)
    changed = change_record(
        kept,
        values,
        by=by,
        action=ACTION,
        extra_after={"merged_with": names},
    )
    moved = [
        rows
        for other in others
        for rows in move_followers(other, kept, by=by, action=ACTION)
    ]
    after = snapshot(kept)
    merge = Merge.objects.create(
        user=by.user,
        cause=by.cause,
        record_type=kept._meta.label_lower,
        kept_id=kept.pk,
        kept_uid=kept.uid,
        before={name: before[name] for name in sorted(changed)},
        after={name: after[name] for name in sorted(changed)},
        followed=[rows.as_json() for rows in moved],
        archives_in_books=archives_in_books,
    )
    for other in others:
        _merge_away(other, kept, merge, by=by)
    return merge


def _merge_away(other: Record, kept: Record, merge: Merge, *, by: Actor) -> None:
    MergedRecord.objects.create(
        merge=merge,
        record_id=other.pk,
        record_uid=other.uid,
        name=str(other)[:500],
        was_archived=getattr(other, "is_archived", False),
    )
    gone = {"merged_into_id": kept.pk, "is_archived": True}
    change_record(other, gone, by=by, action=ACTION)
