"""Keep the tokens of a connection, encrypted; one process renews them at a time."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db.models import Q

from xero_sync.models import XeroConnection
from xero_sync.outcomes.drafts import TokenSet

CLAIM = timedelta(seconds=30)


@dataclass(frozen=True)
class StoredTokens:
    """``previous`` is the refresh token before this one: Xero honours it for 30 minutes,
    in case the answer that brought the new one was lost."""

    access: str
    refresh: str
    previous: str
    expires_at: datetime | None


def read_tokens(connection_id: int) -> StoredTokens:
    row = XeroConnection.objects.get(pk=connection_id)
    return StoredTokens(
        access=_decrypt(row.access_token),
        refresh=_decrypt(row.refresh_token),
        previous=_decrypt(row.previous_refresh_token),
        expires_at=row.expires_at,
    )


def save_tokens(connection_id: int, tokens: TokenSet, *, replaced: str = "") -> None:
    XeroConnection.objects.filter(pk=connection_id).update(
        access_token=_encrypt(tokens.access_token),
        refresh_token=_encrypt(tokens.refresh_token),
        previous_refresh_token=_encrypt(replaced),
        expires_at=tokens.expires_at,
        scope=tokens.scope,
        refresh_claimed_until=None,
    )


def forget_tokens(connection_id: int) -> None:
    XeroConnection.objects.filter(pk=connection_id).update(
        access_token="", refresh_token="", previous_refresh_token="", expires_at=None
    )


def claim_refresh(connection_id: int, *, now: datetime) -> bool:
    """Whether this process may renew now. A claim dies with its holder after 30 s."""
    return bool(
        XeroConnection.objects.filter(
            Q(refresh_claimed_until__isnull=True) | Q(refresh_claimed_until__lt=now),
            pk=connection_id,
        ).update(refresh_claimed_until=now + CLAIM)
    )


def release_refresh(connection_id: int) -> None:
    XeroConnection.objects.filter(pk=connection_id).update(refresh_claimed_until=None)


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
