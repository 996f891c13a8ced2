"""No measure: makes the database of a stage."""

from typing import Any

from django.core.management import call_command
from django.db import connection

from fieldops.common.actor import Actor
from tests.bench.company import put_company
from tests.bench.sizes import Sizes
from xero_sync.runs.choices import change_settings
from xero_sync.runs.practice import connect_practice_ledger

CONFIRMED = {
    "email_confirmed": True,
    "address_confirmed": True,
    "invoices_confirmed": True,
}


def run(options: dict[str, Any]) -> dict[str, Any]:
    if options["step"] == "migrate":
        call_command("migrate", verbosity=0)
    else:
        if options["ours"]:
            put_company(Sizes(options["contacts"]))
        by = Actor.system("bench")
        connect_practice_ledger(options["url"], by=by)
        change_settings(CONFIRMED, by=by)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return {}
