"""Pull what changed in Xero into the mirror. Nothing of the domain is written here."""

import reprlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from xero_sync.client.paging import Page, pages
from xero_sync.mappers.organisation import organisation_from_wire
from xero_sync.models import SyncCursor, SyncRun, XeroConnection
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Kind
from xero_sync.outcomes.wire import fingerprint, guid_of
from xero_sync.steps.context import Context
from xero_sync.steps.mirroring import seen
from xero_sync.store.cursors import (
    begin_full_reading,
    cursor_of,
    end_reading,
    move_watermarks,
    read_again,
    use_up_full_readings,
    whole_lists_read,
)
from xero_sync.store.issues import NAMELESS, close_nameless, raise_issue
from xero_sync.store.mirror import Seen, mark_gone, put_mirror
from xero_sync.store.plan import drop_changes_of

ORGANISATION = "organisation"
# In the order in which they are read. Of the first three Xero knows no changes.
LISTS = (
    ORGANISATION,
    Kind.ACCOUNT,
    Kind.TAX_RATE,
    Kind.CONTACT,
    Kind.ITEM,
    Kind.INVOICE,
)
_WHOLE_ONLY = frozenset({ORGANISATION, Kind.ACCOUNT, Kind.TAX_RATE})
# Invoices tell when they change, and none vanishes: once is enough.
_DAILY = frozenset(LISTS) - {Kind.INVOICE}

_ID = {
    Kind.CONTACT: "ContactID",
    Kind.ITEM: "ItemID",
    Kind.INVOICE: "InvoiceID",
    Kind.ACCOUNT: "AccountID",
    Kind.TAX_RATE: "TaxType",
}

Element = dict[str, object]


@dataclass(frozen=True)
class Reading:
    """One list: ``whole_on`` is today when all of it is read, else None."""

    kind: str
    cursor: SyncCursor
    whole_on: date | None

    @property
    def is_whole(self) -> bool:
        return self.whole_on is not None

    @property
    def since(self) -> datetime | None:
        return self.cursor.full_watermark if self.is_whole else self.cursor.watermark


def observe(ctx: Context, *, anew: bool = False) -> None:
    """Everything once a day, else only what changed: three calls, fewer for chosen
    records. A list that this run has read to its end is not read again, unless
    ``anew``: after a long wait."""
    if anew:
        with ctx.commit():
            read_again(ctx.connection)
    today = timezone.localdate(ctx.clock())
    is_full_day = ctx.connection.full_compare_on != today
    wanted = set(LISTS) if is_full_day else kinds_to_read(ctx.run)
    for kind in LISTS:
        if kind in wanted:
            _observe_list(ctx, kind, today if is_full_day else None)


def kinds_to_read(run: SyncRun) -> set[str]:
    """A record that is put right in its row and sent again must not use up the minute's
    calls of twenty others; an invoice may need all three."""
    chosen: set[str] = {Kind(kind) for kind in run.scope}
    if run.reason != SyncRun.Reason.RECORDS or Kind.INVOICE in chosen:
        return set(LISTS)
    return chosen


def is_full_compare(ctx: Context) -> bool:
    """Whether everything is planned: the day's first time that all was read anew."""
    today = timezone.localdate(ctx.clock())
    return whole_lists_read(ctx.connection, _DAILY, today)


def end_full_compare(ctx: Context) -> None:
    use_up_full_readings(ctx.connection, timezone.localdate(ctx.clock()))


def _observe_list(ctx: Context, kind: str, full_day: date | None) -> None:
    cursor = cursor_of(ctx.connection, kind)
    is_whole = full_day is not None and cursor.full_read_on != full_day
    is_whole = is_whole and kind in _DAILY
    if cursor.read_by == ctx.run.pk or (kind in _WHOLE_ONLY and not is_whole):
        return
    if is_whole:
        begin_full_reading(cursor, now=ctx.clock())
    _READ[kind](ctx, Reading(kind, cursor, full_day if is_whole else None))


def _read_organisation(ctx: Context, reading: Reading) -> None:
    ctx.breathe()
    organisation = organisation_from_wire(ctx.api.organisation())
    with ctx.commit():
        XeroConnection.objects.filter(pk=ctx.connection.pk).update(
            tenant_name=organisation.name or ctx.connection.tenant_name,
            short_code=organisation.short_code,
            base_currency=organisation.base_currency,
            country=organisation.country,
            is_demo=organisation.is_demo,
            lock_date=organisation.lock_date,
        )
        ctx.connection.refresh_from_db()
        _end(ctx, reading)


