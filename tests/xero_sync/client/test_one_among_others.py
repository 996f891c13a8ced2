"""What happens to one call while others are under way, and to the others for it."""

import pytest

from tests.xero_sync.client.fakes import BODY, CONTACT_ID, Api, found, limited, problem
from tests.xero_sync.client.many import contact, keys_of
from tests.xero_sync.client.practice import Practice
from xero_sync.client.api import Write
from xero_sync.client.errors import (
    AnswerLost,
    RateLimited,
    UnreadableAnswer,
    XeroDisconnected,
    XeroError,
    XeroRefused,
    XeroUnavailable,
)
from xero_sync.client.exchange import NoAnswer, NotSent, Response


def test_an_expired_token_under_five_calls_is_renewed_once() -> None:
    practice = Practice(latency=1.0)
    api = practice.api()
    api.organisation()
    practice.ledger.identity.expire_access_tokens()

    outcomes = api.write_all([contact(number) for number in range(12)])

    assert keys_of(outcomes) == [f"our-{number}" for number in range(12)]
    assert practice.tokens.renewals == 1
    assert [seen.status for seen in practice.log].count(401) == 5
    assert len(practice.log) == 1 + 12 + 5


def test_a_lost_answer_is_asked_for_again_while_others_go_on() -> None:
    practice = Practice(latency=2.0)
    api = practice.api()
    api.organisation()
    practice.fault("lose_answer", method="PUT", times=2)

    outcomes = api.write_all([contact(number) for number in range(10)])

    assert keys_of(outcomes) == [f"our-{number}" for number in range(10)]
    assert len(practice.org.contacts) == 10
    # Ten calls in two rounds, and the two again in a third: nobody sat and waited.
    assert len(practice.log) == 13
    assert practice.minutes * 60 == pytest.approx(8.0)


def test_outcomes_come_in_the_order_given_whatever_the_order_of_answers() -> None:
    practice = Practice(latency=1.0)
    api = practice.api()
    api.organisation()
    practice.fault("delay", times=1, delay_ms=30_000)

    outcomes = api.write_all([contact(number) for number in range(8)])

    assert keys_of(outcomes) == [f"our-{number}" for number in range(8)]
    assert practice.minutes * 60 == pytest.approx(31.0)


def test_a_refusal_is_one_calls_own() -> None:
    practice = Practice()
    bad = Write("PUT", "Contacts", b"{", "key-bad")

    first, refusal, last = practice.api().write_all([contact(1), bad, contact(2)])

    assert keys_of([first, refusal, last]) == ["our-1", XeroRefused, "our-2"]


def test_a_call_that_takes_too_long_is_given_up_and_its_late_answer_ignored() -> None:
    practice = Practice(latency=1.0)
    api = practice.api()
    api.organisation()
    practice.fault("delay", times=1, delay_ms=400_000)

    (outcome,) = api.write_all([contact(1)])

    # 70 seconds, and then the same again, answered from what the key remembers.
    assert keys_of([outcome]) == ["our-1"]
    assert len(practice.org.contacts) == 1
    assert [round(seen.start) for seen in practice.log] == [0, 1, 72]
    practice.clock.advance(400)
    assert api.organisation()["Name"] == "Books"


FINE = found("Contacts", {"ContactID": CONTACT_ID, "ContactNumber": "u"})


def outcomes_of(*answers: object, calls: int) -> list[tuple[type, bool]]:
    api = Api(FINE, *answers)  # type: ignore[arg-type]
    write = Write("PUT", "Contacts", BODY, "key")
    api.write_all([write])
    api.transport.latency = 1.0
    outcomes = api.write_all([write] * calls)
    assert api.transport.answers == []
    return [
        (type(one), one.outcome_unknown)
        if isinstance(one, XeroError)
        else (list, one[0].key != "u")
        for one in outcomes
    ]


DAY = limited(retry_after="3600", x_rate_limit_problem="day")


GONE = problem(403, "AuthenticationUnsuccessful")


WRITTEN, HELD = (list, False), (RateLimited, False)


@pytest.mark.parametrize(
    ("answers", "calls", "expected"),
    [
        # Five are under way when the first says no: theirs count, no sixth is made.
        ([DAY, FINE, FINE, FINE, FINE], 7, [HELD, *[WRITTEN] * 4, HELD, HELD]),
        (
            [GONE, FINE, FINE, FINE, FINE],
            6,
            [(XeroDisconnected, False), *[WRITTEN] * 4, (XeroDisconnected, False)],
        ),
        # One that may have arrived says so, whoever brought the end.
        (
            [NoAnswer("cut"), DAY, FINE, FINE, FINE, FINE],
            7,
            [(RateLimited, True), HELD, *[WRITTEN] * 4, HELD],
        ),
        (
            [DAY, NoAnswer("cut"), FINE, FINE, FINE],
            6,
            [HELD, (AnswerLost, True), *[WRITTEN] * 3, HELD],
        ),
    ],
)
def test_once_no_call_will_do_nothing_new_is_started(
    answers: list[object], calls: int, expected: list[tuple[type, bool]]
) -> None:
    assert outcomes_of(*answers, calls=calls) == expected


def test_an_outage_costs_a_handful_of_calls_however_many_wait() -> None:
    api = Api(*[NotSent("refused")] * 27)
    api.transport.latency = 1.0

    outcomes = api.write_all([Write("PUT", "Contacts", BODY, "key")] * 20)

    assert {type(one) for one in outcomes} == {XeroUnavailable}
    assert len(outcomes) == 20
    # One at a time asked whether anybody is there; the first to give up spoke for all.
    assert api.calls == 5


def test_an_expired_token_does_not_break_the_connection_when_a_limit_is_first() -> None:
    expired = problem(401, "TokenExpired")

    outcomes = outcomes_of(DAY, expired, FINE, calls=3)

    assert outcomes == [HELD, HELD, WRITTEN]


def test_what_a_write_answers_in_html_may_have_happened() -> None:
    html = Response(200, {"content-type": "text/html"}, b"<html>")

    outcomes = outcomes_of(*[html] * 3, calls=1)

    assert outcomes == [(UnreadableAnswer, True)]
