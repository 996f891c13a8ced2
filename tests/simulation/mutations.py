"""Each fence taken away in turn: the histories must turn red, or they prove nothing.

``python -m tests.simulation.mutations`` prints which seed was the first to see it. A
seed counts only if it is green with the fence in place.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from multiprocessing import get_context
from typing import Any
from unittest import mock

WITHIN = 200
_UNIQUE = re.compile(r', CONSTRAINT "\w+" UNIQUE \([^)]*\)')


def _swap(stack: ExitStack, owner: Any, name: str, new: Any) -> None:
    stack.enter_context(mock.patch.object(owner, name, new))


def without_key(stack: ExitStack) -> None:
    """Each try of a write goes out under a key of its own."""
    from xero_sync.client.call import Turn

    request: Callable[..., Any] = vars(Turn)["request"]
    numbers = count()

    def request_anew(self: Any, *args: Any) -> Any:
        made = request(self, *args)
        if "Idempotency-Key" not in made.headers:
            return made
        key = {"Idempotency-Key": f"anew-{next(numbers)}"}
        return replace(made, headers={**made.headers, **key})

    _swap(stack, Turn, "request", request_anew)


def without_own_id_lookup(stack: ExitStack) -> None:
    """Nobody looks in Xero for what may be there already."""
    from xero_sync.steps import completing, landing

    for module in (landing, completing):
        _swap(stack, module, "those_there", lambda *args, **named: {})


def without_unique_links(stack: ExitStack) -> None:
    """The database takes a second link of a record. Goes with the transaction."""
    from django.db import connection

    from xero_sync.models import ContactLink, InvoiceLink, ItemLink

    models = (ContactLink, ItemLink, InvoiceLink)
    if connection.vendor == "sqlite":
        for model in models:
            _make_loose(model._meta.db_table)
        return
    with connection.schema_editor() as editor:
        for model in models:
            for constraint in model._meta.constraints:
                editor.remove_constraint(model, constraint)


def _make_loose(table: str) -> None:
    """SQLite cannot drop a constraint, only make the table anew."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
        made = _UNIQUE.sub("", cursor.fetchone()[0])
        cursor.execute(made.replace(f'"{table}"', '"loose"', 1))
        cursor.execute(f'INSERT INTO "loose" SELECT * FROM "{table}"')  # noqa: S608
        cursor.execute(f'DROP TABLE "{table}"')
        cursor.execute(f'ALTER TABLE "loose" RENAME TO "{table}"')


def without_fencing_token(stack: ExitStack) -> None:
    """Whoever held the lease once goes on writing."""
    from xero_sync.models import XeroConnection
    from xero_sync.store.lease import Lease

    def renew(self: Lease, now: datetime) -> None:
        XeroConnection.objects.filter(pk=self.connection_id).update(
            lease_expires_at=now + self.length, worked_at=now
        )

    _swap(stack, Lease, "renew", renew)


def without_overlap(stack: ExitStack) -> None:
    """Asked is for what changed since the watermark, and not from a second before."""
    from xero_sync.client import paging

    start: Callable[..., Any] = vars(paging)["asked_from"]
    _swap(stack, paging, "asked_from", lambda mark, overlap: start(mark, timedelta(0)))


def without_hash_of_sent(stack: ExitStack) -> None:
    """Agreed is what we have by the time of the answer, not what was sent."""
    from xero_sync.steps import completing, landing

    accept: Callable[..., Any] = vars(landing)["accept"]

    def accept_what_is_here(ctx: Any, flight: Any, accepted: Any, **named: Any) -> None:
        accept(ctx, flight, accepted, **named)
        _agree_on_ours(ctx, [member.local_id for member, _ in accepted])

    for module in (landing, completing):
        _swap(stack, module, "accept", accept_what_is_here)


def _agree_on_ours(ctx: Any, ids: list[int]) -> None:
    from xero_sync.models import ContactLink, ItemLink
    from xero_sync.outcomes.kept_drafts import draft_to_json
    from xero_sync.steps.drafts import contact_draft, item_draft

    for link in ContactLink.objects.filter(record__in=ids, record__is_archived=False):
        _agree(link, draft_to_json(contact_draft(link.record, ctx.settings)))
    for item_link in ItemLink.objects.filter(record__in=ids):
        _agree(item_link, draft_to_json(item_draft(item_link.record)))


def _agree(link: Any, draft: dict[str, Any]) -> None:
    link.base["draft"] = draft
    link.revision = link.record.revision
    link.save()


def without_shared_budget(stack: ExitStack) -> None:
    """Each slice of work counts its own calls only."""
    from xero_sync.client.throttle import MemoryBudget
    from xero_sync.runs import wiring

    _swap(stack, wiring, "StoredBudget", lambda connection_id: MemoryBudget())


def without_intent(stack: ExitStack) -> None:
    """Nothing is written down before the socket opens; after a crash it is as if the
    batch had never been sent."""
    from xero_sync.models import Intent
    from xero_sync.steps import batches

    _swap(stack, batches, "open_all", lambda intents: None)
    _swap(stack, Intent, "save", lambda self, **named: None)


