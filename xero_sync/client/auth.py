"""Consent and tokens: OAuth 2 as Xero runs it. Keeps nothing; the store does."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote, urlencode

from xero_sync.client.answers import Json, is_passing, rate_limit
from xero_sync.client.errors import (
    AnswerLost,
    UnreadableAnswer,
    XeroDisconnected,
    XeroError,
    XeroUnavailable,
)
from xero_sync.client.exchange import (
    Clock,
    NoAnswer,
    NotSent,
    Request,
    Response,
    SystemClock,
    Transport,
)
from xero_sync.client.retry import TRIES, jitter
from xero_sync.outcomes.drafts import Connection, TokenSet
from xero_sync.outcomes.wire import decode

SCOPES = (
    "openid profile email offline_access accounting.contacts accounting.invoices "
    "accounting.payments accounting.settings.read"
)


@dataclass(frozen=True, slots=True)
class XeroApp:
    """Our registration at Xero, and where Xero is."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    login_url: str = "https://login.xero.com"
    identity_url: str = "https://identity.xero.com"
    api_url: str = "https://api.xero.com"
    scopes: str = SCOPES


def code_challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class XeroAuth:
    def __init__(
        self, app: XeroApp, transport: Transport, *, clock: Clock | None = None
    ) -> None:
        self._app = app
        self._transport = transport
        self._clock = clock or SystemClock()

    def authorize_url(self, state: str, *, code_challenge: str = "") -> str:
        query = {
            "response_type": "code",
            "client_id": self._app.client_id,
            "redirect_uri": self._app.redirect_uri,
            "scope": self._app.scopes,
            "state": state,
        }
        if code_challenge:
            query |= {
                "code_challenge": code_challenge,
                "code_challenge_method": "S256",
            }
        address = f"{self._app.login_url.rstrip('/')}/identity/connect/authorize"
        return f"{address}?{urlencode(query, quote_via=quote)}"

    def exchange_code(self, code: str, *, code_verifier: str = "") -> TokenSet:
        """Once: a code whose answer is lost is spent, and consent is asked again."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._app.redirect_uri,
        }
        if code_verifier:
            form["code_verifier"] = code_verifier
        return self._tokens(self._identity("token", form))

    def refresh(self, refresh_token: str) -> TokenSet:
        """Harmless to repeat: the old token works for 30 minutes after its successor
        was made. Store the new one before it is used."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        for attempt in range(1, TRIES):
            try:
                return self._tokens(self._identity("token", form))
            except (AnswerLost, UnreadableAnswer):
                self._clock.sleep(jitter(0.0, attempt, lambda: 0.5))
        try:
            return self._tokens(self._identity("token", form))
        except (AnswerLost, UnreadableAnswer) as error:
            raise XeroUnavailable("Xero did not renew the connection.") from error

    def revoke(self, refresh_token: str) -> None:
        """Ends every connection of the person who consented."""
        self._identity("revocation", {"token": refresh_token})

    def connections(self, access_token: str) -> list[Connection]:
        response = self._send(self._with_bearer("GET", "connections", access_token))
        if response.status != 200:
            raise _failure(response, self._clock)
        try:
            rows = decode(response.body)
        except ValueError:
            rows = None
        if not isinstance(rows, list):
            raise _unreadable(response)
        return [_connection(row, response) for row in rows]

    def disconnect(self, access_token: str, connection_id: str) -> None:
        """One organisation; that it was gone already is fine."""
        path = f"connections/{quote(connection_id, safe='')}"
        response = self._send(self._with_bearer("DELETE", path, access_token))
        if response.status not in (200, 204, 404):
            raise _failure(response, self._clock)

    def _identity(self, door: str, form: Mapping[str, str]) -> Response:
        pair = f"{self._app.client_id}:{self._app.client_secret}"
        secret = base64.b64encode(pair.encode()).decode()
        response = self._send(
            Request(
                "POST",
                f"{self._app.identity_url.rstrip('/')}/connect/{door}",
                headers={
                    "Accept": "application/json",
                    "Authorization": f"Basic {secret}",
                    "Content-Type": "application/x-www-form-urlencoded",
                },
                body=urlencode(form).encode(),
            )
        )
        if response.status != 200:
            raise _failure(response, self._clock)
        return response

    def _with_bearer(self, method: str, path: str, access_token: str) -> Request:
        return Request(
            method,
            f"{self._app.api_url.rstrip('/')}/{path}",
            headers={
                "Accept": "application/json",
                "Authorization": f"Bearer {access_token}",
            },
        )

    def _send(self, request: Request) -> Response:
        try:
            return self._transport.send(request)
        except NotSent as error:
            raise XeroUnavailable(f"Xero cannot be reached ({error}).") from None
        except NoAnswer as error:
            raise AnswerLost(f"Xero did not answer ({error}).") from None

    def _tokens(self, response: Response) -> TokenSet:
        body = _json(response)
        access, refresh = body.get("access_token"), body.get("refresh_token")
        seconds = body.get("expires_in")
        if (
            not isinstance(access, str)
            or not isinstance(refresh, str)
            or not isinstance(seconds, int)
        ):
            raise _unreadable(response)
        scope = body.get("scope")
        return TokenSet(
            access_token=access,
            refresh_token=refresh,
            expires_at=self._clock.now() + timedelta(seconds=seconds),
            scope=scope if isinstance(scope, str) else "",
        )


def _failure(response: Response, clock: Clock) -> XeroError:
    if response.status == 429:
        return rate_limit(response, clock.now())
    if response.status >= 500 or is_passing(response):
        return XeroUnavailable(
            f"Xero failed (status {response.status}).",
            correlation_id=response.correlation_id,
        )
    return XeroDisconnected(
        _oauth_error(response), correlation_id=response.correlation_id
    )


def _oauth_error(response: Response) -> str:
    """Only the code: a description may quote what was sent."""
    try:
        error = _json(response).get("error")
    except UnreadableAnswer:
        error = None
    known = isinstance(error, str) and error.replace("_", "").isalpha()
    return str(error)[:60] if known else f"status {response.status}"


def _connection(row: object, response: Response) -> Connection:
    if not isinstance(row, dict):
        raise _unreadable(response)
    values = [row.get(name) for name in ("id", "tenantId", "tenantName", "tenantType")]
    connection_id, tenant_id, name, kind = values
    if not isinstance(connection_id, str) or not isinstance(tenant_id, str):
        raise _unreadable(response)
    return Connection(
        connection_id=connection_id,
        tenant_id=tenant_id,
        tenant_name=name if isinstance(name, str) else "",
        tenant_type=kind if isinstance(kind, str) else "",
    )


def _json(response: Response) -> Json:
    try:
        body = decode(response.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise _unreadable(response)
    return body


def _unreadable(response: Response) -> UnreadableAnswer:
    return UnreadableAnswer(
        f"Xero's answer about the connection cannot be read ({response.status}).",
        outcome_unknown=False,
        correlation_id=response.correlation_id,
    )
