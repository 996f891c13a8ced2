"""Turn what Xero answered into rows of the mirror."""

from collections.abc import Mapping
from datetime import datetime

from xero_sync.outcomes.drafts import ElementResult
from xero_sync.outcomes.wire import kept, updated_at
from xero_sync.store.mirror import Seen

# Left out of the digest: they come and go with the kind of answer, and say nothing.
_PASSING = frozenset(
    {
        "StatusAttributeString",
        "ValidationErrors",
        "HasValidationErrors",
        "HasErrors",
        "Warnings",
    }
)


def seen(payload: Mapping[str, object], xero_id: str) -> Seen | None:
    """None where the moment of the last change is missing: then it cannot be ordered."""
    moment = updated_at(payload)
    if moment is None:
        return None
    return seen_at(moment, payload, xero_id)


def seen_at(moment: datetime, payload: Mapping[str, object], xero_id: str) -> Seen:
    said = dict(payload)
    for key in _PASSING & said.keys():
        del said[key]
    text, digest = kept(said)
    return Seen(xero_id, moment, text, digest)


def as_seen(result: ElementResult) -> Seen | None:
    return seen(result.payload, result.xero_id)
