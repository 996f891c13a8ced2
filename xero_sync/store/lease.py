"""One run per organisation: a lease on the connection's row, with a fencing token.

A holder that was paused past its lease finds another token there and must stop: every
commit of a run renews the lease first, in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet

from fieldops.common.prepared import Change, prepared, prepared_change
from fieldops.common.rows import Among, change_rows
from xero_sync.models import XeroConnection

# A message that no worker took in that time is lost.
WAKE_AGAIN = timedelta(seconds=60)
# What is noted further ahead of now than it can last, and so much more, was noted by a
# clock that has been set right since: it counts no more.
CLOCKS_DIFFER = timedelta(minutes=10)
# Xero's day.
LONGEST_WAIT = timedelta(days=1)


class LeaseLost(Exception):
    """Somebody else holds the lease now; whatever was about to be written must not be."""


@dataclass(frozen=True)
class Lease:
    connection_id: int
    token: int
    length: timedelta

    def renew(self, now: datetime) -> None:
        """Call it first in every transaction of the run."""
        renewed = change_rows(
            XeroConnection,
            {"lease_expires_at": now + self.length, "worked_at": now},
            Among("id", [self.connection_id]),
            lease_token=self.token,
        )
        if not renewed:
            raise LeaseLost

    def release(self) -> None:
        _release(self.connection_id, self.token)


def break_lease(connection_id: int) -> None:
    """Whoever holds it can write nothing more."""
    XeroConnection.objects.filter(pk=connection_id).update(
        lease_token=F("lease_token") + 1, lease_expires_at=None, lease_owner=""
    )


def is_held(connection: XeroConnection, now: datetime) -> bool:
    """Whether somebody may be at work right now."""
    until = connection.lease_expires_at
    return until is not None and now <= until <= _longest_lease(now)


def must_wait(connection: XeroConnection, now: datetime) -> bool:
    """Whether Xero may not be called yet."""
    until = connection.not_before
    return until is not None and now < until <= now + LONGEST_WAIT + CLOCKS_DIFFER


def acquire_lease(
    connection: XeroConnection, *, owner: str, now: datetime, length: timedelta
) -> Lease | None:
    """None when somebody holds it. The database decides, not this process.

    ``connection`` learns when somebody last worked before.
    """
    ((token, connection.worked_at),) = _last_lease(connection.pk)
    claimed = _take(
        connection.pk, token, token + 1, owner, now, _longest_lease(now), now + length
    )
    return Lease(connection.pk, token + 1, length) if claimed else None


def claim_wake(connection_id: int, *, now: datetime) -> bool:
    """Whether to wake a worker now: of many who ask in one moment, one. Not while one is
    at work, has been called a moment ago, or may not call Xero yet."""
    wait = now + LONGEST_WAIT + CLOCKS_DIFFER
    return bool(_wake(connection_id, now, now - WAKE_AGAIN, _longest_lease(now), wait))


def note_tick(connection_id: int, now: datetime) -> None:
    """Somebody looks for work: pages tell from it whether the background is alive."""
    change_rows(XeroConnection, {"ticked_at": now}, Among("id", [connection_id]))


def _longest_lease(now: datetime) -> datetime:
    return now + settings.XERO_LEASE + CLOCKS_DIFFER


@prepared
def _last_lease(connection_id: int) -> "QuerySet[XeroConnection, tuple[Any, ...]]":
    row = XeroConnection.objects.filter(pk=connection_id)
    return row.values_list("lease_token", "worked_at")


@prepared_change
def _take(
    connection_id: int,
    last: int,
    token: int,
    owner: str,
    now: datetime,
    latest: datetime,
    end: datetime,
) -> Change:
    free = XeroConnection.objects.filter(
        Q(lease_expires_at__isnull=True)
        | Q(lease_expires_at__lt=now)
        | Q(lease_expires_at__gt=latest),
        pk=connection_id,
        lease_token=last,
    )
    return free, {
        "lease_token": token,
        "lease_owner": owner,
        "lease_expires_at": end,
        "worked_at": now,
        "queued_at": None,
    }


@prepared_change
def _release(connection_id: int, token: int) -> Change:
    held = XeroConnection.objects.filter(pk=connection_id, lease_token=token)
    return held, {"lease_expires_at": None, "lease_owner": ""}


@prepared_change
def _wake(
    connection_id: int,
    now: datetime,
    before: datetime,
    latest: datetime,
    wait: datetime,
) -> Change:
    idle = XeroConnection.objects.filter(
        Q(lease_expires_at__isnull=True)
        | Q(lease_expires_at__lt=now)
        | Q(lease_expires_at__gt=latest),
        Q(not_before__isnull=True) | Q(not_before__lte=now) | Q(not_before__gt=wait),
        Q(queued_at__isnull=True) | Q(queued_at__lt=before) | Q(queued_at__gt=now),
        pk=connection_id,
    )
    return idle, {"queued_at": now}
