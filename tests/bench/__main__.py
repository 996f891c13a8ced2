"""``python -m tests.bench [--contacts N] [--profile]``: measure, print the table, and
keep it in the docs when the sizes are the usual ones."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from django.utils import timezone

from tests.bench.bench import Bench
from tests.bench.measures import (
    everything_comes,
    first_sync,
    matching,
    nothing_changed,
    peers,
    statements,
)
from tests.bench.schedule import LATENCY
from tests.bench.sizes import Sizes
from tests.bench.table import Row, machine, pace, rendered, write_page

USUAL = 10_000
# In this order: later ones go on where an earlier one ended, or compare with it.
MEASURES = {
    "first_sync": first_sync.rows,
    "everything_comes": everything_comes.rows,
    "nothing_changed": nothing_changed.rows,
    "statements": statements.rows,
    "peers": peers.rows,
    "matching": matching.rows,
}


def main() -> int:
    options = arguments()
    sizes = Sizes(options.contacts)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fieldops-bench-") as folder:
        bench = Bench(Path(folder), sizes, profile=options.profile)
        try:
            rows = [row for name in options.only for row in measured(name, bench)]
        finally:
            bench.close()
    took = (time.monotonic() - started) / 60
    conditions = described(sizes, took)
    say(f"\n{conditions}\n\n{rendered(rows)}")
    if options.contacts == USUAL and options.only == list(MEASURES):
        write_page(conditions, rows)
    return 0 if all(row.reached is not False for row in rows) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--contacts", type=int, default=USUAL)
    parser.add_argument("--only", nargs="+", choices=MEASURES, default=list(MEASURES))
    parser.add_argument("--profile", action="store_true")
    return parser.parse_args()


def measured(name: str, bench: Bench) -> list[Row]:
    say(f"{name} ...")
    rows = MEASURES[name](bench)
    for row in rows:
        say("  " + " | ".join(row.cells))
    return rows


def described(sizes: Sizes, minutes: float) -> str:
    day = timezone.localdate()
    load = os.getloadavg()[0]
    return (
        f"{day.isoformat()}, {machine()}, {os.cpu_count()} cores, load {load:.1f}, "
        f"SQLite; a million updates of a dictionary take {pace():.2f} s of it just now. "
        f"{sizes}. The ledger answers over HTTP in a process of its own, "
        f"{LATENCY:g} s of virtual time after each call began. Measured in "
        f"{minutes:.0f} min."
    )


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
