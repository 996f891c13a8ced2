"""Send a batch and settle it: the road of every write to Xero.

The intent is committed first, then the socket opens, then the answer is committed. What
happens in between is found out by ``steps.completing``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from xero_sync.client.errors import NotFound, XeroError, XeroRefused
from xero_sync.client.messages import classify
from xero_sync.mappers.wire import request_body
from xero_sync.models import Intent, IntentMember, PlannedChange
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ElementResult
from xero_sync.outcomes.kinds import Kind
from xero_sync.steps.context import Context
from xero_sync.steps.mirroring import as_seen
from xero_sync.store.intents import (
    Prepared,
    mark_settled,
    mark_unknown,
    open_intent,
)
from xero_sync.store.issues import close_issues_of, raise_issue, subject_of
from xero_sync.store.mirror import put_mirror
from xero_sync.store.plan import finish_changes, set_state

BATCH = 50
_LEFT_OUT = ("Xero's answer left this record out.",)
GONE = "Xero has this record no longer."
_STATE = PlannedChange.State

Answer = tuple[IntentMember, ElementResult | None]
Accepted = tuple[IntentMember, ElementResult]


@dataclass(frozen=True)
class Pushing:
    """What is special about a kind.

    ``prepare`` turns a planned change into an element, or says what became of it
    instead: a state. ``accept`` records accepted elements. ``find`` reads back by our
    own keys. ``explain`` may add to the words of a refusal.
    """

    kind: Kind
    resource: str
    prepare: Callable[[Context, Sequence[PlannedChange]], list["Prepared | Instead"]]
    accept: Callable[[Context, Sequence["Accepted"]], None]
    find: Callable[[Context, Sequence[str]], list[ElementResult]]
    is_same: Callable[[IntentMember, ElementResult], bool]
    explain: Callable[[Context, PlannedChange, Problem], Problem]


@dataclass(frozen=True)
class Instead:
    """A change that is not sent: ``state`` is what became of it."""

    change: PlannedChange
    state: str


def send_changes(
    ctx: Context, pushing: Pushing, changes: Sequence[PlannedChange], *, method: str
) -> None:
    for start in range(0, len(changes), BATCH):
        ctx.breathe()
        send_batch(ctx, pushing, changes[start : start + BATCH], method=method)


def send_batch(
    ctx: Context, pushing: Pushing, changes: Sequence[PlannedChange], *, method: str
) -> None:
    with ctx.commit() as now:
        ready: list[Prepared] = []
        for one in pushing.prepare(ctx, changes):
            if isinstance(one, Instead):
                finish_changes([one.change], one.state, now=now)
            else:
                ready.append(one)
        if not ready:
            return
        intent = open_intent(
            ctx.run,
            ready,
            kind=pushing.kind,
            method=method,
            path=pushing.resource,
            params={},
            body=request_body(pushing.resource, [one.element for one in ready]),
            now=now,
        )
        set_state([one.change for one in ready], _STATE.SENDING)
    deliver(ctx, pushing, intent)


def deliver(
    ctx: Context, pushing: Pushing, intent: Intent, *, again: bool = False
) -> None:
    """Send an open intent's exact bytes under its key, and settle it.

    ``again``: it may have arrived before, so no error proves that it did not.
    """
    try:
        results = ctx.api.write(
            intent.method,
            intent.path,
            bytes(intent.body),
            idempotency_key=intent.key,
            params=intent.params,
        )
    except XeroRefused as refusal:
        _refused_whole(ctx, pushing, intent, refusal.messages, again=again)
        return
    except NotFound:
        # One record that Xero has no longer takes the whole request down.
        _refused_whole(ctx, pushing, intent, (GONE,), again=again)
        return
    except XeroError as error:
        with ctx.commit() as now:
            if error.outcome_unknown or again:
                mark_unknown(intent)
            else:
                mark_settled(intent, now=now)
                set_state(_changes_of(intent), _STATE.PLANNED)
        raise
    answers = _by_member(intent, results)
    if intent.method == "PUT":
        # Xero may have forgotten the key and call what we made "already there".
        doubtful = [m for m, r in answers if r is None or (again and not r.accepted)]
        there = those_there(ctx, pushing, doubtful)
        answers = [(member, there.get(member.pk, result)) for member, result in answers]
    settle(ctx, pushing, intent, answers)


def _by_member(intent: Intent, results: Iterable[ElementResult]) -> list[Answer]:
    """Each member by its natural key or its id, never by position."""
    results = list(results)
    by_key = {result.key.casefold(): result for result in results if result.key}
    by_id = {result.xero_id: result for result in results if result.xero_id}
    return [
        (
            member,
            by_id.get(member.natural_key) or by_key.get(member.natural_key.casefold()),
        )
        for member in intent.members.select_related("change")
    ]


def those_there(
    ctx: Context, pushing: Pushing, members: Sequence[IntentMember]
) -> dict[int, ElementResult]:
    """What Xero has of a PUT after all, by the member's id: under our key, and ours."""
    if not members:
        return {}
    by_key = {member.natural_key.casefold(): member for member in members}
    return {
        member.pk: result
        for result in pushing.find(ctx, [member.natural_key for member in members])
        if (member := by_key.get(result.key.casefold()))
        and pushing.is_same(member, result)
    }


