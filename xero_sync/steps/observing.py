"""Pull what changed in Xero into the mirror. Nothing of the domain is written here."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from xero_sync.client.paging import Page, pages
from xero_sync.mappers.contacts import contact_from_wire
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.invoices import invoice_from_wire
from xero_sync.mappers.items import item_from_wire
from xero_sync.mappers.organisation import organisation_from_wire
from xero_sync.models import XeroConnection
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Kind
from xero_sync.outcomes.wire import fingerprint
from xero_sync.steps.context import Context
from xero_sync.steps.mirroring import seen
from xero_sync.store.issues import close_unreadable, raise_issue
from xero_sync.store.mirror import (
    Seen,
    mark_gone,
    move_watermark,
    put_mirror,
    read_watermark,
)

_ID = {Kind.CONTACT: "ContactID", Kind.ITEM: "ItemID", Kind.INVOICE: "InvoiceID"}
_CHART_KEY = {Kind.ACCOUNT: "AccountID", Kind.TAX_RATE: "TaxType"}

Element = dict[str, object]


def observe_organisation(ctx: Context) -> None:
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


def observe_accounts(ctx: Context) -> None:
    _observe_whole_list(ctx, Kind.ACCOUNT, ctx.api.accounts())


def observe_tax_rates(ctx: Context) -> None:
    _observe_whole_list(ctx, Kind.TAX_RATE, ctx.api.tax_rates())


def observe_contacts(ctx: Context, *, full: bool) -> frozenset[str]:
    return _observe_pages(ctx, Kind.CONTACT, ctx.api.contacts_page, full=full)


def observe_invoices(ctx: Context, *, full: bool) -> frozenset[str]:
    return _observe_pages(ctx, Kind.INVOICE, ctx.api.invoices_page, full=full)


def observe_items(ctx: Context, *, full: bool) -> frozenset[str]:
    """Items deleted in Xero vanish without trace: only the whole list shows it."""
    since = None if full else read_watermark(ctx.connection, Kind.ITEM)
    elements = ctx.api.items(modified_since=since)
    with ctx.commit() as now:
        rows, changed = _store(ctx, Kind.ITEM, elements, now=now)
        if since is None:
            mark_gone(ctx.connection, Kind.ITEM, [row.xero_id for row in rows])
        if rows:
            latest = max(row.updated_at for row in rows)
            move_watermark(ctx.connection, Kind.ITEM, latest)
    return changed


def _observe_pages(
    ctx: Context,
    kind: Kind,
    fetch: Callable[[datetime | None, int], Page],
    *,
    full: bool,
) -> frozenset[str]:
    """The ids of the records that were new or changed."""
    changed: frozenset[str] = frozenset()
    since = None if full else read_watermark(ctx.connection, kind)
    for page in pages(fetch, since):
        with ctx.commit() as now:
            changed |= _store(ctx, kind, page.elements, now=now)[1]
            if page.watermark is not None:
                move_watermark(ctx.connection, kind, page.watermark)
    return changed


def _observe_whole_list(ctx: Context, kind: Kind, elements: Sequence[Element]) -> None:
    """Accounts and VAT rates: one list each, without a moment of change to order by."""
    key = _CHART_KEY[kind]
    rows = [
        Seen(str(element[key]), ctx.clock(), dict(element), fingerprint(element))
        for element in elements
        if element.get(key)
    ]
    with ctx.commit():
        put_mirror(ctx.connection, kind, rows)
        mark_gone(ctx.connection, kind, [row.xero_id for row in rows])


def _store(
    ctx: Context, kind: Kind, elements: Iterable[Element], *, now: datetime
) -> tuple[list[Seen], frozenset[str]]:
    """The rows, and the ids of those that were new or changed."""
    rows: list[Seen] = []
    unreadable: set[str] = set()
    for element in elements:
        xero_id = str(element.get(_ID[kind]) or "")
        row = seen(element, xero_id) if xero_id else None
        problem = _unreadable(ctx, kind, element)
        if row:
            rows.append(row)
        if problem:
            unreadable.add(xero_id)
            raise_issue(
                ctx.run,
                problem,
                kind=kind,
                title=str(element.get("Name") or element.get("InvoiceNumber") or kind)[
                    :200
                ],
                now=now,
                xero_id=xero_id[:64] or "unknown",
            )
    changed = put_mirror(ctx.connection, kind, rows)
    close_unreadable(
        ctx.connection.pk,
        kind,
        [row.xero_id for row in rows if row.xero_id not in unreadable],
        now=now,
    )
    return rows, changed


def _unreadable(ctx: Context, kind: Kind, element: Element) -> Problem | None:
    """What our mappers cannot understand is reported, and the rest goes on."""
    try:
        if kind is Kind.CONTACT:
            contact_from_wire(element, address_slot=ctx.settings.address_slot)
        elif kind is Kind.ITEM:
            item_from_wire(element)
        else:
            invoice_from_wire(element)
    except Unreadable as error:
        details = {"field": error.field, "value": error.value}
        return Problem(IssueCode.UNREADABLE, "", details)
    return None
