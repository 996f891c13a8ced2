"""Contacts in Xero that a person ticked for archiving, and what was known of them then:
who has changed since, or been invoiced or paid, is another one than the person saw."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from fieldops.common.prepared import streamed
from xero_sync.models import MirrorRecord, XeroConnection
from xero_sync.outcomes.kinds import Kind
from xero_sync.outcomes.wire import fingerprint
from xero_sync.store.mirror import mirror_rows


def known_of(connection: XeroConnection, xero_ids: Collection[str]) -> dict[str, str]:
    """A fingerprint of each contact with its invoices and bills, as Xero last told."""
    if not xero_ids:
        return {}
    rows = mirror_rows(connection, Kind.CONTACT, xero_ids)
    invoices: dict[str, list[str]] = {one.lower(): [] for one in rows}
    for contact_id, digest in _invoices(connection.pk):
        of_contact = invoices.get(str(contact_id).lower())
        if of_contact is not None:
            of_contact.append(digest)
    return {
        xero_id: fingerprint([digest, *sorted(invoices[xero_id.lower()])])
        for xero_id, (_, digest) in rows.items()
    }


def split_ticked(
    connection: XeroConnection, among: Collection[str] | None = None
) -> tuple[frozenset[str], frozenset[str]]:
    """Those that are as they were when they were ticked, and those that are not."""
    ticked: dict[str, str] = connection.to_archive
    asked = [one for one in ticked if among is None or one in among]
    now = known_of(connection, asked)
    same = frozenset(one for one in asked if ticked[one] == now.get(one))
    return same, frozenset(asked) - same


@streamed
def _invoices(connection_id: int) -> "QuerySet[MirrorRecord, tuple[str, str]]":
    rows = MirrorRecord.objects.filter(
        connection=connection_id, kind=Kind.INVOICE, is_gone=False
    )
    return rows.values_list(KT("payload__Contact__ContactID"), "digest")
