"""Settle what an earlier run, or this one before it was cut off, left open.

First of all in every run: until then nobody knows what is in Xero.
"""

from collections.abc import Mapping
from datetime import timedelta

from xero_sync.models import Intent
from xero_sync.outcomes.kinds import Kind
from xero_sync.steps.batches import IN_FLIGHT, fly
from xero_sync.steps.context import Context
from xero_sync.steps.landing import accept, plan_again, those_there
from xero_sync.steps.mirroring import as_seen
from xero_sync.steps.push.contacts import CONTACTS
from xero_sync.steps.push.invoices import INVOICES
from xero_sync.steps.push.items import ITEMS
from xero_sync.steps.pushing import Flight, Pushing, flight_of
from xero_sync.store.intents import mark_settled, open_intents
from xero_sync.store.links import RECORD_MODELS, mark_adopted
from xero_sync.store.mirror import put_mirror

# Xero remembers a key for six minutes (FACTS: idempotency); a minute is left for clocks.
KEY_LIFE = timedelta(minutes=5)

PUSHINGS: Mapping[str, Pushing] = {
    Kind.CONTACT: CONTACTS,
    Kind.ITEM: ITEMS,
    Kind.INVOICE: INVOICES,
}


def complete_open_intents(ctx: Context) -> None:
    """The same bytes are sent again under their key, which cannot do the work twice, as
    long as the key lives and they still say what our records say. Else we read back."""
    flights = [
        flight_of(PUSHINGS[intent.kind], intent)
        for intent in open_intents(ctx.connection.pk)
    ]
    repeated = [one for one in flights if _may_be_repeated(ctx, one)]
    for start in range(0, len(repeated), IN_FLIGHT):
        ctx.breathe()
        fly(ctx, repeated[start : start + IN_FLIGHT])
    for flight in flights:
        if flight.intent.state != Intent.State.SETTLED:
            ctx.breathe()
            (_adopt if flight.creates else _compare)(ctx, flight)


def _may_be_repeated(ctx: Context, flight: Flight) -> bool:
    age = ctx.clock() - flight.intent.prepared_at
    # Below zero: the clock was set back, and the age is unknown.
    if not timedelta(0) <= age < KEY_LIFE:
        return False
    model = RECORD_MODELS[flight.pushing.kind]
    now = dict(
        model._default_manager.filter(
            pk__in=[member.local_id for member in flight.members]
        ).values_list("pk", "revision")
    )
    return all(now.get(one.local_id) == one.revision for one in flight.members)


def _adopt(ctx: Context, flight: Flight) -> None:
    """New records, by our own ids: what is there is ours, the rest is sent anew."""
    there = those_there(ctx, flight, flight.members)
    found = [(one, there[one.change]) for one in flight.members if one.change in there]
    missing = [one for one in flight.members if one.change not in there]
    with ctx.commit() as now:
        accept(ctx, flight, found, now=now)
        kind = flight.pushing.kind
        mark_adopted(ctx.connection, kind, [result.xero_id for _, result in found])
        plan_again(ctx, flight, missing, now=now)
        mark_settled(flight.intent, now=now)


def _compare(ctx: Context, flight: Flight) -> None:
    """Changed ones, by Xero's ids: what shows our values was done. The rest goes once
    more only where Xero's record is as it was when that was planned; what somebody
    changed there meanwhile is left to the next plan."""
    results = flight.pushing.read(ctx, [member.xero_id for member in flight.members])
    by_id = {result.xero_id: result for result in results}
    done, rest = [], []
    for member in flight.members:
        result = by_id.get(member.xero_id)
        if result and flight.pushing.is_done(ctx, member, result):
            done.append((member, result))
        else:
            rest.append(member)
    with ctx.commit() as now:
        rows = [row for result in results if (row := as_seen(result))]
        put_mirror(ctx.connection, flight.pushing.kind, rows)
        accept(ctx, flight, done, now=now)
        plan_again(ctx, flight, rest, now=now)
        mark_settled(flight.intent, now=now)
