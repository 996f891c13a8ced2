"""One row that all who call share, and what it says of the day."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.xero_sync.client.fakes import VirtualClock
from xero_sync.client.allowance import Hold
from xero_sync.client.exchange import Response
from xero_sync.client.throttle import Throttle
from xero_sync.models import CallBudget, XeroConnection
from xero_sync.store.budget import DayUse, StoredBudget, day_use

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> XeroConnection:
    return XeroConnection.objects.create(tenant_name="Books")


def call(throttle: Throttle, **headers: str) -> None:
    leave = throttle.take()
    assert isinstance(leave, list), leave
    (slot,) = leave
    throttle.give_back(
        slot, Response(200, {name.replace("_", "-"): v for name, v in headers.items()})
    )


def test_a_write_on_an_old_version_is_refused_and_changes_nothing(
    connection: XeroConnection,
) -> None:
    budget = StoredBudget(connection.pk)
    assert budget.read() == (0, {})

    assert budget.write(0, {"calls": [1]})
    assert not budget.write(0, {"calls": [2]})

    assert budget.read() == (1, {"calls": [1]})


def test_workers_count_each_others_calls_and_those_of_the_dead(
    connection: XeroConnection,
) -> None:
    clock = VirtualClock()
    workers = [Throttle(StoredBudget(connection.pk), clock) for _ in range(3)]
    for number in range(60):
        call(workers[number % 3])

    successor = Throttle(StoredBudget(connection.pk), clock)

    assert [one.take() for one in (*workers, successor)] == [Hold("minute", 61.0)] * 4
    clock.advance(61)
    call(successor)


def test_another_connection_has_a_budget_of_its_own(
    connection: XeroConnection,
) -> None:
    clock = VirtualClock()
    mine = Throttle(StoredBudget(connection.pk), clock, calls_per_minute=1)
    call(mine)
    XeroConnection.objects.update(is_current=False)
    fresh = XeroConnection.objects.create()

    call(Throttle(StoredBudget(fresh.pk), clock, calls_per_minute=1))

    assert isinstance(mine.take(), Hold)


def test_a_call_costs_two_statements(
    connection: XeroConnection, django_assert_num_queries: Callable[..., object]
) -> None:
    throttle = Throttle(StoredBudget(connection.pk), VirtualClock())
    call(throttle)

    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        call(throttle)


def test_those_that_start_together_are_counted_in_one_statement(
    connection: XeroConnection, django_assert_num_queries: Callable[..., object]
) -> None:
    clock = VirtualClock()
    throttle = Throttle(StoredBudget(connection.pk), clock)
    call(throttle)

    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        leave = throttle.take(5)

    assert isinstance(leave, list)
    assert len(leave) == 5
    successor = Throttle(StoredBudget(connection.pk), clock)
    assert successor.take() == Hold("concurrent", 0.25)


def test_the_use_of_the_day_is_xeros_count(connection: XeroConnection) -> None:
    clock = VirtualClock()
    throttle = Throttle(StoredBudget(connection.pk), clock)
    assert day_use(connection.pk) is None
    call(throttle)
    assert day_use(connection.pk) is None

    call(throttle, x_daylimit_remaining="999")
    clock.advance(30)
    call(throttle, x_daylimit_remaining="688")

    assert day_use(connection.pk) == DayUse(
        used=312,
        limit=1000,
        remaining=688,
        seen_at=datetime(2026, 11, 21, 12, 0, 30, tzinfo=UTC),
        began_at=datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    )


def test_the_budget_goes_with_its_connection(connection: XeroConnection) -> None:
    call(Throttle(StoredBudget(connection.pk), VirtualClock()))

    connection.delete()

    assert not CallBudget.objects.exists()
