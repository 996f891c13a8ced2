"""Keep the pairs that a plan came upon, for people to decide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from customers.models import Contact
from fieldops.common.bulk import insert_rows, update_rows
from fieldops.common.prepared import prepared
from xero_sync.models import FoundPair, SyncRun, XeroConnection
from xero_sync.outcomes.kinds import Kind

_GROUP = FoundPair.Group
_Key = tuple[int | None, int | None, str]
_MANY = 500  # ids in one statement


@dataclass(frozen=True, slots=True)
class Possible:
    kind: str
    local_id: int
    xero_id: str
    name_here: str
    name_there: str
    strength: int
    score: float
    reasons: Sequence[str]

    @property
    def key(self) -> _Key:
        is_contact = self.kind == Kind.CONTACT
        return (
            self.local_id if is_contact else None,
            None if is_contact else self.local_id,
            self.xero_id,
        )


def has_pairs(connection: XeroConnection) -> bool:
    return bool(_some_pair(connection.pk))


@prepared
def _some_pair(connection_id: int) -> "QuerySet[FoundPair, int]":
    pairs = FoundPair.objects.filter(connection=connection_id).order_by()
    return pairs.values_list("pk", flat=True)[:1]


def keep_pairs(
    run: SyncRun,
    found: Sequence[Possible],
    *,
    wanted: Mapping[str, set[int]] | None = None,
) -> None:
    """The open pairs are those of the plan, ``wanted`` or all. A row stays the same row
    from plan to plan; decided ones go once a sync plans with their answers."""
    before = {
        (contact, item, xero_id): (pk, decision, values)
        for pk, contact, item, xero_id, decision, *values in _rows(run, wanted)
    }
    kept = {one.key: one for one in found if _is_wanted(one, wanted)}
    only_looks = run.reason == SyncRun.Reason.PREVIEW
    _drop(
        pk
        for key, (pk, decision, _) in before.items()
        if key not in kept and not (decision and only_looks)
    )
    groups = _groups(one.local_id for one in kept.values() if one.kind == Kind.CONTACT)
    rows = {key: _values(one, groups) for key, one in kept.items()}
    new = [
        {"connection": run.connection_id, "decision": None, **_ids(kept[key]), **row}
        for key, row in rows.items()
        if key not in before
    ]
    insert_rows(FoundPair, new, or_ignore=True)
    update_rows(
        FoundPair,
        ("id",),
        [
            {"id": before[key][0], **row}
            for key, row in rows.items()
            if key in before and before[key][2] != list(row.values())
        ],
    )


def _rows(run: SyncRun, wanted: Mapping[str, set[int]] | None) -> Iterable[Any]:
    pairs = FoundPair.objects.filter(connection=run.connection_id)
    if wanted is not None:
        pairs = pairs.filter(
            Q(contact__in=wanted.get(Kind.CONTACT, ()))
            | Q(item__in=wanted.get(Kind.ITEM, ()))
        )
    return pairs.order_by().values_list(
        *("pk", "contact_id", "item_id", "xero_id", "decision_id"), *_COLUMNS
    )


def _is_wanted(one: Possible, wanted: Mapping[str, set[int]] | None) -> bool:
    return wanted is None or one.local_id in wanted.get(one.kind, ())


def _drop(ids: Iterable[int]) -> None:
    gone = list(ids)
    for start in range(0, len(gone), _MANY):
        FoundPair.objects.filter(pk__in=gone[start : start + _MANY]).delete()


def _groups(contact_ids: Iterable[int]) -> dict[int, str]:
    """Who is only bought from stands with the suppliers."""
    ids = sorted(set(contact_ids))
    groups = dict.fromkeys(ids, _GROUP.CUSTOMERS.value)
    for start in range(0, len(ids), _MANY):
        suppliers = Contact.objects.filter(
            pk__in=ids[start : start + _MANY], is_supplier=True, is_customer=False
        )
        for pk in suppliers.values_list("pk", flat=True):
            groups[pk] = _GROUP.SUPPLIERS.value
    return groups


_COLUMNS = (
    *("kind", "group", "name_here", "name_there"),
    *("strength", "score", "reasons"),
)


def _values(one: Possible, groups: Mapping[int, str]) -> dict[str, Any]:
    """The columns in their order."""
    is_contact = one.kind == Kind.CONTACT
    values = (
        str(one.kind),
        groups[one.local_id] if is_contact else _GROUP.STOCK.value,
        one.name_here[:500],
        one.name_there[:500],
        int(one.strength),
        float(one.score),
        list(one.reasons),
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _ids(one: Possible) -> dict[str, Any]:
    contact, item, xero_id = one.key
    return {"contact": contact, "item": item, "xero_id": xero_id}
