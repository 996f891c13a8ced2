"""One run per organisation: a lease on the connection's row, with a fencing token.

A holder that was paused past its lease finds another token there and must stop: every
commit of a run renews the lease first, in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from xero_sync.models import XeroConnection


class LeaseLost(Exception):
    """Somebody else holds the lease now; whatever was about to be written must not be."""


@dataclass(frozen=True)
class Lease:
    connection_id: int
    token: int
    length: timedelta

    def renew(self, now: datetime) -> None:
        """Call it first in every transaction of the run."""
        renewed = XeroConnection.objects.filter(
            pk=self.connection_id, lease_token=self.token
        ).update(lease_expires_at=now + self.length)
        if not renewed:
            raise LeaseLost

    def release(self) -> None:
        XeroConnection.objects.filter(
            pk=self.connection_id, lease_token=self.token
        ).update(lease_expires_at=None, lease_owner="")


def break_lease(connection_id: int) -> None:
    """Whoever holds it can write nothing more."""
    XeroConnection.objects.filter(pk=connection_id).update(
        lease_token=F("lease_token") + 1, lease_expires_at=None, lease_owner=""
    )


def is_held(connection: XeroConnection, now: datetime) -> bool:
    """Whether somebody may be at work right now."""
    return (
        connection.lease_expires_at is not None and connection.lease_expires_at >= now
    )


def acquire_lease(
    connection: XeroConnection, *, owner: str, now: datetime, length: timedelta
) -> Lease | None:
    """None when somebody holds it. The database decides, not this process."""
    claimed = XeroConnection.objects.filter(
        Q(lease_expires_at__isnull=True) | Q(lease_expires_at__lt=now),
        pk=connection.pk,
    ).update(
        lease_token=F("lease_token") + 1,
        lease_owner=owner,
        lease_expires_at=now + length,
    )
    if not claimed:
        return None
    # Between the two statements only we can have changed the token.
    token = XeroConnection.objects.values_list("lease_token", flat=True).get(
        pk=connection.pk
    )
    return Lease(connection.pk, token, length)
