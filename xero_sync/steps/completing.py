"""Settle what an earlier run, or this one before it was cut off, left open.

First of all in every run: until then nobody knows what is in Xero.
"""

from collections.abc import Mapping
from datetime import timedelta

from xero_sync.models import Intent
from xero_sync.outcomes.drafts import ElementResult
from xero_sync.outcomes.kinds import Kind
from xero_sync.steps.batches import (
    Pushing,
    accept,
    deliver,
    plan_again,
    those_there,
)
from xero_sync.steps.context import Context
from xero_sync.steps.push.contacts import CONTACTS
from xero_sync.steps.push.invoices import INVOICES
from xero_sync.steps.push.items import ITEMS
from xero_sync.store.intents import mark_settled, open_intents
from xero_sync.store.links import mark_adopted

# Xero remembers a key for six minutes (FACTS: idempotency); a minute is left for clocks.
KEY_LIFE = timedelta(minutes=5)

PUSHINGS: Mapping[str, Pushing] = {
    Kind.CONTACT: CONTACTS,
    Kind.ITEM: ITEMS,
    Kind.INVOICE: INVOICES,
}


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
    found: dict[int, ElementResult] = {}
    if intent.method == "PUT":
        found = those_there(ctx, pushing, members)
    adopted = [(member, found[member.pk]) for member in members if member.pk in found]
    with ctx.commit() as now:
        accept(ctx, pushing, adopted, now=now)
        mark_adopted(ctx.connection, pushing.kind, [one.xero_id for _, one in adopted])
        plan_again(ctx, [member for member in members if member.pk not in found])
        mark_settled(intent, now=now)
