"""Five calls under way and never six, sixty a minute and never more: told by the
practice ledger's own log, in its time."""

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

import pytest

from tests.xero_sync.client.fakes import (
    BODY,
    CONTACT_ID,
    Api,
    found,
    limited,
    problem,
)
from tests.xero_sync.client.practice import Practice
from xero_sync.client.api import Write, XeroApi
from xero_sync.client.call import Call
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
from xero_sync.client.paging import PageRead
from xero_sync.client.reading import Reading, Step
from xero_sync.client.throttle import MemoryBudget
from xero_sync.outcomes.wire import canonical

ORGANISATION = Call("GET", "Organisation", "Organisations")


def contact(number: int) -> Write:
    element = {"Name": f"Contact {number}", "ContactNumber": f"our-{number}"}
    body = canonical({"Contacts": [element]})
    return Write("PUT", "Contacts", body, f"key-{number}")


def keys_of(outcomes: Sequence[object]) -> list[object]:
    return [
        outcome[0].key if isinstance(outcome, list) else type(outcome)
        for outcome in outcomes
    ]


def many(calls: int) -> Reading:
    """So many calls, one after the other."""
    read = None
    for _ in range(calls):
        answer = yield Step(read, ORGANISATION)
        read = PageRead([answer], None)
    yield Step(read, None)


def schedule(calls: int, latency: float) -> float:
    """The least minutes in which so many calls can be made: sixty in any minute, five
    under way."""
    starts: list[float] = []
    for number in range(calls):
        start = starts[-1] if starts else 0.0
        if number >= 5:
            start = max(start, starts[number - 5] + latency)
        if number >= 60:
            start = max(start, starts[number - 60] + 60)
        starts.append(start)
    return (starts[-1] + latency) / 60


# --- at the limit, never over it ---


@pytest.mark.parametrize("latency", [0.5, 2.0, 4.0])
def test_a_first_sync_of_706_calls_takes_no_longer_than_xero_lets_it(
    latency: float,
) -> None:
    """10,000 customers, 20,000 invoices and 5,000 items: 6 reads and 700 batches."""
    practice = Practice(latency=latency)
    api = practice.api(max_wait=61)

    list(api.read_all({number: many(1) for number in range(6)}))
    outcomes = api.write_all([contact(number) for number in range(700)])

    assert keys_of(outcomes) == [f"our-{number}" for number in range(700)]
    assert practice.statuses() == {200}
    assert (len(practice.log), api.reads, api.writes) == (706, 6, 700)
    assert (practice.most_in_a_minute, practice.most_at_once) == (60, 5)
    assert practice.minutes <= 1.05 * schedule(706, latency)


def take_turns(one: XeroApi, other: XeroApi) -> None:
    """Three readings and two, which are under way together; their steps alternate."""
    steps = [
        api.read_all({number: many(40) for number in range(readings)})
        for api, readings in ((one, 3), (other, 2))
    ]
    assert sum(step is not None for step in chain(*zip_longest(*steps))) == 200


def test_two_workers_on_one_budget_keep_to_it_together() -> None:
    practice = Practice(latency=2.0)
    one, other = practice.api(max_wait=62), practice.api(max_wait=62)

    take_turns(one, other)

    assert (one.calls, other.calls) == (120, 80)
    assert practice.statuses() == {200}
    assert (practice.most_in_a_minute, practice.most_at_once) == (60, 5)
    # A little more than alone: here one sleeps while the other's answers lie waiting.
    assert practice.minutes <= 1.1 * schedule(200, 2.0)


def test_without_a_common_budget_two_workers_are_too_many() -> None:
    """The same, to show that it is the budget that does it."""
    practice = Practice(latency=2.0)
    one = practice.api(max_wait=62)
    other = practice.api(max_wait=62, budget=MemoryBudget())

    take_turns(one, other)

    assert 429 in practice.statuses()


