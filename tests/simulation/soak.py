"""Histories by the thousand on all cores: ``python -m tests.simulation.soak N``.

Prints each seed that broke an invariant with its events, then how often each fault fired,
each event happened and each crash point was died at. Where nobody died by chance, the
seed that passed there first is played once more, and dies there. Ends with 1 when there
was a failure, or when something never happened.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context

from tests.simulation.processes import Part

CHUNK = 25
# From so many histories on, everything must have happened.
ENOUGH = 300
# Who dies earlier than before may come to a point that nobody had come to.
ROUNDS = 3


COUNTED = ("fired", "happened", "ends", "reached", "hit", "runs_to_quiet")


@dataclass
class Tally:
    """What a number of histories came to."""

    histories: int = 0
    aimed: int = 0
    failures: list[tuple[Part, str, list[str]]] = field(default_factory=list)
    fired: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    passed_by: dict[str, Part] = field(default_factory=dict)
    runs_to_quiet: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, other: "Tally") -> None:
        self.histories += other.histories
        self.aimed += other.aimed
        self.failures += other.failures
        self.seconds += other.seconds
        self.passed_by = other.passed_by | self.passed_by
        for name in COUNTED:
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


def play_parts(parts: Sequence[Part]) -> Tally:
    open_database()
    from django.db import transaction

    from tests.simulation.theatre import Theatre

    tally = Tally()
    with transaction.atomic():
        theatre = Theatre()
        theatre.prepare()
        started = time.process_time()
        for seed, dies_at in parts:
            told = theatre.play(seed, dies_at=dies_at)
            tally.histories += 1
            tally.aimed += bool(dies_at)
            tally.runs_to_quiet[told.runs_to_quiet] += 1
            if told.violation:
                tally.failures.append(((seed, dies_at), told.violation, told.events))
        tally.seconds = time.process_time() - started
        tally.fired, tally.happened = theatre.fired, theatre.happened
        points = theatre.points
        tally.ends, tally.passed_by = points.ends, points.passed_by
        tally.reached, tally.hit = points.reached, points.hit
    return tally


def chunks(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    for start in range(0, len(parts), CHUNK):
        yield parts[start : start + CHUNK]


def soak(first: int, count: int, jobs: int) -> Tally:
    total = Tally()
    play(total, [(seed, ()) for seed in range(first, first + count)], jobs)
    for _ in range(ROUNDS):
        play(total, list(ways_to_die(total)), jobs)
    return total


def ways_to_die(total: Tally) -> Iterator[Part]:
    """The first history that came to each point at which nobody died, up to there."""
    for name in not_died_at(total):
        seed, dies_at = total.passed_by[name]
        yield seed, (*dies_at, name)


def play(total: Tally, parts: Sequence[Part], jobs: int) -> None:
    with ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), max_tasks_per_child=1
    ) as pool:
        waiting = [pool.submit(play_parts, chunk) for chunk in chunks(parts)]
        for done in as_completed(waiting):
            tally = done.result()
            total.add(tally)
            for (seed, dies_at), violation, events in tally.failures:
                say(f"seed {seed} {' '.join(map(repr, dies_at))}: {violation}")
                say(*(f"    {event}" for event in events))


def not_died_at(total: Tally) -> list[str]:
    return sorted(name for name in total.reached if not total.hit[name])


def never_happened(total: Tally) -> list[str]:
    if total.histories < ENOUGH:
        return []
    from tests.simulation.events import EVENTS
    from tests.simulation.faults import KINDS
    from tests.simulation.processes import ENDS

    faults = [f"fault {kind}" for kind in KINDS if not total.fired[kind]]
    events = [f"event {name}" for name in EVENTS if not total.happened[name]]
    ends = [f"end by {name}" for name in set(ENDS) if not total.ends[name]]
    return faults + events + ends + [f"death {name}" for name in not_died_at(total)]


def report(total: Tally) -> None:
    say("", "how often each fault fired")
    for kind, count in sorted(total.fired.items()):
        say(f"  {count:7d}  {kind}")
    say("", "how often each event happened")
    for kind, count in sorted(total.happened.items()):
        say(f"  {count:7d}  {kind}")
    say("", "how workers ended before their time")
    for kind, count in sorted(total.ends.items()):
        say(f"  {count:7d}  {kind}")
    say("", "crash points: passed, and died there")
    for name, count in sorted(total.reached.items()):
        say(f"  {count:7d} {total.hit[name]:6d}  {name}")
    quiet = dict(sorted(total.runs_to_quiet.items()))
    say(
        "",
        f"{total.histories} histories ({total.aimed} to die somewhere), "
        f"{len(total.failures)} failed, "
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
    parser.add_argument(
        "--dies-at", nargs="*", default=[], help="with --seed: crash points"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    if asked.seed is not None:
        return tell(asked.seed, asked.dies_at)
    total = soak(asked.first, asked.histories, asked.jobs)
    report(total)
    missing = never_happened(total)
    say(*(f"never happened: {one}" for one in missing))
    if total.histories >= ENOUGH and not missing:
        say("none at zero")
    return 1 if total.failures or missing else 0


def tell(seed: int, dies_at: Sequence[str]) -> int:
    open_database()
    from django.db import transaction

    from tests.simulation.theatre import Theatre

    with transaction.atomic():
        theatre = Theatre()
        theatre.prepare()
        told = theatre.play(seed, dies_at=dies_at)
    say(*told.events, *told.calls, "", told.violation or "all invariants hold")
    return 1 if told.violation else 0


if __name__ == "__main__":
    sys.exit(main())