def without_completing(stack: ExitStack) -> None:
    """Nobody asks what became of a batch whose answer was not kept."""
    from xero_sync.runs import runner

    _swap(stack, runner, "complete_open_intents", lambda ctx: None)


@dataclass(frozen=True)
class Aim:
    """``events`` by weight, and no others; ``faults`` armed at these rates, and no
    others. ``pauses`` is the rate at each point of a worker, ``length`` the number of
    events."""

    events: Mapping[str, float] = field(default_factory=dict)
    faults: Mapping[str, float] = field(default_factory=dict)
    pauses: float = 0.0
    length: int = 10


@dataclass(frozen=True)
class Mutation:
    """``known``: a seed that sees it, which the suite tries."""

    take_away: Callable[[ExitStack], None]
    known: int
    aim: Aim = field(default_factory=Aim)


_SYNCS = {"sync_at_once": 6.0, "resume": 5.0, "tick": 2.0, "deliver": 3.0}
# What we make in Xero gets another code there before we know that we have made it:
# neither Xero nor the planner can tell any more that it is ours.
_MEANWHILE = {"contact_typed_under_way": 3.0, "sync_at_once": 2.0}
_CRASHING = {"item_recoded_in_power_cut": 3.0, "sync_at_once": 2.0}
_UNANSWERED = {"item_recoded_unanswered": 3.0, "sync_at_once": 2.0}
_CREATING = {"item_recoded_under_way": 3.0, "time_passes": 2.0, "sync_at_once": 2.0}
_TYPING = _SYNCS | {"change_contact": 6.0, "change_item": 4.0}
_STOPPING = _TYPING | {"new_contact": 2.0, "stop_past_the_lease": 4.0}
_SECONDS = {"xero_changes_around_a_second": 3.0, "sync_at_once": 1.0}

MUTATIONS = {
    "idempotency key": Mutation(without_key, 0, Aim(_UNANSWERED, length=4)),
    "own-id lookup": Mutation(
        without_own_id_lookup, 0, Aim(_CREATING, {"key_forgotten": 0.3}, length=4)
    ),
    "unique links": Mutation(without_unique_links, 5),
    "fencing token": Mutation(without_fencing_token, 3, Aim(_STOPPING, pauses=0.2)),
    "overlap of paging": Mutation(
        without_overlap, 0, Aim(_SECONDS, {"edit_not_visible": 0.5})
    ),
    "hash of what was sent": Mutation(
        without_hash_of_sent, 0, Aim(_MEANWHILE, length=4)
    ),
    "intents before the call": Mutation(without_intent, 0, Aim(_CRASHING, length=4)),
    "intents completed": Mutation(without_completing, 0, Aim(_CRASHING, length=4)),
    "shared budget": Mutation(
        without_shared_budget, 0, Aim({"minute_of_syncs": 1.0}, length=1)
    ),
}


class Stage:
    """Plays one seed with a fence, and without it."""

    def __init__(self) -> None:
        from tests.simulation.theatre import Theatre

        self.theatre = Theatre()
        self.theatre.prepare()

    def play(self, name: str, seed: int, *, mutated: bool) -> str:
        """What broke, or ""."""
        from django.db import transaction

        from tests.simulation.aims import aimed_at

        mutation = MUTATIONS[name]
        self.theatre.history = aimed_at(mutation.aim)
        with transaction.atomic(), ExitStack() as stack:
            if mutated:
                mutation.take_away(stack)
            try:
                length = mutation.aim.length if mutation.aim.events else None
                return self.theatre.play(seed, length=length).violation
            except Exception as error:  # noqa: BLE001  (whatever breaks is told)
                return f"{type(error).__name__}: {error}"
            finally:
                transaction.set_rollback(True)

    def first_red(self, name: str, seeds: range) -> tuple[int, str]:
        """The first seed that is red without the fence and green with it; -1: none."""
        for seed in seeds:
            broken = self.play(name, seed, mutated=True)
            if broken and not self.play(name, seed, mutated=False):
                return seed, broken
        return -1, ""


def search(name: str, within: int) -> tuple[int, str]:
    from tests.simulation.soak import open_database

    open_database()
    from django.db import transaction

    with transaction.atomic():
        return Stage().first_red(name, range(within))


def rows(names: list[str], within: int, jobs: int) -> Iterator[tuple[str, int, str]]:
    spawn = get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=spawn, max_tasks_per_child=1) as pool:
        waiting = {name: pool.submit(search, name, within) for name in names}
        for name, done in waiting.items():
            yield name, *done.result()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.mutations")
    parser.add_argument("names", nargs="*", default=list(MUTATIONS))
    parser.add_argument("--within", type=int, default=WITHIN)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    unseen = 0
    sys.stdout.write(f"{'without':24} first red seed         what it saw\n")
    for name, seed, violation in rows(asked.names, asked.within, asked.jobs):
        unseen += seed < 0
        shown = f"{seed:14d}" if seed >= 0 else f"none of {asked.within:6d}"
        aimed = "aimed" if MUTATIONS[name].aim.events else "     "
        sys.stdout.write(f"{name:24} {shown}  {aimed}  {violation[:140]}\n")
        sys.stdout.flush()
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
