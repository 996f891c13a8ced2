"""Signing in: codes, access tokens, refresh tokens with rotation, and connections.

Without a browser: POST the form of the consent page to /identity/connect/authorize with
the fields response_type=code, client_id, redirect_uri, scope, state, for PKCE
code_challenge and code_challenge_method=S256, then decision=allow (or cancel) and, to
pick one of several, organisation=<tenant id> (may be repeated; the first one otherwise).
The answer is a 302 to redirect_uri with code and state.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from xero_sync.sandbox.tables import Journal, Table
from xero_sync.sandbox.wire import JsonObject, connection_time, encode

CODE_LIFETIME = timedelta(minutes=5)
ACCESS_LIFETIME = timedelta(minutes=30)
REFRESH_LIFETIME = timedelta(days=60)
GRACE = timedelta(minutes=30)
USER_ID = "5c3f1f3e-2d4b-4d6a-9a3d-7b1f0c2e4a61"
SCOPES = frozenset(
    ["openid", "profile", "email", "offline_access"]
    + [
        f"accounting.{name}{suffix}"
        for name in (
            "contacts",
            "settings",
            "invoices",
            "payments",
            "banktransactions",
            "manualjournals",
            "attachments",
            "transactions",
            "reports",
            "journals",
            "budgets",
        )
        for suffix in ("", ".read")
    ]
)


class App(msgspec.Struct, frozen=True):
    """A registered app."""

    client_id: str
    secret: str
    name: str


PRACTICE_APP = App("practice-client", "practice-secret", "Practice app")


class Code(msgspec.Struct, frozen=True):
    client_id: str
    redirect_uri: str
    scope: str
    auth_event_id: str
    challenge: str
    expires: datetime


class AccessToken(msgspec.Struct, frozen=True):
    client_id: str
    scope: str
    auth_event_id: str
    expires: datetime
    tenant_id: str = ""


class RefreshToken(msgspec.Struct, frozen=True):
    client_id: str
    scope: str
    auth_event_id: str
    expires: datetime
    needs_secret: bool = True
    superseded: datetime | None = None


class Connection(msgspec.Struct, frozen=True):
    connection_id: str
    client_id: str
    tenant_id: str
    tenant_name: str
    auth_event_id: str
    created: datetime
    updated: datetime


class OAuthRefused(Exception):
    """An error of the token endpoint, by its code in the standard."""


class Identity:
    """The one user of the practice ledger, the practice app and what it was granted."""

    def __init__(
        self,
        *,
        journal: Journal,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._clock = clock
        self._new_id = new_id
        self.apps = {PRACTICE_APP.client_id: PRACTICE_APP}
        self.codes = Table("oauth/codes", Code, journal)
        self.access_tokens = Table("oauth/access_tokens", AccessToken, journal)
        self.refresh_tokens = Table("oauth/refresh_tokens", RefreshToken, journal)
        self.connections = Table("oauth/connections", Connection, journal)

    # --- consent -------------------------------------------------------------------

    def grant_code(
        self,
        *,
        client_id: str,
        redirect_uri: str,
        scope: str,
        challenge: str,
        tenants: dict[str, str],
    ) -> str:
        """The user allowed the app: connections to the tenants, and a code."""
        event = self._new_id()
        for tenant_id, tenant_name in tenants.items():
            self.connect(client_id, tenant_id, tenant_name, event)
        code = self._secret_text()
        self.codes.put(
            code,
            Code(
                client_id=client_id,
                redirect_uri=redirect_uri,
                scope=scope,
                auth_event_id=event,
                challenge=challenge,
                expires=self._clock() + CODE_LIFETIME,
            ),
        )
        return code

    def connect(
        self, client_id: str, tenant_id: str, tenant_name: str, event: str
    ) -> Connection:
        now = self._clock()
        known = self.connection(client_id, tenant_id)
        connection = Connection(
            connection_id=known.connection_id if known else self._new_id(),
            client_id=client_id,
            tenant_id=tenant_id,
            tenant_name=tenant_name,
            auth_event_id=event,
            created=known.created if known else now,
            updated=now,
        )
        return self.connections.put(connection.connection_id, connection)

    def connection(self, client_id: str, tenant_id: str) -> Connection | None:
        return next(
            (
                row
                for row in self.connections
                if row.client_id == client_id and row.tenant_id == tenant_id
            ),
            None,
        )

    # --- tokens --------------------------------------------------------------------

    def redeem_code(
        self,
        client_id: str,
        code: str,
        redirect_uri: str,
        verifier: str,
        secret_ok: bool,
    ) -> JsonObject:
        kept = self.codes.get(code)
        if kept is None:
            raise OAuthRefused("invalid_grant")
        self.codes.remove(code)
        if (
            kept.client_id != client_id
            or kept.redirect_uri != redirect_uri
            or self._clock() >= kept.expires
        ):
            raise OAuthRefused("invalid_grant")
        if kept.challenge and not _verifies(verifier, kept.challenge):
            raise OAuthRefused("invalid_grant")
        if not secret_ok and not kept.challenge:
            raise OAuthRefused("invalid_client")
        return self._tokens(
            client_id, kept.scope, kept.auth_event_id, needs_secret=secret_ok
        )

    def refresh(self, client_id: str, token: str, secret_ok: bool) -> JsonObject:
        """A new pair. The token used stays good for the grace, lest an answer was lost."""
        kept, now = self.refresh_tokens.get(token), self._clock()
        if kept is None or kept.client_id != client_id or now >= kept.expires:
            raise OAuthRefused("invalid_grant")
        if kept.needs_secret and not secret_ok:
            raise OAuthRefused("invalid_client")
        if kept.superseded is not None and now > kept.superseded + GRACE:
            raise OAuthRefused("invalid_grant")
        if kept.superseded is None:
            self.refresh_tokens.put(
                token, msgspec.structs.replace(kept, superseded=now)
            )
        return self._tokens(
            client_id, kept.scope, kept.auth_event_id, needs_secret=kept.needs_secret
        )

    def client_token(
        self, client_id: str, scope: str, tenant_id: str, tenant_name: str
    ) -> JsonObject:
        """A custom connection: one organisation, no user, no refresh token."""
        known = self.connection(client_id, tenant_id)
        event = known.auth_event_id if known else self._new_id()
        if known is None:
            self.connect(client_id, tenant_id, tenant_name, event)
        granted = scope or " ".join(sorted(SCOPES - {"offline_access", "openid"}))
        return self._access(client_id, granted, event, tenant_id)

    def revoke(self, client_id: str, token: str) -> None:
        """Ends the tokens of the grant and all connections of the user to the app."""
        kept = self.refresh_tokens.get(token)
        if kept is None or kept.client_id != client_id:
            return
        for key, refresh_token in self.refresh_tokens.items():
            if refresh_token.client_id == client_id:
                self.refresh_tokens.remove(key)
        for key, access_token in self.access_tokens.items():
            if access_token.client_id == client_id:
                self.access_tokens.remove(key)
        for row in [row for row in self.connections if row.client_id == client_id]:
            self.connections.remove(row.connection_id)

    def expire_access_tokens(self) -> None:
        now = self._clock()
        for key, token in self.access_tokens.items():
            if token.expires > now:
                expired = msgspec.structs.replace(token, expires=now)
                self.access_tokens.put(key, expired)

    def end_refresh_tokens(self) -> None:
        """As when the user disconnects the app in Xero: every refresh is refused."""
        self.refresh_tokens.clear()

    def authenticates(self, client_id: str, secret: str) -> bool:
        app = self.apps.get(client_id)
        return app is not None and hmac.compare_digest(app.secret, secret)

    def wire_connection(self, connection: Connection) -> JsonObject:
        return {
            "id": connection.connection_id,
            "authEventId": connection.auth_event_id,
            "tenantId": connection.tenant_id,
            "tenantType": "ORGANISATION",
            "tenantName": connection.tenant_name,
            "createdDateUtc": connection_time(connection.created),
            "updatedDateUtc": connection_time(connection.updated),
        }

    def _tokens(
        self, client_id: str, scope: str, event: str, *, needs_secret: bool
    ) -> JsonObject:
        answer = self._access(client_id, scope, event, "")
        if "openid" in scope.split():
            answer["id_token"] = self._signed({"sub": client_id, "aud": client_id})
        if "offline_access" in scope.split():
            token = self._secret_text()
            self.refresh_tokens.put(
                token,
                RefreshToken(
                    client_id=client_id,
                    scope=scope,
                    auth_event_id=event,
                    expires=self._clock() + REFRESH_LIFETIME,
                    needs_secret=needs_secret,
                ),
            )
            answer["refresh_token"] = token
        return answer

    def _access(
        self, client_id: str, scope: str, event: str, tenant_id: str
    ) -> JsonObject:
        now = self._clock()
        expires = now + ACCESS_LIFETIME
        token = self._signed(
            {
                "nbf": int(now.timestamp()),
                "exp": int(expires.timestamp()),
                "iss": "https://identity.xero.com",
                "aud": "https://identity.xero.com/resources",
                "client_id": client_id,
                "sub": "practice-user",
                "auth_time": int(now.timestamp()),
                "xero_userid": USER_ID,
                "global_session_id": event.replace("-", ""),
                "jti": self._new_id().replace("-", ""),
                "authentication_event_id": event,
                "scope": scope.split(),
            }
        )
        self.access_tokens.put(
            token, AccessToken(client_id, scope, event, expires, tenant_id)
        )
        return {
            "access_token": token,
            "expires_in": int(ACCESS_LIFETIME.total_seconds()),
            "token_type": "Bearer",
            "scope": scope,
        }

    def _signed(self, claims: JsonObject) -> str:
        head = _base64(encode({"alg": "HS256", "typ": "JWT"}))
        text = f"{head}.{_base64(encode(claims))}"
        key = PRACTICE_APP.secret.encode()
        return f"{text}.{_base64(hmac.digest(key, text.encode(), 'sha256'))}"

    def _secret_text(self) -> str:
        ids = self._new_id() + self._new_id()
        return _base64(hashlib.sha256(ids.encode()).digest())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _verifies(verifier: str, challenge: str) -> bool:
    if not 43 <= len(verifier) <= 128:
        return False
    return _base64(hashlib.sha256(verifier.encode()).digest()) == challenge
