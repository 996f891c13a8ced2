"""Keep how far Xero's lists have been read, part by part, so that nothing begins anew."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from fieldops.common.bulk import insert_rows
from fieldops.common.prepared import prepared
from fieldops.common.rows import save_columns
from xero_sync.models import SyncCursor, SyncRun, XeroConnection

# What was read of a list longer ago is read again.
FULL_READING_LIVES = timedelta(days=1)
_MOVING = (
    *("watermark", "full_watermark", "full_started", "full_read_on"),
    *("read_by", "settled_digest"),
)


def cursor_of(connection: XeroConnection, kind: str) -> SyncCursor:
    return cursors_of(connection).get(kind) or _new_cursor(connection, kind)


def _new_cursor(connection: XeroConnection, kind: str) -> SyncCursor:
    """Or that of somebody who was quicker."""
    new = {"connection_id": connection.pk, "kind": kind}
    blank = {"read_by": 0, "settled_digest": ""}
    insert_rows(SyncCursor, [new | blank], or_ignore=True)
    return cursors_of(connection)[kind]


def cursors_of(connection: XeroConnection) -> dict[str, SyncCursor]:
    """Those that there are, by kind."""
    return {cursor.kind: cursor for cursor in _cursors(connection.pk)}


def keep_cursor(cursor: SyncCursor) -> None:
    save_columns(cursor, *_MOVING)


def begin_full_reading(cursor: SyncCursor, *, now: datetime) -> None:
    """Or go on with the one that was cut off, unless that is long ago."""
    started = cursor.full_started
    if started is None or not now - FULL_READING_LIVES < started <= now:
        cursor.full_started, cursor.full_watermark = now, None


def move_watermarks(
    cursor: SyncCursor, watermark: datetime | None, *, whole: bool
) -> None:
    """Only ever forward, and kept in the transaction that stores the rows before it.

    ``whole``: in a reading of the whole list, which has a watermark of its own.
    """
    if watermark is None:
        return
    if cursor.watermark is None or watermark > cursor.watermark:
        cursor.watermark = watermark
    if whole:
        cursor.full_watermark = watermark


def end_reading(cursor: SyncCursor, run: SyncRun, *, whole_on: date | None) -> None:
    """The list was read to its end; the day is given when it was the whole one."""
    cursor.read_by = run.pk
    if whole_on is not None:
        cursor.full_read_on = whole_on
        cursor.full_started = cursor.full_watermark = None


def whole_lists_read(
    connection: XeroConnection, kinds: Iterable[str], today: date
) -> bool:
    """Whether all of these were read in full today, and no plan was made on it yet."""
    cursors = cursors_of(connection)
    return all(
        kind in cursors and cursors[kind].full_read_on == today for kind in kinds
    )


def use_up_full_readings(connection: XeroConnection, today: date) -> None:
    """A plan was made on them: this day's full compare is done."""
    SyncCursor.objects.filter(connection=connection).update(full_read_on=None)
    connection.full_compare_on = today
    save_columns(connection, "full_compare_on")


def read_again(connection: XeroConnection) -> None:
    """What a run has read already is not what it was any more."""
    SyncCursor.objects.filter(connection=connection).update(read_by=0)


@prepared
def _cursors(connection_id: int) -> QuerySet[SyncCursor]:
    return SyncCursor.objects.filter(connection=connection_id)
