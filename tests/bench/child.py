"""The process in which one job runs: figures go to standard output as JSON."""

import cProfile
import importlib
import json
import pstats
import sys
from collections.abc import Callable
from typing import Any

import django

LINES_OF_PROFILE = 45


def main() -> None:
    options = json.loads(sys.argv[1])
    django.setup()
    # All that a waiting worker holds: it is no cost of a run.
    for name in ("fieldops.celery", "xero_sync.tasks", "tests.bench.driving"):
        importlib.import_module(name)
    job = importlib.import_module(f"tests.bench.jobs.{options['job']}")
    run = profiled if options["profile"] else called
    json.dump(run(job.run, options), sys.stdout)


def called(job: Callable[..., Any], options: dict[str, Any]) -> Any:
    return job(options)


def profiled(job: Callable[..., Any], options: dict[str, Any]) -> Any:
    """The dearest functions go to standard error; the figures are dearer for it."""
    profile = cProfile.Profile()
    figures = profile.runcall(job, options)
    sys.stderr.write(f"=== {json.dumps(options)} ===\n")
    for order in ("tottime", "cumtime"):
        stats = pstats.Stats(profile, stream=sys.stderr)
        stats.strip_dirs().sort_stats(order).print_stats(LINES_OF_PROFILE)
    return figures


if __name__ == "__main__":
    main()
