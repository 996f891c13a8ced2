"""One practice ledger for all tests of the engine; each finds its books empty."""

from collections.abc import Iterator

import pytest

from tests.ledger import PracticeLedger


@pytest.fixture(scope="package")
def running_ledger() -> Iterator[PracticeLedger]:
    with PracticeLedger("--empty", "--tier", "unlimited") as ledger:
        yield ledger


@pytest.fixture
def ledger(running_ledger: PracticeLedger) -> PracticeLedger:
    running_ledger.control("clock", shift_seconds=0)
    running_ledger.control("reset")
    running_ledger.control("lock", date=None)
    return running_ledger
