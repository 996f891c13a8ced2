"""Pull what changed in Xero into the mirror. Nothing of the domain is written here."""

import reprlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from fieldops.common.prepared import prepared
from fieldops.common.rows import save_columns
from xero_sync.client.api import XeroApi
from xero_sync.client.errors import UnreadableAnswer
from xero_sync.client.paging import PageRead
from xero_sync.client.reading import Reading
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.organisation import forbidden_actions, organisation_from_wire
from xero_sync.mappers.wire import LONGEST_TAX_TYPE
from xero_sync.models import SyncCursor, SyncRun, XeroConnection
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Kind
from xero_sync.outcomes.wire import fingerprint, guid_of
from xero_sync.steps.context import Context
from xero_sync.steps.mirroring import seen, seen_at
from xero_sync.store.cursors import (
    begin_full_reading,
    cursor_of,
    cursors_of,
    end_reading,
    keep_cursor,
    move_watermarks,
    use_up_full_readings,
    whole_lists_read,
)
from xero_sync.store.issues import (
    NAMELESS,
    Trouble,
    close_nameless,
    raise_issues,
)
from xero_sync.store.mirror import Seen, mark_gone, put_mirror
from xero_sync.store.plan import drop_changes_of

ORGANISATION = "organisation"
ACTIONS = "actions"
# In the order in which they are read. Of the first four Xero knows no changes.
LISTS = (
    ORGANISATION,
    ACTIONS,
    Kind.ACCOUNT,
    Kind.TAX_RATE,
    Kind.CONTACT,
    Kind.ITEM,
    Kind.INVOICE,
)
_WHOLE_ONLY = frozenset({ORGANISATION, ACTIONS, Kind.ACCOUNT, Kind.TAX_RATE})
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
class Part:
    """One list to read: ``whole_on`` is today when all of it is read, else None."""

    kind: str
    cursor: SyncCursor
    whole_on: date | None

    @property
    def is_whole(self) -> bool:
        return self.whole_on is not None

    @property
    def since(self) -> datetime | None:
        return self.cursor.full_watermark if self.is_whole else self.cursor.watermark


def parts_to_read(ctx: Context) -> list[Part]:
    """Everything once a day, else only what changed: three calls, fewer for chosen
    records. A list that this run has read to its end is not read again.

    In a commit of its own: whoever has lost the lease calls no more beside the one who
    has it.
    """
    return list(_parts(ctx))


def observe(ctx: Context, parts: Sequence[Part]) -> None:
    """The lists are read side by side, and each page is kept as it comes, with how far
    it has brought us; a slice may end between two."""
    unread = {part.kind: part for part in parts}
    asked = {part.kind: _ASK[part.kind](ctx.api, part.since) for part in parts}
    with closing(ctx.api.read_all(asked)) as pages:
        for kind, page in pages:
            _keep_page(ctx, unread[kind], page)
            if page.is_last:
                del unread[kind]
            if unread:
                ctx.breathe()


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
    if ctx.connection.full_compare_on == today:
        return False
    return whole_lists_read(ctx.connection, _DAILY, today)


def end_full_compare(ctx: Context) -> None:
    use_up_full_readings(ctx.connection, timezone.localdate(ctx.clock()))


def _parts(ctx: Context) -> Iterator[Part]:
    """The lists that this run still has to read, each from where it stands."""
    today = timezone.localdate(ctx.clock())
    is_full_day = ctx.connection.full_compare_on != today
    wanted = set(LISTS) if is_full_day else kinds_to_read(ctx.run)
    known = cursors_of(ctx.connection)
    for kind in filter(wanted.__contains__, LISTS):
        cursor = known.get(kind) or cursor_of(ctx.connection, kind)
        is_whole = is_full_day and kind in _DAILY and cursor.full_read_on != today
        if cursor.read_by == ctx.run.pk or (kind in _WHOLE_ONLY and not is_whole):
            continue
        if is_whole:
            begin_full_reading(cursor, now=ctx.clock())
        yield Part(kind, cursor, today if is_whole else None)


def _keep_page(ctx: Context, part: Part, page: PageRead) -> None:
    is_whole_list = part.since is None and page.is_last
    with ctx.commit() as now:
        if part.kind == ORGANISATION:
            _keep_organisation(ctx, page.elements[0])
        elif part.kind == ACTIONS:
            _keep_actions(ctx, page.elements)
        elif part.kind in _WHOLE_ONLY:
            _keep_chart(ctx, part.kind, page.elements, now=now)
            _mark_gone(ctx, part.kind, page.elements)
        else:
            _keep(ctx, part.kind, page.elements, now=now)
            if part.kind == Kind.ITEM and is_whole_list:
                # Items deleted in Xero vanish without trace: only the list shows it.
                _mark_gone(ctx, part.kind, page.elements)
        move_watermarks(part.cursor, page.watermark, whole=part.is_whole)
        if page.is_last and part.is_whole:
            close_nameless(ctx.run, part.kind, now=now)
        if page.is_last:
            end_reading(part.cursor, ctx.run, whole_on=part.whole_on)
        keep_cursor(part.cursor)


