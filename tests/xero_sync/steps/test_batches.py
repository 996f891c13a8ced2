"""How many records go in a call, and what becomes of batches that Xero refuses, loses
or finds too large."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from customers import services as customers
from customers.errors import NameMissing
from customers.models import Contact
from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.lost import Outcomes, Sending, instead_of_sending
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    in_step,
    next_sync,
    one_slice,
    open_codes,
    wait_is_over,
    work_on,
)
from xero_sync.client.api import Write, XeroApi
from xero_sync.client.errors import AnswerLost, NotFound, XeroRefused
from xero_sync.models import ContactLink, Intent
from xero_sync.outcomes.kinds import Step
from xero_sync.outcomes.wire import decode
from xero_sync.runs import runner
from xero_sync.runs.requests import start_first_sync
from xero_sync.runs.runner import Slice
from xero_sync.steps import batches, carrying_out

pytestmark = pytest.mark.django_db


def test_one_lost_answer_of_five_loses_no_other(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.XERO_BATCH = 1
    for number in range(4):
        make_customer(f"Customer {number}")
    connect(ledger)
    run = start_first_sync(by=TESTER)

    def second_is_lost(
        real: Sending, api: XeroApi, writes: Sequence[Write]
    ) -> Outcomes:
        outcomes = real(api, writes)
        return [outcomes[0], AnswerLost("nobody knows"), *outcomes[2:]]

    with monkeypatch.context() as patch:
        instead_of_sending(patch, second_is_lost)
        assert one_slice(run) is Slice.WAITING
    assert ContactLink.objects.count() == 3
    assert Intent.objects.exclude(state=Intent.State.SETTLED).count() == 1
    wait_is_over()
    work_on(run)

    assert ledger.state()["contacts"] == 4
    assert_accounted_for(run)
    assert_silent()


def test_the_bad_one_of_a_refused_batch_is_found_in_few_calls(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """400 for all 50, without a word about which: at most 2 * log2(50) + 2 more calls."""
    for number in range(50):
        make_customer(f"Customer {number}", email="" if number else "bad@example.com")
    connect(ledger)
    run = start_first_sync(by=TESTER)
    sent: list[int] = []

    def all_or_nothing(
        real: Sending, api: XeroApi, writes: Sequence[Write]
    ) -> Outcomes:
        outcomes: Outcomes = []
        for write in writes:
            sent.append(len(write.body))
            if b"bad@example.com" in write.body:
                outcomes.append(XeroRefused(400, ("Email address must be valid.",)))
            else:
                outcomes += real(api, [write])
        return outcomes

    looked: list[object] = []
    by_number = XeroApi.contacts_by_number

    def looks(api: XeroApi, numbers: Any) -> Any:
        looked.append(numbers)
        return by_number(api, numbers)

    with monkeypatch.context() as patch:
        instead_of_sending(patch, all_or_nothing)
        patch.setattr(XeroApi, "contacts_by_number", looks)
        work_on(run)

    assert ledger.state()["contacts"] == 49
    assert open_codes() == ["email_invalid"]
    assert (len(sent) - 1, len(looked)) == (12, 1)
    assert_accounted_for(run)


def test_large_bodies_are_split_before_they_are_sent(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        make_customer(f"Customer {number}")
    connect(ledger)
    monkeypatch.setattr(batches, "LARGEST_BODY", 300)

    run = in_step()

    bodies = [bytes(one) for one in Intent.objects.values_list("body", flat=True)]
    assert len(bodies) > 1
    assert all(len(body) <= 300 for body in bodies)
    held: list[Any] = [decode(body) for body in bodies]
    assert sum(len(one["Contacts"]) for one in held) == 6
    assert ledger.state()["contacts"] == 6
    assert_accounted_for(run)


def test_too_large_a_body_is_split_when_xero_says_so(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        make_customer(f"Customer {number}")
    connect(ledger)

    def at_most_two(real: Sending, api: XeroApi, writes: Sequence[Write]) -> Outcomes:
        too_large = XeroRefused(413, ())
        return [
            too_large
            if write.body.count(b"ContactNumber") > 2
            else real(api, [write])[0]
            for write in writes
        ]

    with monkeypatch.context() as patch:
        instead_of_sending(patch, at_most_two)
        run = in_step()

    assert ledger.state()["contacts"] == 5
    assert_accounted_for(run)
    assert_silent()


def test_new_records_that_meet_a_404_go_with_the_next_sync(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that Xero has never had cannot be gone: something on the way said so."""
    for number in range(3):
        make_customer(f"Customer {number}")
    connect(ledger)

    with monkeypatch.context() as patch:
        instead_of_sending(patch, lambda _, __, writes: [NotFound("?") for _ in writes])
        in_step()
    assert ledger.state()["contacts"] == 0
    assert open_codes() == ["refused"] * 3

    next_sync()

    assert ledger.state()["contacts"] == 3
    assert open_codes() == []
    assert_silent()


def test_a_bad_record_from_xero_does_not_undo_good_ones(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["Abbey", "Bad", "Castle"]
    ledger.load_books({"Contacts": [{"Name": n, "IsCustomer": True} for n in names]})
    connect(ledger)
    real = customers._new_contact

    def refuses(values: Any) -> Contact:
        if values["name"] == "Bad":
            raise NameMissing
        return real(values)

    monkeypatch.setattr(customers, "_new_contact", refuses)

    run = in_step()

    found = Contact.objects.order_by("name").values_list("name", "revision")
    assert list(found) == [("Abbey", 1), ("Castle", 1)]
    assert open_codes() == ["rule"]
    assert_accounted_for(run)


@pytest.mark.parametrize(
    ("size", "seconds", "then"),
    [(50, 0.0, 50), (50, 4.0, 50), (50, 8.0, 25), (50, 60.0, 10), (5, 60.0, 5)],
)
def test_batches_shrink_where_xero_is_slow(
    size: int, seconds: float, then: int
) -> None:
    assert batches.shrunk(size, seconds) == then


def test_what_xero_takes_over_a_write_is_measured(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.XERO_BATCH = 2
    for number in range(3):
        make_customer(f"Customer {number}")
    connect(ledger)
    ledger.control("faults", kind="delay", delay_ms=300, method="PUT")
    measured: list[float] = []

    def heard(size: int, seconds: float) -> int:
        measured.append(seconds)
        return size

    monkeypatch.setattr(batches, "shrunk", heard)

    in_step()

    # The second of the two was answered at once; the clock may start after the call.
    assert 0.1 <= measured[0] < 4.0


@pytest.mark.parametrize("way", ["out", "in"])
def test_statements_do_not_grow_with_a_batch(
    ledger: PracticeLedger, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []
    connect(ledger)
    in_step()
    real = carrying_out.carry_out_step

    def counted(ctx: Any, step: Step) -> None:
        with CaptureQueriesContext(database) as statements:
            real(ctx, step)
        counts[-1] += len(statements)

    monkeypatch.setattr(runner, "carry_out_step", counted)
    for size in (10, 50):
        counts.append(0)
        names = [f"{way} {size} {number}" for number in range(size)]
        if way == "out":
            for name in names:
                make_customer(name)
        else:
            new = [{"Name": name, "IsCustomer": True} for name in names]
            ledger.load_books({"Contacts": new})
        next_sync()

    assert (Contact.objects.count(), ContactLink.objects.count()) == (60, 60)
    assert counts[1] == counts[0]
