"""What each answer means, what is tried again, and how often."""

from typing import Any

import pytest

from tests.xero_sync.client.fakes import (
    BODY,
    CONTACT_ID,
    NO_ID,
    SECRET_TOKEN,
    Answer,
    Api,
    found,
    limited,
    problem,
)
from tests.xero_sync.client.writing import write
from xero_sync.client.errors import (
    AnswerLost,
    NotFound,
    PermissionMissing,
    RateLimited,
    UnreadableAnswer,
    XeroDisconnected,
    XeroError,
    XeroRefused,
    XeroUnavailable,
)
from xero_sync.client.exchange import NoAnswer, NotSent, Response
from xero_sync.outcomes.wire import canonical

CREATED = found("Contacts", {"ContactID": CONTACT_ID, "ContactNumber": "u-1"})
HTML = Response(200, {"content-type": "text/html"}, b"<html>Sorry</html>")


def create(api: Api) -> Any:
    return write(api, "PUT", "Contacts", BODY, idempotency_key="key-1")


def refused_with(api: Api) -> XeroError:
    with pytest.raises(XeroError) as refusal:
        create(api)
    return refusal.value


# --- one answer ---


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Response(404, {}, b"The resource you're looking for"), NotFound),
        (problem(401, "AuthorizationUnsuccessful"), PermissionMissing),
        (problem(403, "AuthenticationUnsuccessful"), XeroDisconnected),
        (
            problem(403, "You are not permitted to access this resource without role"),
            PermissionMissing,
        ),
        (Response(400, {}, b"not json"), XeroRefused),
        (Response(412), XeroRefused),
        (Response(501, {}, b"<xml/>"), XeroRefused),
    ],
)
def test_is_final_at_once(answer: Response, error: type[XeroError]) -> None:
    api = Api(answer)

    with pytest.raises(error) as refusal:
        api.actions()

    assert api.calls == 1
    assert not refusal.value.outcome_unknown
    assert refusal.value.correlation_id == answer.correlation_id


def test_a_refusal_of_the_whole_request_says_which_element_and_why() -> None:
    said = "Email address must be valid."
    elements = [
        {
            "ContactID": NO_ID,
            "ContactNumber": "u-1",
            "ValidationErrors": [],
            "Addresses": [{"ValidationErrors": [{"Message": "Bad country"}]}],
        },
        {"ContactNumber": "u-2", "ValidationErrors": [{"Message": said}] * 2},
        {"ContactNumber": "u-3", "ValidationErrors": []},
    ]
    body = {"ErrorNumber": 10, "Message": "A validation exception occurred"}
    api = Api(Response(400, {}, canonical(body | {"Elements": elements})))

    refusal = refused_with(api)

    assert isinstance(refusal, XeroRefused)
    assert refusal.status == 400
    assert refusal.messages == ("Bad country", said)
    assert [(one.key, one.xero_id, one.errors) for one in refusal.elements] == [
        ("u-1", "", ("Bad country",)),
        ("u-2", "", (said,)),
        ("u-3", "", ()),
    ]


def test_a_refusal_without_elements_keeps_its_sentence() -> None:
    body = {"ErrorNumber": 16, "Type": "QueryParseException", "Message": "Expected"}
    api = Api(Response(400, {}, canonical(body)))

    refusal = refused_with(api)

    assert isinstance(refusal, XeroRefused)
    assert (refusal.messages, refusal.elements) == (("Expected",), ())


# --- tried again ---


def test_a_write_is_repeated_with_the_same_key_and_the_same_bytes() -> None:
    api = Api(NoAnswer("cut"), Response(502), CREATED)

    (result,) = create(api)

    assert result.xero_id == CONTACT_ID
    assert {request.body for request in api.transport.requests} == {BODY}
    assert {
        request.headers["Idempotency-Key"] for request in api.transport.requests
    } == {"key-1"}
    assert (api.calls, api.reads, api.writes) == (3, 0, 3)
    assert 0 < sum(api.clock.slept) <= 5


@pytest.mark.parametrize(
    ("answers", "error", "unknown"),
    [
        ([NoAnswer("cut")] * 3, AnswerLost, True),
        ([Response(500)] * 3, AnswerLost, True),
        ([HTML] * 3, UnreadableAnswer, True),
        ([NotSent("refused")] * 3, XeroUnavailable, False),
        ([Response(503, {}, b"maintenance")] * 3, XeroUnavailable, False),
        # what came of an earlier try counts for the whole call
        (
            [NoAnswer("cut"), NotSent("refused"), NotSent("refused")],
            XeroUnavailable,
            True,
        ),
        ([NoAnswer("cut"), problem(403, "Authentication")], XeroDisconnected, True),
        ([NoAnswer("cut"), limited(retry_after="3600")], RateLimited, True),
        # a refusal under the same key is Xero's word about every try
        ([NoAnswer("cut"), Response(400)], XeroRefused, False),
    ],
)
def test_a_write_says_whether_it_may_have_happened(
    answers: list[Answer], error: type[XeroError], unknown: bool
) -> None:
    api = Api(*answers)

    refusal = refused_with(api)

    assert type(refusal) is error
    assert refusal.outcome_unknown is unknown
    assert api.transport.answers == []


