"""The whole suite, once on SQLite and once on PostgreSQL: what ``make test`` runs."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from tests.chromium import install_chromium
from tests.migrated import NAMED_BY, migrated_database
from tests.postgresql import running_postgresql
from tests.services import ROOT, Missing

# --ds: importing the project has put the dev settings into the environment by now.
DJANGO = "--ds=fieldops.settings.test"
PYTEST = [sys.executable, "-m", "pytest", DJANGO, "-q", "--dist", "loadgroup"]
# The first leg is the whole suite; the second what a database decides: what a constraint
# refuses, who waits for whose lock, case, order and length, JSON and numbers, SQL of our
# own, and that each kind of statement of the sync is one that both understand. What comes
# of the answers is Python, and tried once.
POSTGRESQL = [
    # Constraints, cases, orders and lengths: what every service and import writes.
    "tests/common",
    "tests/customers",
    "tests/stock",
    "tests/invoicing",
    "tests/imports",
    "tests/merging",
    # The same asked for by other programs, pages of rows among it, and repeats at once.
    "tests/api",
    # Each query of a page once.
    "tests/office/test_every_page.py",
    "tests/office/test_search_page.py",
    "tests/xero_sync/report",
    # Rows, locks, budgets and JSON of the sync, step by step ...
    "tests/xero_sync/store",
    "tests/xero_sync/steps/test_batches.py",
    "tests/xero_sync/steps/test_fences.py",
    "tests/xero_sync/consolidation/test_pairs.py",
    "tests/xero_sync/consolidation/test_decisions.py",
    # ... in runs from end to end, with amounts, with names of every kind, taken back, and
    # with everything that people do in histories ...
    "tests/xero_sync/two_way/test_chart.py",
    "tests/xero_sync/two_way/test_invoices.py",
    "tests/xero_sync/two_way/test_names_and_groups.py",
    "tests/xero_sync/two_way/test_totals.py",
    "tests/xero_sync/runs/test_undoing.py",
    # ... and in those that are broken off, or meet others at the lease.
    "tests/xero_sync/runs/test_kills.py",
    "tests/xero_sync/runs/test_lease.py",
    "tests/xero_sync/runs/test_refreshing.py",
    "tests/xero_sync/runs/test_requests.py",
    "tests/xero_sync/runs/test_tasks.py",
    "tests/acceptance/test_kill.py",
]
# From other files what no test of those above asks a database.
POSTGRESQL += [
    f"tests/{test}"
    for test in (
        "admin/test_access.py::test_every_list_opens_and_nothing_can_be_deleted",
        "admin/test_access.py::test_a_role_that_was_taken_away_counts_at_once",
        "demo/test_demo_company.py::test_reset_deletes_everything_but_the_starter_chart",
        "simulation/test_histories.py::test_nothing_is_lost_and_nothing_is_twice",
        "xero_sync/two_way/test_names_in_xero.py::test_a_refused_name_stays_in_its_row",
        "xero_sync/two_way/test_names_in_xero.py::test_an_approved_name_can_be_taken_back",
        "xero_sync/web/test_pages.py::test_pages_open_by_role",
        "xero_sync/web/test_pages.py::test_nothing_wrong_says_so",
    )
]
# Of those rooms: files, cells and wording, and forms and pages whose services and queries
# are tried there.
NOT_POSTGRESQL = [
    "tests/api/test_schema.py",
    "tests/api/test_sign_in.py",
    "tests/common/test_money.py",
    "tests/customers/test_contact_pages.py",
    "tests/customers/test_people_form.py",
    "tests/imports/test_cells.py",
    "tests/imports/test_command.py",
    "tests/imports/test_invoice_refusals.py",
    "tests/imports/test_pages.py",
    "tests/imports/test_sheet.py",
    "tests/imports/test_spoiled_files.py",
    "tests/invoicing/test_editor_customer.py",
    "tests/invoicing/test_editor_of_drafts.py",
    "tests/invoicing/test_editor_page.py",
    "tests/invoicing/test_invoice_pages.py",
    "tests/merging/test_pages.py",
    "tests/xero_sync/report/test_wording.py",
]
# How many statements something takes is the same on both; such tests say "cost" or
# "statements" in their names, and no others of these rooms do.
NOT_COUNTED = ["-k", "not cost and not statements"]
ELSEWHERE = [f"--ignore={path}" for path in NOT_POSTGRESQL]
# Four processes for two cores: where one waits, for a browser or a worker, another works.
LEGS = {
    "SQLite": ["-n", "3"],
    "PostgreSQL": [
        "-n",
        "1",
        *POSTGRESQL,
        *ELSEWHERE,
        *NOT_COUNTED,
        "-m",
        "not browser",
    ],
}


@dataclass(frozen=True)
class Leg:
    name: str
    pytest: subprocess.Popen[bytes]
    output: IO[bytes]


def main() -> int:
    started = time.monotonic()
    try:
        prepare_browser()
        with (
            database_urls() as urls,
            prepared(urls) as environments,
            side_by_side(environments) as legs,
        ):
            failed = [leg.name for leg in legs if not passes(leg)]
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


@contextlib.contextmanager
def prepared(urls: Mapping[str, str]) -> Iterator[Mapping[str, dict[str, str]]]:
    """The environment of each leg, with all that is done once and not by each process:
    the databases are migrated and every module of the tests is compiled."""
    # Processes that keep no bytecode would compile the whole project at each start.
    shared = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environments = {name: shared | {"DATABASE_URL": url} for name, url in urls.items()}
    with contextlib.ExitStack() as stack:
        say("Preparing the databases ...")
        migrating = {
            name: stack.enter_context(migrated_database(environment))
            for name, environment in environments.items()
        }
        subprocess.run(
            [sys.executable, "-m", "pytest", DJANGO, "-q", "--collect-only"],
            cwd=ROOT,
            env=shared,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        yield {
            name: environments[name] | {NAMED_BY: migrating[name].name()}
            for name in urls
        }


@contextlib.contextmanager
def side_by_side(environments: Mapping[str, dict[str, str]]) -> Iterator[list[Leg]]:
    """Both legs at once."""
    with contextlib.ExitStack() as stack:
        legs = []
        for name, arguments in LEGS.items():
            output = stack.enter_context(tempfile.TemporaryFile())
            running = stack.enter_context(
                subprocess.Popen(
                    [*PYTEST, *arguments],
                    cwd=ROOT,
                    env=environments[name],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            )
            stack.callback(running.terminate)
            legs.append(Leg(name, running, output))
        yield legs


def passes(leg: Leg) -> bool:
    """Waits for its end, passing on what it says."""
    say(f"\n--- {leg.name} ---")
    told = 0
    while leg.pytest.poll() is None:
        told += pass_on(leg.output, told)
        time.sleep(0.5)
    while new := pass_on(leg.output, told):
        told += new
    return leg.pytest.returncode == 0


def pass_on(output: IO[bytes], told: int) -> int:
    """What was written since the first ``told`` bytes; its length."""
    # The writer shares the file's position, so it is read at a place of its own.
    new = os.pread(output.fileno(), 1_000_000, told)
    sys.stdout.buffer.write(new)
    sys.stdout.flush()
    return len(new)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
