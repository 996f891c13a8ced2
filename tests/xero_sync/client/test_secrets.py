"""No token, secret or body in an error, a repr or a line of the log."""

import logging
import traceback

import pytest

from tests.xero_sync.client.fakes import (
    SECRET_TOKEN,
    Answer,
    Api,
    ScriptedTransport,
    VirtualClock,
    found,
)
from tests.xero_sync.client.writing import write
from xero_sync.client.auth import XeroApp, XeroAuth
from xero_sync.client.errors import XeroError
from xero_sync.client.exchange import NoAnswer, NotSent, Request, Response
from xero_sync.outcomes.drafts import TokenSet
from xero_sync.outcomes.wire import canonical

REFRESH, CODE, CLIENT_SECRET, NAME = "refresh-1", "the-code", "practice-s", "Ada L"
SECRETS = (SECRET_TOKEN, REFRESH, CODE, CLIENT_SECRET, NAME)

ECHO = canonical({"Message": f"bad header Bearer {SECRET_TOKEN}", "error": REFRESH})


def assert_silent(text: str) -> None:
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize(
    "answer",
    [
        Response(400, {}, ECHO),
        Response(401, {}, ECHO),
        Response(403, {}, ECHO),
        Response(404, {}, ECHO),
        Response(503, {}, ECHO),
        Response(418, {}, ECHO),
        Response(200, {}, ECHO),
        NoAnswer("ReadTimeout"),
        NotSent("ConnectTimeout"),
    ],
)
def test_errors_and_log_of_a_call_are_silent(
    answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    api = Api(*[answer] * 3)
    body = canonical({"Contacts": [{"Name": NAME}]})

    with caplog.at_level(logging.DEBUG), pytest.raises(XeroError) as refusal:
        write(api, "PUT", "Contacts", body, idempotency_key="k")

    assert_silent(repr(refusal.value))
    assert_silent("".join(traceback.format_exception(refusal.value)))
    assert_silent(str(vars(refusal.value)))
    assert_silent(caplog.text)


@pytest.mark.parametrize(
    "answer", [Response(400, {}, ECHO), Response(200, {}, ECHO), NoAnswer("x")]
)
def test_errors_of_the_identity_server_are_silent(answer: Answer) -> None:
    app = XeroApp("practice-client", CLIENT_SECRET, "http://localhost/callback")
    auth = XeroAuth(app, ScriptedTransport(*[answer] * 4), clock=VirtualClock())

    with pytest.raises(XeroError) as refusal:
        auth.refresh(REFRESH)
    assert_silent("".join(traceback.format_exception(refusal.value)))
    with pytest.raises(XeroError) as refusal:
        auth.exchange_code(CODE)
    assert_silent("".join(traceback.format_exception(refusal.value)))
    assert_silent(repr(app) + repr(auth))


def test_representations_are_silent() -> None:
    request = Request(
        "PUT",
        "https://api.xero.com/",
        headers={"Authorization": f"Bearer {SECRET_TOKEN}"},
        body=NAME.encode(),
    )
    tokens = TokenSet(SECRET_TOKEN, REFRESH, VirtualClock().now(), "scope")

    assert_silent(repr(request))
    assert_silent(repr(Response(200, {}, NAME.encode())))
    assert_silent(repr(tokens))


def test_each_call_is_one_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    api = Api(found("Actions"))

    with caplog.at_level(logging.DEBUG, logger="xero_sync.client"):
        api.actions()

    assert caplog.messages == ["GET Organisation/Actions: 200 in 0 ms, correlation "]
