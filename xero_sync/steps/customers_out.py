"""Which customers will be in Xero when a plan has been carried out, and why some not."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from fieldops.common.prepared import prepared
from xero_sync.models import ContactLink, MirrorRecord
from xero_sync.outcomes.changes import Change
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Action, Direction, Kind
from xero_sync.steps.context import Context
from xero_sync.steps.our_side import partners

_CLOSED = ("ARCHIVED", "GDPRREQUEST")
_SAYS_NOTHING = (Action.LEAVE_OUT, Action.NOTE)


@dataclass
class Outlook:
    """What the plan does to contacts of ours; of those it does not speak of, the linked
    ones stay where they are, and the others are left out."""

    placed: set[int] = field(default_factory=set)
    linked_anew: dict[int, str] = field(default_factory=dict)  # to Xero's id
    out: dict[int, IssueCode] = field(default_factory=dict)
    unplaced: dict[int, IssueCode] = field(default_factory=dict)

    def note(self, changes: Iterable[Change]) -> None:
        for change in changes:
            if change.local_id is not None:
                self._note(change, change.local_id)

    def _note(self, change: Change, local_id: int) -> None:
        if change.code is IssueCode.MERGED_IN_XERO:
            self.out[local_id] = change.code
        elif change.action is Action.LINK:
            self.placed.add(local_id)
            self.linked_anew[local_id] = change.xero_id
        elif _archives_in_xero(change):
            self.out[local_id] = IssueCode.CONTACT_ARCHIVED_IN_XERO
        elif change.action is Action.CREATE:
            self.placed.add(local_id)
        elif not change.writes and change.action not in _SAYS_NOTHING:
            self.unplaced[local_id] = change.code or IssueCode.CUSTOMER_NOT_IN_XERO


def customers_in_xero(
    ctx: Context, outlook: Outlook, customers: Iterable[int]
) -> dict[int, set[str]]:
    """Xero's ids of those that are linked, or will be, and of what was merged into them
    here: their older invoices are under those."""
    ids = set(customers)
    if not ids:
        return {}
    anew = [(key, one) for key, one in outlook.linked_anew.items() if key in ids]
    found: dict[int, set[str]] = {}
    rows = _linked_now(ctx.connection.pk, list(ids))
    now = [(one, xero_id) for *both, xero_id in rows for one in both if one in ids]
    for local_id, xero_id in [*now, *anew]:
        found.setdefault(local_id, set()).add(xero_id)
    return found


@prepared
def _linked_now(
    connection_id: int, ids: list[int]
) -> "QuerySet[ContactLink, tuple[int, int | None, str]]":
    links = ContactLink.objects.filter(
        Q(record__in=ids) | Q(record__merged_into__in=ids), connection=connection_id
    )
    return links.values_list("record_id", "record__merged_into_id", "xero_id")


def customers_out(
    ctx: Context, outlook: Outlook, customers: Iterable[int]
) -> dict[int, IssueCode]:
    """Of these customers, those that an invoice has to wait for."""
    ids = set(customers)
    links = partners(ctx, Kind.CONTACT, ids)
    closed = frozenset(_closed_there(ctx.connection.pk, list(links.values())))
    out = {}
    for local_id in ids:
        code = outlook.out.get(local_id)
        if code is None and local_id not in outlook.linked_anew:
            if links.get(local_id) in closed:
                code = IssueCode.CONTACT_ARCHIVED_IN_XERO
            elif local_id not in links and local_id not in outlook.placed:
                code = outlook.unplaced.get(local_id, IssueCode.CUSTOMER_NOT_IN_XERO)
        if code is not None:
            out[local_id] = code
    return out


@prepared
def _closed_there(
    connection_id: int, xero_ids: list[str]
) -> "QuerySet[MirrorRecord, str]":
    """Xero takes no invoices for these."""
    closed = MirrorRecord.objects.filter(
        connection=connection_id,
        kind=Kind.CONTACT,
        xero_id__in=xero_ids,
        payload__ContactStatus__in=_CLOSED,
    )
    return closed.values_list("xero_id", flat=True)


def _archives_in_xero(change: Change) -> bool:
    """Whether an invoice would meet an archived contact."""
    if change.code is IssueCode.CONTACT_ARCHIVED_IN_XERO:
        return True
    return change.action is Action.ARCHIVE and change.direction is Direction.TO_US
