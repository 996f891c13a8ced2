"""Whether and when one call is tried again, within a few seconds. What is worth another
try tomorrow is not decided here."""

from collections.abc import Callable

from xero_sync.client.errors import (
    AnswerLost,
    RateLimited,
    UnreadableAnswer,
    XeroError,
    XeroUnavailable,
)

TRIES = 3
FIRST_WAIT = 0.5
CONCURRENT_WAITS = (0.5, 2.0)

Random = Callable[[], float]


def should_retry(error: XeroError, attempt: int) -> bool:
    """The same bytes under the same key are harmless to repeat."""
    passing = isinstance(error, XeroUnavailable | AnswerLost | UnreadableAnswer)
    return passing and attempt < TRIES


def wait_seconds(error: XeroError, attempt: int, random: Random) -> float:
    """What Xero asks for, or a wait that doubles."""
    asked = error.retry_after if isinstance(error, XeroUnavailable) else None
    if asked is not None:
        return asked + jitter(0.0, 0.5, random)
    if isinstance(error, RateLimited):
        return jitter(*CONCURRENT_WAITS, random)
    return jitter(FIRST_WAIT, FIRST_WAIT * 2**attempt, random)


def jitter(least: float, most: float, random: Random) -> float:
    """Somewhere between, so that those who failed together do not return together."""
    return least + (most - least) * random()
