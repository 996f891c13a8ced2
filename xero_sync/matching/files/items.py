"""Items in files: a row of ours or an item of Xero's as a candidate."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from xero_sync.matching.files.reading import (
    FileRefused,
    Ids,
    Loose,
    RecordId,
    price,
    rows_of_document,
    rows_of_lines,
    text,
)
from xero_sync.matching.items import ItemCandidate
from xero_sync.outcomes.drafts import ItemDraft


class OurItem(msgspec.Struct, gc=False):
    id: RecordId | None = None
    part_number: Loose = None
    name: Loose = None
    description: Loose = None
    manufacturer: Loose = None
    mpn: Loose = None
    barcode: Loose = None
    unit: Loose = None
    cost_price: Loose = None
    sell_price: Loose = None
    # Only contacts have these.
    email: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    postcode: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class Details(msgspec.Struct, rename="pascal", gc=False):
    unit_price: Loose = None


class XeroItem(msgspec.Struct, rename="pascal"):
    item_id: RecordId | None = msgspec.field(default=None, name="ItemID")
    code: Loose = None
    name: Loose = None
    description: Loose = None
    purchase_description: Loose = None
    sales_details: Details | None = None
    purchase_details: Details | None = None


def our_items(path: Path) -> Iterator[ItemCandidate]:
    ids = Ids(path, "id", "line")
    for number, row in rows_of_lines(path, OurItem):
        if row.email is not msgspec.UNSET or row.postcode is not msgspec.UNSET:
            raise FileRefused(f"{path}, line {number}: a contact, not an item.")
        yield ItemCandidate(
            ItemDraft(
                code=text(row.part_number),
                name=text(row.name),
                description=text(row.description),
                sell_price=price(row.sell_price),
                cost_price=price(row.cost_price),
            ),
            local_id=ids.add(row.id, number),
            manufacturer=text(row.manufacturer),
            mpn=text(row.mpn),
            barcode=text(row.barcode),
            unit=text(row.unit),
        )


def xero_items(path: Path) -> Iterator[ItemCandidate]:
    ids = Ids(path, "ItemID", "item")
    for number, row in enumerate(rows_of_document(path, "Items", XeroItem), start=1):
        yield ItemCandidate(
            ItemDraft(
                code=text(row.code),
                name=text(row.name),
                description=text(row.description),
                purchase_description=text(row.purchase_description),
                sell_price=price((row.sales_details or Details()).unit_price),
                cost_price=price((row.purchase_details or Details()).unit_price),
            ),
            xero_id=str(ids.add(row.item_id, number)),
        )
