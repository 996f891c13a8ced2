"""How changes from Xero are carried out here, whatever their kind."""

from collections.abc import Callable, Collection, Mapping, Sequence

from django.db import DataError, IntegrityError, transaction

from fieldops.common.errors import DomainError
from xero_sync.models import PlannedChange
from xero_sync.models.links import XeroLink
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.steps.both_changed import notice_losers
from xero_sync.steps.context import Context
from xero_sync.steps.pull.room import without_room
from xero_sync.store.issues import Trouble, close_issues_of, raise_issues, subject_of
from xero_sync.store.links import NO_SLOTS, Agreed, put_links
from xero_sync.store.plan import Planned, finish_by_id, still_planned

CHUNK = 200
_QUESTIONS = (
    IssueCode.POSSIBLE_TWIN,
    IssueCode.POSSIBLE_INVOICE,
    IssueCode.NAME_TAKEN_IN_XERO,
)
_STATE = PlannedChange.State

# Carries changes out; gives the ids of those it left alone, because what they were
# planned on has changed since.
Apply = Callable[[Context, Sequence[Planned]], Collection[int]]
ApplyOne = Callable[[Context, Planned], bool]


class LinkedElsewhere(DomainError):
    code = "linked_elsewhere"

    def __init__(self) -> None:
        super().__init__("One of the two is linked to another record already.")


def link_all(
    ctx: Context,
    kind: Kind,
    agreed: Sequence[Agreed],
    *,
    slots: Mapping[str, str] = NO_SLOTS,
) -> None:
    matched = XeroLink.Origin.MATCHED
    if put_links(ctx.connection, kind, agreed, origin=matched, slots=slots):
        raise LinkedElsewhere


def origin_of(change: Planned) -> str:
    by_a_person = change.reason == "linked by a person"
    return XeroLink.Origin.CHOSEN if by_a_person else XeroLink.Origin.MATCHED


def one_by_one(apply: ApplyOne) -> Apply:
    """For a kind of which there are never many."""

    def apply_all(ctx: Context, changes: Sequence[Planned]) -> Collection[int]:
        return [change.pk for change in changes if not apply(ctx, change)]

    return apply_all


def carry_out(ctx: Context, ids: Sequence[int], apply: Apply) -> None:
    """In transactions of 200: after a crash the rest is still planned."""
    for start in range(0, len(ids), CHUNK):
        ctx.breathe()
        with ctx.commit():
            changes = still_planned(ids[start : start + CHUNK])
            unfit = {
                change.pk: problem
                for change in changes
                if (problem := without_room(change))
            }
            fit = [change for change in changes if change.pk not in unfit]
            dropped, refused = _apply(ctx, fit, apply)
            _record(ctx, changes, dropped, unfit | refused)


def _apply(
    ctx: Context, changes: Sequence[Planned], apply: Apply
) -> tuple[set[int], dict[int, Problem]]:
    """All at once; where one is refused each in a savepoint of its own: a bad record
    never undoes a good one."""
    try:
        with transaction.atomic():
            return set(apply(ctx, changes)), {}
    except (DomainError, DataError, IntegrityError) as refusal:
        if len(changes) == 1:
            return set(), {changes[0].pk: _problem(refusal)}
    dropped: set[int] = set()
    refused: dict[int, Problem] = {}
    for change in changes:
        its_dropped, its_refusal = _apply(ctx, [change], apply)
        dropped |= its_dropped
        refused |= its_refusal
    return dropped, refused


def _record(
    ctx: Context,
    changes: Sequence[Planned],
    dropped: Collection[int],
    refused: Mapping[int, Problem],
) -> None:
    now = ctx.clock()
    done = [one for one in changes if one.pk not in dropped and one.pk not in refused]
    troubles = [
        Trouble(
            refused[change.pk],
            kind=change.kind,
            title=change.title,
            local_id=change.local_id,
            xero_id=change.xero_id,
        )
        for change in changes
        if change.pk in refused
    ]
    if troubles:
        raise_issues(ctx.run, troubles, now=now)
    steps = {change.pk: change.step for change in changes}
    for state, ids in (
        (_STATE.DONE, [change.pk for change in done]),
        (_STATE.DROPPED, dropped),
        (_STATE.FAILED, refused),
    ):
        finish_by_id(ctx.run.pk, {pk: steps[pk] for pk in ids}, state, now=now)
    _close_twin_questions(ctx, done)
    notice_losers(ctx, done, now=now)


def _problem(refusal: DomainError | DataError | IntegrityError) -> Problem:
    if isinstance(refusal, DomainError):
        return Problem(IssueCode.RULE, refusal.field, {"message": refusal.message})
    return Problem(IssueCode.RULE, "", {"message": "A value does not fit in here."})


def _close_twin_questions(ctx: Context, done: Sequence[Planned]) -> None:
    """A record that found its partner has nothing left to ask; what else is wrong with it
    stays on the report."""
    for kind in {change.kind for change in done}:
        subjects = [
            subject_of(kind, change.local_id, change.xero_id)
            for change in done
            if change.kind == kind and change.action == Action.LINK
        ]
        if subjects:
            now = ctx.clock()
            close_issues_of(ctx.run, kind, subjects, now=now, only=_QUESTIONS)
