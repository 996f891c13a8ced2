"""The connected organisation: its currency, its time zone, up to when it is locked, and
what it does not let us do."""

from collections.abc import Iterable, Mapping
from datetime import date

from xero_sync.mappers import wire
from xero_sync.mappers.wire import Payload
from xero_sync.outcomes.drafts import Organisation


def organisation_from_wire(payload: object) -> Organisation:
    organisation = wire.payload_of(payload)
    return Organisation(
        name=wire.required_text(organisation, "Name", longest=255),
        short_code=wire.text(organisation, "ShortCode", longest=20),
        base_currency=wire.required_text(organisation, "BaseCurrency", longest=3),
        country=wire.text(organisation, "CountryCode", longest=3),
        time_zone=wire.text(organisation, "Timezone"),
        is_demo=wire.flag(organisation, "IsDemoCompany"),
        lock_date=_lock_date(organisation),
    )


def forbidden_actions(actions: Iterable[Mapping[str, object]]) -> list[str]:
    """Xero's names of them; what it does not name it allows."""
    return sorted(
        str(one["Name"])
        for one in actions
        if one.get("Name") and one.get("Status") == "NOT-ALLOWED"
    )


def _lock_date(organisation: Payload) -> date | None:
    # One binds advisers too, the other everybody else: we obey the later.
    dates = (
        wire.day(organisation, "PeriodLockDate"),
        wire.day(organisation, "EndOfYearLockDate"),
    )
    return max((day for day in dates if day is not None), default=None)
