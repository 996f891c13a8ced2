"""Change what the sync is told to do."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from fieldops.common.actor import Actor
from fieldops.common.changes import change_record, locked
from xero_sync.models import SyncSettings, XeroConnection
from xero_sync.outcomes.wire import fingerprint
from xero_sync.runs.ending import next_due

# What a plan is made under: where and whether something goes.
_BASIS = (
    *("email", "address_slot", "arrival_status", "sends_drafts", "invoices_from"),
    "start_with",
)


def basis_of(settings: SyncSettings) -> str:
    """Another one tells that a plan made before no longer says what is wanted."""
    return fingerprint([str(getattr(settings, name)) for name in _BASIS])


@transaction.atomic
def change_settings(values: Mapping[str, Any], *, by: Actor) -> SyncSettings:
    """A new frequency counts from now. Confirmations are values like the others."""
    settings = locked(SyncSettings.current())
    changed = change_record(settings, values, by=by)
    connection = XeroConnection.current()
    if connection and connection.first_sync_done_at and {"mode", "frequency"} & changed:
        connection.next_due_at = next_due(connection.pk, timezone.now())
        connection.save(update_fields=["next_due_at"])
    return settings


def next_day_after_lock_date() -> date | None:
    """From when on Xero would take invoices at all."""
    connection = XeroConnection.current()
    if connection is None or connection.lock_date is None:
        return None
    return connection.lock_date + timedelta(days=1)
