"""Keep the tokens of a connection, encrypted; one process renews them at a time."""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from fieldops.common.prepared import Change, prepared_change
from fieldops.common.rows import Among, change_rows, read_rows
from xero_sync.models import XeroConnection
from xero_sync.outcomes.drafts import TokenSet
from xero_sync.store.lease import CLOCKS_DIFFER

CLAIM = timedelta(seconds=30)
# Xero forgets a refresh token that nobody used for so long.
LIFE = timedelta(days=60)

_COLUMNS = (
    "access_token",
    "refresh_token",
    "previous_refresh_token",
    "expires_at",
    "refresh_fence",
)


@dataclass(frozen=True)
class StoredTokens:
    """Encrypted; each call asks for one of them. Two that are equal say the same."""

    _access: str = field(repr=False)
    _refresh: str = field(repr=False)
    _previous: str = field(repr=False)
    expires_at: datetime | None
    fence: int

    @cached_property
    def access(self) -> str:
        return _decrypt(self._access)

    @property
    def refresh(self) -> str:
        return _decrypt(self._refresh)

    @property
    def previous(self) -> str:
        """The refresh token before this one, kept until this one has worked: Xero
        honours it for 30 minutes, in case the answer that brought the new one was lost.
        """
        return _decrypt(self._previous)


def read_tokens(connection_id: int) -> StoredTokens:
    """Before each start of calls, so that nobody goes on with what was renewed or
    forgotten."""
    rows = read_rows(XeroConnection, _COLUMNS, Among("id", [connection_id]))
    if not rows:
        raise XeroConnection.DoesNotExist
    return StoredTokens(*rows[0])


def save_tokens(connection_id: int, tokens: TokenSet, *, now: datetime) -> None:
    """Those of a new consent. Whoever is renewing the old ones loses his claim."""
    XeroConnection.objects.filter(pk=connection_id).update(
        **_columns(tokens, now),
        previous_refresh_token="",
        refresh_fence=F("refresh_fence") + 1,
    )


def save_renewed(
    connection_id: int, tokens: TokenSet, *, used: str, fence: int, now: datetime
) -> bool:
    """``used`` is the refresh token they were got with. False when the claim is lost:
    somebody else renewed, consented or disconnected meanwhile, and his word stands."""
    return bool(
        XeroConnection.objects.filter(pk=connection_id, refresh_fence=fence).update(
            **_columns(tokens, now), previous_refresh_token=_encrypt(used)
        )
    )


def drop_previous(connection_id: int, fence: int) -> None:
    """A call has succeeded with the tokens of this fence: what went before is over."""
    _forget_previous(connection_id, fence)


def forget_tokens(connection_id: int) -> None:
    XeroConnection.objects.filter(pk=connection_id).update(
        access_token="",
        refresh_token="",
        previous_refresh_token="",
        expires_at=None,
        renewed_at=None,
        refresh_claimed_until=None,
        refresh_fence=F("refresh_fence") + 1,
    )


@transaction.atomic
def claim_refresh(connection_id: int, *, now: datetime) -> int | None:
    """The fence of whoever may renew now; None when somebody else is at it. A claim dies
    with its holder after 30 s."""
    latest = now + CLAIM + CLOCKS_DIFFER
    if not _claim(connection_id, now, latest, now + CLAIM):
        return None
    ((fence,),) = read_rows(
        XeroConnection, ("refresh_fence",), Among("id", [connection_id])
    )
    return int(fence)


def release_refresh(connection_id: int, fence: int) -> None:
    change_rows(
        XeroConnection,
        {"refresh_claimed_until": None},
        Among("id", [connection_id]),
        refresh_fence=fence,
    )


def mark_broken(connection_id: int, reason: str, now: datetime) -> None:
    """Xero lets us in no more; a person has to reconnect. The first reason stays."""
    XeroConnection.objects.filter(
        pk=connection_id, state=XeroConnection.State.CONNECTED
    ).update(
        state=XeroConnection.State.BROKEN, broken_reason=reason[:500], broken_at=now
    )


@prepared_change
def _claim(
    connection_id: int, now: datetime, latest: datetime, until: datetime
) -> Change:
    free = XeroConnection.objects.filter(
        Q(refresh_claimed_until__isnull=True)
        | Q(refresh_claimed_until__lt=now)
        | Q(refresh_claimed_until__gt=latest),
        pk=connection_id,
    )
    fence = F("refresh_fence") + 1
    return free, {"refresh_claimed_until": until, "refresh_fence": fence}


@prepared_change
def _forget_previous(connection_id: int, fence: int) -> Change:
    row = XeroConnection.objects.filter(pk=connection_id, refresh_fence=fence)
    kept = row.exclude(previous_refresh_token="")
    return kept, {"previous_refresh_token": ""}


def _columns(tokens: TokenSet, now: datetime) -> dict[str, object]:
    return {
        "access_token": _encrypt(tokens.access_token),
        "refresh_token": _encrypt(tokens.refresh_token),
        "expires_at": tokens.expires_at,
        "scope": tokens.scope,
        "renewed_at": now,
        "refresh_claimed_until": None,
    }


def _cipher() -> MultiFernet:
    """Keys are texts of any length; the first encrypts, all decrypt."""
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
        for key in settings.TOKEN_KEYS
    )


def _encrypt(text: str) -> str:
    return _cipher().encrypt(text.encode()).decode() if text else ""


def _decrypt(text: str) -> str:
    return _cipher().decrypt(text.encode()).decode() if text else ""
