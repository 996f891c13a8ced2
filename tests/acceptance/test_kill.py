"""Real workers are killed and paused in the middle of a sync: the same end as if nothing
had happened. ``make soak-kills`` does it at random moments, all night if need be."""

import signal
import time
from collections.abc import Iterator

import pytest

from customers.models import Contact
from fieldops.launch.service import wait_until
from tests.acceptance.killing import (
    BY,
    SHORTENED,
    Company,
    assert_well_ended,
    group_of,
    has_ended,
    open_intents,
    send,
    send_to_group,
    wait_for,
    wait_for_holder,
)
from tests.conftest import environment_of_processes
from tests.ledger import PracticeLedger
from tests.services import CeleryProcesses
from tests.xero_sync.world import connect
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.runs.requests import start_first_sync
from xero_sync.tasks import sync_tick, work_on_sync

# One after another on the same two workers: the last test leaves one of them.
pytestmark = [pytest.mark.workers, pytest.mark.xdist_group("kills")]

DELAY_MS = 150


@pytest.fixture(scope="module")
def two_workers(
    redis_url: str, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Each with two children, on the database of these tests."""
    environment = environment_of_processes(redis_url) | SHORTENED
    processes = CeleryProcesses(tmp_path_factory.mktemp("workers"), environment)
    try:
        processes.start_workers(2, concurrency=2)
        yield
    finally:
        for service in processes.services:
            service.kill()


@pytest.fixture
def company(
    two_workers: None,
    ledger: PracticeLedger,
    transactional_db: None,
    broker: str,
) -> Company:
    connect(ledger)
    return Company(ledger)


def begin(company: Company) -> SyncRun:
    company.ledger.control("faults", kind="delay", delay_ms=DELAY_MS, times=-1)
    run = start_first_sync(by=BY)
    work_on_sync.delay()
    return run


def goes_on_to_its_end(company: Company, run: SyncRun) -> None:
    """Ticks find what was left lying, once the lease of the dead has run out."""

    def ended_after_a_tick() -> bool:
        sync_tick.delay()
        time.sleep(0.3)
        return has_ended(run)

    wait_for(ended_after_a_tick)
    company.ledger.control("faults/clear")
    assert_well_ended(run)
    company.assert_nothing_lost_or_doubled()
    company.assert_next_sync_is_silent()


def test_paused_past_its_lease_it_writes_nothing_more(company: Company) -> None:
    """It wakes up while another is at work, with the answers of its own calls."""
    company.grow_here(60, invoices_each=2)
    company.grow_there(10)
    run = begin(company)
    sleeper = wait_for_holder()
    wait_for(lambda: open_intents().exists())

    pause_until_taken_over(sleeper)

    goes_on_to_its_end(company, run)


def pause_until_taken_over(sleeper: int) -> None:
    """Paused in the middle of a commit it holds up whoever would follow: once more."""
    token = XeroConnection.objects.get().lease_token

    def is_taken_over() -> bool:
        sync_tick.delay()
        time.sleep(0.2)
        return XeroConnection.objects.get().lease_token > token

    taken_over = False
    while not taken_over:
        send(sleeper, signal.SIGSTOP)
        taken_over = wait_until(is_taken_over, 15)
        send(sleeper, signal.SIGCONT)
        time.sleep(0.02)


def test_killed_while_records_are_brought_in(company: Company) -> None:
    """One child, for want of memory; its worker lives on."""
    company.grow_here(5)
    company.grow_there(800, items=60)
    run = begin(company)
    victim = wait_for_holder()

    wait_for(lambda: Contact.objects.filter(is_supplier=True).exists())
    send(victim, signal.SIGKILL)

    assert 0 < Contact.objects.filter(is_supplier=True).count() < 800
    assert not has_ended(run)
    goes_on_to_its_end(company, run)


def test_killed_while_batches_are_under_way(company: Company) -> None:
    """The worker as a whole, by a power cut."""
    company.grow_here(60, invoices_each=2)
    company.grow_there(10, items=10)
    run = begin(company)
    victim = wait_for_holder()

    wait_for(lambda: open_intents().exists())
    send_to_group(group_of(victim), signal.SIGKILL)

    assert open_intents().exists()
    assert not has_ended(run)
    goes_on_to_its_end(company, run)
