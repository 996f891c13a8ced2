"""Send a batch and settle it: the road of every write to Xero.

The intent is committed first, then the socket opens, then the answer is committed. What
happens in between is found out by ``steps.completing``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from xero_sync.client.errors import XeroError, XeroRefused
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
_STATE = PlannedChange.State


@dataclass(frozen=True)
class Pushing:
    """What is special about a kind.

    ``prepare`` turns a planned change into an element, or says what became of it
    instead: a state. ``accept`` records one accepted element. ``find`` reads back by our
    own keys. ``explain`` may add to the words of a refusal.
    """

    kind: Kind
    resource: str
    prepare: Callable[[Context, Sequence[PlannedChange]], list["Prepared | Instead"]]
    accept: Callable[[Context, IntentMember, ElementResult], None]
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
        _refused_whole(ctx, pushing, intent, refusal)
        return
    except XeroError as error:
        with ctx.commit() as now:
            if error.outcome_unknown or again:
                mark_unknown(intent)
            else:
                mark_settled(intent, now=now)
                set_state(_changes_of(intent), _STATE.PLANNED)
        raise
    if again and intent.method == "PUT":
        results = _with_those_there(ctx, pushing, intent, results)
    settle(ctx, pushing, intent, results)


def settle(
    ctx: Context,
    pushing: Pushing,
    intent: Intent,
    results: Iterable[ElementResult],
) -> None:
    """Record an answer: each member by its natural key or its id, never by position."""
    by_key = {result.key.casefold(): result for result in results if result.key}
    by_id = {result.xero_id: result for result in results if result.xero_id}
    members = list(intent.members.select_related("change"))
    answers = [
        (
            member,
            by_id.get(member.natural_key) or by_key.get(member.natural_key.casefold()),
        )
        for member in members
    ]
    with ctx.commit() as now:
        accepted = [(m, r) for m, r in answers if r is not None and r.accepted]
        for member, result in accepted:
            pushing.accept(ctx, member, result)
        put_mirror(
            ctx.connection,
            pushing.kind,
            [seen for _, result in accepted if (seen := as_seen(result))],
        )
        done = [member.change for member, _ in accepted]
        finish_changes(done, _STATE.DONE, now=now)
        _close(ctx, pushing.kind, done, now=now)
        failed = [(m, r) for m, r in answers if r is None or not r.accepted]
        for member, answer in failed:
            errors = _LEFT_OUT if answer is None else answer.errors
            _fail(ctx, pushing, member, errors, now=now)
        finish_changes([member.change for member, _ in failed], _STATE.FAILED, now=now)
        mark_settled(intent, now=now)


def _with_those_there(
    ctx: Context,
    pushing: Pushing,
    intent: Intent,
    results: Sequence[ElementResult],
) -> list[ElementResult]:
    """Xero may have forgotten the key and call what we made "already there"."""
    refused = {result.key.casefold() for result in results if not result.accepted}
    if not refused:
        return list(results)
    members = {one.natural_key.casefold(): one for one in intent.members.all()}
    keys = [one.natural_key for key, one in members.items() if key in refused]
    there = {
        result.key.casefold(): result
        for result in pushing.find(ctx, keys)
        if pushing.is_same(members[result.key.casefold()], result)
    }
    return [there.get(result.key.casefold(), result) for result in results]


def _refused_whole(
    ctx: Context, pushing: Pushing, intent: Intent, refusal: XeroRefused
) -> None:
    """One bad element may take a whole batch down, and good ones of a refused batch have
    been seen stored all the same: look first, then send the rest in halves."""
    members = list(intent.members.select_related("change"))
    if len(members) == 1:
        with ctx.commit() as now:
            _fail(ctx, pushing, members[0], refusal.messages, now=now)
            finish_changes([members[0].change], _STATE.FAILED, now=now)
            mark_settled(intent, now=now)
        return
    found = {}
    if intent.method == "PUT":
        keys = [member.natural_key for member in members]
        found = {result.key: result for result in pushing.find(ctx, keys)}
    rest = [member.change for member in members if member.natural_key not in found]
    with ctx.commit() as now:
        for member in members:
            if member.natural_key in found:
                pushing.accept(ctx, member, found[member.natural_key])
                finish_changes([member.change], _STATE.DONE, now=now)
        set_state(rest, _STATE.PLANNED)
        mark_settled(intent, now=now)
    middle = (len(rest) + 1) // 2
    for half in (rest[:middle], rest[middle:]):
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
