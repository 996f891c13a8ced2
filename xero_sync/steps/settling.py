"""Linked records with nothing left to do: they are not looked at before one side moves."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xero_sync.models import ContactLink
from xero_sync.outcomes.changes import Change
from xero_sync.outcomes.kept_drafts import draft_to_json
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.planner.inputs import LocalContact, LocalInvoice, LocalItem
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import slots
from xero_sync.steps.xero_side import Known
from xero_sync.store.links import Agreed, InStep, mark_in_step, put_links

CHUNK = 500

Local = LocalContact | LocalItem | LocalInvoice


def settle(
    ctx: Context,
    kind: Kind,
    locals_: Sequence[Local],
    digests: Mapping[str, str],
    links: Iterable[Known[Any]],
    changes: Iterable[Change],
) -> None:
    """``digests``: of those of Xero's that could be read. What is wrong with a record
    counts as something to do."""
    busy = {one.local_id for one in changes if one.action is not Action.NOTE}
    ours = {local.id: local for local in locals_}
    idle = [
        (known, ours[known.link.local_id], digests[known.link.xero_id])
        for known in links
        if known.link.local_id not in busy
        and known.link.local_id in ours
        and known.link.xero_id in digests
    ]
    moved = [
        InStep(local.id, local.revision, digest)
        for known, local, digest in idle
        if (known.revision, known.remote_digest) != (local.revision, digest)
    ]
    for start in range(0, len(moved), CHUNK):
        with ctx.commit():
            mark_in_step(ctx.connection, kind, moved[start : start + CHUNK])
    elsewhere = {
        local.id: local
        for known, local, _ in idle
        if not known.in_slots and isinstance(local, LocalContact)
    }
    _agree_on_slots(ctx, elsewhere)


def _agree_on_slots(ctx: Context, locals_: Mapping[int, LocalContact]) -> None:
    """The settings have chosen another place in Xero, and what stands there is what we
    have: that is agreed on from now on."""
    ids = sorted(locals_)
    for start in range(0, len(ids), CHUNK):
        links = ContactLink.objects.filter(
            connection=ctx.connection, record_id__in=ids[start : start + CHUNK]
        )
        agreed = [_agreed(link, locals_[link.record_id]) for link in links]
        with ctx.commit():
            put_links(
                ctx.connection,
                Kind.CONTACT,
                agreed,
                origin=ContactLink.Origin.MATCHED,
                slots=slots(ctx.settings),
            )


def _agreed(link: ContactLink, local: LocalContact) -> Agreed:
    kept = {
        name: value
        for name, value in link.base.get("draft", {}).items()
        if not name.startswith("address_")
    }
    address = {
        name: value
        for name, value in draft_to_json(local.draft).items()
        if name.startswith("address_")
    }
    return Agreed(
        record_id=link.record_id,
        xero_id=link.xero_id,
        base=link.base | {"draft": kept | address},
        revision=link.revision,
        remote_updated_at=link.remote_updated_at,
        remote_digest=link.remote_digest,
    )
