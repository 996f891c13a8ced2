"""The doors of login.xero.com, identity.xero.com and /connections."""

import base64
import binascii
from urllib.parse import urlencode, urlsplit

from xero_sync.sandbox.http import (
    Request,
    Response,
    html_response,
    json_response,
    redirect,
)
from xero_sync.sandbox.oauth import SCOPES, Identity, OAuthRefused
from xero_sync.sandbox.pages import consent_page, refusal_page
from xero_sync.sandbox.wire import JsonObject

PKCE_METHOD = "S256"


class IdentityDoors:
    """Consent, tokens and revocation, over the grants that Identity keeps."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def authorize(self, request: Request, tenants: dict[str, str]) -> Response:
        """GET shows the consent page; POST of its form answers with the redirect."""
        posted = request.form() if request.method == "POST" else {}
        asked = dict(request.query) | {name: rows[0] for name, rows in posted.items()}
        refusal = self._refusal(asked)
        if refusal is not None:
            return html_response(refusal_page(refusal), status=400)
        if request.method != "POST":
            app = self._identity.apps[asked["client_id"]]
            return html_response(consent_page(app.name, asked, tenants))
        if asked.get("decision") != "allow":
            return _back(asked, error="access_denied")
        wanted = posted.get("organisation") or list(tenants)[:1]
        chosen = {key: name for key, name in tenants.items() if key in wanted}
        if not chosen:
            return html_response(refusal_page("Unknown organisation"), status=400)
        code = self._identity.grant_code(
            client_id=asked["client_id"],
            redirect_uri=asked["redirect_uri"],
            scope=asked["scope"],
            challenge=asked.get("code_challenge", ""),
            tenants=chosen,
        )
        return _back(asked, code=code)

    def token(self, request: Request, home: tuple[str, str]) -> Response:
        """The token endpoint; `home` is the tenant of a custom connection."""
        form = {name: rows[0] for name, rows in request.form().items()}
        client_id, secret_ok = self._client(request, form)
        try:
            answer = self._granted(client_id, secret_ok, form, home)
        except OAuthRefused as refusal:
            return json_response({"error": str(refusal)}, status=400)
        response = json_response(answer)
        response.headers["Cache-Control"] = "no-store"
        return response

    def revoke(self, request: Request) -> Response:
        form = {name: rows[0] for name, rows in request.form().items()}
        client_id, secret_ok = self._client(request, form)
        if not secret_ok:
            return json_response({"error": "invalid_client"}, status=400)
        self._identity.revoke(client_id, form.get("token", ""))
        return Response(200)

    def _granted(
        self,
        client_id: str,
        secret_ok: bool,
        form: dict[str, str],
        home: tuple[str, str],
    ) -> JsonObject:
        if client_id not in self._identity.apps:
            raise OAuthRefused("invalid_client")
        grant = form.get("grant_type")
        if grant == "authorization_code":
            return self._identity.redeem_code(
                client_id,
                form.get("code", ""),
                form.get("redirect_uri", ""),
                form.get("code_verifier", ""),
                secret_ok,
            )
        if grant == "refresh_token":
            token = form.get("refresh_token", "")
            return self._identity.refresh(client_id, token, secret_ok)
        if grant != "client_credentials":
            raise OAuthRefused("unsupported_grant_type")
        if not secret_ok:
            raise OAuthRefused("invalid_client")
        scope = form.get("scope", "")
        if set(scope.split()) - SCOPES:
            raise OAuthRefused("invalid_scope")
        return self._identity.client_token(client_id, scope, *home)

    def _client(self, request: Request, form: dict[str, str]) -> tuple[str, bool]:
        """The app that calls, and whether it showed its secret. A wrong one is no app."""
        client_id = form.get("client_id", "")
        secret: str | None = form.get("client_secret")
        kind, _, encoded = request.header("authorization").partition(" ")
        if kind.lower() == "basic":
            try:
                text = base64.b64decode(encoded, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                return "", False
            client_id, _, secret = text.partition(":")
        if secret is None:
            return client_id, False
        if not self._identity.authenticates(client_id, secret):
            return "", False
        return client_id, True

    def _refusal(self, asked: dict[str, str]) -> str | None:
        """Why the login page itself refuses; None when it may ask the user."""
        if asked.get("client_id") not in self._identity.apps:
            return "unauthorized_client: Unknown client or client not enabled"
        if not _is_loopback(asked.get("redirect_uri", "")):
            return "unauthorized_client: Invalid redirect_uri"
        if asked.get("response_type") != "code":
            return "unsupported_response_type: Response type must be code"
        scopes = set(asked.get("scope", "").split())
        if not scopes or scopes - SCOPES:
            return "invalid_scope: Invalid scope for client"
        if asked.get("code_challenge_method", PKCE_METHOD) != PKCE_METHOD:
            return "invalid_request: Transform algorithm not supported"
        return None


def _is_loopback(redirect_uri: str) -> bool:
    """As Xero: plain http is allowed for localhost only, not for 127.0.0.1."""
    parts = urlsplit(redirect_uri)
    return parts.scheme == "http" and parts.hostname == "localhost"


def _back(asked: dict[str, str], **result: str) -> Response:
    if asked.get("state"):
        result["state"] = asked["state"]
    glue = "&" if urlsplit(asked["redirect_uri"]).query else "?"
    return redirect(asked["redirect_uri"] + glue + urlencode(result))
