"""The process in which one measure runs: figures go to standard output as JSON."""

import cProfile
import importlib
import json
import pstats
import sys
from typing import Any

import django

LINES_OF_PROFILE = 45


def main() -> None:
    options = json.loads(sys.argv[1])
    django.setup()
    # All that a waiting worker holds: it is no cost of a run.
    for name in ("fieldops.celery", "xero_sync.tasks", "tests.bench.driving"):
        importlib.import_module(name)
    measure = importlib.import_module(f"tests.bench.measures.{options['measure']}")
    figures = profiled(measure.run, options) if options["profile"] else None
    json.dump(figures or measure.run(options), sys.stdout)


def profiled(run: Any, options: dict[str, Any]) -> dict[str, Any]:
    """The dearest functions go to standard error; the figures are dearer for it."""
    profile = cProfile.Profile()
    figures: dict[str, Any] = profile.runcall(run, options)
    sys.stderr.write(f"=== {options['measure']} ===\n")
    for order in ("tottime", "cumtime"):
        stats = pstats.Stats(profile, stream=sys.stderr)
        stats.strip_dirs().sort_stats(order).print_stats(LINES_OF_PROFILE)
    return figures


if __name__ == "__main__":
    main()
