"""The yardsticks of the bench are right themselves."""

import pytest

from tests.bench.schedule import most_in_a_window, shortest_seconds
from tests.bench.sizes import Sizes


def test_the_fewest_calls_are_reads_and_full_batches() -> None:
    assert Sizes(10_000).minimal_push == 6 + 200 + 400 + 100
    assert Sizes(10).minimal_push == 6 + 1 + 1 + 1


@pytest.mark.parametrize(
    ("calls", "latency", "seconds"),
    [(1, 2.0, 2.0), (5, 2.0, 2.0), (6, 2.0, 4.0), (61, 2.0, 62.0), (706, 2.0, 680.0)],
)
def test_the_schedule_keeps_both_limits(
    calls: int, latency: float, seconds: float
) -> None:
    assert shortest_seconds(calls, latency=latency) == seconds


def test_a_slow_answer_is_felt_by_the_five_lanes_alone() -> None:
    assert shortest_seconds(706, latency=6.0) == 142 * 6.0


def test_a_window_slides() -> None:
    assert most_in_a_window([0.0, 59.0, 60.0, 61.0]) == 3
