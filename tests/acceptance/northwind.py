"""The public Northwind data set: our side of it by import, Xero's side as books."""

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from fieldops.imports.kinds import KINDS, import_file
from tests.imports.files import counts
from tests.xero_sync.world import next_sync_of_the_day
from xero_sync.models import SyncRun

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = Path(os.environ.get("FIELDOPS_SHARED") or ROOT.parent / "shared")
TEMPLATES = SHARED / "data" / "northwind" / "xero-templates"
FILES = {
    "contacts": "customers.csv",
    "suppliers": "suppliers.csv",
    "items": "items.csv",
    "invoices": "invoices.csv",
}

needs_northwind = pytest.mark.skipif(
    not TEMPLATES.is_dir(), reason="../shared/data/northwind is not here"
)

Row = dict[str, str]


@dataclass(frozen=True)
class Imported:
    counts: dict[str, tuple[int, int, int, int]]
    statements: int


@pytest.fixture(scope="module")
def northwind(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Imported]:
    """Imported once for the tests of a module, each of which leaves it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        statements = Counted()
        with connection.execute_wrapper(statements):
            found = import_northwind()
        yield Imported(found, statements.count)
        transaction.set_rollback(True)


class Counted:
    """Lets every statement through."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.count += 1
        return execute(*statement)


def import_northwind() -> dict[str, tuple[int, int, int, int]]:
    found = {}
    for kind, name in FILES.items():
        content = (TEMPLATES / name).read_bytes()
        report = import_file(KINDS[kind], content, name, dry_run=False)
        assert (report.errors, report.all_warnings) == ((), ()), name
        found[kind] = counts(report)
    return found


def assert_second_sync_is_silent() -> None:
    run = next_sync_of_the_day()
    assert run.state == SyncRun.State.FINISHED
    assert (run.writes, run.reads) == (0, 3)


def books(*, customers: int, suppliers: int, items: int) -> dict[str, Any]:
    """What Xero holds already: the first so many of each, some written differently.

    Of account number, phone and address one is kept in turn, the others are lost.
    """
    ordered = {row["*ContactName"] for row in rows("invoices.csv")}
    ours = [row for row in rows("customers.csv") if row["*ContactName"] in ordered]
    theirs = rows("suppliers.csv")
    return {
        "Contacts": [
            *_contacts(ours[:customers], {"IsCustomer": True}),
            *_contacts(theirs[:suppliers], {"IsSupplier": True}),
        ],
        "Items": [_item(row) for row in rows("items.csv")[:items]],
    }


def rows(name: str) -> list[Row]:
    with (TEMPLATES / name).open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def _contacts(found: list[Row], flags: dict[str, bool]) -> Iterator[dict[str, Any]]:
    ways: Iterator[tuple[Callable[[str], str], str]] = iter(
        zip(cycle(SPELLINGS), cycle(("account number", "phone", "address", "all")))
    )
    for row, (spell, kept) in zip(found, ways, strict=False):
        contact: dict[str, Any] = {"Name": spell(row["*ContactName"]), **flags}
        if kept in ("account number", "all"):
            contact["AccountNumber"] = row["AccountNumber"]
        if kept in ("phone", "all"):
            contact["Phones"] = [
                {"PhoneType": "DEFAULT", "PhoneNumber": row["PhoneNumber"]}
            ]
        if kept in ("address", "all"):
            contact["Addresses"] = [
                {
                    "AddressType": "POBOX",
                    "AddressLine1": row["POAddressLine1"],
                    "City": row["POCity"],
                    "PostalCode": row["POPostalCode"],
                    "Country": row["POCountry"] if row["POCountry"].isalpha() else "",
                }
            ]
        if kept == "address" and not row["POPostalCode"]:
            contact["AccountNumber"] = row["AccountNumber"]
        yield contact


def _item(row: Row) -> dict[str, Any]:
    return {
        "Code": row["*ItemCode"] if "*ItemCode" in row else row["ItemCode"],
        "Name": row["ItemName"].upper()[:50],
        "SalesDetails": {
            "UnitPrice": row["SalesUnitPrice"],
            "AccountCode": "200",
            "TaxType": "OUTPUT2",
        },
    }


def _typo(name: str) -> str:
    return name[:4] + name[5:] if len(name) > 9 else name


SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    lambda name: f"{name} Ltd",
    str.upper,
    lambda name: name.replace("&", "and"),
    _typo,
    lambda name: name.encode("ascii", "ignore").decode() or name,
    lambda name: name.replace("'", ""),
)
