"""Five calls under way and never six, sixty a minute and never more: told by the
practice ledger's own log, in its time."""

from itertools import chain, zip_longest

import pytest

from tests.xero_sync.client.many import contact, keys_of, many
from tests.xero_sync.client.practice import Practice
from xero_sync.client.api import XeroApi
from xero_sync.client.errors import RateLimited, XeroError
from xero_sync.client.throttle import MemoryBudget


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
