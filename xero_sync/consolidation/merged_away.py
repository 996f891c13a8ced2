"""What is left in Xero of contacts that were merged here: archived there when a person
says so, with the merge itself or at any time after it."""

from collections.abc import Iterable

from django.db import transaction

from customers.models import Contact
from fieldops.common.models import Merge, MergedRecord
from xero_sync.consolidation.errors import NothingToArchive
from xero_sync.models import MirrorRecord, XeroConnection
from xero_sync.outcomes.kinds import Kind
from xero_sync.steps.merged_here import resting_links


def left_in_xero(merges: Iterable[Merge]) -> set[int]:
    """Those of these merges, by primary key, of which a contact stands in Xero that
    nobody has asked to archive."""
    connection = XeroConnection.current()
    asked = [merge.pk for merge in merges if not merge.archives_in_books]
    if connection is None or not asked:
        return set()
    merged = MergedRecord.objects.filter(
        merge__in=asked, merge__record_type=Contact._meta.label_lower
    )
    merge_of = dict(merged.values_list("record_id", "merge_id"))
    links = resting_links(connection, Kind.CONTACT).filter(record__in=list(merge_of))
    partners = {
        xero_id: merge_of[record_id]
        for record_id, xero_id in links.values_list("record_id", "xero_id")
    }
    active = MirrorRecord.objects.filter(
        connection=connection,
        kind=Kind.CONTACT,
        is_gone=False,
        xero_id__in=list(partners),
        payload__ContactStatus="ACTIVE",
    )
    return {partners[xero_id] for xero_id in active.values_list("xero_id", flat=True)}


@transaction.atomic
def archive_left_in_xero(merge: Merge) -> None:
    """The next sync archives them there. An undo of the merge does not bring them back:
    Xero restores nobody from outside."""
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at or merge.pk not in left_in_xero([merge]):
        raise NothingToArchive
    merge.archives_in_books = True
    merge.save(update_fields=["archives_in_books"])
