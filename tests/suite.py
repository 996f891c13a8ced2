"""The whole suite, once on SQLite and once on PostgreSQL: what ``make test`` runs."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping

from tests.chromium import install_chromium
from tests.postgresql import running_postgresql
from tests.services import ROOT, Missing

# Two, as the cores of the smallest machine that the suite has to be quick on.
# --ds: importing the project has put the dev settings into the environment by now.
DJANGO = "--ds=fieldops.settings.test"
PYTEST = [
    sys.executable,
    "-m",
    "pytest",
    DJANGO,
    "-q",
    "-n",
    "2",
    "--dist",
    "loadgroup",
]
# What a page looks like, and all that never meets a database, does not depend on which
# one it is: the first leg is the whole suite, the second what could differ.
LEGS = {"SQLite": [], "PostgreSQL": ["--database-tests", "-m", "not browser"]}


def main() -> int:
    started = time.monotonic()
    try:
        prepare_browser()
        with database_urls() as urls:
            failed = [leg for leg in LEGS if not passes(leg, urls[leg])]
    except Missing as missing:
        say(str(missing))
        return 1
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    verdict = (
        f"failed on {' and '.join(failed)}" if failed else "passed on both databases"
    )
    say(f"\nThe suite {verdict}, in {minutes} min {seconds} s.")
    return 1 if failed else 0


def prepare_browser() -> None:
    if os.environ.get("SKIP_BROWSER"):
        say("SKIP_BROWSER is set: no test runs in a browser.")
    else:
        install_chromium()


@contextlib.contextmanager
def database_urls() -> Iterator[Mapping[str, str]]:
    """DATABASE_URL when it names a PostgreSQL, else one that is started here."""
    given = os.environ.get("DATABASE_URL", "")
    with contextlib.ExitStack() as stack:
        if not given.startswith("postgres"):
            say("Starting PostgreSQL ...")
            given = stack.enter_context(running_postgresql())
        yield {"SQLite": "", "PostgreSQL": given}


def passes(leg: str, database_url: str) -> bool:
    say(f"\n--- {leg} ---")
    environment = os.environ | {"DATABASE_URL": database_url}
    ended = subprocess.run([*PYTEST, *LEGS[leg]], cwd=ROOT, env=environment)
    return ended.returncode == 0


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
