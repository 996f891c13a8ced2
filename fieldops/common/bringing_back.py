"""Bring back what a field said before one entry of the change log replaced it.

A change like any other, by the person who asks. Only what the entry wrote is replaced:
a value that has been changed again since stays.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from fieldops.common.actor import Actor
from fieldops.common.changes import locked
from fieldops.common.errors import ChangedSince, DomainError
from fieldops.common.history import field_of, labels_of, may_return, value_in_words
from fieldops.common.models import ChangeEntry, Record

R = TypeVar("R", bound=Record)


class NotReturnable(DomainError):
    code = "not_returnable"

    def __init__(self) -> None:
        super().__init__("This cannot be brought back from the history.")


@transaction.atomic
def bring_back(
    record: R,
    entry: ChangeEntry,
    name: str,
    change: Callable[..., R],
    *,
    by: Actor,
) -> R:
    """``change`` is the record's own service: its rules hold here as well."""
    record = locked(record)
    if not may_return(record, entry, name):
        raise NotReturnable
    field = field_of(type(record), name)
    now = getattr(record, name)
    if field.to_python(entry.after[name]) != now:
        label = labels_of(type(record))[name]
        raise ChangedSince(label, value_in_words(type(record), name, now))
    return change(
        record,
        {name: field.to_python(entry.before[name])},
        by=Actor(by.user, "brought back"),
        revision=record.revision,
    )
