"""Keep who is whom, and what both sides agreed on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import connection as database
from django.utils import timezone

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

_AGREED = (
    "base",
    "base_slots",
    "revision",
    "remote_updated_at",
    "remote_digest",
    "synced_at",
)


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
    remote_digest: str = "",
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
        "remote_digest": remote_digest,
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


@dataclass(frozen=True)
class Agreed:
    """A record as both sides have it now. ``status`` is Xero's, of an invoice."""

    record_id: int
    xero_id: str
    base: Mapping[str, Any]
    revision: int
    remote_updated_at: datetime | None
    status: str = ""
    remote_digest: str = ""


def put_links(
    connection: XeroConnection,
    kind: str,
    records: Iterable[Agreed],
    *,
    origin: str,
    slots: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Make the links of a batch, or bring those there up to date, in three statements."""
    model: Any = LINK_MODELS[kind]
    pairs = {(one.record_id, one.xero_id): one for one in records}
    known = {
        (link.record_id, link.xero_id): link
        for link in model.objects.filter(
            connection=connection, xero_id__in=[xero_id for _, xero_id in pairs]
        )
    }
    new = [
        model(
            connection=connection,
            record_id=one.record_id,
            xero_id=one.xero_id,
            origin=origin,
            **_values(one, kind, slots),
        )
        for pair, one in pairs.items()
        if pair not in known
    ]
    model.objects.bulk_create(new)
    there = [
        _with(known[pair], _values(one, kind, slots))
        for pair, one in pairs.items()
        if pair in known
    ]
    fields = [*_AGREED, "status"] if kind == Kind.INVOICE else _AGREED
    model.objects.bulk_update(there, fields)


def _values(one: Agreed, kind: str, slots: Mapping[str, str]) -> dict[str, Any]:
    values = {
        "base": dict(one.base),
        "base_slots": dict(slots),
        "revision": one.revision,
        "remote_updated_at": one.remote_updated_at,
        "remote_digest": one.remote_digest,
        "synced_at": timezone.now(),
    }
    return values | ({"status": one.status} if kind == Kind.INVOICE else {})


def _with(link: XeroLink, values: Mapping[str, Any]) -> XeroLink:
    for name, value in values.items():
        setattr(link, name, value)
    return link


def move_link(connection: XeroConnection, record_id: int, xero_id: str) -> None:
    """Xero has merged the contact into another one: that is its partner from now on."""
    ContactLink.objects.filter(connection=connection, record_id=record_id).update(
        xero_id=xero_id
    )


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


@dataclass(frozen=True, slots=True)
class InStep:
    """A linked pair with nothing left to do: our revision and the mirror's digest, both
    as the planner was given them."""

    record_id: int
    revision: int
    remote_digest: str


def mark_in_step(connection: XeroConnection, kind: str, rows: Iterable[InStep]) -> None:
    """Neither side of these needs looking at again until one of the two moves."""
    table = database.ops.quote_name(LINK_MODELS[kind]._meta.db_table)
    values = [
        (one.revision, one.remote_digest, connection.pk, one.record_id) for one in rows
    ]
    if not values:
        return
    with database.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET revision = %s, remote_digest = %s"  # noqa: S608
            " WHERE connection_id = %s AND record_id = %s",
            values,
        )
