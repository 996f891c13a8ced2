"""Creating a record twice is creating it once, when the maker chose its ``uid``.

A phone without signal does not know whether its first attempt arrived: it tries again.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError

from fieldops.common.changes import BLANKS
from fieldops.common.errors import DomainError
from fieldops.common.models import ChangeEntry, Record

R = TypeVar("R", bound=Record)


class UidTaken(DomainError):
    code = "uid_taken"

    def __init__(self) -> None:
        super().__init__(
            "There is a record with this uid already, and it was made from other values.",
            field="uid",
        )


def create_once(
    model: type[R],
    uid: UUID | None,
    create: Callable[[], R],
    is_same: Callable[[Mapping[str, Any]], bool],
) -> tuple[R, bool]:
    """The record and whether it is new.

    ``is_same`` is asked about the values the record was made from, so that a change
    made since then does not turn a repeat into a conflict.
    """
    found = _found(model, uid)
    if found is None:
        try:
            return create(), True
        except IntegrityError:
            # Two attempts at once: the other one was first.
            found = _found(model, uid)
            if found is None:
                raise
    if not is_same(made_from(found)):
        raise UidTaken
    return found, False


def made_from(record: Record) -> Mapping[str, Any]:
    """What the change log says the record was created with; what was not set is left
    out, so that a column added since makes no difference."""
    created = ChangeEntry.objects.of(record).filter(revision=1).order_by("id")
    return {k: value for k, value in created[0].after.items() if value is not None}


def as_logged(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the change log would keep them."""
    logged: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return {name: value for name, value in logged.items() if value not in BLANKS}


def _found(model: type[R], uid: UUID | None) -> R | None:
    if uid is None:
        return None
    manager: Any = model._default_manager
    found: R | None = manager.filter(uid=uid).first()
    return found
