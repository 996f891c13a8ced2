"""Turn what Xero answered into rows of the mirror."""

from collections.abc import Mapping
from datetime import datetime

from xero_sync.outcomes.drafts import ElementResult
from xero_sync.outcomes.wire import kept, updated_at
from xero_sync.store.mirror import Seen


def seen(payload: Mapping[str, object], xero_id: str) -> Seen | None:
    """None where the moment of the last change is missing: then it cannot be ordered."""
    moment = updated_at(payload)
    if moment is None:
        return None
    return seen_at(moment, payload, xero_id)


def seen_at(moment: datetime, payload: Mapping[str, object], xero_id: str) -> Seen:
    return Seen(xero_id, moment, *kept(payload))


def as_seen(result: ElementResult) -> Seen | None:
    if result.updated_at is None:
        return None
    return Seen(result.xero_id, result.updated_at, result.text, result.digest)
