"""The brake: a run that would take much of a kind out of use stops and asks first.

Counted is what ends, empties or renames a record that both sides hold: archived,
cancelled, a field blanked, a name or code changed. More than 5 % of a kind on one side,
and five records at least: fewer a person looks after by hand. What a person has chosen
record by record is not asked again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from fieldops.common.actor import Actor
from fieldops.common.prepared import prepared
from fieldops.common.rows import Among, read_rows
from xero_sync.models import PlannedChange, SyncRun, XeroConnection
from xero_sync.outcomes.changes import CHOSEN
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.runs.errors import NothingAsked
from xero_sync.store.links import LINK_MODELS
from xero_sync.store.plan import finish_changes

SHARE_IN_PERCENT = 5
HANDFUL = 5
NAMES_SHOWN = 5

_KINDS = (Kind.CONTACT, Kind.ITEM, Kind.INVOICE)
_ENDS = (Action.ARCHIVE, Action.VOID, Action.DELETE)
_NAMES = ("name", "code")
_STATE = PlannedChange.State


class Effect(StrEnum):
    """What happens to a record, as the question counts it."""

    ARCHIVED = "archived"
    CANCELLED = "cancelled"
    RENAMED = "renamed"
    BLANKED = "blanked"


class Answer(StrEnum):
    GO_ON = "go_on"
    LEAVE_OUT = "leave_out"


def effect_of(action: str, fields: Iterable[Mapping[str, Any]]) -> Effect | None:
    """None for what is new, recognised, or changed to something else."""
    if action == Action.ARCHIVE:
        return Effect.ARCHIVED
    if action in (Action.VOID, Action.DELETE):
        return Effect.CANCELLED
    if action != Action.UPDATE:
        return None
    changed = [one for one in fields if one["before"] not in ("", None)]
    if any(one["after"] in ("", None) for one in changed):
        return Effect.BLANKED
    if any(one["name"] in _NAMES for one in changed):
        return Effect.RENAMED
    return None


def hold_kept_back(run: SyncRun, *, now: datetime) -> None:
    """What a person told the sync to leave out stays out, until it is no longer planned
    or they say otherwise."""
    wanted = kept_back(run.connection_id)
    if not wanted:
        return
    held = [
        change
        for change, effect in _braked(_planned(run.pk))
        if _key(change, effect) in wanted
    ]
    finish_changes(held, _STATE.HELD, now=now)
    still = sorted(
        {key for change, effect in _braked(held) if (key := _key(change, effect))}
    )
    _keep_back(run.connection_id, still)


def kept_back(connection_id: int) -> frozenset[str]:
    """As it is now: a person may have changed it since the connection was read."""
    asked = Among("id", [connection_id])
    ((keys,),) = read_rows(XeroConnection, ("kept_back",), asked)
    return frozenset(keys)


def question_of(run: SyncRun, *, now: datetime) -> dict[str, Any]:
    """What the run has to ask; empty when it may go on."""
    parts = []
    for kind, direction, count in _counts(run.pk):
        if count < HANDFUL:
            continue
        of = _linked(run.connection, kind)
        if _is_much(count, of):
            changes = _planned(run.pk).filter(kind=kind, direction=direction)
            parts += _parts(changes, of)
    return {"asked_at": now.isoformat(), "parts": parts} if parts else {}


def asked_about(run: SyncRun) -> list[PlannedChange]:
    """The changes that the question is about."""
    sides = {(part["kind"], part["direction"]) for part in run.question["parts"]}
    return [
        change
        for change, _ in _braked(_planned(run.pk))
        if (change.kind, change.direction) in sides
    ]


@transaction.atomic
def answer_question(run: SyncRun, answer: Answer, *, by: Actor) -> SyncRun:
    """The plan that was shown goes on: all of it, or without what was asked about. What
    moved on either side meanwhile drops out of it, as after any long wait."""
    run = (
        SyncRun.objects.select_for_update().select_related("connection").get(pk=run.pk)
    )
    if run.state != SyncRun.State.ASKING:
        raise NothingAsked
    if answer is Answer.LEAVE_OUT:
        _leave_out(run, asked_about(run))
    run.question |= {"answer": answer.value, "by": str(by.user or by.cause)}
    run.state = SyncRun.State.WAITING
    run.problem_details = {"since": run.question["asked_at"]}
    run.save(update_fields=["state", "question", "problem_details"])
    return run


def forget_kept_back(connection: XeroConnection) -> None:
    """The next run plans these again, and asks again if they are still as many."""
    _keep_back(connection.pk, [])


def _leave_out(run: SyncRun, changes: Sequence[PlannedChange]) -> None:
    keys = {_key(change, effect) for change, effect in _braked(changes)}
    finish_changes(changes, _STATE.HELD, now=timezone.now())
    _keep_back(run.connection_id, sorted(keys | kept_back(run.connection_id)))


def _keep_back(connection_id: int, keys: Sequence[str]) -> None:
    XeroConnection.objects.filter(pk=connection_id).update(kept_back=list(keys))


def _planned(run_id: int) -> QuerySet[PlannedChange]:
    """What a person has chosen record by record is asked no second time."""
    changes = PlannedChange.objects.filter(
        run=run_id,
        state=_STATE.PLANNED,
        kind__in=_KINDS,
        action__in=[*_ENDS, Action.UPDATE],
    )
    return changes.exclude(reason=CHOSEN)


@prepared
def _counts(run_id: int) -> "QuerySet[PlannedChange, tuple[str, str, int]]":
    touched = _planned(run_id).order_by("kind", "direction")
    return touched.values_list("kind", "direction").annotate(count=Count("pk"))


def _braked(changes: Iterable[PlannedChange]) -> Iterator[tuple[PlannedChange, Effect]]:
    for change in changes:
        effect = effect_of(change.action, change.fields)
        if effect is not None:
            yield change, effect


def _parts(changes: QuerySet[PlannedChange], of: int) -> list[dict[str, Any]]:
    """One kind on one side: one part for each effect, if they are many together."""
    counts: Counter[Effect] = Counter()
    names: dict[Effect, list[str]] = {}
    for change, effect in _braked(changes.iterator(chunk_size=500)):
        counts[effect] += 1
        if counts[effect] <= NAMES_SHOWN:
            names.setdefault(effect, []).append(change.title)
    if not _is_much(counts.total(), of):
        return []
    kind, direction = changes.values_list("kind", "direction")[0]
    return [
        {
            "kind": kind,
            "direction": direction,
            "effect": effect.value,
            "count": counts[effect],
            "of": of,
            "names": names[effect],
        }
        for effect in Effect
        if counts[effect]
    ]


def _is_much(count: int, of: int) -> bool:
    return count >= HANDFUL and count * 100 > of * SHARE_IN_PERCENT


def _linked(connection: XeroConnection, kind: str) -> int:
    """How many records of the kind both sides hold."""
    model: Any = LINK_MODELS[kind]
    count: int = model.objects.filter(connection=connection).count()
    return count


def _key(change: PlannedChange, effect: Effect) -> str:
    return f"{change.kind}:{change.local_id}:{change.direction}:{effect}"
