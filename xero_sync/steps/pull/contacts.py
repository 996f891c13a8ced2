"""Contacts from Xero: new ones, changed ones, recognised ones, archived ones."""

from collections.abc import Sequence
from typing import Any

from customers.models import Contact
from customers.services import (
    archive_contact,
    change_contact,
    create_contact,
)
from fieldops.common.changes import locked
from xero_sync.mappers.contacts import contact_from_wire
from xero_sync.models import ContactLink, MirrorRecord, PlannedChange
from xero_sync.outcomes.changes import FieldChange
from xero_sync.outcomes.drafts import RemoteContact
from xero_sync.outcomes.kept_drafts import draft_to_json
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.planner.merge import as_json
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import (
    contact_column,
    contact_draft,
    contact_value,
    slots,
)
from xero_sync.steps.pull.base import carry_out
from xero_sync.store.links import move_link, put_link
from xero_sync.store.plan import fields_of

_FLAGS = ("is_customer", "is_supplier", "is_archived")


def pull_contacts(ctx: Context, changes: Sequence[PlannedChange]) -> None:
    carry_out(ctx, changes, _apply)


def _apply(ctx: Context, change: PlannedChange) -> bool:
    remote = _remote(ctx, change.xero_id)
    if change.action == Action.CREATE:
        return _create(ctx, change, remote)
    contact = locked(Contact.objects.get(pk=change.local_id or 0))
    if change.action == Action.ARCHIVE:
        link = ContactLink.objects.filter(
            connection=ctx.connection, record=contact
        ).first()
        if link is None:
            return False
        archive_contact(contact, by=ctx.actor)
        link.base["is_archived"] = True
        link.save(update_fields=["base", "synced_at"])
        return True
    fields = fields_of(change.fields)
    if not _still_so(ctx, contact, fields):
        return False
    contact = change_contact(contact, _values(ctx, contact, fields), by=ctx.actor)
    if change.action == Action.LINK:
        move_link(ctx.connection, contact.pk, remote.xero_id)
    origin = (
        ContactLink.Origin.CHOSEN
        if change.reason == "linked by a person"
        else ContactLink.Origin.MATCHED
    )
    _link(ctx, contact, remote, origin=origin, reasons=change.reason)
    return True


def _create(ctx: Context, change: PlannedChange, remote: RemoteContact) -> bool:
    known = ContactLink.objects.filter(
        connection=ctx.connection, xero_id=change.xero_id
    )
    if known.exists():
        return True
    values = _values(ctx, None, fields_of(change.fields))
    contact = create_contact(values, by=ctx.actor)
    _link(ctx, contact, remote, origin=ContactLink.Origin.CREATED_HERE)
    return True


def _link(
    ctx: Context,
    contact: Contact,
    remote: RemoteContact,
    *,
    origin: str,
    reasons: str = "",
) -> None:
    """What Xero has is what both agree on now; where ours differs, it goes up next."""
    put_link(
        ctx.connection,
        Kind.CONTACT,
        contact.pk,
        remote.xero_id,
        origin=origin,
        base={
            "draft": draft_to_json(remote.draft),
            "is_archived": contact.is_archived and remote.is_archived,
        },
        slots=slots(ctx.settings),
        revision=contact.revision,
        remote_updated_at=remote.updated_at,
        reasons=reasons,
    )


def _still_so(ctx: Context, contact: Contact, fields: Sequence[FieldChange]) -> bool:
    """Whether our values are still the ones the plan was made on."""
    draft = contact_draft(contact, ctx.settings)
    return all(
        field.name in _FLAGS or as_json(getattr(draft, field.name)) == field.before
        for field in fields
    )


def _values(
    ctx: Context, contact: Contact | None, fields: Sequence[FieldChange]
) -> dict[str, Any]:
    return {
        contact_column(field.name, contact, ctx.settings): contact_value(
            field.name, field.after
        )
        for field in fields
    }


def _remote(ctx: Context, xero_id: str) -> RemoteContact:
    payload = MirrorRecord.objects.values_list("payload", flat=True).get(
        connection=ctx.connection, kind=Kind.CONTACT, xero_id=xero_id
    )
    return contact_from_wire(payload, address_slot=ctx.settings.address_slot)
