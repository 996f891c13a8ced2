"""Each fence taken away in turn: the histories must turn red, or they prove nothing.

``python -m tests.simulation.mutations`` prints which seed was the first to see it.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from typing import Any
from unittest import mock

WITHIN = 200


def _swap(stack: ExitStack, owner: Any, name: str, new: Any) -> None:
    stack.enter_context(mock.patch.object(owner, name, new))


def without_key(stack: ExitStack) -> None:
    """Each try of a write goes out under a key of its own."""
    from tests.simulation import wire
    from xero_sync.client.exchange import Request

    begin: Callable[..., Any] = wire.SimWire.begin
    numbers = iter(range(10**9))

    def begin_anew(self: Any, request: Request) -> Any:
        if "Idempotency-Key" in request.headers:
            key = {"Idempotency-Key": f"anew-{next(numbers)}"}
            request = replace(request, headers={**request.headers, **key})
        return begin(self, request)

    _swap(stack, wire.SimWire, "begin", begin_anew)


def without_own_id_lookup(stack: ExitStack) -> None:
    """Nobody looks in Xero for what may be there already."""
    from xero_sync.steps import completing, landing

    for module in (landing, completing):
        _swap(stack, module, "those_there", lambda *args, **named: {})


def without_unique_links(stack: ExitStack) -> None:
    """Neither the database nor the batch minds a second link of a record."""
    from django.db import connection

    from xero_sync.models import ContactLink, InvoiceLink, ItemLink
    from xero_sync.steps.push import contacts, invoices, items

    with connection.schema_editor() as editor:
        for model in (ContactLink, ItemLink, InvoiceLink):
            for constraint in model._meta.constraints:
                editor.remove_constraint(model, constraint)
    for module in (contacts, items, invoices):
        _swap(stack, module, "xero_ids", lambda *args: {})


def without_fencing_token(stack: ExitStack) -> None:
    """Whoever held the lease once goes on writing."""
    from xero_sync.store.lease import Lease

    _swap(stack, Lease, "renew", lambda self, now: None)


def without_overlap(stack: ExitStack) -> None:
    """What was changed just before the watermark is never asked for again."""
    from xero_sync.client import paging

    def start_after(watermark: Any, overlap: timedelta) -> Any:
        return watermark and watermark + timedelta(seconds=1)

    _swap(stack, paging, "_start", start_after)


def without_hash_of_sent(stack: ExitStack) -> None:
    """What is agreed is what we have now, not what was sent."""
    from xero_sync.models import ContactLink, ItemLink
    from xero_sync.outcomes.kept_drafts import draft_to_json
    from xero_sync.steps import completing, landing
    from xero_sync.steps.drafts import contact_draft, item_draft

    accept: Callable[..., Any] = vars(landing)["accept"]

    def accept_what_is_here(ctx: Any, *args: Any, **named: Any) -> None:
        accept(ctx, *args, **named)
        for link in ContactLink.objects.select_related("record"):
            _agree(link, draft_to_json(contact_draft(link.record, ctx.settings)))
        for item_link in ItemLink.objects.select_related("record"):
            _agree(item_link, draft_to_json(item_draft(item_link.record)))

    for module in (landing, completing):
        _swap(stack, module, "accept", accept_what_is_here)


def _agree(link: Any, draft: dict[str, Any]) -> None:
    link.base["draft"] = draft
    link.revision = link.record.revision
    link.save()


def without_shared_budget(stack: ExitStack) -> None:
    """Each worker counts its own calls only."""
    from xero_sync.client.throttle import MemoryBudget
    from xero_sync.runs import wiring

    _swap(stack, wiring, "StoredBudget", lambda connection_id: MemoryBudget())


def without_intent(stack: ExitStack) -> None:
    """After a crash nobody asks what became of the batch under way."""
    from xero_sync.runs import runner

    _swap(stack, runner, "complete_open_intents", lambda ctx: None)


MUTATIONS: dict[str, Callable[[ExitStack], None]] = {
    "idempotency key": without_key,
    "own-id lookup": without_own_id_lookup,
    "unique links": without_unique_links,
    "fencing token": without_fencing_token,
    "overlap of paging": without_overlap,
    "hash of what was sent": without_hash_of_sent,
    "intents completed": without_intent,
    "shared budget": without_shared_budget,
}


@contextmanager
def mutated(name: str) -> Iterator[None]:
    with ExitStack() as stack:
        if name:
            MUTATIONS[name](stack)
        yield


def first_red(name: str, within: int) -> tuple[str, int, str]:
    from tests.simulation.soak import play_seeds

    tally = play_seeds(range(within), name, stop=True)
    seed, violation, _ = tally.failures[0] if tally.failures else (-1, "", [])
    return name, seed, violation


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.mutations")
    parser.add_argument("names", nargs="*", default=list(MUTATIONS))
    parser.add_argument("--within", type=int, default=WITHIN)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    green = 0
    with ProcessPoolExecutor(
        asked.jobs, mp_context=get_context("spawn"), max_tasks_per_child=1
    ) as pool:
        waiting = [pool.submit(first_red, name, asked.within) for name in asked.names]
        sys.stdout.write(f"{'without':24} first red seed  what it saw\n")
        for done in waiting:
            name, seed, violation = done.result()
            green += seed < 0
            shown = f"{seed:14d}" if seed >= 0 else "         green"
            sys.stdout.write(f"{name:24} {shown}  {violation[:100]}\n")
            sys.stdout.flush()
    return 1 if green else 0


if __name__ == "__main__":
    sys.exit(main())
