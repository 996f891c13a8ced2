"""One worker at a time, and a paused one cannot write."""

from datetime import UTC, datetime, timedelta

import pytest

from xero_sync.models import XeroConnection
from xero_sync.store.lease import LeaseLost, acquire_lease

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LENGTH = timedelta(seconds=90)


def test_a_second_worker_gets_nothing_while_the_lease_lasts() -> None:
    connection = XeroConnection.objects.create()
    acquire_lease(connection, owner="first", now=NOON, length=LENGTH)

    second = acquire_lease(connection, owner="second", now=NOON + LENGTH, length=LENGTH)

    assert second is None


def test_a_worker_that_slept_past_its_lease_cannot_write() -> None:
    connection = XeroConnection.objects.create()
    slept = acquire_lease(connection, owner="first", now=NOON, length=LENGTH)
    later = NOON + LENGTH + timedelta(seconds=1)
    awake = acquire_lease(connection, owner="second", now=later, length=LENGTH)
    assert slept is not None
    assert awake is not None

    with pytest.raises(LeaseLost):
        slept.renew(later)

    slept.release()
    connection.refresh_from_db()
    assert connection.lease_owner == "second"
    awake.renew(later)


def test_renewing_keeps_others_away() -> None:
    connection = XeroConnection.objects.create()
    lease = acquire_lease(connection, owner="first", now=NOON, length=LENGTH)
    assert lease is not None
    lease.renew(NOON + timedelta(seconds=80))

    late = acquire_lease(
        connection, owner="second", now=NOON + timedelta(seconds=100), length=LENGTH
    )

    assert late is None
