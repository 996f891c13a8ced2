"""Invoices that somebody keyed into Xero by hand: which of ours they are.

Customer, day, currency and total have to agree; the number need not. The same reference
on both sides makes a pair that is the only one sure. All else a person is asked about,
and until then nothing of it is sent.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xero_sync.outcomes.drafts import RemoteInvoice

_OVER = ("VOIDED", "DELETED")
_Key = tuple[int, date | None, str, Decimal]


@dataclass(frozen=True, slots=True)
class InvoiceHere:
    """One of ours that is not linked, sent or not, as far as it says who it is."""

    id: int
    uid: str
    customer_id: int
    issued_on: date
    currency: str
    total: Decimal
    number: str
    reference: str


@dataclass(frozen=True, slots=True)
class InvoiceAnswers:
    """What people said, by our uid and Xero's id; ``new`` are the uids of ours that are
    to be sent whatever looks like them."""

    same: frozenset[tuple[str, str]] = frozenset()
    different: frozenset[tuple[str, str]] = frozenset()
    new: frozenset[str] = frozenset()


NO_ANSWERS = InvoiceAnswers()


@dataclass(frozen=True, slots=True)
class KeyedByHand:
    """``given`` by a person, ``certain`` by itself; else those that it may be."""

    given: RemoteInvoice | None = None
    certain: RemoteInvoice | None = None
    possible: tuple[RemoteInvoice, ...] = ()


NOT_KEYED = KeyedByHand()


@dataclass
class _Alike:
    """Of both sides, what has one customer, day, currency and total."""

    ours: list[InvoiceHere] = field(default_factory=list)
    theirs: list[RemoteInvoice] = field(default_factory=list)


def keyed_by_hand(
    ours: Sequence[InvoiceHere],
    theirs: Sequence[RemoteInvoice],
    customers: Mapping[int, Collection[str]],
    answers: InvoiceAnswers = NO_ANSWERS,
) -> dict[int, KeyedByHand]:
    """By our ids. ``customers`` are Xero's ids of ours that are or will be linked."""
    given = dict(_given(ours, theirs, answers))
    taken = {remote.xero_id for remote in given.values()}
    found = {local_id: KeyedByHand(given=one) for local_id, one in given.items()}
    for group in _groups(
        [one for one in ours if one.id not in given],
        [one for one in theirs if one.xero_id not in taken],
        customers,
    ):
        _without_own_numbers(group)
        found.update(_of_group(group, answers))
    return found


def _given(
    ours: Iterable[InvoiceHere],
    theirs: Iterable[RemoteInvoice],
    answers: InvoiceAnswers,
) -> Iterator[tuple[int, RemoteInvoice]]:
    there = {one.xero_id: one for one in theirs if one.status not in _OVER}
    said = dict(answers.same)
    for local in ours:
        remote = there.get(said.get(local.uid, ""))
        if remote is not None:
            yield local.id, remote


def _groups(
    ours: Iterable[InvoiceHere],
    theirs: Iterable[RemoteInvoice],
    customers: Mapping[int, Collection[str]],
) -> list[_Alike]:
    whose = {
        contact_id: customer_id
        for customer_id, contact_ids in customers.items()
        for contact_id in contact_ids
    }
    groups: dict[_Key, _Alike] = {}
    for remote in theirs:
        customer_id = whose.get(remote.contact_id)
        is_good = remote.type == "ACCREC" and remote.status not in _OVER
        if customer_id is not None and is_good:
            key = customer_id, remote.issued_on, remote.currency, remote.total
            groups.setdefault(key, _Alike()).theirs.append(remote)
    for local in ours:
        group = groups.get(
            (local.customer_id, local.issued_on, local.currency, local.total)
        )
        if group is not None:
            group.ours.append(local)
    return list(groups.values())


def _without_own_numbers(group: _Alike) -> None:
    """Who has the number of one of ours is that one, and nobody else's twin."""
    numbers = {one.number.casefold() for one in group.ours} - {""}
    named = {one.number.casefold() for one in group.theirs} & numbers
    group.ours = [one for one in group.ours if one.number.casefold() not in named]
    group.theirs = [one for one in group.theirs if one.number.casefold() not in named]


def _of_group(
    group: _Alike, answers: InvoiceAnswers
) -> Iterator[tuple[int, KeyedByHand]]:
    asked = [one for one in group.ours if one.uid not in answers.new]
    theirs = sorted(group.theirs, key=lambda one: (one.number, one.xero_id))
    is_only = len(asked) == len(group.theirs) == 1
    for local in asked:
        possible = tuple(
            remote
            for remote in theirs
            if (local.uid, remote.xero_id) not in answers.different
        )
        if is_only and possible and _same_reference(local, possible[0]):
            yield local.id, KeyedByHand(certain=possible[0])
        elif possible:
            yield local.id, KeyedByHand(possible=possible)


def _same_reference(local: InvoiceHere, remote: RemoteInvoice) -> bool:
    reference = local.reference.strip().casefold()
    return bool(reference) and reference == remote.reference.strip().casefold()