def test_what_a_killed_worker_has_under_way_counts_for_the_next() -> None:
    practice = Practice(latency=2.0)
    killed = practice.api()
    pages = killed.read_all({number: many(11) for number in range(5)})
    for _ in range(46):
        next(pages)
    calls = len(practice.log)
    assert (calls, practice.slots()) == (51, 5)
    # A kill runs nothing: no answer is taken, no slot is given back.
    practice.budget.killed = True
    pages.close()
    practice.budget.killed = False

    (refusal,) = practice.api().write_all([contact(1)])

    assert isinstance(refusal, RateLimited)
    assert (refusal.problem, refusal.outcome_unknown) == ("concurrent", False)
    assert len(practice.log) == calls
    practice.clock.advance(75)
    successor = practice.api(max_wait=61)
    successor.write_all([contact(number) for number in range(70)])
    assert practice.statuses() == {200}
    assert practice.most_in_a_minute == 60


def test_calls_of_another_program_are_left_room_for() -> None:
    practice = Practice(latency=0.5)
    stranger = practice.api(budget=MemoryBudget())
    stranger.write_all([contact(number) for number in range(40)])
    ours = practice.api(max_wait=61)

    outcomes = ours.write_all([contact(number) for number in range(40, 100)])

    assert keys_of(outcomes) == [f"our-{number}" for number in range(40, 100)]
    assert practice.statuses() == {200}
    assert practice.most_in_a_minute == 60


def test_a_429_of_xeros_keeps_every_worker_still_for_as_long_as_it_says() -> None:
    practice = Practice(latency=1.0)
    one, other = practice.api(), practice.api()
    practice.fault("rate_limit", times=1, problem="minute", retry_after=26)

    outcomes = one.write_all([contact(number) for number in range(8)])

    refusals = [one for one in outcomes if isinstance(one, RateLimited)]
    assert len(refusals) == 8
    assert {(one.problem, one.outcome_unknown) for one in refusals} == {
        ("minute", False)
    }
    assert len(practice.log) == 1, "others were started before this one was back"
    with pytest.raises(RateLimited) as refusal:
        other.organisation()
    assert refusal.value.retry_after == 26
    practice.clock.advance(25.9)
    other.organisation()
    assert [round(seen.start, 1) for seen in practice.log] == [0.0, 27.0]


def test_a_day_that_is_used_up_ends_the_work_at_once() -> None:
    practice = Practice(latency=1.0, tier="starter")
    api = practice.api(max_wait=61)

    outcomes = api.write_all([contact(number) for number in range(1010)])

    refused = [one for one in outcomes if isinstance(one, XeroError)]
    assert len(practice.log) == 1000
    assert practice.statuses() == {200}
    assert len(refused) == 10
    assert all(isinstance(one, RateLimited) for one in refused)
    assert {one.outcome_unknown for one in refused} == {False}


def test_too_many_at_once_is_answered_with_fewer_and_nothing_is_lost() -> None:
    practice = Practice(latency=1.0)
    api = practice.api()
    api.organisation()
    practice.fault("rate_limit", times=2, problem="concurrent")

    outcomes = api.write_all([contact(number) for number in range(20)])

    assert keys_of(outcomes) == [f"our-{number}" for number in range(20)]
    assert [seen.status for seen in practice.log].count(429) == 2
    after = [seen.start for seen in practice.log if seen.start > 1.5]
    assert max(practice.under_way_at(start) for start in after) == 4


# --- a call of its own among others ---


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


# --- when nothing more will do ---

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


# --- reading ---


