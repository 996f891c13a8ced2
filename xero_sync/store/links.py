"""Keep who is whom, and what both sides agreed on."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from customers.models import Contact
from invoicing.models import Invoice
from stock.models import StockItem
from xero_sync.models import ContactLink, InvoiceLink, ItemLink, XeroConnection
from xero_sync.models.links import XeroLink
from xero_sync.outcomes.kinds import Kind

LINK_MODELS: dict[str, type[ContactLink] | type[ItemLink] | type[InvoiceLink]] = {
    Kind.CONTACT: ContactLink,
    Kind.ITEM: ItemLink,
    Kind.INVOICE: InvoiceLink,
}
RECORD_MODELS: dict[str, type[Contact] | type[StockItem] | type[Invoice]] = {
    Kind.CONTACT: Contact,
    Kind.ITEM: StockItem,
    Kind.INVOICE: Invoice,
}


def put_link(
    connection: XeroConnection,
    kind: str,
    record_id: int,
    xero_id: str,
    *,
    origin: str,
    base: Mapping[str, Any],
    slots: Mapping[str, str],
    revision: int,
    remote_updated_at: datetime | None = None,
    reasons: str = "",
) -> XeroLink:
    """Make the link, or bring its base up to date; a pair is never re-paired here.

    The unique constraints refuse a second partner on either side.
    """
    model: Any = LINK_MODELS[kind]
    values = {
        "base": dict(base),
        "base_slots": dict(slots),
        "revision": revision,
        "remote_updated_at": remote_updated_at,
    }
    link: XeroLink
    link, _ = model.objects.update_or_create(
        connection=connection,
        record_id=record_id,
        xero_id=xero_id,
        defaults=values,
        create_defaults=values | {"origin": origin, "reasons": reasons[:500]},
    )
    return link


def xero_ids(connection: XeroConnection, kind: str) -> dict[int, str]:
    """Our record's id to Xero's, for a kind."""
    model: Any = LINK_MODELS[kind]
    return dict(
        model.objects.filter(connection=connection).values_list("record_id", "xero_id")
    )


def mark_adopted(connection: XeroConnection, kind: str, found: Iterable[str]) -> None:
    """These were in Xero already when we looked for them by our own id."""
    model: Any = LINK_MODELS[kind]
    model.objects.filter(connection=connection, xero_id__in=list(found)).update(
        origin=XeroLink.Origin.ADOPTED
    )
