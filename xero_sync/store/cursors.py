"""Keep how far Xero's lists have been read, part by part, so that nothing begins anew."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from xero_sync.models import SyncCursor, SyncRun, XeroConnection

# What was read of a list longer ago is read again.
FULL_READING_LIVES = timedelta(days=1)


def cursor_of(connection: XeroConnection, kind: str) -> SyncCursor:
    return SyncCursor.objects.get_or_create(connection=connection, kind=kind)[0]


def cursors_of(
    connection: XeroConnection, kinds: Iterable[str]
) -> dict[str, SyncCursor]:
    """Those that there are."""
    rows = SyncCursor.objects.filter(connection=connection, kind__in=list(kinds))
    return {cursor.kind: cursor for cursor in rows}


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
    kinds = set(kinds)
    read = SyncCursor.objects.filter(
        connection=connection, kind__in=kinds, full_read_on=today
    )
    return read.count() == len(kinds)


def use_up_full_readings(connection: XeroConnection, today: date) -> None:
    """A plan was made on them: this day's full compare is done."""
    SyncCursor.objects.filter(connection=connection).update(full_read_on=None)
    connection.full_compare_on = today
    connection.save(update_fields=["full_compare_on"])


def read_again(connection: XeroConnection) -> None:
    """What a run has read already is not what it was any more."""
    SyncCursor.objects.filter(connection=connection).update(read_by=0)
