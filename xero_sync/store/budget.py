"""Keep what is used up of Xero's limits, for all who call for a connection."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import connection
from django.db.models import QuerySet

from fieldops.common.prepared import prepared
from xero_sync.models import CallBudget

# Written before and after each call.
_SWAP = (
    "UPDATE xero_sync_callbudget SET version = %s, state = %s"
    " WHERE connection_id = %s AND version = %s"
)


class StoredBudget:
    """A compare-and-swap on the connection's row: nobody waits for a lock, and the calls
    of a killed worker stay counted."""

    def __init__(self, connection_id: int) -> None:
        self._connection_id = connection_id

    def read(self) -> tuple[int, Mapping[str, object]]:
        for version, state in _kept(self._connection_id):
            return version, state
        row, _ = CallBudget.objects.get_or_create(connection_id=self._connection_id)
        return row.version, row.state

    def write(self, version: int, state: Mapping[str, object]) -> bool:
        written = msgspec.json.encode(state).decode()
        with connection.cursor() as cursor:
            cursor.execute(_SWAP, [version + 1, written, self._connection_id, version])
            return bool(cursor.rowcount == 1)


@dataclass(frozen=True, slots=True)
class DayUse:
    """As Xero counted at ``seen_at``, calls of other programs included. ``limit`` is what
    the highest count seen says it must be, ``began_at`` when that was: Xero names
    neither."""

    used: int
    limit: int
    remaining: int
    seen_at: datetime
    began_at: datetime


def day_use(connection_id: int) -> DayUse | None:
    """None before the first answer."""
    day = next((state.get("day") for _, state in _kept(connection_id)), None)
    if not day:
        return None
    return DayUse(
        used=day["limit"] - day["remaining"],
        limit=day["limit"],
        remaining=day["remaining"],
        seen_at=_moment(day["seen_at"]),
        began_at=_moment(day["high_at"]),
    )


@prepared
def _kept(connection_id: int) -> "QuerySet[CallBudget, tuple[int, Any]]":
    budget = CallBudget.objects.filter(connection=connection_id)
    return budget.values_list("version", "state")


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
