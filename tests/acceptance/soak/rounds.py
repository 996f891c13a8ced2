"""Round after round: both sides grow and change, a sync starts, something happens to its
workers. Then nothing is lost, nothing is there twice, and the next sync is silent."""

import os
import random
import sys
import time
import traceback
from pathlib import Path

from customers.models import Contact
from customers.services import change_contact
from tests.acceptance.killing import (
    BY,
    SHORTENED,
    Company,
    assert_well_ended,
    has_ended,
    open_intents,
    wait_for,
)
from tests.acceptance.soak.disturbances import DISTURBANCES, Installation, after
from tests.ledger import EmptyLedger
from tests.services import CeleryProcesses
from tests.xero_sync.world import connect, xero
from xero_sync.models import SyncRun
from xero_sync.runs.choices import change_settings
from xero_sync.runs.requests import start_first_sync, sync_now
from xero_sync.tasks import wake_worker

DELAY_MS = 100
# An undisturbed round lasts about so many seconds.
AT_WORK = 2.0
PRESSES = 5
CUSTOMERS, CONTACTS, ITEMS = 20, 120, 10
HEAD = ("round", "what happened", "in the middle of", "seconds", "in step")


def soak(*, rounds: int, seed: int, folder: Path, broker: str) -> int:
    """How many rounds failed. After a failure nothing that follows could be believed."""
    chance = random.Random(seed)  # noqa: S311
    processes = CeleryProcesses(folder, os.environ | SHORTENED)
    installation = Installation(processes, broker, chance)
    kinds = [*DISTURBANCES] * (rounds // len(DISTURBANCES) + 1)
    chance.shuffle(kinds)
    say(HEAD)
    say(["---"] * len(HEAD))
    with EmptyLedger() as ledger:
        try:
            installation.start()
            connect(ledger)
            change_settings({"mode": "manual"}, by=BY)
            company = Company(ledger)
            for number, kind in enumerate(kinds[:rounds], start=1):
                if not one_round(number, kind, company, installation):
                    return 1
        finally:
            installation.end()
    return 0


def one_round(number: int, kind: str, company: Company, at: Installation) -> bool:
    started = time.monotonic()
    middle = "-"
    try:
        ours, theirs = both_sides_move(number, company)
        run = begin(company)
        time.sleep(at.chance.uniform(0.0, AT_WORK))
        middle = where(run)
        DISTURBANCES[kind](at)
        wait_for(lambda: has_ended(run))
        company.ledger.control("faults/clear")
        after(at)
        assert_well_ended(run)
        company.assert_nothing_lost_or_doubled()
        assert_both_edits_arrived(number, company, ours, theirs)
        company.assert_next_sync_is_silent()
        assert SyncRun.objects.count() == 2 * number
    except AssertionError:
        traceback.print_exc()
        say((number, kind, middle, round(time.monotonic() - started, 1), "NO"))
        return False
    say((number, kind, middle, round(time.monotonic() - started, 1), "yes"))
    return True


def both_sides_move(number: int, company: Company) -> tuple[str, str]:
    """New records on both sides; and an older one of each is changed."""
    company.grow_here(CUSTOMERS)
    company.grow_there(CONTACTS, items=ITEMS)
    ours, theirs = "Customer 00000", "Supplier 00000"
    if number > 1:
        contact = Contact.objects.get(name=ours)
        change_contact(contact, {"phone": f"01632 {number:06}"}, by=BY)
        change = {"contact": theirs, "FirstName": f"Round {number}"}
        company.ledger.control("contact/change", **change)
    return ours, theirs


def begin(company: Company) -> SyncRun:
    """Pressed several times: it is one run all the same."""
    company.ledger.control("faults", kind="delay", delay_ms=DELAY_MS, times=-1)
    is_first = not SyncRun.objects.exists()
    press = start_first_sync if is_first else sync_now
    runs = [press(by=BY) for _ in range(PRESSES)]
    for _ in range(PRESSES):
        wake_worker()
    assert len({run.pk for run in runs}) == 1
    return runs[0]


def where(run: SyncRun) -> str:
    run.refresh_from_db()
    batches = open_intents().count()
    return f"{run.state}, {batches} under way" if batches else str(run.state)


def assert_both_edits_arrived(
    number: int, company: Company, ours: str, theirs: str
) -> None:
    if number == 1:
        return
    sent = Contact.objects.get(name=ours)
    phones = xero(company.ledger, "Contacts", sent)["Phones"]
    numbers = {phone["PhoneType"]: phone["PhoneNumber"] for phone in phones}
    assert numbers["DEFAULT"] == f"01632 {number:06}"
    assert Contact.objects.get(name=theirs).first_name == f"Round {number}"


def say(cells: object) -> None:
    assert isinstance(cells, list | tuple)
    sys.stdout.write("| " + " | ".join(str(cell) for cell in cells) + " |\n")
    sys.stdout.flush()
