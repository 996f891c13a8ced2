"""Changes from Xero that both sides still allow, as far as we know."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from xero_sync.mappers.errors import Unreadable
from xero_sync.outcomes.changes import FieldChange
from xero_sync.outcomes.kinds import Kind
from xero_sync.steps.context import Context
from xero_sync.store.mirror import mirror_rows
from xero_sync.store.plan import Planned

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Pulled(Generic[R]):
    """A change with what Xero has now; ``digest`` is the mirror's of it."""

    change: Planned
    remote: R
    digest: str

    @property
    def fields(self) -> Sequence[FieldChange]:
        return self.change.fields


def still_in_xero(
    ctx: Context,
    kind: Kind,
    changes: Sequence[Planned],
    *,
    read: Callable[[Any], R],
    says: Callable[[R, Planned, FieldChange], bool],
) -> list[Pulled[R]]:
    """Those that Xero still has as it had them when this was planned."""
    rows = mirror_rows(ctx.connection, kind, [change.xero_id for change in changes])
    pulled: list[Pulled[R]] = []
    for change in changes:
        payload, digest = rows.get(change.xero_id, ({}, ""))
        try:
            remote = read(payload)
        except Unreadable:
            continue
        if all(says(remote, change, one) for one in change.fields):
            pulled.append(Pulled(change, remote, digest))
    return pulled
