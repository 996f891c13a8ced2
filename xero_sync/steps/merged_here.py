"""What becomes of links when records of ours are merged, and when that is undone.

A merged record that was linked hands its link to the kept one, if that has none, and
gets it back. Where both have one the other link rests: nothing is read from it or sent
to it, but its partner in Xero is nobody else's, and it is archived there only when a
person said so.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import F, Q, QuerySet

from customers.models import Contact
from fieldops.common.merging import surviving
from fieldops.common.models import MergedRecord, Record
from fieldops.common.prepared import prepared
from stock.models import StockItem
from xero_sync.models import (
    ContactLink,
    ItemLink,
    MirrorRecord,
    PairDecision,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Kind
from xero_sync.outcomes.left_bases import leaving, returning
from xero_sync.steps.context import Context
from xero_sync.store.intents import open_intents
from xero_sync.store.mirror import mirror_rows

LINKS: Mapping[str, type[ContactLink] | type[ItemLink]] = {
    Kind.CONTACT: ContactLink,
    Kind.ITEM: ItemLink,
}
RECORDS: Mapping[str, type[Contact] | type[StockItem]] = {
    Kind.CONTACT: Contact,
    Kind.ITEM: StockItem,
}
_ARCHIVED = "ARCHIVED"
_MOST_HOPS = 20


def follow_merges(ctx: Context, *, in_full: bool, only_looks: bool) -> None:
    """Before a plan is made: whose link is whose now. ``in_full``: partners that lost
    their link are looked for by what they carry as well."""
    if not _some_merged():
        return
    if open_intents(ctx.connection.pk):
        return  # a partner may be in the making
    for kind in LINKS:
        with ctx.commit():
            if not only_looks:
                _adopt(ctx.connection, kind, by_own_id=in_full)
            while _move_one(ctx.connection, kind):
                pass
    with ctx.commit():
        _look_after_resting(ctx.connection)


def resting_links(connection: XeroConnection, kind: str) -> "QuerySet[Any]":
    """Of records that are part of another one now."""
    model: Any = LINKS[kind]
    resting: QuerySet[Any] = model.objects.filter(
        connection=connection, record__merged_into__isnull=False
    )
    return resting


def retired_links(connection: XeroConnection) -> Iterator[ContactLink]:
    """Those whose partners a person wants archived in Xero, and that are active there."""
    for link in _retired(connection.pk):
        if not link.base.get("is_archived"):
            yield link


@prepared
def _some_merged() -> "QuerySet[MergedRecord, int]":
    return MergedRecord.objects.order_by().values_list("pk", flat=True)[:1]


@prepared
def _retired(connection_id: int) -> QuerySet[ContactLink]:
    asked = MergedRecord.objects.filter(
        merge__record_type=Contact._meta.label_lower,
        merge__undone_at=None,
        merge__archives_in_books=True,
    )
    links = ContactLink.objects.filter(
        connection=connection_id,
        record__merged_into__isnull=False,
        record__in=asked.values("record_id"),
    )
    return links.order_by("pk")


def survivors_of(kind: str, ids: Iterable[int]) -> set[int]:
    """What became of those of these records that were merged away."""
    asked = list(ids)
    if kind not in RECORDS or not asked:
        return set()
    return set(_survivors(asked, kind=kind))


@prepared
def _survivors(ids: list[int], *, kind: str) -> "QuerySet[Any, int]":
    model: Any = RECORDS[kind]
    gone: QuerySet[Any] = model.objects.filter(pk__in=ids, merged_into__isnull=False)
    return gone.values_list("merged_into_id", flat=True)


# --- whose link is whose --------------------------------------------------------------


def _move_one(connection: XeroConnection, kind: str) -> bool:
    """One link to where it belongs now; those that go home first."""
    links = _concerned(connection.pk, kind=kind)
    if not links:
        return False
    model: Any = LINKS[kind]
    places = {one.pk: (one.home or one.record) for one in links}
    wanted = {two.pk for one in places.values() for two in (one, surviving(one))}
    linked = set(
        model.objects.filter(connection=connection, record_id__in=wanted).values_list(
            "record_id", flat=True
        )
    )
    for link in links:
        home = places[link.pk]
        place = _place(connection, link, home, linked)
        if place.pk != link.record_id and place.pk not in linked:
            _take_base_along(link, place, home)
            link.record = place
            link.home = None if place.pk == home.pk else home
            # Nothing was ever compared with this record.
            link.revision, link.remote_digest = 0, ""
            link.save()
            return True
    return False


@prepared
def _concerned(connection_id: int, *, kind: str) -> "QuerySet[Any]":
    model: Any = LINKS[kind]
    concerned: QuerySet[Any] = model.objects.filter(connection=connection_id).filter(
        Q(record__merged_into__isnull=False) | Q(home__isnull=False)
    )
    selected = concerned.select_related("record__merged_into", "home__merged_into")
    return selected.order_by(F("home").asc(nulls_last=True), "pk")


def _take_base_along(link: Any, place: Record, home: Record) -> None:
    left = leaving(link.left or {}, link.record_id, link.base, link.base_slots)
    link.base = returning(left, place.pk, link.base, link.base_slots)
    left.pop(str(place.pk), None)
    link.left = None if place.pk == home.pk else left


def _place(
    connection: XeroConnection, link: Any, home: Any, linked: Container[int]
) -> Any:
    """The survivor, unless that has a partner of its own."""
    target = surviving(home)
    if target.pk == link.record_id:
        return target
    return home if target.pk in linked or _is_carried(connection, target) else target


def _is_carried(connection: XeroConnection, record: Record) -> bool:
    """Whether a contact in Xero carries our own id of this one, and lost its link."""
    carriers = _carriers(connection, [str(record.uid)])
    return isinstance(record, Contact) and carriers.exists()


def _carriers(
    connection: XeroConnection, uids: Iterable[str]
) -> QuerySet[MirrorRecord]:
    linked = ContactLink.objects.filter(connection=connection)
    return MirrorRecord.objects.filter(
        connection=connection,
        kind=Kind.CONTACT,
        is_gone=False,
        payload__ContactNumber__in=list(uids),
    ).exclude(xero_id__in=linked.values("xero_id"))


def _adopt(connection: XeroConnection, kind: str, *, by_own_id: bool) -> None:
    """Partners of merged records that nothing links, or not any more."""
    model: Any = LINKS[kind]
    records: Any = RECORDS[kind]
    links = model.objects.filter(connection=connection)
    merged = records.objects.filter(merged_into__isnull=False)
    by_uid = {str(uid): pk for pk, uid in _partnerless(connection.pk, kind=kind)}
    if not by_uid:
        return
    lost = merged.exclude(pk__in=links.values("record_id"))
    partners = list(_called_the_same(connection, kind, lost))
    if by_own_id and kind == Kind.CONTACT:
        rows = _carriers(connection, by_uid).order_by("xero_id")
        partners += [(str(row.payload["ContactNumber"]), row.xero_id) for row in rows]
    there = [xero_id for _, xero_id in partners]
    taken = set(links.filter(xero_id__in=there).values_list("xero_id", flat=True))
    for uid, xero_id in partners:
        if uid in by_uid and xero_id not in taken:
            model.objects.create(
                connection=connection,
                record_id=by_uid.pop(uid),
                xero_id=xero_id,
                origin=model.Origin.ADOPTED,
            )
            taken.add(xero_id)


@prepared
def _partnerless(connection_id: int, *, kind: str) -> "QuerySet[Any, Any]":
    links: Any = LINKS[kind].objects.filter(connection=connection_id)
    records: Any = RECORDS[kind]
    merged: QuerySet[Any] = records.objects.filter(merged_into__isnull=False)
    lost = merged.exclude(pk__in=links.values("record_id"))
    return lost.values_list("pk", "uid")


def _called_the_same(
    connection: XeroConnection, kind: str, records: "QuerySet[Any]"
) -> Iterator[tuple[str, str]]:
    """By a person: our uid and Xero's id, as far as it is there."""
    same = PairDecision.objects.filter(
        connection=connection,
        kind=kind,
        answer=PairDecision.Answer.SAME,
        local_uid__in=records.values("uid"),
    )
    said = list(same.order_by("pk").values_list("local_uid", "xero_id"))
    there = mirror_rows(connection, kind, [xero_id for _, xero_id in said])
    return ((str(uid), xero_id) for uid, xero_id in said if xero_id in there)