def _read_accounts(ctx: Context, reading: Reading) -> None:
    ctx.breathe()
    _keep_chart(ctx, reading, ctx.api.accounts())


def _read_tax_rates(ctx: Context, reading: Reading) -> None:
    ctx.breathe()
    _keep_chart(ctx, reading, ctx.api.tax_rates())


def _read_contacts(ctx: Context, reading: Reading) -> None:
    _read_pages(ctx, reading, ctx.api.contacts_page)


def _read_invoices(ctx: Context, reading: Reading) -> None:
    _read_pages(ctx, reading, ctx.api.invoices_page)


def _read_items(ctx: Context, reading: Reading) -> None:
    """Items deleted in Xero vanish without trace: only the whole list shows it."""
    ctx.breathe()
    elements = ctx.api.items(modified_since=reading.since)
    with ctx.commit() as now:
        rows = _keep(ctx, reading.kind, elements, now=now)
        if reading.since is None:
            mark_gone(ctx.connection, Kind.ITEM, [row.xero_id for row in rows])
        latest = max((row.updated_at for row in rows), default=None)
        move_watermarks(reading.cursor, latest, whole=False)
        _end(ctx, reading)


def _read_pages(
    ctx: Context, reading: Reading, fetch: Callable[[datetime | None, int], Page]
) -> None:
    """Each page is kept with how far it has brought us; a slice may end between two."""

    def fetch_in_time(since: datetime | None, number: int) -> Page:
        ctx.breathe()
        return fetch(since, number)

    for page in pages(fetch_in_time, reading.since):
        with ctx.commit() as now:
            _keep(ctx, reading.kind, page.elements, now=now)
            move_watermarks(reading.cursor, page.watermark, whole=reading.is_whole)
    with ctx.commit():
        _end(ctx, reading)


def _keep_chart(ctx: Context, reading: Reading, elements: Sequence[Element]) -> None:
    """Accounts and VAT rates: one list each, without a moment of change to order by."""
    key = _ID[Kind(reading.kind)]
    rows = [
        Seen(str(element[key]), ctx.clock(), dict(element), fingerprint(element))
        for element in elements
        if element.get(key)
    ]
    with ctx.commit():
        put_mirror(ctx.connection, reading.kind, rows)
        mark_gone(ctx.connection, reading.kind, [row.xero_id for row in rows])
        _end(ctx, reading)


def _end(ctx: Context, reading: Reading) -> None:
    if reading.is_whole:
        close_nameless(ctx.run, reading.kind, now=ctx.clock())
    end_reading(reading.cursor, ctx.run, whole_on=reading.whole_on)


def _keep(
    ctx: Context, kind: str, elements: Iterable[Element], *, now: datetime
) -> list[Seen]:
    """The rows of those that can be told apart and put in order; the others are
    reported. Whether our mappers understand the rest is found out when it is planned."""
    rows: list[Seen] = []
    for element in elements:
        xero_id = guid_of(element.get(_ID[Kind(kind)]))
        row = seen(element, xero_id) if xero_id else None
        if row:
            rows.append(row)
        else:
            _report(ctx, kind, element, xero_id, now=now)
    changed = put_mirror(ctx.connection, kind, rows)
    if ctx.run.state == SyncRun.State.WAITING:
        # Its plan was made before: what changed meanwhile is left to the next one.
        drop_changes_of(ctx.run, changed, now=now)
    return rows


def _report(
    ctx: Context, kind: str, element: Element, xero_id: str, *, now: datetime
) -> None:
    field = "UpdatedDateUTC" if xero_id else _ID[Kind(kind)]
    value = reprlib.repr(element.get(field))
    raise_issue(
        ctx.run,
        Problem(IssueCode.UNREADABLE, "", {"field": field, "value": value}),
        kind=kind,
        title=str(element.get("Name") or element.get("InvoiceNumber") or kind)[:200],
        now=now,
        xero_id=xero_id or f"{NAMELESS}{fingerprint(element)[:16]}",
    )


_READ: Mapping[str, Callable[[Context, Reading], None]] = {
    ORGANISATION: _read_organisation,
    Kind.ACCOUNT: _read_accounts,
    Kind.TAX_RATE: _read_tax_rates,
    Kind.CONTACT: _read_contacts,
    Kind.ITEM: _read_items,
    Kind.INVOICE: _read_invoices,
}
