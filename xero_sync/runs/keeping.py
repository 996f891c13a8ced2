"""Keep the permission alive while nobody uses it, know when it would end, and take up
again what a break cut off."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from fieldops.common.actor import Actor
from xero_sync.client.errors import XeroDisconnected, XeroError
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.outcomes.codes import RunProblem
from xero_sync.runs.refreshing import StoredTokenSource
from xero_sync.runs.requests import request_again
from xero_sync.runs.wiring import xero_auth
from xero_sync.store.tokens import LIFE, mark_broken, read_tokens

logger = logging.getLogger(__name__)

UNUSED = timedelta(days=1)
TRY_AGAIN = timedelta(minutes=10)
# Renewed every day, so two days without it mean that this does not work.
MISSED = timedelta(days=2)
SOON = 14
VERY_SOON = 3

_REASON = SyncRun.Reason


@dataclass(frozen=True)
class Permission:
    """Until when Xero lets us in if nothing is renewed any more."""

    renewed_at: datetime
    now: datetime

    @property
    def ends_at(self) -> datetime:
        return self.renewed_at + LIFE

    @property
    def is_kept_alive(self) -> bool:
        return self.now - self.renewed_at < MISSED

    @property
    def days_left(self) -> int:
        return max(0, (self.ends_at - self.now).days)

    @property
    def days_words(self) -> str:
        return "1 day left" if self.days_left == 1 else f"{self.days_left} days left"

    @property
    def tone(self) -> str:
        if self.days_left > SOON:
            return ""
        return "warn" if self.days_left > VERY_SOON else "bad"


def permission_of(connection: XeroConnection, now: datetime) -> Permission | None:
    """None when it is not open, or nobody knows when it was renewed last."""
    if not connection.is_connected or connection.renewed_at is None:
        return None
    return Permission(connection.renewed_at, now)


def claim_keep_alive(connection: XeroConnection, now: datetime) -> bool:
    """Whether this tick sees to it: once a day, and every ten minutes until it works."""
    if connection.renewed_at and now - connection.renewed_at < UNUSED:
        return False
    return bool(
        XeroConnection.objects.filter(
            Q(renewed_at__isnull=True) | Q(renewed_at__lte=now - UNUSED),
            Q(keep_alive_tried_at__isnull=True)
            | Q(keep_alive_tried_at__lte=now - TRY_AGAIN),
            pk=connection.pk,
            state=XeroConnection.State.CONNECTED,
        ).update(keep_alive_tried_at=now)
    )


def keep_alive(connection: XeroConnection) -> None:
    """Renew the tokens, unless somebody has done so meanwhile."""
    now = timezone.now()
    renewed = connection.renewed_at
    if not connection.is_connected or (renewed and now - renewed < UNUSED):
        return
    auth = xero_auth(connection.practice_url)
    source = StoredTokenSource(connection.pk, auth, timezone.now)
    try:
        source.refresh(read_tokens(connection.pk).access)
    except XeroDisconnected as refusal:
        mark_broken(connection.pk, refusal.reason, timezone.now())
    except XeroError as error:
        logger.warning("The permission could not be renewed: %s", error.message)


def ask_again(connection: XeroConnection, *, cut_off_since: datetime) -> None:
    """What people asked for and the break cut off goes on, in manual mode too. What is
    due by itself needs no asking, and a preview is looked at, not waited for."""
    cut_off = SyncRun.objects.filter(
        connection=connection,
        state=SyncRun.State.FAILED,
        problem=RunProblem.DISCONNECTED,
        finished_at__gte=cut_off_since,
    ).exclude(reason__in=[_REASON.AUTOMATIC, _REASON.PREVIEW])
    for run in cut_off.select_related("started_by").order_by("pk"):
        request_again(run, by=Actor(run.started_by, "reconnected"))
