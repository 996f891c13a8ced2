"""Contacts to Xero: new ones by PUT, changed and archived ones by their id."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from customers.models import Contact
from fieldops.common.rows import Among, read_named
from xero_sync.client.answers import element_result
from xero_sync.mappers.contacts import (
    archive_contact_to_wire,
    contact_from_wire,
    contact_to_wire,
    takeable,
)
from xero_sync.mappers.errors import Unreadable
from xero_sync.models import ContactLink, MirrorRecord, PlannedChange
from xero_sync.outcomes.changes import FieldChange, Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ContactDraft, ElementResult, RemoteContact
from xero_sync.outcomes.kept_drafts import draft_to_json
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.outcomes.people import still_meant
from xero_sync.planner.merge import as_json
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import CONTACT_COLUMNS, contact_draft, slots
from xero_sync.steps.push.linked import among_xeros, move_linked, stray
from xero_sync.steps.pushing import Accepted, Instead, Prepared, Pushing
from xero_sync.store.intents import Member
from xero_sync.store.links import Agreed, put_links, xero_ids
from xero_sync.store.mirror import mirror_rows
from xero_sync.store.plan import Planned

_STATE = PlannedChange.State
_COLUMNS = ("id", "uid", "revision", "is_archived", *CONTACT_COLUMNS)


def _slots(ctx: Context) -> Mapping[str, str]:
    return slots(ctx.settings)


def _prepare(ctx: Context, changes: Sequence[Planned]) -> list[Prepared | Instead]:
    ids = [change.local_id for change in changes]
    rows = read_named(Contact, _COLUMNS, Among("id", filter(None, ids)))
    contacts: dict[int, Any] = {row.id: row for row in rows}
    linked = xero_ids(ctx.connection, Kind.CONTACT, ids)
    remotes = _remotes(ctx, changes)
    prepared: list[Prepared | Instead] = []
    for change in changes:
        contact = contacts.get(change.local_id or 0)
        if change.local_id is None and change.action == Action.ARCHIVE:
            element = archive_contact_to_wire(change.xero_id)
            prepared.append(Prepared(change, change.xero_id, element, {}, 0))
        elif contact is None:
            prepared.append(Instead(change, _STATE.DROPPED))
        elif change.action == Action.CREATE:
            prepared.append(_new(ctx, change, contact, contact.id in linked))
        elif change.action == Action.ARCHIVE:
            prepared.append(_archived(change, contact))
        else:
            remote = remotes.get(change.xero_id)
            prepared.append(_changed(ctx, change, contact, remote))
    return prepared


def _remotes(ctx: Context, changes: Sequence[Planned]) -> dict[str, RemoteContact]:
    """Xero's side of changed ones, as far as it can be read."""
    ids = [one.xero_id for one in changes if one.action == Action.UPDATE]
    remotes: dict[str, RemoteContact] = {}
    for xero_id, (payload, _) in mirror_rows(ctx.connection, Kind.CONTACT, ids).items():
        if remote := _read(ctx, payload):
            remotes[xero_id] = remote
    return remotes


def _read(ctx: Context, payload: Mapping[str, object]) -> RemoteContact | None:
    try:
        return contact_from_wire(payload, address_slot=ctx.settings.address_slot)
    except Unreadable:
        return None


def _new(
    ctx: Context, change: Planned, contact: Any, is_linked: bool
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
    ctx: Context,
    change: Planned,
    contact: Any,
    remote: RemoteContact | None,
) -> Prepared | Instead:
    draft = contact_draft(contact, ctx.settings)
    fields = change.fields
    if remote is None or not _is_as_planned(fields, draft, remote):
        return Instead(change, _STATE.DROPPED)
    names = {one.name for one in fields}
    draft = among_xeros(remote.draft, _with_planned_people(draft, fields), names)
    element = contact_to_wire(
        draft,
        address_slot=ctx.settings.address_slot,
        fields=names,
        xero_id=change.xero_id,
    )
    values = draft_to_json(draft)
    sent = {name: values.get(name) for name in names}
    # Of what was typed since the plan only these fields go.
    planned_on = change.revision or contact.revision
    return Prepared(change, change.xero_id, element, sent, planned_on)


def _is_as_planned(
    fields: Iterable[FieldChange], draft: ContactDraft, remote: RemoteContact
) -> bool:
    """On both sides: ours may have moved on, and so may Xero's, as far as we know."""
    return all(
        _is_still_so(draft, one)
        and (as_json(getattr(remote.draft, one.name)) or None) == (one.before or None)
        for one in fields
    )


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


def _archived(change: Planned, contact: Any) -> Prepared | Instead:
    if not contact.is_archived:
        return Instead(change, _STATE.DROPPED)
    element = archive_contact_to_wire(change.xero_id)
    return Prepared(change, change.xero_id, element, {}, contact.revision)


def _accept(
    ctx: Context, accepted: Sequence[Accepted], slots: Mapping[str, str]
) -> Sequence[Accepted]:
    created = [one for one in accepted if one[0].action == Action.CREATE]
    refused = put_links(
        ctx.connection,
        Kind.CONTACT,
        [
            Agreed(
                member.local_id,
                result.xero_id,
                {"draft": member.draft, "is_archived": False},
                member.planned,
                result.updated_at,
            )
            for member, result in created
        ],
        origin=ContactLink.Origin.CREATED_THERE,
        slots=slots,
    )
    changed = [one for one in accepted if one[0].action != Action.CREATE]
    move_linked(ctx, Kind.CONTACT, changed, slots=slots)
    return stray(created, refused)


def _find(ctx: Context, members: Sequence[Member]) -> list[ElementResult]:
    found = ctx.api.contacts_by_number([member.key for member in members])
    return [element_result(one, CONTACTS.resource) for one in found]


def _read_back(ctx: Context, xero_ids: Sequence[str]) -> list[ElementResult]:
    found = ctx.api.contacts_by_id(xero_ids)
    return [element_result(one, CONTACTS.resource) for one in found]


def _is_same(member: Member, result: ElementResult, since: datetime) -> bool:
    """Nobody else writes our id into a contact."""
    return result.key.casefold() == member.key.casefold()


def _is_done(ctx: Context, member: Member, result: ElementResult) -> bool:
    remote = _read(ctx, result.payload)
    if remote is None:
        return False
    if member.action == Action.ARCHIVE:
        return remote.is_archived
    theirs = draft_to_json(remote.draft)
    return all(theirs.get(name) == value for name, value in member.draft.items())


def _explain(ctx: Context, member: Member, problem: Problem) -> Problem:
    """Say who has the name or the number, so that the report can offer to link them."""
    field = {
        IssueCode.NAME_TAKEN_IN_XERO: "Name",
        IssueCode.ACCOUNT_NUMBER_USED_IN_XERO: "AccountNumber",
    }.get(problem.code)
    contact = Contact.objects.filter(pk=member.local_id).first()
    if field is None or contact is None:
        return problem
    draft = contact_draft(contact, ctx.settings)
    value = draft.name if field == "Name" else draft.account_number
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
    slots=_slots,
    prepare=_prepare,
    accept=_accept,
    find=_find,
    read=_read_back,
    is_same=_is_same,
    is_done=_is_done,
    explain=_explain,
)
