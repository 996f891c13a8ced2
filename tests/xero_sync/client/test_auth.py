"""Consent, tokens and connections against a scripted identity server."""

from base64 import b64encode
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.xero_sync.client.fakes import (
    Answer,
    ScriptedTransport,
    VirtualClock,
    limited,
    problem,
)
from xero_sync.client.auth import XeroApp, XeroAuth, code_challenge
from xero_sync.client.errors import (
    AnswerLost,
    RateLimited,
    UnreadableAnswer,
    XeroDisconnected,
    XeroError,
    XeroUnavailable,
)
from xero_sync.client.exchange import NoAnswer, NotSent, Response
from xero_sync.outcomes.drafts import Connection
from xero_sync.outcomes.wire import canonical

APP = XeroApp(
    client_id="practice-client",
    client_secret="practice-secret",
    redirect_uri="http://localhost:8000/xero/callback",
)
TOKENS = Response(
    200,
    {},
    canonical(
        {
            "id_token": "id",
            "access_token": "new-access",
            "expires_in": 1800,
            "token_type": "Bearer",
            "refresh_token": "new-refresh",
            "scope": "offline_access accounting.contacts",
        }
    ),
)
INVALID_GRANT = Response(400, {}, b'{"error":"invalid_grant"}')


def auth_over(*answers: Answer) -> tuple[XeroAuth, ScriptedTransport, VirtualClock]:
    transport, clock = ScriptedTransport(*answers), VirtualClock()
    return XeroAuth(APP, transport, clock=clock), transport, clock


def form_of(transport: ScriptedTransport, place: int = 0) -> dict[str, str]:
    body = transport.requests[place].body
    assert body is not None
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def test_the_way_to_the_consent_page() -> None:
    auth, _, _ = auth_over()

    plain = urlsplit(auth.authorize_url("state-1"))
    proven = urlsplit(auth.authorize_url("s", code_challenge=code_challenge("v" * 43)))

    assert f"{plain.scheme}://{plain.netloc}{plain.path}" == (
        "https://login.xero.com/identity/connect/authorize"
    )
    assert parse_qs(plain.query) == {
        "response_type": ["code"],
        "client_id": ["practice-client"],
        "redirect_uri": ["http://localhost:8000/xero/callback"],
        "scope": [
            "openid profile email offline_access accounting.contacts "
            "accounting.invoices accounting.payments accounting.settings.read"
        ],
        "state": ["state-1"],
    }
    query = parse_qs(proven.query)
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["code_challenge"][0]) == 43


