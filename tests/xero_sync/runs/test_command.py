"""`manage.py sync`: its last line, and what it says to the shell."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.builders import make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.world import connect, wait_is_over
from xero_sync.models import SyncRun

pytestmark = pytest.mark.django_db


def sync(*arguments: str) -> tuple[int, list[str]]:
    """Its exit code and the lines it printed."""
    printed = StringIO()
    code: Any = 0
    try:
        call_command("sync", *arguments, stdout=printed)
    except SystemExit as ended:
        code = ended.code
    return code, printed.getvalue().splitlines()


def test_it_says_when_there_is_nothing_to_sync_with() -> None:
    with pytest.raises(CommandError, match="not connected to Xero"):
        sync("--json")

    assert not SyncRun.objects.exists()


def test_it_waits_no_longer_than_asked_and_goes_on_later(
    ledger: PracticeLedger,
) -> None:
    make_customer("Castle Hotel")
    connect(ledger)
    ledger.control("faults", kind="rate_limit", method="PUT", retry_after=600)

    code, [line] = sync("--json", "--max-wait", "1")
    assert (code, json.loads(line)["status"]) == (75, "waiting")
    code, [line] = sync("--json", "--max-wait", "0")
    assert (code, json.loads(line)["status"]) == (75, "waiting")
    assert ledger.state()["contacts"] == 0

    wait_is_over()
    code, [line] = sync("--json")
    assert (code, json.loads(line)["status"]) == (0, "finished")
    assert (ledger.state()["contacts"], SyncRun.objects.count()) == (1, 1)


def test_a_dry_run_writes_nothing(ledger: PracticeLedger) -> None:
    make_customer("Castle Hotel")
    connect(ledger)

    code, lines = sync("--dry-run")

    said = json.loads(lines[-1])
    assert (code, said["status"], said["writes"]) == (0, "finished", 0)
    assert "Customers to Xero: 1 planned, 0 failed, 0 held back" in lines
    assert ledger.state()["contacts"] == 0


def test_a_run_that_failed_is_exit_1(ledger: PracticeLedger) -> None:
    connect(ledger)
    ledger.control("tokens/expire", refresh=True)

    code, [line] = sync("--json")

    assert (code, json.loads(line)["status"]) == (1, "failed")
