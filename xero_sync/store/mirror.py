"""Keep what Xero last told us."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import QuerySet

from fieldops.common.bulk import put_rows
from fieldops.common.prepared import Change, prepared, prepared_change
from fieldops.common.rows import Among, read_rows
from xero_sync.models import MirrorRecord, XeroConnection
from xero_sync.models.links import XeroLink
from xero_sync.store.links import LINK_MODELS

_Kept = tuple[str, datetime, bool]


class Seen(msgspec.Struct, frozen=True, gc=False):
    """One record as answered; ``digest`` is the hash of its canonical JSON."""

    xero_id: str
    updated_at: datetime
    payload: msgspec.Raw
    digest: str


def put_mirror(
    connection: XeroConnection, kind: str, seen: Sequence[Seen]
) -> frozenset[str]:
    """Store what differs; an older version never replaces a newer one.

    Returns the ids of the records that were new or changed. The same moment of change
    is the same version, in whatever way it is told: an answer to a write says some
    things otherwise than a list does.
    """
    latest = {one.xero_id: one for one in sorted(seen, key=lambda one: one.updated_at)}
    known = {
        xero_id: (digest, updated_at, is_gone)
        for xero_id, digest, updated_at, is_gone in _known(
            connection.pk, kind, list(latest)
        )
    }
    changed = [one for one in latest.values() if _is_news(one, known.get(one.xero_id))]
    _put(connection, kind, changed)
    return frozenset(
        one.xero_id for one in changed if _is_newer(one, known.get(one.xero_id))
    )


def put_answers(connection: XeroConnection, kind: str, seen: Sequence[Seen]) -> None:
    """What Xero answered to a write: in one statement, for it surely is news."""
    _put(connection, kind, seen)


def _put(connection: XeroConnection, kind: str, seen: Iterable[Seen]) -> None:
    put_rows(
        MirrorRecord,
        [
            {
                "connection": connection.pk,
                "kind": str(kind),
                "xero_id": one.xero_id,
                "updated_at": one.updated_at,
                "payload": one.payload,
                "digest": one.digest,
                "is_gone": False,
            }
            for one in seen
        ],
        unique=("connection", "kind", "xero_id"),
        newest_by="updated_at",
    )


def mirrored(connection: XeroConnection, kind: str) -> Iterable[dict[str, Any]]:
    """The payloads of a kind, without those Xero no longer lists."""
    return (
        MirrorRecord.objects.filter(connection=connection, kind=kind, is_gone=False)
        .order_by("xero_id")
        .values_list("payload", flat=True)
        .iterator(chunk_size=1000)
    )


def mirror_rows(
    connection: XeroConnection, kind: str, xero_ids: Iterable[str]
) -> dict[str, tuple[dict[str, Any], str]]:
    """Payload and digest of each."""
    rows = read_rows(
        MirrorRecord,
        ("xero_id", "payload", "digest"),
        Among("xero_id", xero_ids),
        connection=connection.pk,
        kind=str(kind),
    )
    return {xero_id: (payload, digest) for xero_id, payload, digest in rows}


def mark_gone(
    connection: XeroConnection, kind: str, still_listed: Iterable[str]
) -> None:
    """After a full list: whatever is not on it is gone."""
    _mark_gone(connection.pk, kind, list(still_listed))


def mark_missing(connection: XeroConnection, kind: str, xero_id: str) -> None:
    """Xero says that it has this one no longer."""
    MirrorRecord.objects.filter(
        connection=connection, kind=kind, xero_id=xero_id
    ).update(is_gone=True)


def gone_among(
    connection: XeroConnection, kind: str, xero_ids: Iterable[str]
) -> frozenset[str]:
    rows = read_rows(
        MirrorRecord,
        ("xero_id",),
        Among("xero_id", xero_ids),
        connection=connection.pk,
        kind=str(kind),
        is_gone=True,
    )
    return frozenset(xero_id for (xero_id,) in rows)


def gone_ids(connection: XeroConnection, kind: str) -> frozenset[str]:
    return frozenset(_gone(connection.pk, kind))


@prepared
def _known(
    connection_id: int, kind: str, xero_ids: list[str]
) -> "QuerySet[MirrorRecord, tuple[Any, ...]]":
    rows = MirrorRecord.objects.filter(
        connection=connection_id, kind=kind, xero_id__in=xero_ids
    )
    return rows.values_list("xero_id", "digest", "updated_at", "is_gone")


@prepared_change
def _mark_gone(connection_id: int, kind: str, listed: list[str]) -> Change:
    rows = MirrorRecord.objects.filter(
        connection=connection_id, kind=kind, is_gone=False
    )
    return rows.exclude(xero_id__in=listed), {"is_gone": True}


@prepared
def _gone(connection_id: int, kind: str) -> "QuerySet[MirrorRecord, str]":
    rows = MirrorRecord.objects.filter(
        connection=connection_id, kind=kind, is_gone=True
    )
    return rows.values_list("xero_id", flat=True)


def _is_news(one: Seen, known: _Kept | None) -> bool:
    if known is None:
        return True
    digest, updated_at, is_gone = known
    if one.updated_at < updated_at:
        return False
    return digest != one.digest or is_gone


def _is_newer(one: Seen, known: _Kept | None) -> bool:
    if known is None:
        return True
    _, updated_at, is_gone = known
    return one.updated_at > updated_at or is_gone


def holds_own_records(connection: XeroConnection) -> bool:
    """Empty means: no contact, item or invoice of its own. What we have sent, in a first
    sync that was stopped, is ours."""
    return any(_first_of_its_own(connection.pk, kind=kind) for kind in LINK_MODELS)


@prepared
def _first_of_its_own(connection_id: int, *, kind: str) -> "QuerySet[Any, int]":
    sent = (XeroLink.Origin.CREATED_THERE, XeroLink.Origin.ADOPTED)
    ours = LINK_MODELS[kind].objects.filter(connection=connection_id, origin__in=sent)
    there = MirrorRecord.objects.filter(
        connection=connection_id, kind=kind, is_gone=False
    )
    strangers = there.exclude(xero_id__in=ours.values("xero_id"))
    return strangers.values_list("pk", flat=True)[:1]
