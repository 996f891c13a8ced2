"""Which errors pass by themselves, and how long to wait for it."""

import pytest

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
from xero_sync.client.retry import jitter, should_retry, wait_seconds


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (XeroUnavailable("down"), True),
        (RateLimited("minute", retry_after=1), True),
        (AnswerLost("cut"), True),
        (UnreadableAnswer("html", outcome_unknown=True), True),
        (XeroRefused(400, ()), False),
        (XeroDisconnected("token"), False),
        (PermissionMissing(), False),
        (NotFound("gone"), False),
    ],
)
def test_only_what_passes_is_tried_again(error: XeroError, again: bool) -> None:
    assert should_retry(error, attempt=1) is again
    assert should_retry(error, attempt=2) is again
    assert should_retry(error, attempt=3) is False


def test_waits_double_within_their_bounds() -> None:
    error = AnswerLost("cut")

    assert [wait_seconds(error, attempt, lambda: 1.0) for attempt in (1, 2, 3)] == [
        1.0,
        2.0,
        4.0,
    ]
    assert wait_seconds(error, 3, lambda: 0.0) == 0.5


def test_what_xero_asks_for_is_the_least() -> None:
    error = XeroUnavailable("down", retry_after=26)

    assert wait_seconds(error, 1, lambda: 0.0) == 26
    assert wait_seconds(error, 1, lambda: 1.0) == 26.5
    assert jitter(0.5, 2.0, lambda: 0.5) == 1.25
