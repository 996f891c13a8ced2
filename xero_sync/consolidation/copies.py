"""Who stands twice on one side: found on demand, and kept until that side changes.

Of a very long side the oldest records are compared, and no others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Max

from customers.models import Contact
from fieldops.common.actor import Actor
from stock.models import StockItem
from xero_sync.consolidation.errors import NotAPair
from xero_sync.mappers.contacts import contact_from_wire
from xero_sync.mappers.errors import Unreadable
from xero_sync.matching.candidates import ContactCandidate
from xero_sync.matching.copies import Twin, copies_within
from xero_sync.matching.item_candidate import ItemCandidate
from xero_sync.matching.item_copies import item_copies_within
from xero_sync.models import (
    MirrorRecord,
    PairDecision,
    SyncSettings,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Kind
from xero_sync.outcomes.wire import fingerprint
from xero_sync.steps.drafts import contact_draft, item_draft, other_emails, slots
from xero_sync.store.links import LINK_MODELS

_Basis = Callable[[XeroConnection], Sequence[str]]
_Load = Callable[[XeroConnection, SyncSettings], list[ContactCandidate]]
_Find = Callable[[XeroConnection, SyncSettings], "list[Copy]"]
_KEPT_FOR = 24 * 60 * 60  # seconds
# With more than these nobody waits for a page: about five seconds.
MOST_COMPARED = 15_000


class Place(StrEnum):
    """The values are the kinds that decisions about copies are kept under."""

    HERE = "copy_here"
    STOCK = "copy_stock"
    XERO = "copy_xero"


@dataclass(frozen=True, slots=True)
class Copy:
    """Two records of one side, by uid here and by Xero's id there."""

    one: str
    other: str
    name: str
    other_name: str
    is_sure: bool
    reasons: tuple[str, ...]


def copies_of(connection: XeroConnection, place: Place) -> list[Copy]:
    """The surest first, without those that a person called two."""
    settings = SyncSettings.current()
    basis, find = _SIDES[place]
    key = f"copies:{connection.pk}:{place}:" + fingerprint(
        [slots(settings), *basis(connection)]
    )
    found: list[Copy] | None = cache.get(key)
    if found is None:
        found = find(connection, settings)
        cache.set(key, found, _KEPT_FOR)
    denied = set(_called_two(connection, place))
    return [one for one in found if (one.one, one.other) not in denied]


def call_them_two(
    connection: XeroConnection, place: Place, one: str, other: str, *, by: Actor
) -> None:
    """Nobody is asked about these two again."""
    if not any(
        copy.one == one and copy.other == other for copy in copies_of(connection, place)
    ):
        raise NotAPair
    PairDecision.objects.get_or_create(
        connection=connection,
        kind=place,
        local_uid=_uuid(one),
        xero_id=other,
        defaults={"answer": PairDecision.Answer.DIFFERENT, "user": by.user},
    )


def _called_two(connection: XeroConnection, place: Place) -> Iterator[tuple[str, str]]:
    """As copies, and as one of ours and one of Xero's that has come in since."""
    said = PairDecision.objects.filter(
        connection=connection, answer=PairDecision.Answer.DIFFERENT
    )
    for uid, other in said.filter(kind=place).values_list("local_uid", "xero_id"):
        yield str(uid), other
    kind = _KINDS.get(place)
    if kind is None:
        return
    apart = dict[str, list[str]]()
    for uid, xero_id in said.filter(kind=kind).values_list("local_uid", "xero_id"):
        apart.setdefault(xero_id, []).append(str(uid))
    links: Any = LINK_MODELS[kind].objects.filter(connection=connection)
    for xero_id, partner in links.values_list("xero_id", "record__uid"):
        for ours in apart.get(xero_id, ()):
            first, second = sorted((ours, str(partner)))
            yield first, second


def _copy(twin: Twin) -> Copy:
    sides = (twin.one, twin.other)
    one, other = sorted(sides, key=lambda side: str(side.xero_id or side.local_id))
    return Copy(
        _id(one),
        _id(other),
        one.draft.name,
        other.draft.name,
        twin.is_sure,
        twin.reasons,
    )


def _id(candidate: ContactCandidate) -> str:
    return candidate.xero_id or str(candidate.local_id)


def _contact_copies(load: _Load) -> _Find:
    def find(connection: XeroConnection, settings: SyncSettings) -> list[Copy]:
        side = load(connection, settings)[:MOST_COMPARED]
        return [_copy(twin) for twin in copies_within(side)]

    return find


def _uuid(value: str) -> UUID:
    return UUID(value)


def _basis_here(connection: XeroConnection) -> Sequence[str]:
    state = Contact.objects.aggregate(count=Count("pk"), last=Max("updated_at"))
    return [str(state["count"]), str(state["last"])]


def _load_here(
    connection: XeroConnection, settings: SyncSettings
) -> list[ContactCandidate]:
    contacts = Contact.objects.filter(is_archived=False, merged_into=None)
    return [
        ContactCandidate(
            contact_draft(contact, settings),
            local_id=str(contact.uid),
            other_emails=other_emails(contact, settings),
        )
        for contact in contacts.order_by("pk")
    ]


def _basis_there(connection: XeroConnection) -> Sequence[str]:
    mirror = MirrorRecord.objects.filter(
        connection=connection, kind=Kind.CONTACT, is_gone=False
    )
    state = mirror.aggregate(count=Count("pk"), last=Max("updated_at"))
    return [str(state["count"]), str(state["last"])]


def _load_there(
    connection: XeroConnection, settings: SyncSettings
) -> list[ContactCandidate]:
    payloads = MirrorRecord.objects.filter(
        connection=connection, kind=Kind.CONTACT, is_gone=False
    ).values_list("payload", flat=True)
    found = []
    for payload in payloads.order_by("pk"):
        try:
            remote = contact_from_wire(payload, address_slot=settings.address_slot)
        except Unreadable:
            continue
        if not remote.is_archived and not remote.merged_into:
            found.append(ContactCandidate(remote.draft, xero_id=remote.xero_id))
    return found


def _basis_stock(connection: XeroConnection) -> Sequence[str]:
    state = StockItem.objects.aggregate(count=Count("pk"), last=Max("updated_at"))
    return [str(state["count"]), str(state["last"])]


def _item_copies(connection: XeroConnection, settings: SyncSettings) -> list[Copy]:
    items = StockItem.objects.filter(is_archived=False, merged_into=None)
    candidates = [
        ItemCandidate(item_draft(item), local_id=str(item.uid))
        for item in items.order_by("uid")[:MOST_COMPARED]
    ]
    return [
        Copy(
            str(twin.one.local_id),
            str(twin.other.local_id),
            _item_name(twin.one),
            _item_name(twin.other),
            twin.is_sure,
            twin.reasons,
        )
        for twin in item_copies_within(candidates)
    ]


def _item_name(item: ItemCandidate) -> str:
    return f"{item.draft.code} {item.draft.name}".strip()


_SIDES: dict[Place, tuple[_Basis, _Find]] = {
    Place.HERE: (_basis_here, _contact_copies(_load_here)),
    Place.STOCK: (_basis_stock, _item_copies),
    Place.XERO: (_basis_there, _contact_copies(_load_there)),
}
_KINDS = {Place.HERE: Kind.CONTACT, Place.STOCK: Kind.ITEM}