def settle(
    ctx: Context, pushing: Pushing, intent: Intent, answers: Sequence[Answer]
) -> None:
    with ctx.commit() as now:
        accepted = [(m, r) for m, r in answers if r is not None and r.accepted]
        accept(ctx, pushing, accepted, now=now)
        failed = [(m, r) for m, r in answers if r is None or not r.accepted]
        for member, answer in failed:
            errors = _LEFT_OUT if answer is None else answer.errors
            _fail(ctx, pushing, member, errors, now=now)
        finish_changes([member.change for member, _ in failed], _STATE.FAILED, now=now)
        mark_settled(intent, now=now)


def accept(
    ctx: Context,
    pushing: Pushing,
    accepted: Sequence[Accepted],
    *,
    now: datetime,
) -> None:
    """These are in Xero: links, mirror, plan and issues say so."""
    pushing.accept(ctx, accepted)
    put_mirror(
        ctx.connection,
        pushing.kind,
        [seen for _, result in accepted if (seen := as_seen(result))],
    )
    done = [member.change for member, _ in accepted]
    finish_changes(done, _STATE.DONE, now=now)
    _close(ctx, pushing.kind, done, now=now)


def plan_again(ctx: Context, members: Iterable[IntentMember]) -> list[PlannedChange]:
    """Not there: a change of this run goes back on its list, another's is planned anew."""
    changes = [member.change for member in members]
    ours = [change for change in changes if change.run_id == ctx.run.pk]
    set_state(ours, _STATE.PLANNED)
    set_state([one for one in changes if one.run_id != ctx.run.pk], _STATE.DROPPED)
    return ours


def _refused_whole(
    ctx: Context,
    pushing: Pushing,
    intent: Intent,
    messages: Sequence[str],
    *,
    again: bool,
) -> None:
    """One bad element may take a whole batch down, and good ones of a refused batch have
    been seen stored all the same: look first, then send the rest in halves."""
    members = list(intent.members.select_related("change"))
    found: dict[int, ElementResult] = {}
    if intent.method == "PUT" and (again or len(members) > 1):
        found = those_there(ctx, pushing, members)
    there = [(member, found[member.pk]) for member in members if member.pk in found]
    rest = [member for member in members if member.pk not in found]
    with ctx.commit() as now:
        accept(ctx, pushing, there, now=now)
        if len(members) == 1 and rest:
            _fail(ctx, pushing, rest[0], messages, now=now)
            finish_changes([rest[0].change], _STATE.FAILED, now=now)
            rest = []
        changes = plan_again(ctx, rest)
        mark_settled(intent, now=now)
    middle = (len(changes) + 1) // 2
    for half in (changes[:middle], changes[middle:]):
        if half:
            send_batch(ctx, pushing, half, method=intent.method)


def _fail(
    ctx: Context,
    pushing: Pushing,
    member: IntentMember,
    errors: Sequence[str],
    *,
    now: datetime,
) -> None:
    message = errors[0] if errors else ""
    change = member.change
    problem = pushing.explain(ctx, change, classify(message[:500]))
    raise_issue(
        ctx.run,
        problem,
        kind=pushing.kind,
        title=change.title,
        now=now,
        local_id=change.local_id,
        xero_id=change.xero_id,
        technical="\n".join(errors)[:4000],
        sent_revision=member.revision,
    )


def _close(
    ctx: Context, kind: Kind, changes: Iterable[PlannedChange], *, now: datetime
) -> None:
    subjects = [subject_of(kind, change.local_id, "") for change in changes]
    close_issues_of(ctx.run, kind, subjects, now=now, but=(IssueCode.TOTALS_DIFFER,))


def _changes_of(intent: Intent) -> list[PlannedChange]:
    return [member.change for member in intent.members.select_related("change")]
