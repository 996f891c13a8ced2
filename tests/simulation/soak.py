"""Histories by the thousand on all cores: ``python -m tests.simulation.soak N``.

Prints each seed that broke an invariant with its events, then how often each fault fired
and each crash point was hit; ends with 1 when there was a failure, or when something
that histories pass often never happened.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context

CHUNK = 25
# From so many histories on, each fault must have fired ...
ENOUGH = 300
# ... and each crash point passed so often must have been hit.
OFTEN = 500


@dataclass
class Tally:
    """What a number of histories came to."""

    histories: int = 0
    failures: list[tuple[int, str, list[str]]] = field(default_factory=list)
    fired: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    runs_to_quiet: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, other: "Tally") -> None:
        self.histories += other.histories
        self.failures += other.failures
        self.seconds += other.seconds
        for name in ("fired", "reached", "hit", "runs_to_quiet"):
            getattr(self, name).update(getattr(other, name))


def open_database() -> None:
    """A database of this process, in memory."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "fieldops.settings.test"
    os.environ["DATABASE_URL"] = "sqlite:///:memory:"
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = ":memory:"
    connection.creation.create_test_db(verbosity=0)


def play_seeds(seeds: Iterable[int]) -> Tally:
    open_database()
    from django.db import transaction

    from tests.simulation.theatre import Theatre

    tally = Tally()
    with transaction.atomic():
        theatre = Theatre()
        theatre.prepare()
        started = time.process_time()
        for seed in seeds:
            told = theatre.play(seed)
            tally.histories += 1
            tally.runs_to_quiet[told.runs_to_quiet] += 1
            if told.violation:
                tally.failures.append((seed, told.violation, told.events))
        tally.seconds = time.process_time() - started
        tally.fired.update(theatre.fired)
        tally.reached = theatre.points.reached
        tally.hit = theatre.points.hit
    return tally


def chunks(first: int, count: int) -> Iterator[range]:
    for start in range(first, first + count, CHUNK):
        yield range(start, min(start + CHUNK, first + count))


def soak(first: int, count: int, jobs: int) -> Tally:
    total = Tally()
    with ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), max_tasks_per_child=1
    ) as pool:
        waiting = [pool.submit(play_seeds, chunk) for chunk in chunks(first, count)]
        for done in as_completed(waiting):
            tally = done.result()
            total.add(tally)
            for seed, violation, events in tally.failures:
                say(f"seed {seed}: {violation}", *(f"    {event}" for event in events))
    return total


def never_happened(total: Tally) -> list[str]:
    if total.histories < ENOUGH:
        return []
    from tests.simulation.faults import KINDS

    faults = [f"fault {kind}" for kind in KINDS if not total.fired[kind]]
    points = [
        f"crash {name}"
        for name, count in total.reached.items()
        if count >= OFTEN and not total.hit[name]
    ]
    return faults + points


def report(total: Tally) -> None:
    say("", "how often each fault fired")
    for kind, count in sorted(total.fired.items()):
        say(f"  {count:7d}  {kind}")
    say("", "crash points: passed, and died there")
    for name, count in sorted(total.reached.items()):
        say(f"  {count:7d} {total.hit[name]:6d}  {name}")
    quiet = dict(sorted(total.runs_to_quiet.items()))
    say(
        "",
        f"{total.histories} histories, {len(total.failures)} failed, "
        f"{total.seconds / max(total.histories, 1):.2f} CPU s each; "
        f"healed runs until quiet: {quiet}",
    )


def say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.soak")
    parser.add_argument("histories", type=int, nargs="?", default=1000)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--seed", type=int, help="play one seed and tell its story")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    if asked.seed is not None:
        return tell(asked.seed)
    total = soak(asked.first, asked.histories, asked.jobs)
    report(total)
    missing = never_happened(total)
    say(*(f"never happened: {one}" for one in missing))
    return 1 if total.failures or missing else 0


def tell(seed: int) -> int:
    open_database()
    from django.db import transaction

    from tests.simulation.theatre import Theatre

    with transaction.atomic():
        theatre = Theatre()
        theatre.prepare()
        told = theatre.play(seed)
    say(*told.events, *told.calls, "", told.violation or "all invariants hold")
    return 1 if told.violation else 0


if __name__ == "__main__":
    sys.exit(main())
