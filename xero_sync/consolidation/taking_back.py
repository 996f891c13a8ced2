"""Take back what was said about pairs, as far as no sync has carried it out."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from fieldops.common.actor import Actor
from xero_sync.consolidation.decisions import one_at_a_time
from xero_sync.consolidation.errors import (
    AlreadyCarriedOut,
    BeingCarriedOut,
    NothingToUndo,
)
from xero_sync.models import (
    FoundPair,
    PairDecision,
    PlannedChange,
    SyncRun,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Action
from xero_sync.store.links import LINK_MODELS

Answer = PairDecision.Answer


@transaction.atomic
def undo_last(connection: XeroConnection, *, by: Actor) -> list[FoundPair]:
    """Take back what this person said last, all of it if it was said of many at once.
    Gives the pairs that are open again."""
    connection = one_at_a_time(connection)
    mine = PairDecision.objects.filter(connection=connection, user=by.user)
    last = mine.filter(pairs__isnull=False).order_by("decided_at").last()
    if last is None:
        raise NothingToUndo
    return _take_back(mine.filter(decided_at=last.decided_at))


@transaction.atomic
def take_back(decision: PairDecision) -> list[FoundPair]:
    """The pair is asked about again. "The same" and "it is new" cannot be taken back
    once a sync has carried them out, or is about to."""
    one_at_a_time(decision.connection)
    return _take_back(PairDecision.objects.filter(pk=decision.pk))


def _take_back(decisions: QuerySet[PairDecision]) -> list[FoundPair]:
    taken = list(decisions)
    if _is_any_carried_out(taken):
        raise AlreadyCarriedOut
    if _is_any_on_its_way(taken):
        raise BeingCarriedOut
    pairs = list(FoundPair.objects.filter(decision__in=decisions))
    decisions.delete()
    return pairs


def _is_any_carried_out(decisions: Iterable[PairDecision]) -> bool:
    """Not "not the same": that is merely asked again."""
    links: dict[tuple[int, str], list[Any]] = {}
    for one in decisions:
        if one.answer != Answer.DIFFERENT:
            links.setdefault((one.connection_id, one.kind), []).append(one.local_uid)
    return any(
        LINK_MODELS[kind]
        ._default_manager.filter(connection=connection_id, record__uid__in=uids)
        .exists()
        for (connection_id, kind), uids in links.items()
    )


def _is_any_on_its_way(decisions: Iterable[PairDecision]) -> bool:
    """Whether a run that is at work will link one of these pairs."""
    same = {
        (one.connection_id, one.kind, one.xero_id)
        for one in decisions
        if one.answer == Answer.SAME
    }
    at_work = PlannedChange.objects.filter(
        run__state__in=SyncRun.OPEN_STATES,
        run__connection__in={connection_id for connection_id, _, _ in same},
        action=Action.LINK,
        state=PlannedChange.State.PLANNED,
    ).exclude(run__reason=SyncRun.Reason.PREVIEW)
    rows = at_work.values_list("run__connection_id", "kind", "xero_id")
    return not same.isdisjoint(rows)
