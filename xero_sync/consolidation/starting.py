"""How to start: whose values stay, and what a person ticks to be archived."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet

from customers.models import Contact
from customers.services import archive_contact
from fieldops.common.actor import Actor
from xero_sync.consolidation.errors import NotNow
from xero_sync.models import PlannedChange, SyncRun, SyncSettings, XeroConnection
from xero_sync.outcomes.kinds import Action, Direction, Kind
from xero_sync.runs.choices import change_settings
from xero_sync.runs.requests import preview_first_sync
from xero_sync.store.ticked import known_of, split_ticked

StartWith = SyncSettings.StartWith


def choose_start(
    connection: XeroConnection, start_with: str, *, by: Actor
) -> SyncRun | None:
    """Before the first sync. Gives the preview that is made anew, if there was one."""
    if connection.first_sync_done_at or start_with not in StartWith.values:
        raise NotNow
    change_settings({"start_with": start_with}, by=by)
    return preview_again(connection, by=by)


def preview_again(connection: XeroConnection, *, by: Actor) -> SyncRun | None:
    """The one that people have seen no longer says what will happen. None where nobody
    has seen one, or Xero cannot be asked now."""
    seen = SyncRun.objects.filter(connection=connection, reason=SyncRun.Reason.PREVIEW)
    is_ready = connection.is_connected and not SyncSettings.current().unconfirmed
    return preview_first_sync(by=by) if is_ready and seen.exists() else None


def without_twin(run: SyncRun, start_with: str) -> QuerySet[PlannedChange]:
    """By the preview: Xero's contacts that nobody here is, where ours are kept; else
    ours that nobody in Xero is."""
    changes = run.changes.filter(kind=Kind.CONTACT).order_by("title", "pk")
    if start_with == StartWith.OURS:
        return changes.filter(
            local_id=None, action__in=(Action.CREATE, Action.ARCHIVE)
        ).exclude(xero_id="")
    return changes.filter(action=Action.CREATE, direction=Direction.TO_XERO)


@transaction.atomic
def tick_for_archive(
    connection: XeroConnection, shown: Collection[str], ticked: Collection[str]
) -> int:
    """Of the contacts of Xero's that a person was ``shown``: those ``ticked``, and no
    other, are archived there by the first sync, if they are then as they are now. Gives
    how many are ticked in all."""
    connection = XeroConnection.objects.select_for_update().get(pk=connection.pk)
    # The plan of one that is at work is signed: a tick would come to nothing.
    if connection.first_sync_done_at or _is_at_work(connection):
        raise NotNow
    kept = {
        xero_id: known
        for xero_id, known in connection.to_archive.items()
        if xero_id not in shown
    }
    connection.to_archive = kept | known_of(connection, set(ticked) & set(shown))
    connection.save(update_fields=["to_archive"])
    return len(split_ticked(connection)[0])


def _is_at_work(connection: XeroConnection) -> bool:
    first = SyncRun.objects.open().filter(reason=SyncRun.Reason.FIRST)
    return first.filter(connection=connection).exists()


@transaction.atomic
def archive_here(ids: Collection[int], *, by: Actor) -> int:
    """At once: each can be restored on its page."""
    contacts = list(Contact.objects.filter(pk__in=ids, is_archived=False))
    for contact in contacts:
        archive_contact(contact, by=by)
    return len(contacts)
