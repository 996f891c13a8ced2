"""A clock that was days ahead, and is right again, holds nothing up: neither the lease of
a worker that died then, nor a wait, a message or the time of the next sync."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from tests.xero_sync.rows import make_connection
from xero_sync.models import XeroConnection
from xero_sync.runs.requests import request_automatic_run
from xero_sync.runs.runner import Slice, Worker
from xero_sync.store.lease import acquire_lease, claim_wake, is_held
from xero_sync.store.tokens import claim_refresh

pytestmark = pytest.mark.django_db

AHEAD = timedelta(days=3)


@pytest.fixture
def connection() -> XeroConnection:
    return make_connection()


def test_the_lease_of_a_worker_that_died_then_is_free(
    connection: XeroConnection,
) -> None:
    now, length = timezone.now(), settings.XERO_LEASE
    dead = acquire_lease(connection, owner="dead", now=now + AHEAD, length=length)
    connection.refresh_from_db()
    assert not is_held(connection, now)

    ours = acquire_lease(connection, owner="ours", now=now, length=length)

    assert dead is not None
    assert ours is not None
    assert ours.token > dead.token
    assert acquire_lease(connection, owner="other", now=now, length=length) is None


def test_a_message_of_then_does_not_keep_the_next_one_back(
    connection: XeroConnection,
) -> None:
    now = timezone.now()
    assert claim_wake(connection.pk, now=now + AHEAD)

    assert claim_wake(connection.pk, now=now)
    assert not claim_wake(connection.pk, now=now)


def test_a_wait_noted_then_is_over(connection: XeroConnection) -> None:
    now = timezone.now()
    XeroConnection.objects.update(not_before=now + AHEAD)
    connection.refresh_from_db()
    assert claim_wake(connection.pk, now=now)
    assert Worker(owner="ours").work(connection)[0] is Slice.NOTHING

    XeroConnection.objects.update(not_before=now + timedelta(hours=18))
    connection.refresh_from_db()
    assert Worker(owner="ours").work(connection)[0] is Slice.WAITING


@pytest.mark.parametrize(
    ("due_in", "is_due"),
    [
        (timedelta(minutes=-1), True),
        (timedelta(minutes=1), False),
        (timedelta(hours=2), False),
        (AHEAD, True),
    ],
)
def test_the_next_sync_is_due(
    connection: XeroConnection, due_in: timedelta, is_due: bool
) -> None:
    now = timezone.now()
    connection.next_due_at = now + due_in

    assert (request_automatic_run(connection, now) is not None) is is_due


def test_a_renewal_begun_then_is_over(connection: XeroConnection) -> None:
    now = timezone.now()
    assert claim_refresh(connection.pk, now=now + AHEAD)

    assert claim_refresh(connection.pk, now=now)
    assert claim_refresh(connection.pk, now=now) is None
