"""``python -m tests.acceptance.soak [--rounds N] [--seed S]``, on both databases."""

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fieldops.settings.base import sqlite_url
from tests.postgresql import running_postgresql
from tests.services import ROOT, running_broker

DATABASES = ("SQLite", "PostgreSQL")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance.soak")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument(
        "--seed", type=int, default=random.SystemRandom().randrange(10**6)
    )
    parser.add_argument("--only", choices=DATABASES)
    options = parser.parse_args()
    databases = [options.only] if options.only else DATABASES
    failed = [
        name for name in databases if not passes(name, options.rounds, options.seed)
    ]
    verdict = f"failed on {' and '.join(failed)}" if failed else "always in step"
    say(f"\nSeed {options.seed}: {verdict}.")
    return 1 if failed else 0


def passes(database: str, rounds: int, seed: int) -> bool:
    """In a process of its own: Django is told of a database once."""
    say(f"\n--- {database}, {rounds} rounds, seed {seed} ---")
    with tempfile.TemporaryDirectory(prefix="fieldops-soak-") as name:
        folder = Path(name)
        with database_at(database, folder) as url, running_broker(folder) as broker:
            environment = os.environ | {
                "DJANGO_SETTINGS_MODULE": "fieldops.settings.test",
                "DATABASE_URL": url,
                "REDIS_URL": broker,
                "FIELDOPS_TEST_BROKER": broker,
                "LOG_LEVEL": "CRITICAL",
            }
            asked = {"rounds": rounds, "seed": seed, "folder": name, "broker": broker}
            command = [sys.executable, "-m", "tests.acceptance.soak.child"]
            ended = subprocess.run(
                [*command, json.dumps(asked)], cwd=ROOT, env=environment
            )
            return ended.returncode == 0


@contextlib.contextmanager
def database_at(database: str, folder: Path) -> Iterator[str]:
    if database == "SQLite":
        yield sqlite_url(folder / "soak.sqlite3")
        return
    with running_postgresql() as url:
        # The one that a new cluster has.
        yield f"{url.rpartition('/')[0]}/postgres"


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
