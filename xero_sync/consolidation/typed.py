"""Whom a record that is being typed may be: of ours, and of Xero's that have no link."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import Contact
from fieldops.common.numbers import whole_number
from stock.models import StockItem
from xero_sync.mappers.contacts import contact_from_wire
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.items import item_from_wire
from xero_sync.matching.candidates import ContactCandidate
from xero_sync.matching.item_candidate import ItemCandidate
from xero_sync.matching.likely import (
    Resemblance,
    contact_resemblance,
    item_resemblance,
)
from xero_sync.models import (
    ContactLink,
    ItemLink,
    MirrorRecord,
    SyncSettings,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Kind
from xero_sync.steps.drafts import contact_draft, item_draft, other_emails
from xero_sync.steps.nearby import MOST, any_of, contacts_near, words_in

SHOWN = 4


@dataclass(frozen=True, slots=True)
class Twin:
    """``key`` names it in the page; ``url`` is blank, and ``uid`` none, for one that
    only Xero has."""

    key: str
    name: str
    what: str
    town: str
    reasons: tuple[str, ...]
    url: str
    xero_id: str = ""
    uid: UUID | None = None

    @property
    def pk(self) -> int | None:
        """Of one of ours."""
        return whole_number(self.key.removeprefix("here:"))


_Ranked = tuple[Resemblance, Twin]


def twins_of_contact(
    typed: Contact,
    settings: SyncSettings,
    connection: XeroConnection | None,
    own_pk: int | None = None,
) -> list[Twin]:
    """The likeliest first. ``connection`` is None where Xero's are not to be seen."""
    mine = _candidate(typed, settings)
    found: list[_Ranked] = []
    others = Contact.objects.standing().exclude(pk__in=[own_pk or 0])
    for contact in contacts_near([typed], others):
        alike = contact_resemblance(mine, _candidate(contact, settings))
        if alike:
            found.append((alike, _twin_here(contact, alike)))
    for xero_id, payload in _contacts_in_xero(typed, connection):
        try:
            remote = contact_from_wire(payload, address_slot=settings.address_slot)
        except Unreadable:
            continue
        theirs = ContactCandidate(remote.draft, xero_id=xero_id)
        alike = contact_resemblance(mine, theirs)
        if alike and not remote.merged_into:
            town = remote.draft.address_city
            found.append((alike, _twin_there(xero_id, remote.draft.name, town, alike)))
    return _best(found)


def twins_of_item(
    typed: StockItem, connection: XeroConnection | None, own_pk: int | None = None
) -> list[Twin]:
    mine = ItemCandidate(item_draft(typed))
    found: list[_Ranked] = []
    others = StockItem.objects.standing().exclude(pk__in=[own_pk or 0])
    words = words_in("name", typed.name)
    near = any_of([words, Q(code__iexact=typed.code) if typed.code else None])
    for item in others.filter(near)[:MOST]:
        alike = item_resemblance(mine, ItemCandidate(item_draft(item)))
        if alike:
            found.append((alike, _item_here(item, alike)))
    code = Q(payload__Code__iexact=typed.code) if typed.code else None
    near = any_of([words_in("payload__Name", typed.name), code])
    for xero_id, payload in _unlinked(connection, Kind.ITEM, near):
        try:
            draft = item_from_wire(payload).draft
        except Unreadable:
            continue
        alike = item_resemblance(mine, ItemCandidate(draft))
        if alike:
            found.append((alike, _twin_there(xero_id, draft.name, draft.code, alike)))
    return _best(found)


def _best(found: Iterable[_Ranked]) -> list[Twin]:
    ranked = sorted(found, key=lambda one: (-one[0].rank, one[1].name, one[1].key))
    return [twin for _, twin in ranked[:SHOWN]]


def _candidate(contact: Contact, settings: SyncSettings) -> ContactCandidate:
    return ContactCandidate(
        contact_draft(contact, settings), other_emails=other_emails(contact, settings)
    )


def _twin_here(contact: Contact, alike: Resemblance) -> Twin:
    what = f"{contact.group}, archived" if contact.is_archived else str(contact.group)
    return Twin(
        f"here:{contact.pk}",
        contact.name,
        what,
        contact.billing_city,
        alike.reasons,
        contact.get_absolute_url(),
        uid=contact.uid,
    )


def _item_here(item: StockItem, alike: Resemblance) -> Twin:
    what = "stock item, archived" if item.is_archived else "stock item"
    return Twin(
        f"here:{item.pk}",
        item.name,
        what,
        item.code,
        alike.reasons,
        item.get_absolute_url(),
        uid=item.uid,
    )


def _twin_there(xero_id: str, name: str, town: str, alike: Resemblance) -> Twin:
    what = "in Xero, not linked yet"
    return Twin(f"xero:{xero_id}", name, what, town, alike.reasons, "", xero_id)


def _contacts_in_xero(
    typed: Contact, connection: XeroConnection | None
) -> Sequence[tuple[str, Any]]:
    email = typed.email or typed.accounting_email
    near = any_of(
        [
            words_in("payload__Name", typed.name),
            Q(payload__EmailAddress__iexact=email) if email else None,
            Q(payload__AccountNumber__iexact=typed.account_number)
            if typed.account_number
            else None,
        ]
    )
    return _unlinked(connection, Kind.CONTACT, near)


def _unlinked(
    connection: XeroConnection | None, kind: Kind, near: Q
) -> Sequence[tuple[str, Any]]:
    if connection is None:
        return ()
    model: Any = ContactLink if kind is Kind.CONTACT else ItemLink
    links = model.objects.filter(connection=connection, xero_id=OuterRef("xero_id"))
    rows: QuerySet[MirrorRecord] = MirrorRecord.objects.filter(
        ~Exists(links), near, connection=connection, kind=kind, is_gone=False
    )
    if kind is Kind.CONTACT:
        rows = rows.filter(payload__ContactStatus="ACTIVE")
    return list(rows.values_list("xero_id", "payload")[:MOST])
