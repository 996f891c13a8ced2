"""One migrated database for the whole suite: to migrate takes each process seconds, a
copy of what another one has migrated takes none."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Mapping

import django
from django.db import connection

from tests.services import ROOT

# In the environment of those who copy it: the name of the database, or of its file.
NAMED_BY = "FIELDOPS_TEST_TEMPLATE"


@contextlib.contextmanager
def migrated_database(environment: Mapping[str, str]) -> Iterator["Migrating"]:
    """Made by a process of its own, and gone when this ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.migrated"],
        cwd=ROOT,
        env={**environment, "DJANGO_SETTINGS_MODULE": "fieldops.settings.test"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Migrating(process)
    finally:
        # The end of its input is the sign for it to clear up.
        process.communicate()


class Migrating:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def name(self) -> str:
        """Waits until it is there."""
        assert self._process.stdout
        name = self._process.stdout.readline().strip()
        assert name, "The database for the tests could not be migrated."
        return name


@contextlib.contextmanager
def copied_database(template: str, suffix: str) -> Iterator[None]:
    """The connection of this process leads to a copy of its own."""
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = template
    connection.creation.clone_test_db(suffix, verbosity=0)
    copy = connection.creation.get_test_db_clone_settings(suffix)
    connection.close()
    # In place: what other threads connect to is read from the same dictionary.
    connection.settings_dict["NAME"] = copy["NAME"]
    yield
    connection.creation.destroy_test_db(before, verbosity=0)


def main() -> None:
    django.setup()
    before = connection.settings_dict["NAME"]
    name = connection.creation.create_test_db(
        verbosity=0, autoclobber=True, serialize=False
    )
    connection.close()
    sys.stdout.write(f"{name}\n")
    sys.stdout.flush()
    sys.stdin.read()
    connection.creation.destroy_test_db(before, verbosity=0)


if __name__ == "__main__":
    main()