def test_the_challenge_is_the_one_of_the_standard() -> None:
    """The example of RFC 7636, appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    assert code_challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_code_becomes_tokens() -> None:
    auth, transport, _ = auth_over(TOKENS)

    tokens = auth.exchange_code("code-1", code_verifier="verifier")

    (request,) = transport.requests
    secret = b64encode(b"practice-client:practice-secret").decode()
    assert request.url == "https://identity.xero.com/connect/token"
    assert request.headers["Authorization"] == f"Basic {secret}"
    assert form_of(transport) == {
        "grant_type": "authorization_code",
        "code": "code-1",
        "redirect_uri": "http://localhost:8000/xero/callback",
        "code_verifier": "verifier",
    }
    assert (tokens.access_token, tokens.refresh_token) == ("new-access", "new-refresh")
    assert tokens.expires_at == datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
    assert tokens.scope == "offline_access accounting.contacts"


def test_a_code_is_sent_once() -> None:
    auth, transport, _ = auth_over(NoAnswer("cut"))

    with pytest.raises(AnswerLost):
        auth.exchange_code("code-1")

    assert len(transport.requests) == 1


def test_a_refresh_whose_answer_was_lost_is_repeated_with_the_old_token() -> None:
    auth, transport, _ = auth_over(
        NoAnswer("cut"), Response(200, {}, b"<html>"), TOKENS
    )

    tokens = auth.refresh("old-refresh")

    assert tokens.refresh_token == "new-refresh"
    assert [form_of(transport, place) for place in range(3)] == [
        {"grant_type": "refresh_token", "refresh_token": "old-refresh"}
    ] * 3


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([NoAnswer("cut")] * 3, XeroUnavailable),
        ([Response(502)], XeroUnavailable),
        ([Response(302)], XeroUnavailable),
        ([Response(403, {}, b"<html>Access denied</html>")], XeroUnavailable),
        ([Response(407, {}, b"<html>Who are you?</html>")], XeroUnavailable),
        ([NotSent("refused")], XeroUnavailable),
        ([limited(retry_after="30")], RateLimited),
        ([INVALID_GRANT], XeroDisconnected),
    ],
)
def test_a_refresh_that_fails_says_who_has_to_act(
    answers: list[Answer], error: type[XeroError]
) -> None:
    auth, transport, _ = auth_over(*answers)

    with pytest.raises(XeroError) as refusal:
        auth.refresh("old-refresh")

    assert type(refusal.value) is error
    assert transport.answers == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (INVALID_GRANT, "invalid_grant"),
        (Response(401, {}, b'{"error":"invalid_client"}'), "invalid_client"),
        (Response(400, {}, b"<html>"), "status 400"),
        (Response(400, {}, b'{"error":"your secret is s3cr3t!"}'), "status 400"),
        (Response(400, {}, b'{"error":{"code":5}}'), "status 400"),
    ],
)
def test_a_refused_grant_ends_the_connection(answer: Response, reason: str) -> None:
    auth, _, _ = auth_over(answer)

    with pytest.raises(XeroDisconnected) as refusal:
        auth.refresh("old-refresh")

    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    "body",
    [
        b'{"access_token":"a","expires_in":1800}',
        b'{"access_token":"a","refresh_token":"r","expires_in":"soon"}',
        b'{"access_token":null,"refresh_token":"r","expires_in":1800}',
        b"[]",
    ],
)
def test_half_a_set_of_tokens_is_none(body: bytes) -> None:
    auth, _, _ = auth_over(Response(200, {}, body))

    with pytest.raises(UnreadableAnswer):
        auth.exchange_code("code-1")


def test_lists_the_organisations_of_a_consent() -> None:
    row = {
        "id": "c-1",
        "authEventId": "e",
        "tenantId": "t-1",
        "tenantType": "ORGANISATION",
        "tenantName": "Rushworth Books",
        "createdDateUtc": "2019-12-07T18:46:19.5165400",
    }
    nameless = {"id": "c-2", "tenantId": "t-2", "tenantType": "PRACTICE"}
    auth, transport, _ = auth_over(Response(200, {}, canonical([row, nameless])))

    found = auth.connections("access")

    assert transport.requests[0].url == "https://api.xero.com/connections"
    assert transport.requests[0].headers["Authorization"] == "Bearer access"
    assert found == [
        Connection("c-1", "t-1", "Rushworth Books", "ORGANISATION"),
        Connection("c-2", "t-2", "", "PRACTICE"),
    ]


@pytest.mark.parametrize("body", [b"{}", b"[5]", b'[{"id":"c"}]', b"<html>"])
def test_a_list_of_organisations_that_cannot_be_read(body: bytes) -> None:
    auth, _, _ = auth_over(Response(200, {}, body))

    with pytest.raises(UnreadableAnswer):
        auth.connections("access")


@pytest.mark.parametrize("status", [204, 404])
def test_disconnecting_what_is_gone_is_fine(status: int) -> None:
    auth, transport, _ = auth_over(Response(status))

    auth.disconnect("access", "c-1")

    assert transport.requests[0].method == "DELETE"
    assert transport.requests[0].url == "https://api.xero.com/connections/c-1"


def test_disconnecting_with_a_dead_token_is_told() -> None:
    auth, _, _ = auth_over(problem(401, "TokenExpired"))

    with pytest.raises(XeroDisconnected):
        auth.disconnect("access", "c-1")


def test_revoking_sends_the_refresh_token() -> None:
    auth, transport, _ = auth_over(Response(200))

    auth.revoke("refresh-1")

    assert transport.requests[0].url == "https://identity.xero.com/connect/revocation"
    assert form_of(transport) == {"token": "refresh-1"}
