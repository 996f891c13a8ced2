"""Idempotency keys: for six minutes an app's key answers as it did the first time."""

import hashlib
from datetime import datetime, timedelta

import msgspec

from xero_sync.sandbox.errors import RequestInvalid
from xero_sync.sandbox.http import Request, Response
from xero_sync.sandbox.tables import Journal, Table

LIFETIME = timedelta(minutes=6)
LONGEST_KEY = 128


class KeptAnswer(msgspec.Struct, frozen=True):
    at: datetime
    fingerprint: str
    status: int
    headers: dict[str, str]
    body: bytes


class IdempotencyKeys:
    """The answers given under a key, errors included."""

    def __init__(self, journal: Journal) -> None:
        self.answers = Table("idempotency", KeptAnswer, journal)

    def replay(self, app: str, request: Request, now: datetime) -> Response | None:
        """The kept answer; RequestInvalid when the key stood for another request."""
        key = _key(request)
        if key is None:
            return None
        self._forget(now)
        kept = self.answers.get(f"{app}/{key}")
        if kept is None:
            return None
        if kept.fingerprint != _fingerprint(request):
            raise RequestInvalid(
                f"Idempotency Key: {key} is used with a different request."
            )
        return Response(kept.status, kept.body, dict(kept.headers))

    def keep(
        self, app: str, request: Request, response: Response, now: datetime
    ) -> None:
        key = _key(request)
        if key is None:
            return
        answer = KeptAnswer(
            at=now,
            fingerprint=_fingerprint(request),
            status=response.status,
            headers=dict(response.headers),
            body=response.body,
        )
        self.answers.put(f"{app}/{key}", answer)

    def _forget(self, now: datetime) -> None:
        """The table is in the order of the calls: the oldest come first."""
        while (oldest := self.answers.first_key()) is not None:
            kept = self.answers.get(oldest)
            if kept is None or now < kept.at + LIFETIME:
                return
            self.answers.remove(oldest)


def _key(request: Request) -> str | None:
    key = request.header("idempotency-key")
    if not key or request.method not in ("PUT", "POST"):
        return None
    if len(key) > LONGEST_KEY:
        raise RequestInvalid(
            f"Idempotency Key must not be longer than {LONGEST_KEY} characters."
        )
    return key


def _fingerprint(request: Request) -> str:
    head = f"{request.method} {request.path}?{request.query_string}\n"
    return hashlib.sha256(head.encode() + request.body).hexdigest()
