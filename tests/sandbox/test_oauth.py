"""OAuth as Xero does it: consent, codes, rotation with grace, revocation, connections."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.sandbox.conftest import Books
from xero_sync.sandbox.http import Response, request

REDIRECT = "http://localhost:8000/xero/callback"
ASKED = {
    "response_type": "code",
    "client_id": "practice-client",
    "redirect_uri": REDIRECT,
    "scope": "openid offline_access accounting.contacts",
    "state": "s 1",
}
SECRET = {"client_id": "practice-client", "client_secret": "practice-secret"}
VERIFIER = "v" * 43
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
    .decode()
    .rstrip("=")
)


@dataclass
class SignIn:
    """The browser's and the app's side of OAuth over one ledger."""

    books: Books

    def consent(self, **changes: str) -> Response:
        form = {**ASKED, "decision": "allow", **changes}
        body = urlencode(form).encode()
        return self.books.sandbox.handle(
            request("POST", "/identity/connect/authorize", body=body)
        )

    def code(self, **changes: str) -> str:
        answer = self.consent(**changes)
        assert answer.status == 302
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    def token(self, **form: str) -> tuple[int, dict[str, Any]]:
        body = urlencode(form).encode()
        answer = self.books.sandbox.handle(request("POST", "/connect/token", body=body))
        return answer.status, json.loads(answer.body)

    def redeem(self, code: str, **changes: str) -> tuple[int, dict[str, Any]]:
        form = {
            **SECRET,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT,
        }
        return self.token(**form | changes)

    def refresh(self, token: str) -> tuple[int, dict[str, Any]]:
        return self.token(**SECRET, grant_type="refresh_token", refresh_token=token)

    def connections(self, access_token: str, query: str = "") -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {access_token}"}
        answer = self.books.sandbox.handle(
            request("GET", f"/connections{query}", headers=headers)
        )
        assert answer.status == 200, answer.body
        found: list[dict[str, Any]] = json.loads(answer.body)
        return found


@pytest.fixture
def oauth(books: Books) -> SignIn:
    for row in list(books.ledger.identity.connections):
        books.ledger.identity.connections.remove(row.connection_id)
    return SignIn(books)


REFUSED = (400, {"error": "invalid_grant"})


def test_the_consent_page_asks(oauth: SignIn) -> None:
    oauth.books.ledger.open_organisation("Second <Company>")
    target = "/identity/connect/authorize?" + urlencode(ASKED)

    page = oauth.books.sandbox.handle(request("GET", target))

    text = page.body.decode()
    assert page.status == 200
    assert text.count('type="radio"') == 2
    assert "Second &lt;Company&gt;" in text
    assert "accounting.contacts" in text
    assert 'value="allow"' in text
    assert 'value="cancel"' in text


def test_allow_gives_a_code_and_exactly_the_documented_keys(oauth: SignIn) -> None:
    answer = oauth.consent()
    assert answer.headers["Location"].startswith(f"{REDIRECT}?code=")
    assert answer.headers["Location"].endswith("&state=s+1")

    status, tokens = oauth.redeem(oauth.code())

    assert status == 200
    assert set(tokens) == {
        "id_token",
        "access_token",
        "expires_in",
        "token_type",
        "refresh_token",
        "scope",
    }
    assert (tokens["expires_in"], tokens["token_type"]) == (1800, "Bearer")
    claims = tokens["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(claims + "=="))
    (connection,) = oauth.connections(tokens["access_token"])
    assert claims["authentication_event_id"] == connection["authEventId"]
    assert claims["scope"] == ASKED["scope"].split()
    assert claims["xero_userid"]
    assert connection["tenantId"] == oauth.books.org.tenant_id
    assert connection["createdDateUtc"] == "2026-06-01T12:00:00.0000000"


def test_cancel_says_access_denied_and_connects_nothing(oauth: SignIn) -> None:
    answer = oauth.consent(decision="cancel")

    assert answer.headers["Location"] == f"{REDIRECT}?error=access_denied&state=s+1"
    assert len(oauth.books.ledger.identity.connections) == 0


def test_without_offline_access_no_refresh_token(oauth: SignIn) -> None:
    _, tokens = oauth.redeem(oauth.code(scope="accounting.contacts"))

    assert set(tokens) == {"access_token", "expires_in", "token_type", "scope"}


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "stranger"},
        {"redirect_uri": "http://127.0.0.1:8000/xero/callback"},
        {"redirect_uri": "http://evil.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"response_type": "token"},
        {"scope": "accounting.everything"},
        {"scope": ""},
        {"code_challenge": "x", "code_challenge_method": "plain"},
        {"organisation": "nobody"},
    ],
)
def test_what_the_login_page_refuses(oauth: SignIn, changes: dict[str, str]) -> None:
    answer = oauth.consent(**changes)

    assert answer.status == 400
    assert "Location" not in answer.headers
    assert len(oauth.books.ledger.identity.connections) == 0


def test_a_code_works_once_for_five_minutes_and_its_own_address(oauth: SignIn) -> None:
    code = oauth.code()
    assert oauth.redeem(code, redirect_uri="http://localhost:1/") == REFUSED
    assert oauth.redeem(code) == REFUSED
    code = oauth.code()
    assert oauth.redeem(code)[0] == 200
    assert oauth.redeem(code) == REFUSED
    code = oauth.code()
    oauth.books.clock.advance(minutes=5)
    assert oauth.redeem(code) == REFUSED


def test_a_wrong_secret_or_none_is_invalid_client(oauth: SignIn) -> None:
    invalid = (400, {"error": "invalid_client"})

    assert oauth.redeem(oauth.code(), client_secret="wrong") == invalid
    assert oauth.redeem(oauth.code(), client_id="stranger") == invalid
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    assert (
        oauth.token(code=oauth.code(), client_id="practice-client", **form) == invalid
    )


def test_pkce_needs_the_verifier_and_no_secret(oauth: SignIn) -> None:
    challenge = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    form = {
        "grant_type": "authorization_code",
        "client_id": "practice-client",
        "redirect_uri": REDIRECT,
    }

    bad = oauth.token(code=oauth.code(**challenge), code_verifier="w" * 43, **form)
    status, tokens = oauth.token(
        code=oauth.code(**challenge), code_verifier=VERIFIER, **form
    )
    again = oauth.token(
        client_id="practice-client",
        grant_type="refresh_token",
        refresh_token=tokens["refresh_token"],
    )

    assert bad == REFUSED
    assert (status, again[0]) == (200, 200)


def test_basic_authentication(oauth: SignIn) -> None:
    basic = base64.b64encode(b"practice-client:practice-secret").decode()
    form = {"grant_type": "client_credentials", "scope": "accounting.contacts"}
    call = request(
        "POST",
        "/connect/token",
        headers={"Authorization": f"Basic {basic}"},
        body=urlencode(form).encode(),
    )

    tokens = json.loads(oauth.books.sandbox.handle(call).body)

    assert set(tokens) == {"access_token", "expires_in", "token_type", "scope"}
    assert len(oauth.connections(tokens["access_token"])) == 1


def test_the_previous_refresh_token_lives_thirty_more_minutes(oauth: SignIn) -> None:
    _, first = oauth.redeem(oauth.code())
    _, second = oauth.refresh(first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]

    oauth.books.clock.advance(minutes=30)
    status, third = oauth.refresh(first["refresh_token"])
    assert status == 200
    oauth.books.clock.advance(seconds=1)

    assert oauth.refresh(first["refresh_token"]) == REFUSED
    assert oauth.refresh(third["refresh_token"])[0] == 200


def test_sixty_days_unused_end_a_refresh_token(oauth: SignIn) -> None:
    _, tokens = oauth.redeem(oauth.code())
    oauth.books.clock.advance(days=59)
    _, tokens = oauth.refresh(tokens["refresh_token"])
    oauth.books.clock.advance(days=60)

    assert oauth.refresh(tokens["refresh_token"]) == REFUSED


def test_revocation_drops_tokens_and_connections(oauth: SignIn) -> None:
    _, tokens = oauth.redeem(oauth.code())
    body = urlencode({**SECRET, "token": tokens["refresh_token"]}).encode()

    answer = oauth.books.sandbox.handle(
        request("POST", "/connect/revocation", body=body)
    )

    assert (answer.status, answer.body) == (200, b"")
    assert oauth.refresh(tokens["refresh_token"]) == REFUSED
    assert len(oauth.books.ledger.identity.connections) == 0


def test_connections_are_kept_reconnected_and_deleted_by_their_own_id(
    oauth: SignIn,
) -> None:
    other = oauth.books.ledger.open_organisation("Second")
    oauth.code()
    oauth.books.clock.advance(minutes=1)
    code = oauth.code(organisation=other.tenant_id)
    _, tokens = oauth.redeem(code)
    token = tokens["access_token"]
    first, second = oauth.connections(token)
    assert (first["tenantName"], second["tenantName"]) == ("Test Company", "Second")
    (mine,) = oauth.connections(token, f"?authEventId={second['authEventId']}")
    assert mine == second

    def delete(connection_id: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        call = request("DELETE", f"/Connections/{connection_id}", headers=headers)
        return oauth.books.sandbox.handle(call).status

    assert delete(first["tenantId"]) == 404
    assert delete(first["id"]) == 204
    assert delete(first["id"]) == 404
    assert oauth.connections(token) == [second]
    oauth.books.clock.advance(minutes=1)
    oauth.code(organisation=other.tenant_id)
    (again,) = oauth.connections(token)
    assert (again["id"], again["createdDateUtc"]) == (
        second["id"],
        second["createdDateUtc"],
    )
    assert again["updatedDateUtc"] > second["updatedDateUtc"]
