"""Links taken over from another tool: a CSV file that names both records of each pair."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from customers.models import Contact
from fieldops.common.actor import Actor
from fieldops.common.importing.cells import comparison_key
from fieldops.common.importing.sheet import FileRefused, Sheet, read_sheet
from stock.models import StockItem
from xero_sync.consolidation.errors import NotNow
from xero_sync.models import FoundPair, MirrorRecord, PairDecision, XeroConnection
from xero_sync.outcomes.kinds import Kind
from xero_sync.store.links import LINK_MODELS

_Answer = PairDecision.Answer
MOST_LINES = 20_000
_NOT_READ = "Nothing has been read from Xero yet: make a preview first"


class Fate(StrEnum):
    LINKED = "Will be linked"
    SAID = "Said before"
    ALREADY = "Linked already"
    UNKNOWN_HERE = "Unknown here"
    UNKNOWN_THERE = "Unknown in Xero"
    TWICE = "Twice in the file"
    TAKEN = "Linked to another"
    UNREADABLE = "Not readable"


GOOD = (Fate.LINKED, Fate.SAID, Fate.ALREADY)
# What heads our side's column, and the field it names; the first that is there is used.
_OURS: Mapping[Kind, Mapping[str, str]] = {
    Kind.CONTACT: {
        "uid": "uid",
        "id": "pk",
        "account number": "account_number",
        "account no.": "account_number",
        "name": "name",
        "contact name": "name",
    },
    Kind.ITEM: {
        "uid": "uid",
        "id": "pk",
        "code": "code",
        "item code": "code",
        "name": "name",
    },
}
_THEIRS: Mapping[Kind, tuple[str, ...]] = {
    Kind.CONTACT: ("contactid", "xero contactid", "contact id", "xero id"),
    Kind.ITEM: ("itemid", "xero itemid", "item id", "xero id"),
}
_MISSING: Mapping[Kind, str] = {
    Kind.CONTACT: "The first line has to name two columns: “Account number” or “Name” "
    "for who it is here, and “ContactID” for who it is in Xero.",
    Kind.ITEM: "The first line has to name two columns: “Code” or “Name” for what it is "
    "here, and “ItemID” for what it is in Xero.",
}
_MODELS: Mapping[Kind, Any] = {Kind.CONTACT: Contact, Kind.ITEM: StockItem}


@dataclass(frozen=True)
class LinkLine:
    """A line of the file: what it names on both sides, and what becomes of it."""

    line: int
    ours: str
    theirs: str
    fate: Fate
    why: str = ""
    uid: str = ""
    xero_id: str = ""

    @property
    def is_good(self) -> bool:
        return self.fate in GOOD


@dataclass(frozen=True)
class _Columns:
    ours: int
    field: str
    theirs: int


@dataclass(frozen=True)
class _Known:
    """What is there on both sides. ``ours`` by the key that the file uses."""

    ours: Mapping[str, Sequence[tuple[int, str, str]]]
    theirs: Mapping[str, str]
    linked_here: Mapping[int, str]
    merged: frozenset[str]
    linked_there: frozenset[str]
    said: Mapping[tuple[str, str], str]
    decided_here: frozenset[str]
    decided_there: frozenset[str]


def read_links(
    connection: XeroConnection, kind: Kind, content: bytes
) -> list[LinkLine]:
    """What would become of each line; nothing is kept. In as many queries for many lines
    as for one."""
    sheet = read_sheet(content)
    if len(sheet.records) > MOST_LINES:
        raise FileRefused(f"The file has more than {MOST_LINES:,} lines: split it.")
    columns = _columns_of(sheet, kind)
    known = _known(connection, kind, columns.field)
    lines = [
        _judged(record.line, *_cells(record.cells, columns), known)
        for record in sheet.records
    ]
    broken = [
        LinkLine(one.line, one.text, "", Fate.UNREADABLE, one.reason)
        for one in sheet.broken
    ]
    return sorted([*_once(lines), *broken], key=lambda one: one.line)


@transaction.atomic
def keep_links(
    connection: XeroConnection, kind: Kind, content: bytes, *, by: Actor
) -> list[LinkLine]:
    """Say of each good line that the two are the same, as a person would; the next plan
    links them. Said once more it changes nothing. Bad lines are left alone."""
    connection = XeroConnection.objects.select_for_update().get(pk=connection.pk)
    if not connection.is_connected:
        raise NotNow
    lines = read_links(connection, kind, content)
    fresh = [one for one in lines if one.fate is Fate.LINKED]
    now = timezone.now()
    decisions = [
        PairDecision(
            connection=connection,
            kind=kind,
            local_uid=one.uid,
            xero_id=one.xero_id,
            answer=_Answer.SAME,
            user=by.user,
            decided_at=now,
        )
        for one in fresh
    ]
    PairDecision.objects.bulk_create(decisions, batch_size=500)
    _mark_pairs(connection, kind, decisions)
    return lines


def counts_of(lines: Iterable[LinkLine]) -> dict[Fate, int]:
    counts = Counter(one.fate for one in lines)
    return {fate: counts[fate] for fate in Fate if counts[fate]}


def _columns_of(sheet: Sheet, kind: Kind) -> _Columns:
    heads = [comparison_key(cell) for cell in sheet.header.cells]
    ours = next((name for name in _OURS[kind] if name in heads), None)
    theirs = next((name for name in _THEIRS[kind] if name in heads), None)
    if ours is None or theirs is None:
        raise FileRefused(_MISSING[kind])
    return _Columns(heads.index(ours), _OURS[kind][ours], heads.index(theirs))


def _cells(cells: Sequence[str], columns: _Columns) -> tuple[str, str]:
    ours, theirs = (
        cells[place].strip() if place < len(cells) else ""
        for place in (columns.ours, columns.theirs)
    )
    return ours, theirs


def _known(connection: XeroConnection, kind: Kind, field: str) -> _Known:
    ours: dict[str, list[tuple[int, str, str]]] = {}
    rows = _MODELS[kind].objects.filter(merged_into=None)
    for pk, uid, name, value in rows.values_list("pk", "uid", "name", field):
        key = comparison_key(str(value))
        ours.setdefault(key, []).append((pk, str(uid), name))
    mirror = MirrorRecord.objects.filter(
        connection=connection, kind=kind, is_gone=False
    )
    links: Any = LINK_MODELS[kind].objects.filter(connection=connection)
    linked = dict(links.values_list("record_id", "xero_id"))
    decisions = PairDecision.objects.filter(connection=connection, kind=kind)
    said = {
        (str(uid), xero_id): answer
        for uid, xero_id, answer in decisions.values_list(
            "local_uid", "xero_id", "answer"
        )
    }
    decided = [pair for pair, answer in said.items() if answer != _Answer.DIFFERENT]
    return _Known(
        ours=ours,
        theirs=dict(mirror.values_list("xero_id", "payload__Name")),
        merged=frozenset(
            mirror.filter(payload__MergedToContactID__isnull=False).values_list(
                "xero_id", flat=True
            )
        ),
        linked_here=linked,
        linked_there=frozenset(linked.values()),
        said=said,
        decided_here=frozenset(uid for uid, _ in decided),
        decided_there=frozenset(xero_id for _, xero_id in decided),
    )


def _judged(line: int, ours: str, theirs: str, known: _Known) -> LinkLine:
    found = known.ours.get(comparison_key(ours), ()) if ours else ()
    xero_id = theirs.lower()
    if len(found) != 1:
        why = f"{len(found)} records here are called that" if found else ""
        return LinkLine(line, ours, theirs, Fate.UNKNOWN_HERE, why)
    pk, uid, name = found[0]
    if xero_id not in known.theirs:
        why = _NOT_READ if not known.theirs else ""
        return LinkLine(line, name, theirs, Fate.UNKNOWN_THERE, why)
    fate, why = _fate(pk, uid, xero_id, known)
    there = known.theirs[xero_id] or theirs
    return LinkLine(line, name, str(there), fate, why, uid, xero_id)


def _fate(pk: int, uid: str, xero_id: str, known: _Known) -> tuple[Fate, str]:
    if known.linked_here.get(pk) == xero_id:
        return Fate.ALREADY, ""
    if pk in known.linked_here:
        return Fate.TAKEN, "Ours is linked to another record in Xero"
    if xero_id in known.merged:
        return Fate.TAKEN, "Xero has merged that one into another: name the other"
    if xero_id in known.linked_there:
        return Fate.TAKEN, "Xero's is linked to another record here"
    answer = known.said.get((uid, xero_id))
    if answer == _Answer.SAME:
        return Fate.SAID, ""
    if answer == _Answer.DIFFERENT:
        return Fate.TAKEN, "A person said that they are not the same"
    if uid in known.decided_here or xero_id in known.decided_there:
        return Fate.TAKEN, "A person decided otherwise about one of the two"
    return Fate.LINKED, ""


def _once(lines: Sequence[LinkLine]) -> Iterator[LinkLine]:
    """Of what is named twice nothing is taken: nobody knows which line is right."""
    here = Counter(one.uid for one in lines if one.uid)
    there = Counter(one.xero_id for one in lines if one.xero_id)
    for one in lines:
        is_twice = here[one.uid] > 1 or there[one.xero_id] > 1
        if one.uid and is_twice:
            yield LinkLine(one.line, one.ours, one.theirs, Fate.TWICE)
        else:
            yield one


def _mark_pairs(
    connection: XeroConnection, kind: Kind, decisions: Iterable[PairDecision]
) -> None:
    """The rows of the queue that the file settles."""
    side = "contact" if kind is Kind.CONTACT else "item"
    by_pair = {(str(one.local_uid), one.xero_id): one for one in decisions}
    pairs = FoundPair.objects.undecided().filter(connection=connection, kind=kind)
    settled = []
    for pair in pairs.select_related(side):
        decision = by_pair.get((str(pair.record.uid), pair.xero_id))
        if decision is not None:
            pair.decision = decision
            settled.append(pair)
    FoundPair.objects.bulk_update(settled, ["decision"], batch_size=200)
