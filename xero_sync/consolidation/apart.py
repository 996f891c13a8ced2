"""What people called two: listed, and taken back by whoever made a mistake."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from customers.models import Contact
from invoicing.models import Invoice
from stock.models import StockItem
from xero_sync.consolidation.copies import Place
from xero_sync.models import MirrorRecord, PairDecision, XeroConnection
from xero_sync.outcomes.kinds import Kind
from xero_sync.store.links import LINK_MODELS

Record = Contact | StockItem | Invoice
_RECORDS: Mapping[str, Any] = {
    Kind.CONTACT: Contact,
    Kind.ITEM: StockItem,
    Kind.INVOICE: Invoice,
    Place.HERE: Contact,
    Place.STOCK: StockItem,
}
_MIRRORED = {
    Kind.CONTACT: Kind.CONTACT,
    Kind.ITEM: Kind.ITEM,
    Kind.INVOICE: Kind.INVOICE,
    Place.XERO: Kind.CONTACT,
}
_WHERE = {
    Place.HERE: "both in Fieldops",
    Place.STOCK: "both in Fieldops",
    Place.XERO: "both in Xero",
}


@dataclass(frozen=True)
class Apart:
    """``one`` and ``other`` are records of ours where they are known; of the two that
    are both here since, the names lead to their merging."""

    decision: PairDecision
    name: str
    other_name: str
    one: Record | None
    other: Record | None
    other_archived: bool

    @property
    def where(self) -> str:
        return _WHERE.get(Place(self.decision.kind), "") if self._is_copy else ""

    @property
    def _is_copy(self) -> bool:
        return self.decision.kind in list(Place)

    @property
    def are_both_here(self) -> bool:
        """Then nobody is asked: the two are merged."""
        return (
            not isinstance(self.one, Invoice)
            and self.one is not None
            and self.other is not None
            and not self._is_copy
        )

    @property
    def may_be_asked_again(self) -> bool:
        return not self.are_both_here and not self.other_archived


def called_two(connection: XeroConnection) -> "QuerySet[PairDecision]":
    """The latest first."""
    said = PairDecision.objects.filter(
        connection=connection, answer=PairDecision.Answer.DIFFERENT
    )
    return said.select_related("user").order_by("-decided_at", "-pk")


def apart_rows(
    connection: XeroConnection, decisions: Sequence[PairDecision]
) -> list[Apart]:
    """Those of a page, in as many queries whatever their number."""
    ours = _ours(decisions)
    theirs = _theirs(connection, decisions)
    linked = _linked(connection, decisions)
    return [_row(one, ours, theirs, linked) for one in decisions]


def _row(
    decision: PairDecision,
    ours: Mapping[tuple[str, str], Record],
    theirs: Mapping[tuple[str, str], Mapping[str, Any]],
    linked: Mapping[tuple[str, str], Record],
) -> Apart:
    kind, uid, other = decision.kind, str(decision.local_uid), decision.xero_id
    one = ours.get((kind, uid))
    beside = linked.get((kind, other)) or ours.get((kind, other))
    payload = theirs.get((kind, other), {})
    return Apart(
        decision,
        str(one) if one else _name(theirs.get((kind, uid), {})),
        str(beside) if kind in (Place.HERE, Place.STOCK) else _name(payload),
        one,
        beside,
        payload.get("ContactStatus") == "ARCHIVED",
    )


def _name(payload: Mapping[str, Any]) -> str:
    names = ("Name", "InvoiceNumber", "Code")
    return next((str(payload[one]) for one in names if payload.get(one)), "")


def _ours(decisions: Iterable[PairDecision]) -> dict[tuple[str, str], Record]:
    found: dict[tuple[str, str], Record] = {}
    for kind, model in _RECORDS.items():
        uids = [uid for one in decisions if one.kind == kind for uid in _uids(one)]
        if uids:
            for record in model.objects.filter(uid__in=uids):
                found[kind, str(record.uid)] = record
    return found


def _uids(decision: PairDecision) -> list[str]:
    both_here = decision.kind in (Place.HERE, Place.STOCK)
    others = [decision.xero_id] if both_here else []
    return [str(decision.local_uid), *others]


def _theirs(
    connection: XeroConnection, decisions: Iterable[PairDecision]
) -> dict[tuple[str, str], Mapping[str, Any]]:
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for kind, mirrored in _MIRRORED.items():
        ids = [
            xero_id
            for one in decisions
            if one.kind == kind
            for xero_id in (one.xero_id, str(one.local_uid))
        ]
        if ids:
            rows = MirrorRecord.objects.filter(
                connection=connection, kind=mirrored, xero_id__in=ids
            )
            for xero_id, payload in rows.values_list("xero_id", "payload"):
                found[kind, xero_id] = payload
    return found


def _linked(
    connection: XeroConnection, decisions: Iterable[PairDecision]
) -> dict[tuple[str, str], Record]:
    """Ours that Xero's belong to since, by kind and Xero's id."""
    found: dict[tuple[str, str], Record] = {}
    for kind, model in LINK_MODELS.items():
        ids = [one.xero_id for one in decisions if one.kind == kind]
        if ids:
            links: Any = model._default_manager.filter(
                connection=connection, xero_id__in=ids
            )
            for link in links.select_related("record"):
                found[kind, link.xero_id] = link.record
    return found
