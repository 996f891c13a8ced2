"""Sign-ins of mobile apps: a token per person and device, kept only as its SHA-256."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db.models import Q, QuerySet
from django.utils import timezone

from fieldops.users.models import DeviceToken, User

TOKEN_BYTES = 32
# "Last used" is for people who look at their devices: a write per call would cost more.
LAST_USED_PRECISION = timedelta(minutes=5)


def issue_token(user: User, *, device: str) -> str:
    """A new sign-in. The token is returned this once and cannot be read again."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    DeviceToken.objects.create(user=user, device=device, digest=_digest(token))
    return token


def sign_in_of(token: str) -> DeviceToken | None:
    """The sign-in this token stands for, unless it was revoked or its user left."""
    found = DeviceToken.objects.select_related("user").filter(
        digest=_digest(token), revoked_at=None, user__is_active=True
    )
    return found.first()


def note_use(sign_in: DeviceToken) -> None:
    now = timezone.now()
    unused_since = Q(last_used_at=None) | Q(last_used_at__lt=now - LAST_USED_PRECISION)
    if not sign_in.last_used_at or now - sign_in.last_used_at > LAST_USED_PRECISION:
        same = DeviceToken.objects.filter(pk=sign_in.pk)
        same.filter(unused_since).update(last_used_at=now)


def open_sign_ins(user: User) -> QuerySet[DeviceToken]:
    return DeviceToken.objects.filter(user=user, revoked_at=None)


def revoke(sign_ins: QuerySet[DeviceToken]) -> int:
    """How many of them were still open."""
    return sign_ins.filter(revoked_at=None).update(revoked_at=timezone.now())


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
