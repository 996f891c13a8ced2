"""One write, for tests of what a single call does: the sync sends them side by side."""

from collections.abc import Mapping

from xero_sync.client.api import Write, XeroApi
from xero_sync.client.errors import XeroError
from xero_sync.outcomes.drafts import ElementResult


def write(
    api: XeroApi,
    method: str,
    path: str,
    body: bytes,
    *,
    idempotency_key: str,
    params: Mapping[str, str] | None = None,
) -> list[ElementResult]:
    """Each element of a batch has its own outcome, in the order Xero answered."""
    one = Write(method, path, body, idempotency_key, params or {})
    (outcome,) = api.write_all([one])
    if isinstance(outcome, XeroError):
        raise outcome
    return list(outcome)
