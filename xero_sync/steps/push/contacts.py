"""Contacts to Xero: new ones by PUT, changed and archived ones by their id."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from customers.models import Contact
from xero_sync.client.answers import element_result
from xero_sync.mappers.contacts import (
    archive_contact_to_wire,
    contact_to_wire,
    takeable,
)
from xero_sync.models import ContactLink, IntentMember, MirrorRecord, PlannedChange
from xero_sync.outcomes.changes import FieldChange, Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ContactDraft, ElementResult
from xero_sync.outcomes.kept_drafts import draft_to_json
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.outcomes.people import still_meant
from xero_sync.outcomes.wire import updated_at
from xero_sync.planner.merge import as_json
from xero_sync.steps.batches import Accepted, Instead, Pushing
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import contact_draft, slots
from xero_sync.store.intents import Prepared
from xero_sync.store.links import Agreed, put_links, xero_ids
from xero_sync.store.plan import fields_of

_STATE = PlannedChange.State


def _prepare(
    ctx: Context, changes: Sequence[PlannedChange]
) -> list[Prepared | Instead]:
    contacts = Contact.objects.in_bulk([change.local_id for change in changes])
    linked = xero_ids(ctx.connection, Kind.CONTACT)
    prepared: list[Prepared | Instead] = []
    for change in changes:
        contact = contacts.get(change.local_id or 0)
        if contact is None:
            prepared.append(Instead(change, _STATE.DROPPED))
        elif change.action == Action.CREATE:
            prepared.append(_new(ctx, change, contact, contact.pk in linked))
        elif change.action == Action.ARCHIVE:
            prepared.append(_archived(change, contact))
        else:
            prepared.append(_changed(ctx, change, contact))
    return prepared


def _new(
    ctx: Context, change: PlannedChange, contact: Contact, is_linked: bool
) -> Prepared | Instead:
    if is_linked:
        return Instead(change, _STATE.DONE)
    if contact.revision != change.revision:
        return Instead(change, _STATE.DROPPED)
    draft = takeable(contact_draft(contact, ctx.settings))
    element = contact_to_wire(
        draft,
        address_slot=ctx.settings.address_slot,
        fields=None,
        contact_number=str(contact.uid),
    )
    return Prepared(
        change, str(contact.uid), element, draft_to_json(draft), contact.revision
    )


def _changed(
    ctx: Context, change: PlannedChange, contact: Contact
) -> Prepared | Instead:
    draft = contact_draft(contact, ctx.settings)
    fields = fields_of(change.fields)
    if not all(_is_still_so(draft, one) for one in fields):
        return Instead(change, _STATE.DROPPED)
    draft = _with_planned_people(draft, fields)
    names = {one.name for one in fields}
    element = contact_to_wire(
        draft,
        address_slot=ctx.settings.address_slot,
        fields=names,
        xero_id=change.xero_id,
    )
    values = draft_to_json(draft)
    sent = {name: values.get(name) for name in names}
    return Prepared(change, change.xero_id, element, sent, contact.revision)


def _is_still_so(draft: ContactDraft, planned: FieldChange) -> bool:
    if planned.name == "people":
        before, after = str(planned.before or ""), str(planned.after or "")
        return still_meant(draft.people, before, after)
    return as_json(getattr(draft, planned.name)) == planned.after


def _with_planned_people(
    draft: ContactDraft, fields: Iterable[FieldChange]
) -> ContactDraft:
    """The list that goes is Xero's with our changes in it: it replaces Xero's."""
    people = next((one.after for one in fields if one.name == "people"), None)
    return draft if people is None else replace(draft, people=str(people))


def _archived(change: PlannedChange, contact: Contact) -> Prepared | Instead:
    if not contact.is_archived:
        return Instead(change, _STATE.DROPPED)
    element = archive_contact_to_wire(change.xero_id)
    return Prepared(change, change.xero_id, element, {}, contact.revision)


def _accept(ctx: Context, accepted: Sequence[Accepted]) -> None:
    put_links(
        ctx.connection,
        Kind.CONTACT,
        [
            Agreed(
                member.change.local_id or 0,
                result.xero_id,
                {"draft": member.draft, "is_archived": False},
                member.revision,
                updated_at(result.payload),
            )
            for member, result in accepted
            if member.change.action == Action.CREATE
        ],
        origin=ContactLink.Origin.CREATED_THERE,
        slots=slots(ctx.settings),
    )
    for member, result in accepted:
        if member.change.action != Action.CREATE:
            _agree(ctx, member, result)


def _agree(ctx: Context, member: IntentMember, result: ElementResult) -> None:
    link = ContactLink.objects.get(
        connection=ctx.connection, xero_id=member.change.xero_id
    )
    if member.change.action == Action.ARCHIVE:
        link.base["is_archived"] = True
    else:
        link.base["draft"] = link.base.get("draft", {}) | member.draft
        link.base_slots = slots(ctx.settings)
    link.revision = member.revision
    link.remote_updated_at = updated_at(result.payload)
    link.save()


def _find(ctx: Context, keys: Sequence[str]) -> list[ElementResult]:
    found = ctx.api.contacts_by_number(keys)
    return [element_result(one, CONTACTS.resource) for one in found]


def _is_same(member: IntentMember, result: ElementResult) -> bool:
    """Nobody else writes our id into a contact."""
    return result.key == member.natural_key


def _explain(ctx: Context, change: PlannedChange, problem: Problem) -> Problem:
    """Say who has the name or the number, so that the report can offer to link them."""
    field = {
        IssueCode.NAME_TAKEN_IN_XERO: "Name",
        IssueCode.ACCOUNT_NUMBER_USED_IN_XERO: "AccountNumber",
    }.get(problem.code)
    if field is None or change.local_id is None:
        return problem
    contact = Contact.objects.get(pk=change.local_id)
    value = contact.name if field == "Name" else contact.account_number
    other = MirrorRecord.objects.filter(
        connection=ctx.connection,
        kind=Kind.CONTACT,
        **{f"payload__{field}__iexact": value},
    ).first()
    details = problem.details | {"value": value}
    if other:
        details |= {
            "other": str(other.payload.get("Name", "")),
            "other_xero_id": other.xero_id,
        }
    return Problem(problem.code, problem.field_name, details)


CONTACTS = Pushing(
    kind=Kind.CONTACT,
    resource="Contacts",
    prepare=_prepare,
    accept=_accept,
    find=_find,
    is_same=_is_same,
    explain=_explain,
)