# --- what happens in Xero to the partner of a merged contact --------------------------


def _look_after_resting(connection: XeroConnection) -> None:
    links = list(resting_links(connection, Kind.CONTACT).select_related("record"))
    if not links:
        return
    kept = {
        one.record_id: one
        for one in ContactLink.objects.filter(
            connection=connection,
            record__in=[link.record.merged_into_id for link in links],
        )
    }
    archived = set(
        MirrorRecord.objects.filter(
            connection=connection,
            kind=Kind.CONTACT,
            payload__ContactStatus=_ARCHIVED,
            xero_id__in=[one.xero_id for one in (*links, *kept.values())],
        ).values_list("xero_id", flat=True)
    )
    for link in links:
        own = kept.get(link.record.merged_into_id)
        if (
            own is not None
            and own.xero_id in archived
            and _heir(connection, own.xero_id) == link.xero_id
        ):
            _swap(own, link)
        elif link.xero_id in archived and not link.base.get("is_archived"):
            # When the merge is undone ours is active, and Xero's is known not to be.
            link.base["is_archived"] = True
            link.save(update_fields=["base"])


def _heir(connection: XeroConnection, xero_id: str) -> str:
    """Where a chain of mergers in Xero ends; blank where it has not begun."""
    heir = ""
    for _ in range(_MOST_HOPS):
        rows = mirror_rows(connection, Kind.CONTACT, [heir or xero_id])
        payload, _digest = rows.get(heir or xero_id, ({}, ""))
        if not payload.get("MergedToContactID"):
            break
        heir = str(payload["MergedToContactID"])
    return heir


def _swap(kept: ContactLink, link: ContactLink) -> None:
    """The same two were merged in Xero, the other way round: what is left there is the
    partner of what is left here."""
    names = ("xero_id", "origin", "base", "base_slots", "reasons", "remote_updated_at")
    of_kept = {name: getattr(kept, name) for name in names}
    link.delete()
    for name in names:
        setattr(kept, name, getattr(link, name))
        setattr(link, name, of_kept[name])
    link.pk = None
    for one in (kept, link):
        one.revision, one.remote_digest, one.left = 0, "", None
        one.save()
