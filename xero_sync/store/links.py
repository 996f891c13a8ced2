"""Keep who is whom, and what both sides agreed on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone

from customers.models import Contact
from fieldops.common.bulk import insert_rows, update_rows
from fieldops.common.prepared import prepared
from fieldops.common.rows import Among, read_rows
from invoicing.models import Invoice
from stock.models import StockItem
from xero_sync.models import (
    ContactLink,
    InvoiceLink,
    ItemLink,
    MirrorRecord,
    XeroConnection,
)
from xero_sync.models.links import XeroLink
from xero_sync.outcomes.kinds import Kind
from xero_sync.outcomes.left_bases import sending

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

NO_SLOTS: Mapping[str, str] = {}
# Xero's own words are shorter.
LONGEST_STATUS = 20


class Agreed(msgspec.Struct, frozen=True):
    """A record as both sides have it now. ``status`` is Xero's, of an invoice."""

    record_id: int
    xero_id: str
    base: Mapping[str, Any]
    revision: int
    remote_updated_at: datetime | None
    status: str = ""
    remote_digest: str = ""
    origin: str = ""
    reasons: str = ""


def put_links(
    connection: XeroConnection,
    kind: str,
    records: Iterable[Agreed],
    *,
    origin: str,
    slots: Mapping[str, str] = NO_SLOTS,
) -> list[Agreed]:
    """Make the links of a batch; bring those there up to date.

    ``origin`` is theirs where they name none. Gives those that cannot be linked, because
    a side has another partner: a pair is never re-paired here.
    """
    pairs = {(one.record_id, one.xero_id): one for one in records}
    model: Any = LINK_MODELS[kind]
    now = timezone.now()
    rows = [
        {
            "connection": connection.pk,
            "record": one.record_id,
            "xero_id": one.xero_id,
            "origin": str(one.origin or origin),
            "reasons": one.reasons[:500],
            "linked_at": now,
            **_values(one, kind, slots, now),
        }
        for one in pairs.values()
    ]
    if insert_rows(model, rows, or_ignore=True) == len(rows):
        return []
    known = _known(connection, kind, pairs)
    update_rows(
        model,
        ("id",),
        [
            {"id": known[pair], **_values(one, kind, slots, now)}
            for pair, one in pairs.items()
            if pair in known
        ],
    )
    return [one for pair, one in pairs.items() if pair not in known]


def _known(
    connection: XeroConnection, kind: str, pairs: Iterable[tuple[int, str]]
) -> dict[tuple[int, str], int]:
    model: Any = LINK_MODELS[kind]
    links = model.objects.filter(
        connection=connection, record_id__in=[record_id for record_id, _ in pairs]
    )
    return {
        (record_id, xero_id): pk
        for pk, record_id, xero_id in links.values_list("pk", "record_id", "xero_id")
    }


