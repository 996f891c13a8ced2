"""The queue of pairs: what is left, in which order, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from customers.models import Contact
from fieldops.users.models import User
from stock.models import StockItem
from xero_sync.models import (
    FoundPair,
    MirrorRecord,
    PairDecision,
    SyncRun,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Kind

# With as few on a side nobody has to sign the pairs off.
FEW = 10

_CERTAIN = Q(strength=FoundPair.Strength.CERTAIN)
_OPEN = Q(decision=None)


class Show(StrEnum):
    OPEN = "open"
    CERTAIN = "certain"
    DECIDED = "decided"


_SHOWN = {
    Show.OPEN: _OPEN & ~_CERTAIN,
    Show.CERTAIN: _OPEN & _CERTAIN,
    Show.DECIDED: ~_OPEN,
}


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one group: ``doubtful`` counts the decided ones as well."""

    group: str = ""
    open: int = 0
    certain: int = 0
    decided: int = 0
    doubtful: int = 0

    def of(self, show: Show) -> int:
        count: int = getattr(self, show.value)
        return count


def tallies(connection: XeroConnection) -> dict[str, Tally]:
    """Each group's, in the order of the tabs."""
    rows = (
        FoundPair.objects.standing()
        .filter(connection=connection)
        .order_by()
        .values("group")
        .annotate(
            open=Count("pk", filter=_SHOWN[Show.OPEN]),
            certain=Count("pk", filter=_SHOWN[Show.CERTAIN]),
            decided=Count("pk", filter=_SHOWN[Show.DECIDED]),
            doubtful=Count("pk", filter=~_CERTAIN),
        )
    )
    found = {row["group"]: Tally(**row) for row in rows}
    return {group: found.get(group, Tally(group)) for group in FoundPair.Group.values}


def left_to_check(connection: XeroConnection | None) -> int:
    """How many wait for a person."""
    if connection is None:
        return 0
    return FoundPair.objects.doubtful().filter(connection=connection).count()


def pairs_of(connection: XeroConnection, group: str, show: Show) -> QuerySet[FoundPair]:
    standing = FoundPair.objects.standing().filter(connection=connection)
    return standing.filter(_SHOWN[show], group=group)


def place_of(pair: FoundPair) -> Show:
    """The list it stands in."""
    if pair.decision_id is not None:
        return Show.DECIDED
    is_certain = pair.strength == FoundPair.Strength.CERTAIN
    return Show.CERTAIN if is_certain else Show.OPEN


def ids_of(connection: XeroConnection, group: str, show: Show) -> list[int]:
    return list(pairs_of(connection, group, show).values_list("pk", flat=True))


def next_of(
    connection: XeroConnection, group: str, show: Show, before: Sequence[int], pk: int
) -> int | None:
    """What opens after ``pk``, given the list as it was before the decision: the next
    one that is still open, from the top again, then the other groups."""
    here = before.index(pk) if pk in before else -1
    still = set(ids_of(connection, group, show)) - {pk}
    for candidate in (*before[here + 1 :], *before[: max(here, 0)]):
        if candidate in still:
            return candidate
    others = FoundPair.objects.standing().filter(_SHOWN[show], connection=connection)
    return others.exclude(pk=pk).values_list("pk", flat=True).first()


def last_decision_of(connection: XeroConnection, user: User) -> PairDecision | None:
    """What "undo" would take back: the last that no sync has planned with yet."""
    decisions = PairDecision.objects.filter(
        connection=connection, user=user, pairs__isnull=False
    )
    return decisions.order_by("decided_at", "pk").last()


def needs_sign_off(connection: XeroConnection) -> bool:
    """Not where one side holds no more than a few records of its own. What Xero holds
    nobody knows before a preview."""
    contacts = Contact.objects.filter(is_archived=False)[: FEW + 1].count()
    items = StockItem.objects.filter(is_archived=False)[: FEW + 1].count()
    theirs = MirrorRecord.objects.filter(
        connection=connection, kind__in=(Kind.CONTACT, Kind.ITEM), is_gone=False
    )[: FEW + 1].count()
    is_known = SyncRun.objects.filter(
        connection=connection,
        reason=SyncRun.Reason.PREVIEW,
        state=SyncRun.State.FINISHED,
    ).exists()
    return contacts + items > FEW and (theirs > FEW or not is_known)