def _mark_gone(ctx: Context, kind: str, listed: Sequence[Element]) -> None:
    """What is listed is there, however badly it is described; where one is listed without
    an id, nobody knows which is missing."""
    ids = [_id_of(kind, one) for one in listed]
    if all(ids):
        mark_gone(ctx.connection, kind, ids)


def _id_of(kind: str, element: Element) -> str:
    value = element.get(_ID[Kind(kind)])
    return str(value or "") if kind in _WHOLE_ONLY else guid_of(value)


def _keep_organisation(ctx: Context, element: Element) -> None:
    try:
        organisation = organisation_from_wire(element)
    except Unreadable as error:
        raise UnreadableAnswer(str(error), outcome_unknown=False) from error
    _keep_columns(
        ctx.connection,
        tenant_name=organisation.name or ctx.connection.tenant_name,
        short_code=organisation.short_code,
        base_currency=organisation.base_currency,
        country=organisation.country,
        is_demo=organisation.is_demo,
        lock_date=organisation.lock_date,
    )


def _keep_actions(ctx: Context, elements: Iterable[Element]) -> None:
    _keep_columns(ctx.connection, forbidden_actions=forbidden_actions(elements))


def _keep_columns(connection: XeroConnection, **values: Any) -> None:
    for name, value in values.items():
        setattr(connection, name, value)
    save_columns(connection, *values)


def _keep_chart(
    ctx: Context, kind: str, elements: Iterable[Element], *, now: datetime
) -> None:
    """Accounts and VAT rates: one list each, without a moment of change to order by."""
    key = _ID[Kind(kind)]
    named = [(_id_of(kind, one), one) for one in elements if one.get(key)]
    raise_issues(
        ctx.run,
        [_flaw(kind, one, key, "") for xero_id, one in named if not _fits(xero_id)],
        now=now,
    )
    rows = [seen_at(now, one, xero_id) for xero_id, one in named if _fits(xero_id)]
    put_mirror(ctx.connection, kind, rows)


def _fits(xero_id: str) -> bool:
    """An id is shorter than the longest tax type that there is room for."""
    return len(xero_id) <= LONGEST_TAX_TYPE


def _keep(
    ctx: Context, kind: str, elements: Iterable[Element], *, now: datetime
) -> None:
    """Those that can be told apart and put in order become rows; the others are
    reported. Whether our mappers understand the rest is found out when it is planned."""
    rows: list[Seen] = []
    flaws: list[Trouble] = []
    for element in elements:
        xero_id = _id_of(kind, element)
        row = seen(element, xero_id) if xero_id else None
        if row:
            rows.append(row)
        else:
            field = "UpdatedDateUTC" if xero_id else _ID[Kind(kind)]
            flaws.append(_flaw(kind, element, field, xero_id))
    raise_issues(ctx.run, flaws, now=now)
    changed = put_mirror(ctx.connection, kind, rows)
    if changed:
        for run_id in _planned_before(ctx):
            # What changed meanwhile is left to the next plan.
            drop_changes_of(run_id, changed, now=now)


def _planned_before(ctx: Context) -> list[int]:
    """Runs whose plan was made on an older mirror: one that has waited since, and those
    that wait while this one is at work."""
    waited = ctx.run.state == SyncRun.State.WAITING
    open_runs = _open_runs(ctx.connection.pk)
    return [run_id for run_id in open_runs if waited or run_id != ctx.run.pk]


@prepared
def _open_runs(connection_id: int) -> "QuerySet[SyncRun, int]":
    runs = SyncRun.objects.open().filter(connection=connection_id)
    return runs.values_list("pk", flat=True)


def _flaw(kind: str, element: Element, field: str, xero_id: str) -> Trouble:
    """``field`` is what it cannot be kept for; without an id it is told by its content."""
    value = reprlib.repr(element.get(field))
    return Trouble(
        Problem(IssueCode.UNREADABLE, "", {"field": field, "value": value}),
        kind=kind,
        title=str(element.get("Name") or element.get("InvoiceNumber") or kind)[:200],
        xero_id=xero_id or f"{NAMELESS}{fingerprint(element)[:16]}",
    )


_ASK: Mapping[str, Callable[[XeroApi, datetime | None], Reading]] = {
    ORGANISATION: lambda api, _: api.organisation_entry(),
    ACTIONS: lambda api, _: api.action_list(),
    Kind.ACCOUNT: lambda api, _: api.account_list(),
    Kind.TAX_RATE: lambda api, _: api.tax_rate_list(),
    Kind.CONTACT: XeroApi.contact_pages,
    Kind.ITEM: XeroApi.item_list,
    Kind.INVOICE: XeroApi.invoice_pages,
}
