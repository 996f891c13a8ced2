"""What contacts and items have in common once Xero has taken them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from xero_sync.outcomes.drafts import ContactDraft, ItemDraft
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.steps.context import Context
from xero_sync.steps.pushing import Accepted
from xero_sync.store.links import NO_SLOTS, Agreed, Sent, move_bases

Draft = TypeVar("Draft", ContactDraft, ItemDraft)


def among_xeros(remote: Draft, ours: Draft, names: Collection[str]) -> Draft:
    """These fields of ours, the rest as Xero has it: an address, a price with its
    account and the code of an item go whole, and must take nobody's edit back."""
    return replace(remote, **{name: getattr(ours, name) for name in names})


def move_linked(
    ctx: Context,
    kind: Kind,
    accepted: Sequence[Accepted],
    *,
    slots: Mapping[str, str] = NO_SLOTS,
) -> None:
    """The fields that were sent are agreed on, as they were sent: our record may have
    moved on since."""
    move_bases(
        ctx.connection,
        kind,
        [
            Sent(
                member.xero_id,
                None if member.action == Action.ARCHIVE else member.draft,
                member.planned,
                result.updated_at,
            )
            for member, result in accepted
        ],
        slots=slots,
    )


def stray(
    accepted: Sequence[Accepted], refused: Collection[Agreed]
) -> Sequence[Accepted]:
    """Those that could not be linked."""
    if not refused:
        return []
    pairs = {(one.record_id, one.xero_id) for one in refused}
    return [
        (member, result)
        for member, result in accepted
        if (member.local_id, result.xero_id) in pairs
    ]