def _values(
    one: Agreed, kind: str, slots: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    values = {
        "base": one.base,
        "base_slots": slots,
        "revision": one.revision,
        "remote_updated_at": one.remote_updated_at,
        "remote_digest": one.remote_digest,
        "synced_at": now,
    }
    if kind == Kind.INVOICE:
        values["status"] = one.status[:LONGEST_STATUS]
    return values


def still_here(kind: str, record_ids: Iterable[int]) -> frozenset[int]:
    """Of these records of ours, those that there are."""
    model: Any = RECORD_MODELS[kind]
    found = model.objects.filter(pk__in=list(record_ids))
    return frozenset(found.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Sent:
    """Fields of a linked record that Xero has taken: ``draft`` is what was sent, None
    when it was archived."""

    xero_id: str
    draft: Mapping[str, Any] | None
    revision: int
    remote_updated_at: datetime | None


def move_bases(
    connection: XeroConnection,
    kind: str,
    records: Iterable[Sent],
    *,
    slots: Mapping[str, str] = NO_SLOTS,
) -> None:
    """What was sent is agreed on now. The rest of Xero's answer has yet to be compared:
    the digest is blank until somebody has."""
    sent = {one.xero_id: one for one in records}
    if not sent:
        return
    model: Any = LINK_MODELS[kind]
    links = model.objects.filter(connection=connection, xero_id__in=list(sent))
    rows = list(links.values_list("pk", "xero_id", "base", "base_slots", "left"))
    update_rows(
        model,
        ("id",),
        [
            {"id": pk, **_moved(base, base_slots, sent[xero_id], slots)}
            for pk, xero_id, base, base_slots, _ in rows
        ],
    )
    for pk, xero_id, base, _, left in rows:
        draft = sent[xero_id].draft
        if left and draft is not None:
            model.objects.filter(pk=pk).update(left=sending(left, base, draft))


def _moved(
    base: Mapping[str, Any],
    base_slots: Mapping[str, str],
    one: Sent,
    slots: Mapping[str, str],
) -> dict[str, Any]:
    changed: dict[str, Any] = {"is_archived": True}
    if one.draft is not None:
        changed = {"draft": {**base.get("draft", {}), **one.draft}}
    return {
        "base": {**base, **changed},
        "base_slots": base_slots if one.draft is None else dict(slots),
        "revision": one.revision,
        "remote_updated_at": one.remote_updated_at,
        "remote_digest": "",
        "synced_at": timezone.now(),
    }


def move_link(connection: XeroConnection, record_id: int, xero_id: str) -> None:
    """Xero has merged the contact into another one: that is its partner from now on."""
    ContactLink.objects.filter(connection=connection, record_id=record_id).update(
        xero_id=xero_id, left=None
    )


def move_item_link(
    connection: XeroConnection, record_id: int, xero_id: str, *, gone: Iterable[str]
) -> None:
    """The item was deleted in Xero and made again there: that is its partner now."""
    ItemLink.objects.filter(
        connection=connection, record_id=record_id, xero_id__in=list(gone)
    ).update(xero_id=xero_id, left=None)


def xero_ids(
    connection: XeroConnection, kind: str, record_ids: Iterable[int | None]
) -> dict[int, str]:
    """Our record's id to Xero's, of those that are linked."""
    wanted = [one for one in record_ids if one]
    rows = read_rows(
        LINK_MODELS[kind],
        ("record_id", "xero_id"),
        Among("record_id", wanted),
        connection=connection.pk,
    )
    return dict(rows)


def linked_to_others(
    connection: XeroConnection,
    kind: str,
    xero_ids: Iterable[str],
    record_ids: Iterable[int | None],
) -> frozenset[str]:
    """Of these ids of Xero's, those that belong to other records of ours than these."""
    model: Any = LINK_MODELS[kind]
    links = model.objects.filter(connection=connection, xero_id__in=list(xero_ids))
    others = links.exclude(record_id__in=[one for one in record_ids if one])
    return frozenset(others.values_list("xero_id", flat=True))


def item_codes(connection: XeroConnection, record_ids: Iterable[int]) -> dict[int, str]:
    """Under which code Xero has our items: not those that it refused or lost."""
    codes = _item_codes(connection.pk, str(Kind.ITEM), list(record_ids))
    return {record_id: code for record_id, code in codes if code}


@prepared
def _item_codes(
    connection_id: int, kind: str, record_ids: list[int]
) -> "QuerySet[ItemLink, tuple[int, str]]":
    lost = MirrorRecord.objects.filter(
        connection=connection_id, kind=kind, xero_id=OuterRef("xero_id"), is_gone=True
    )
    links = ItemLink.objects.filter(
        ~Exists(lost), connection=connection_id, record__in=record_ids
    )
    return links.values_list("record_id", KT("base__draft__code"))


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
    update_rows(
        LINK_MODELS[kind],
        ("connection", "record"),
        [
            {
                "connection": connection.pk,
                "record": one.record_id,
                "revision": one.revision,
                "remote_digest": one.remote_digest,
            }
            for one in rows
        ],
    )
