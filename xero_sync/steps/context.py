"""What every step of a run is given."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import transaction

from fieldops.common.actor import Actor
from xero_sync.client.api import XeroApi
from xero_sync.models import SyncRun, SyncSettings, XeroConnection
from xero_sync.store.lease import Lease


class SliceOver(Exception):
    """The time of this slice of work is up; the next one goes on where it stopped."""


def cause_of(run: SyncRun) -> str:
    """What the change log says of all that a run writes here."""
    return f"Xero sync, run {run.pk}"


@dataclass(frozen=True)
class Context:
    """``clock`` gives the present moment in UTC, ``deadline`` ends the slice of work."""

    run: SyncRun
    settings: SyncSettings
    api: XeroApi
    lease: Lease
    clock: Callable[[], datetime]
    deadline: datetime

    @property
    def connection(self) -> XeroConnection:
        return self.run.connection

    @cached_property
    def actor(self) -> Actor:
        return Actor(self.run.started_by, cause_of(self.run))

    def breathe(self) -> None:
        """Between two pieces of work: everything so far is committed."""
        if self.clock() >= self.deadline:
            raise SliceOver

    @contextmanager
    def commit(self) -> Iterator[datetime]:
        """A transaction of the run: the lease is renewed in it, or it does not happen."""
        now = self.clock()
        with transaction.atomic():
            self.lease.renew(now)
            yield now
