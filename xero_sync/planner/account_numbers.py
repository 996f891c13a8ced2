"""Who carries an account number, of all that go to Xero."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ContactDraft, RemoteContact
from xero_sync.planner.inputs import Linked, LocalContact, Pair

# By whether its contact there is archived: only Xero itself can restore that one.
_USED_IN_XERO = {
    False: IssueCode.ACCOUNT_NUMBER_USED_IN_XERO,
    True: IssueCode.ACCOUNT_NUMBER_ARCHIVED_IN_XERO,
}


@dataclass(frozen=True, slots=True)
class NumberHere:
    """One of ours that goes to Xero; ``number`` is folded."""

    local_id: int
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class NumberThere:
    xero_id: str
    number: str
    name: str
    is_archived: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """Records that are not planned themselves, but carry a number of those that are.

    ``partners``: which of Xero's the linked ones of ours are.
    """

    here: Iterable[NumberHere] = ()
    there: Iterable[NumberThere] = ()
    partners: Mapping[int, str] = field(default_factory=dict)


class AccountNumbers:
    """Who carries an account number: the one linked to Xero, else the older, keeps it.

    Only records that go to Xero count, and one of two twins counts once.
    """

    def __init__(
        self,
        locals_: Iterable[LocalContact],
        remotes: Iterable[RemoteContact],
        links: Iterable[Linked[ContactDraft]],
        pairs: Iterable[Pair],
        beside: Beside,
    ) -> None:
        self._partner = {link.local_id: link.xero_id for link in links}
        self._partner |= beside.partners
        linked = set(self._partner)
        for pair in sorted(pairs, key=lambda pair: (pair.local_id, pair.xero_id)):
            if pair.is_certain:
                self._partner.setdefault(pair.local_id, pair.xero_id)
        here = [*_here(locals_), *beside.here]
        self._here: dict[str, NumberHere] = {}
        for one in sorted(
            here, key=lambda one: (one.local_id not in linked, one.local_id)
        ):
            self._here.setdefault(one.number, one)
        there = [*_there(remotes), *beside.there]
        self._there: dict[str, NumberThere] = {}
        for other in sorted(there, key=lambda one: (one.is_archived, one.xero_id)):
            self._there.setdefault(other.number, other)

    def problems(self, local: LocalContact) -> list[Problem]:
        number = local.draft.account_number.casefold()
        holder, remote = self._here.get(number), self._there.get(number)
        details = {"value": local.draft.account_number}
        if holder and holder.local_id != local.id:
            details |= {"other": holder.name, "other_id": str(holder.local_id)}
            code = IssueCode.ACCOUNT_NUMBER_USED_HERE
        elif remote and remote.xero_id != self._partner.get(local.id):
            details |= {"other": remote.name, "other_xero_id": remote.xero_id}
            code = _USED_IN_XERO[remote.is_archived]
        else:
            return []
        return [Problem(code, "account_number", details)]


def _here(locals_: Iterable[LocalContact]) -> Iterable[NumberHere]:
    return (
        NumberHere(one.id, one.draft.account_number.casefold(), one.draft.name)
        for one in locals_
        if one.draft.account_number and (one.is_customer or one.is_supplier)
    )


def _there(remotes: Iterable[RemoteContact]) -> Iterable[NumberThere]:
    return (
        NumberThere(
            one.xero_id,
            one.draft.account_number.casefold(),
            one.draft.name,
            one.is_archived,
        )
        for one in remotes
        if one.draft.account_number
    )
