"""`manage.py xero_sandbox`: the practice ledger, a stand-in for Xero to try things on."""

import socket
import sqlite3
from argparse import ArgumentParser
from dataclasses import replace
from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fieldops.demo.books import accountants_books
from fieldops.demo.company import make_company
from xero_sync.sandbox.books_loading import BooksRefused
from xero_sync.sandbox.limits import TIERS
from xero_sync.sandbox.opening import Opening, open_ledger
from xero_sync.sandbox.server import LedgerServer
from xero_sync.sandbox.storage import Storage
from xero_sync.sandbox.wire import JsonObject


class Command(BaseCommand):
    help = (
        "Run the practice ledger, a stateful stand-in for Xero. Its one address stands "
        "for login.xero.com, identity.xero.com and api.xero.com; the app is "
        "practice-client with the secret practice-secret."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, required=True)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument(
            "--data", type=Path, help="folder that keeps the state over restarts"
        )
        parser.add_argument(
            "--seed", type=int, default=1, help="of the books it starts with"
        )
        books = parser.add_mutually_exclusive_group()
        books.add_argument(
            "--empty", action="store_true", help="chart of accounts and VAT rates only"
        )
        books.add_argument(
            "--books", type=Path, help="JSON with Contacts, Items and Invoices"
        )
        parser.add_argument(
            "--tier",
            choices=TIERS,
            default="core",
            help="calls a day: starter 1,000, core 5,000 (default), unlimited none",
        )

    def handle(self, *args: object, **options: object) -> None:
        seed = int(str(options["seed"]))
        opening = Opening(
            data=_path(options["data"]),
            books=_path(options["books"]),
            usual_books=None if options["empty"] else partial(demo_books, seed),
            tier=str(options["tier"]),
        )
        host, port = str(options["host"]), int(str(options["port"]))
        _check_port(host, port)
        _check_opening(opening)
        self.stdout.write(
            f"Practice ledger at http://localhost:{port}/ ({opening.tier} tier)"
        )
        LedgerServer(partial(open_ledger, opening, timezone.now), host, port).run()


def demo_books(seed: int) -> JsonObject:
    """Those of the demo company's accountant: they overlap its own records."""
    return accountants_books(make_company(seed, timezone.localdate()))


def _path(value: object) -> Path | None:
    return value if isinstance(value, Path) else None


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise CommandError(f"Port {port} is taken on {host}.") from None


def _check_opening(opening: Opening) -> None:
    """What cannot be opened is told of here, before a worker dies of it."""
    try:
        if opening.books is not None:
            open_ledger(replace(opening, data=None), timezone.now)
        if opening.data is not None:
            Storage(opening.data).close()
    except (OSError, ValueError, BooksRefused) as error:
        raise CommandError(f"{opening.books} cannot be opened: {error}") from error
    except sqlite3.Error as error:
        raise CommandError(f"{opening.data} cannot be opened: {error}") from error
