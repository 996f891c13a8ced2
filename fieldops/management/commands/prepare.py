"""``manage.py prepare``: database, demo company and static files, as a start needs them.

What is up to date already costs next to nothing.
"""

import hashlib
import shutil
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.core.management.base import CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fieldops.launch.lock import AlreadyRunning, only_launcher
from fieldops.users.demo import DEMO_PASSWORD, demo_sign_ins


class Command(BaseCommand):
    help = "Brings database, demo company and static files up to date."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--afresh",
            action="store_true",
            help="delete the local SQLite database and the practice ledger first",
        )

    def handle(self, *args: Any, afresh: bool, **options: Any) -> None:
        if not afresh:
            prepare()
            return
        try:
            with only_launcher(settings.VAR_DIR):
                forget_records()
                prepare()
        except AlreadyRunning as running:
            raise CommandError(str(running)) from None


def prepare() -> None:
    migrate()
    make_demo_company()
    collect_static_files()
    say_who_can_sign_in()


def migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Migrating the database")
        call_command("migrate", interactive=False, verbosity=0)


def make_demo_company() -> None:
    if not settings.FIELDOPS_DEMO or get_user_model().objects.exists():
        return
    say("Making the demo company")
    # All of it or nothing: interrupted, it is made anew by the next start.
    call_command("demo_company")


def forget_records() -> None:
    """Delete the local database, and what elsewhere refers to its records."""
    if connection.vendor != "sqlite":
        raise CommandError(
            "Only the local SQLite database is deleted from here: empty the one that "
            "DATABASE_URL names yourself."
        )
    connection.close()
    database = str(connection.settings_dict["NAME"])
    for ending in ("", "-wal", "-shm"):
        Path(database + ending).unlink(missing_ok=True)
    for folder in ("ledger", "broker"):
        shutil.rmtree(Path(settings.VAR_DIR, folder), ignore_errors=True)


def collect_static_files() -> None:
    stamp = settings.VAR_DIR / "run" / "static-files"
    fingerprint = static_fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    say("Collecting static files")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(fingerprint)


def static_fingerprint() -> str:
    """Changes when a static file of any app comes, goes or is written."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            seen.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def say_who_can_sign_in() -> None:
    """For the launcher's screen; the launcher itself never opens the database."""
    names = demo_sign_ins()
    if names:
        text = f"Sign in as {', '.join(names)}; the password is {DEMO_PASSWORD}"
    elif get_user_model().objects.exists():
        text = "Sign in with your own account."
    else:
        text = "Nobody can sign in yet: .venv/bin/python manage.py createsuperuser"
    Path(settings.VAR_DIR, "run", "sign-in").write_text(text)


def say(step: str) -> None:
    sys.stdout.write(f"{step} ...\n")
    sys.stdout.flush()
