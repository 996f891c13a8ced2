"""Contacts from Xero: created, changed, archived or linked here."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import Q

from customers.models import Contact
from customers.services import archive_contact, change_contact, create_contacts
from xero_sync.mappers.contacts import contact_from_wire
from xero_sync.models import ContactLink
from xero_sync.outcomes.changes import FieldChange
from xero_sync.outcomes.drafts import ContactDraft, RemoteContact
from xero_sync.outcomes.kept_drafts import draft_to_json
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.planner.merge import as_json
from xero_sync.planner.people import merge_people
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import (
    contact_column,
    contact_draft,
    contact_value,
    slots,
)
from xero_sync.steps.pull.as_planned import Pulled, still_in_xero
from xero_sync.steps.pull.base import carry_out, link_all, origin_of
from xero_sync.store.links import Agreed, move_link
from xero_sync.store.names import drop_name
from xero_sync.store.plan import Planned

_FLAGS = frozenset({"is_customer", "is_supplier", "is_archived"})


def pull_contacts(ctx: Context, ids: Sequence[int]) -> None:
    carry_out(ctx, ids, _apply)


def _apply(ctx: Context, changes: Sequence[Planned]) -> Collection[int]:
    left = {change.pk for change in changes}
    pulled = still_in_xero(
        ctx,
        Kind.CONTACT,
        changes,
        read=partial(contact_from_wire, address_slot=ctx.settings.address_slot),
        says=_says,
    )
    links = _links(ctx, changes)
    there = {link.xero_id for link in links.values()}
    ours = Contact.objects.select_for_update().in_bulk(
        [change.local_id for change in changes if change.local_id]
    )
    new: list[Pulled[RemoteContact]] = []
    agreed: list[Agreed] = []
    for one in pulled:
        contact = ours.get(one.change.local_id or 0)
        if one.change.action == Action.CREATE:
            if one.change.xero_id not in there:
                new.append(one)
        elif contact is None or not _is_as_planned(
            ctx, contact, one, links.get(contact.pk)
        ):
            continue
        elif one.change.action == Action.ARCHIVE:
            if contact.pk not in links:
                continue
            _archive(ctx, contact, links[contact.pk])
        else:
            agreed.append(_changed(ctx, one, contact, links.get(contact.pk)))
        left.discard(one.change.pk)
    agreed += _created(ctx, new)
    link_all(ctx, Kind.CONTACT, agreed, slots=slots(ctx.settings))
    return left


def _says(remote: RemoteContact, change: Planned, field: FieldChange) -> bool:
    if field.name in _FLAGS or (field.name == "people" and change.local_id):
        return True
    return as_json(getattr(remote.draft, field.name)) == field.after


def _links(ctx: Context, changes: Sequence[Planned]) -> Mapping[int, ContactLink]:
    """Of both sides of these, by our record's id."""
    here = [change.local_id for change in changes if change.local_id]
    there = [change.xero_id for change in changes]
    links = ContactLink.objects.filter(
        Q(record_id__in=here) | Q(xero_id__in=there), connection=ctx.connection
    )
    return {link.record_id: link for link in links}


def _created(ctx: Context, new: Sequence[Pulled[RemoteContact]]) -> list[Agreed]:
    contacts = create_contacts(
        [_values(ctx, None, one.fields) for one in new], by=ctx.actor
    )
    return [
        _agreed(ctx, one, contact, None, origin=ContactLink.Origin.CREATED_HERE)
        for one, contact in zip(new, contacts, strict=True)
    ]


def _changed(
    ctx: Context, one: Pulled[RemoteContact], contact: Contact, link: ContactLink | None
) -> Agreed:
    if one.fields:
        values = _values(ctx, contact, one.fields)
        contact = change_contact(contact, values, by=ctx.actor)
        if "name" in values:
            drop_name(ctx.settings, contact)
    if one.change.action == Action.LINK and link is not None:
        # Where Xero has merged its partner away, the link goes with it.
        move_link(ctx.connection, contact.pk, one.remote.xero_id)
    return _agreed(ctx, one, contact, link, origin=origin_of(one.change))


def _archive(ctx: Context, contact: Contact, link: ContactLink) -> None:
    archive_contact(contact, by=ctx.actor)
    link.base["is_archived"] = True
    link.save(update_fields=["base", "synced_at"])


def _agreed(
    ctx: Context,
    one: Pulled[RemoteContact],
    contact: Contact,
    link: ContactLink | None,
    *,
    origin: str,
) -> Agreed:
    """What Xero has is what both agree on now; where ours differs, it goes up next. Only
    a record without such a difference is in step."""
    remote = one.remote
    was_archived = link is not None and bool(link.base.get("is_archived"))
    alike = contact.is_archived == remote.is_archived
    return Agreed(
        contact.pk,
        remote.xero_id,
        {
            "draft": draft_to_json(remote.draft),
            "is_archived": contact.is_archived if alike else was_archived,
        },
        contact.revision if _is_in_step(ctx, contact, remote) else 0,
        remote.updated_at,
        remote_digest=one.digest,
        origin=origin,
        reasons=one.change.reason if one.change.local_id else "",
    )


def _is_in_step(ctx: Context, contact: Contact, remote: RemoteContact) -> bool:
    return (
        contact.is_archived == remote.is_archived
        and (contact.is_customer or not remote.is_customer)
        and (contact.is_supplier or not remote.is_supplier)
        and contact_draft(contact, ctx.settings) == remote.draft
    )


def _is_as_planned(
    ctx: Context, contact: Contact, one: Pulled[RemoteContact], link: ContactLink | None
) -> bool:
    """Whether our values are still the ones the plan was made on."""
    if contact.merged_into_id:
        return False
    if not one.fields:
        return True
    draft = contact_draft(contact, ctx.settings)
    return all(
        field.name in _FLAGS or as_json(getattr(draft, field.name)) == field.before
        for field in one.fields
    ) and _has_planned_people(one, draft, link)


def _has_planned_people(
    one: Pulled[RemoteContact], draft: ContactDraft, link: ContactLink | None
) -> bool:
    """Whether the lists would still be merged into the planned one: somebody whom Xero
    got meanwhile would else look removed here."""
    base = link.base.get("draft", {}).get("people", "") if link else ""
    merged = merge_people(base, draft.people, one.remote.draft.people).ours
    planned = next((f.after for f in one.fields if f.name == "people"), draft.people)
    return merged == (planned or "")


def _values(
    ctx: Context, contact: Contact | None, fields: Sequence[FieldChange]
) -> dict[str, Any]:
    return {
        contact_column(field.name, contact, ctx.settings): contact_value(
            field.name, field.after
        )
        for field in fields
    }