def test_lists_are_read_side_by_side_and_each_in_its_order() -> None:
    practice = Practice(latency=2.0)
    api = practice.api()
    api.organisation()
    readings = {
        "organisation": api.organisation_entry(),
        "accounts": api.account_list(),
        "rates": api.tax_rate_list(),
        "contacts": api.contact_pages(None),
        "items": api.item_list(None),
        "invoices": api.invoice_pages(None),
    }

    read = dict(api.read_all(readings))

    assert [one["Name"] for one in read["organisation"].elements] == ["Books"]
    assert "200" in [one.get("Code") for one in read["accounts"].elements]
    assert "OUTPUT2" in [one["TaxType"] for one in read["rates"].elements]
    assert (read["contacts"].elements, read["contacts"].watermark) == ([], None)
    assert [seen.start for seen in practice.log[:7]] == pytest.approx(
        [0, 2, 2, 2, 2, 2, 4]
    )


def test_the_next_page_is_under_way_while_this_one_is_stored() -> None:
    practice = Practice(latency=2.0)
    api = practice.api()
    pages = api.read_all({"many": many(3)})

    next(pages)

    assert practice.under_way_at(practice.clock.monotonic()) == 1
    practice.clock.advance(10)
    assert len(list(pages)) == 2
    assert [seen.start for seen in practice.log] == pytest.approx([0, 2, 12])


def test_nothing_is_called_before_somebody_reads() -> None:
    practice = Practice()
    api = practice.api()

    api.read_all({"contacts": api.contact_pages(None)})

    assert practice.log == []


class SliceOver(Exception):
    pass


def stop_at(calls: int, practice: Practice, pages: Iterator[object]) -> None:
    for _ in pages:
        if len(practice.log) >= calls:
            raise SliceOver


def read_until_error(
    api: XeroApi, readings: dict[str, Reading]
) -> tuple[list[str], XeroError]:
    """Whose pages came, and the error that ended it."""
    read = []
    try:
        for key, _ in api.read_all(readings):
            read.append(key)
    except XeroError as error:
        return read, error
    raise AssertionError("it came to its end")


def test_a_reading_that_is_cut_off_gives_its_slots_back() -> None:
    practice = Practice(latency=2.0)
    api = practice.api()

    pages = api.read_all({number: many(3) for number in range(5)})
    with pytest.raises(SliceOver):
        stop_at(6, practice, pages)
    del pages

    calls = len(practice.log)
    assert practice.under_way_at(practice.clock.monotonic()) == 0
    assert api.calls == calls
    assert practice.slots() == 0
    assert len(api.write_all([contact(number) for number in range(5)])) == 5
    assert practice.most_at_once == 5


def test_after_an_error_the_pages_under_way_are_given_first() -> None:
    practice = Practice(latency=2.0)
    api = practice.api()
    api.organisation()
    practice.fault("rate_limit", path="Items", times=1, problem="day", retry_after=900)

    read, error = read_until_error(
        api, {"items": api.item_list(None), "many": many(9), "accounts": many(1)}
    )

    assert read == ["many", "accounts"]
    assert isinstance(error, RateLimited)
    assert (error.problem, error.retry_after) == ("day", 900)
    assert practice.slots() == 0


def test_a_page_that_does_not_say_which_it_is_ends_the_reading() -> None:
    api = Api(found("Contacts"), found("Accounts", {"Code": "200"}))
    readings = {"contacts": api.contact_pages(None), "accounts": api.account_list()}

    read, error = read_until_error(api, readings)

    assert read == ["accounts"]
    assert isinstance(error, UnreadableAnswer)


def test_an_answer_taken_for_somebody_else_is_kept_for_him() -> None:
    """While a reading is under way, its consumer makes calls of his own."""
    practice = Practice(latency=2.0)
    api = practice.api()
    pages = api.read_all({"many": many(2), "more": many(2)})

    next(pages)
    assert api.organisation()["Name"] == "Books"

    assert len(list(pages)) == 3
    assert api.calls == 5


def test_what_a_write_answers_in_html_may_have_happened() -> None:
    html = Response(200, {"content-type": "text/html"}, b"<html>")

    outcomes = outcomes_of(*[html] * 3, calls=1)

    assert outcomes == [(UnreadableAnswer, True)]
