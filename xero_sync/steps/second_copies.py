"""Contacts and stock items that somebody has entered in Xero although they are there,
linked to one of ours: a person is asked before they come in as new."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import ADDRESS_PARTS, Contact
from fieldops.common.prepared import prepared
from stock.models import StockItem
from xero_sync.mappers.contacts import contact_from_wire
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.items import item_from_wire
from xero_sync.matching.contacts import ContactCandidate, match_contacts
from xero_sync.matching.item_candidate import ItemCandidate
from xero_sync.matching.item_copies import item_copies_within
from xero_sync.models import (
    ContactLink,
    FoundPair,
    ItemLink,
    MirrorRecord,
    PairDecision,
)
from xero_sync.outcomes.drafts import ContactDraft, RemoteContact, RemoteItem
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.inputs import Pair
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import contact_draft, item_draft, other_emails
from xero_sync.steps.nearby import any_of, contacts_near
from xero_sync.steps.unlinked import unlinked_mirror
from xero_sync.store.links import RECORD_MODELS

LINKED_ALREADY = "ours is linked to another one already"
SAID_THE_SAME = "a person said so"
# With more new ones in Xero it is quicker to compare them with all of ours.
FEW = 50

_Answer = PairDecision.Answer


def second_copies(ctx: Context) -> list[Pair]:
    """Of contacts that have no link, with linked ones of ours. What is asked already is
    left out, and what nobody has to be asked about."""
    if not _some_linked(ctx.connection.pk):
        return []  # a first sync: the matcher sees everybody
    fresh = {one.xero_id: one for one in _new_in_xero(ctx)}
    if not fresh:
        return []
    linked = _linked(ctx.connection.pk)
    return _to_ask(
        ctx, Kind.CONTACT, linked, fresh, _alike(ctx, linked, list(fresh.values()))
    )


def second_item_copies(ctx: Context) -> list[Pair]:
    """The same of stock items: of one name, sizes and pack included, or one maker's
    number and all else alike."""
    if not _some_linked_items(ctx.connection.pk):
        return []
    fresh = {one.xero_id: one for one in _new_items_in_xero(ctx)}
    if not fresh:
        return []
    linked = _linked_items(ctx.connection.pk)
    return _to_ask(
        ctx, Kind.ITEM, linked, fresh, _alike_items(linked, list(fresh.values()))
    )


def _to_ask(
    ctx: Context,
    kind: Kind,
    linked: "QuerySet[Any]",
    fresh: Container[str],
    alike: Iterable[Pair],
) -> list[Pair]:
    settled = _settled(ctx, kind)
    pairs = {
        (pair.local_id, pair.xero_id): pair
        for pair in alike
        if (pair.local_id, pair.xero_id) not in settled
        and (pair.local_id, "") not in settled
    }
    said = [pair for pair in _said(ctx, kind, linked) if pair.xero_id in fresh]
    return list((pairs | {(one.local_id, one.xero_id): one for one in said}).values())


def _new_in_xero(ctx: Context) -> Iterator[RemoteContact]:
    """That would be brought in as new, by all that Xero says of them."""
    for payload in _to_come(ctx.connection.pk):
        try:
            remote = contact_from_wire(payload, address_slot=ctx.settings.address_slot)
        except Unreadable:
            continue
        if not remote.merged_into:
            yield remote


def _new_items_in_xero(ctx: Context) -> Iterator[RemoteItem]:
    for payload in _items_to_come(ctx.connection.pk):
        try:
            yield item_from_wire(payload)
        except Unreadable:
            continue


@prepared
def _to_come(connection_id: int) -> "QuerySet[MirrorRecord, dict[str, Any]]":
    rows = _not_asked(connection_id, Kind.CONTACT).filter(
        Q(payload__IsCustomer=True) | Q(payload__IsSupplier=True),
        payload__ContactStatus="ACTIVE",
    )
    return rows.order_by("xero_id").values_list("payload", flat=True)


@prepared
def _items_to_come(connection_id: int) -> "QuerySet[MirrorRecord, dict[str, Any]]":
    rows = _not_asked(connection_id, Kind.ITEM)
    return rows.order_by("xero_id").values_list("payload", flat=True)


def _not_asked(connection_id: int, kind: Kind) -> QuerySet[MirrorRecord]:
    asked = FoundPair.objects.doubtful().filter(connection=connection_id, kind=kind)
    rows = unlinked_mirror(connection_id, kind)
    return rows.exclude(xero_id__in=asked.order_by().values("xero_id"))


@prepared
def _some_linked(connection_id: int) -> "QuerySet[Any, int]":
    return _linked(connection_id).values_list("pk", flat=True)[:1]


@prepared
def _some_linked_items(connection_id: int) -> "QuerySet[Any, int]":
    return _linked_items(connection_id).values_list("pk", flat=True)[:1]


def _linked(connection_id: int) -> QuerySet[Contact]:
    links = ContactLink.objects.filter(connection=connection_id, record=OuterRef("pk"))
    return Contact.objects.standing().active().filter(Exists(links)).order_by("pk")


def _linked_items(connection_id: int) -> QuerySet[StockItem]:
    """One that Xero has no longer may have been made again there: that is no copy."""
    gone = MirrorRecord.objects.filter(
        connection=connection_id, kind=Kind.ITEM, is_gone=True
    )
    links = ItemLink.objects.filter(connection=connection_id, record=OuterRef("pk"))
    links = links.exclude(xero_id__in=gone.values("xero_id"))
    return StockItem.objects.standing().active().filter(Exists(links)).order_by("pk")


def _alike_items(
    linked: QuerySet[StockItem], fresh: Sequence[RemoteItem]
) -> Iterator[Pair]:
    near = linked
    if len(fresh) <= FEW:
        words = {_longest_word(one.draft.name) for one in fresh}
        near = linked.filter(any_of(Q(name__icontains=word) for word in sorted(words)))
    candidates = [
        *(ItemCandidate(item_draft(item), local_id=item.pk) for item in near),
        *(ItemCandidate(one.draft, xero_id=one.xero_id) for one in fresh),
    ]
    for twin in item_copies_within(candidates):
        ours = next((one for one in (twin.one, twin.other) if one.local_id), None)
        theirs = next((one for one in (twin.one, twin.other) if one.xero_id), None)
        if ours and theirs and (twin.is_sure or _is_named_alike(ours, theirs)):
            reasons = (*twin.reasons, LINKED_ALREADY)
            local_id = int(ours.local_id or 0)
            yield Pair(local_id, theirs.xero_id, is_certain=False, reasons=reasons)


def _longest_word(name: str) -> str:
    """Its first letters: figures and units are written in too many ways."""
    words = re.findall(r"[^\W\d_]+", name)
    return max(words, key=len, default="")[:4]


def _is_named_alike(one: ItemCandidate, other: ItemCandidate) -> bool:
    return bool(one.line.tokens) and set(one.line.tokens) == set(other.line.tokens)


def _alike(
    ctx: Context, linked: QuerySet[Contact], fresh: Sequence[RemoteContact]
) -> Iterator[Pair]:
    """What the matcher calls possible and no more is not worth the wait."""
    near: Iterable[Contact] = linked
    if len(fresh) <= FEW:
        near = contacts_near([_as_ours(one.draft) for one in fresh], linked)
    matches = match_contacts(
        [
            ContactCandidate(
                contact_draft(contact, ctx.settings),
                local_id=contact.pk,
                other_emails=other_emails(contact, ctx.settings),
            )
            for contact in near
        ],
        [ContactCandidate(one.draft, xero_id=one.xero_id) for one in fresh],
    )
    for match in matches:
        if match.certain or match.likely:
            yield Pair(
                int(match.local_id),
                match.xero_id,
                is_certain=False,
                reasons=(*match.reasons, LINKED_ALREADY),
                score=match.score,
            )


def _as_ours(draft: ContactDraft) -> Contact:
    address = {
        f"billing_{part}": getattr(draft, f"address_{part}") for part in ADDRESS_PARTS
    }
    names = ("name", "email", "phone", "mobile", "account_number", "tax_number")
    return Contact(
        **{name: getattr(draft, name) for name in names},
        **address,
        direct_dial=draft.direct_dial,
    )


def _said(ctx: Context, kind: Kind, linked: "QuerySet[Any]") -> Iterator[Pair]:
    """Called the same by a person, before ours found another partner."""
    same = dict(
        PairDecision.objects.filter(
            connection=ctx.connection, kind=kind, answer=_Answer.SAME
        ).values_list("local_uid", "xero_id")
    )
    ours = linked.filter(uid__in=same).values_list("pk", "uid")
    for pk, uid in ours:
        reasons = (SAID_THE_SAME, LINKED_ALREADY)
        yield Pair(pk, same[uid], is_certain=False, reasons=reasons)


def _settled(ctx: Context, kind: Kind) -> set[tuple[int, str]]:
    """What a person has called different; without an id of Xero's, who is new."""
    decisions = PairDecision.objects.filter(
        connection=ctx.connection, kind=kind
    ).exclude(answer=_Answer.SAME)
    said = list(decisions.values_list("local_uid", "xero_id"))
    model: Any = RECORD_MODELS[kind]
    records = model.objects.filter(uid__in={uid for uid, _ in said})
    ids = dict(records.values_list("uid", "pk"))
    return {(ids[uid], xero_id) for uid, xero_id in said if uid in ids}