BETWEEN = [
    Response(302, {"location": "https://hotel.example/sign-in"}),
    Response(403, {"content-type": "text/html"}, b"\n<html>Access denied</html>"),
    *(Response(status, {}, b"<html>") for status in (407, 408, 409, 421, 425)),
]


@pytest.mark.parametrize("answer", BETWEEN)
def test_what_stands_between_xero_and_us_refuses_no_record(answer: Response) -> None:
    """Nor does it end the connection: it is tried again, and found out later."""
    api = Api(answer, CREATED)
    assert create(api)[0].xero_id == CONTACT_ID

    lost = refused_with(Api(answer, answer, answer))
    assert type(lost) is AnswerLost
    assert lost.outcome_unknown

    with pytest.raises(XeroUnavailable):
        Api(answer, answer, answer).actions()


@pytest.mark.parametrize("answer", [NoAnswer("cut"), Response(500), NotSent("refused")])
def test_a_read_without_an_answer_is_harmless(answer: Answer) -> None:
    api = Api(answer, answer, answer)

    with pytest.raises(XeroUnavailable) as refusal:
        api.actions()

    assert not refusal.value.outcome_unknown
    assert api.reads == 3


def test_an_organisation_that_is_offline_is_left_alone_for_five_minutes() -> None:
    api = Api(Response(503, {}, b"The Organisation is offline"))

    with pytest.raises(XeroUnavailable) as refusal:
        api.actions()

    assert refusal.value.retry_after == 300
    assert api.clock.slept == []


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b'{"Status":"OK","Actions":[{"Acc',
        b'{"Status":"ERROR","Actions":[]}',
        b'{"Actions":[]}',
        b'{"Status":"OK"}',
        b'{"Status":"OK","Actions":{}}',
        b'{"Status":"OK","Actions":[null]}',
        b"[]",
        b"",
    ],
)
def test_an_answer_that_cannot_be_read_is_asked_for_again(body: bytes) -> None:
    api = Api(*[Response(200, {}, body)] * 3)

    with pytest.raises(UnreadableAnswer) as refusal:
        api.actions()

    assert not refusal.value.outcome_unknown
    assert api.calls == 3


# --- limits ---


def test_a_short_wait_is_waited() -> None:
    answer = limited(retry_after="2", x_rate_limit_problem="Minute")
    api = Api(answer, found("Actions"))

    assert api.actions() == []
    assert sum(api.clock.slept) == 2


@pytest.mark.parametrize(
    ("headers", "named", "retry_after"),
    [
        ({"retry_after": "26", "x_rate_limit_problem": "minute"}, "minute", 26),
        ({"retry_after": "66975", "x_rate_limit_problem": "Day"}, "day", 66975),
        ({"retry_after": "26"}, "minute", 26),
        ({"retry_after": "26", "x_rate_limit_problem": "AppMinute"}, "minute", 26),
        (
            {
                "retry_after": "Sat, 21 Nov 2026 12:01:00 GMT",
                "x_rate_limit_problem": "minute",
            },
            "minute",
            60,
        ),
    ],
)
def test_a_long_wait_is_handed_back(
    headers: dict[str, str], named: str, retry_after: float
) -> None:
    api = Api(limited(**headers))

    with pytest.raises(RateLimited) as refusal:
        api.actions()

    assert (refusal.value.problem, refusal.value.retry_after) == (named, retry_after)
    assert api.clock.slept == []

    with pytest.raises(RateLimited):
        api.actions()
    assert api.calls == 1, "called again before the moment that Xero named"


def test_too_many_calls_at_once_have_no_wait_named() -> None:
    answer = limited(x_rate_limit_problem="concurrent")
    api = Api(answer, answer, answer)

    with pytest.raises(RateLimited) as refusal:
        api.actions()

    assert (refusal.value.problem, refusal.value.retry_after) == ("concurrent", None)
    assert api.clock.slept == [0.5, 0.5]


# --- tokens ---


def test_an_expired_token_is_renewed_once() -> None:
    api = Api(problem(401, "TokenExpired: token expired at 04/09/2023"), CREATED)

    create(api)

    assert api.tokens.rejected == [SECRET_TOKEN]
    assert api.tokens.proven == [f"{SECRET_TOKEN}-2"]
    used = [request.headers["Authorization"] for request in api.transport.requests]
    assert used == [f"Bearer {SECRET_TOKEN}", f"Bearer {SECRET_TOKEN}-2"]
    assert api.transport.requests[1].body == BODY


def test_a_fresh_token_that_is_refused_ends_the_connection() -> None:
    expired = problem(401, "AuthenticationUnsuccessful")
    api = Api(expired, expired)

    with pytest.raises(XeroDisconnected) as refusal:
        api.actions()

    assert refusal.value.reason == "token"
    assert refusal.value.correlation_id == "corr-1"
    assert len(api.tokens.rejected) == 1
    assert api.tokens.proven == []


def test_a_missing_right_is_not_answered_with_a_new_token() -> None:
    api = Api(problem(401, "AuthorizationUnsuccessful"))

    with pytest.raises(PermissionMissing):
        create(api)

    assert api.tokens.rejected == []
