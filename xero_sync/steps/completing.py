"""Settle what an earlier run, or this one before it was cut off, left open.

First of all in every run: until then nobody knows what is in Xero.
"""

from collections.abc import Mapping
from datetime import timedelta

from xero_sync.models import Intent, IntentMember, PlannedChange
from xero_sync.outcomes.drafts import ElementResult
from xero_sync.outcomes.kinds import Kind
from xero_sync.steps.batches import Pushing, deliver
from xero_sync.steps.context import Context
from xero_sync.steps.mirroring import as_seen
from xero_sync.steps.push.contacts import CONTACTS
from xero_sync.steps.push.invoices import INVOICES
from xero_sync.steps.push.items import ITEMS
from xero_sync.store.intents import mark_settled, open_intents
from xero_sync.store.links import mark_adopted
from xero_sync.store.mirror import put_mirror
from xero_sync.store.plan import finish_changes, set_state

# Xero remembers a key for six minutes (FACTS: idempotency); a minute is left for clocks.
KEY_LIFE = timedelta(minutes=5)

PUSHINGS: Mapping[str, Pushing] = {
    Kind.CONTACT: CONTACTS,
    Kind.ITEM: ITEMS,
    Kind.INVOICE: INVOICES,
}
_STATE = PlannedChange.State


def complete_open_intents(ctx: Context) -> None:
    """While the key lives the same bytes are sent again under it, which cannot do the
    work twice; after that we read back by our own ids and adopt what is there."""
    for intent in open_intents(ctx.connection.pk):
        pushing = PUSHINGS[intent.kind]
        if ctx.clock() - intent.prepared_at < KEY_LIFE:
            deliver(ctx, pushing, intent, again=True)
        else:
            _read_back(ctx, pushing, intent)


def _read_back(ctx: Context, pushing: Pushing, intent: Intent) -> None:
    members = list(intent.members.select_related("change"))
    found: dict[str, ElementResult] = {}
    if intent.method == "PUT":
        results = pushing.find(ctx, [member.natural_key for member in members])
        found = {result.key.casefold(): result for result in results}
    adopted = [
        (member, result)
        for member in members
        if (result := found.get(member.natural_key.casefold()))
        and pushing.is_same(member, result)
    ]
    with ctx.commit() as now:
        for member, result in adopted:
            pushing.accept(ctx, member, result)
        mark_adopted(ctx.connection, pushing.kind, [one.xero_id for _, one in adopted])
        put_mirror(
            ctx.connection,
            pushing.kind,
            [one for _, result in adopted if (one := as_seen(result))],
        )
        finish_changes([member.change for member, _ in adopted], _STATE.DONE, now=now)
        taken = {member.pk for member, _ in adopted}
        _plan_again(ctx, [member for member in members if member.pk not in taken])
        mark_settled(intent, now=now)


def _plan_again(ctx: Context, members: list[IntentMember]) -> None:
    """Not there: a change of this run goes back on its list, another's is planned anew."""
    ours = [one.change for one in members if one.change.run_id == ctx.run.pk]
    others = [one.change for one in members if one.change.run_id != ctx.run.pk]
    set_state(ours, _STATE.PLANNED)
    set_state(others, _STATE.DROPPED)
