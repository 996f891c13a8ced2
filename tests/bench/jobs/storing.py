"""What the peers do with a pull: one update_or_create for each record."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from xero_sync.models import MirrorRecord, XeroConnection

Stored = tuple[str, datetime, Any]


def other_connection() -> XeroConnection:
    """Its own rows of the mirror table, empty at first."""
    return XeroConnection.objects.create(is_current=False)


@transaction.atomic
def store_page(connection: XeroConnection, kind: str, page: Iterable[Stored]) -> int:
    """A transaction for each page, which is kinder to them than none."""
    count = 0
    for xero_id, updated_at, payload in page:
        MirrorRecord.objects.update_or_create(
            connection=connection,
            kind=kind,
            xero_id=xero_id,
            defaults={"updated_at": updated_at, "payload": payload},
        )
        count += 1
    return count


def store_pages(
    connection: XeroConnection,
    kind: str,
    fetch: Callable[[int], list[Any]],
    as_stored: Callable[[Any], Stored],
    *,
    size: int,
) -> int:
    count = 0
    for number in range(1, 1_000_000):
        page = fetch(number)
        count += store_page(connection, kind, (as_stored(one) for one in page))
        if len(page) < size:
            break
    return count
