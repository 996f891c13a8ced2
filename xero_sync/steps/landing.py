"""Record what became of a request: of each of its records, whoever they were sent by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from xero_sync.client.errors import XeroRefused
from xero_sync.client.messages import classify
from xero_sync.models import PlannedChange
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ElementResult
from xero_sync.steps.context import Context
from xero_sync.steps.mirroring import as_seen
from xero_sync.steps.pushing import Accepted, Answer, Flight
from xero_sync.store.intents import Member, mark_settled, mark_unknown
from xero_sync.store.issues import Trouble, close_issues_of, raise_issues, subject_of
from xero_sync.store.links import still_here
from xero_sync.store.mirror import put_answers
from xero_sync.store.plan import finish_by_id

_LEFT_OUT = ("Xero's answer left this record out.",)
_NOT_LINKED = "It is in Xero, but its record here is gone or linked to another one."
_STATE = PlannedChange.State
_TAKEN = (
    IssueCode.NAME_TAKEN_IN_XERO,
    IssueCode.ACCOUNT_NUMBER_USED_IN_XERO,
    IssueCode.POSSIBLE_TWIN,
    IssueCode.INVOICE_NUMBER_IN_XERO,
)


def by_member(flight: Flight, results: Iterable[ElementResult]) -> list[Answer]:
    """Each member by its natural key or its id, never by position."""
    results = [result for result in results if result.xero_id or result.errors]
    by_key = {result.key.casefold(): result for result in results if result.key}
    by_id = {result.xero_id: result for result in results if result.xero_id}
    return [
        (member, by_id.get(member.key) or by_key.get(member.key.casefold()))
        for member in flight.members
    ]


def those_there(
    ctx: Context, flight: Flight, members: Sequence[Member]
) -> dict[int, ElementResult]:
    """What Xero has of a PUT after all, by the member's change: under our key, and
    ours."""
    if not members:
        return {}
    there: dict[int, ElementResult] = {}
    for result in flight.pushing.find(ctx, members):
        for member in members:
            if member.change not in there and flight.pushing.is_same(
                member, result, flight.intent.prepared_at
            ):
                there[member.change] = result
                break
    return there


@dataclass(frozen=True, slots=True)
class Taken:
    """A flight of this run's all of whose members Xero has accepted."""

    flight: Flight
    accepted: Sequence[Accepted]


def settle_together(ctx: Context, taken: Sequence[Taken]) -> None:
    """Those that took off together, in one commit."""
    if taken:
        with ctx.commit() as now:
            keep_taken(ctx, taken, now=now)


def keep_taken(ctx: Context, taken: Sequence[Taken], *, now: datetime) -> None:
    """All of one kind, under the same settings."""
    if not taken:
        return
    accepted = [pair for one in taken for pair in one.accepted]
    accept(ctx, taken[0].flight, accepted, now=now)
    mark_settled(*(one.flight.intent for one in taken), now=now)


def settle(ctx: Context, flight: Flight, answers: Sequence[Answer]) -> None:
    """Good ones are kept whatever became of the others."""
    if flight.creates:
        # Xero may have forgotten the key and call what we made "already there".
        doubtful = [
            member
            for member, result in answers
            if result is None
            or (not result.accepted and (flight.again or _is_there(result)))
        ]
        there = those_there(ctx, flight, doubtful)
    else:
        there = _read_back(ctx, flight, [m for m, result in answers if result is None])
    answers = [(m, there.get(m.change, result)) for m, result in answers]
    with ctx.commit() as now:
        accepted = [(m, r) for m, r in answers if r is not None and r.accepted]
        accept(ctx, flight, accepted, now=now)
        refused = [(m, r) for m, r in answers if r is None or not r.accepted]
        fail(ctx, flight, refused, now=now)
        mark_settled(flight.intent, now=now)


def _read_back(
    ctx: Context, flight: Flight, members: Sequence[Member]
) -> dict[int, ElementResult]:
    """Changes that the answer left out and that were made all the same: else our own
    would look like an edit of Xero's, and overwrite what is typed here next."""
    if not members:
        return {}
    results = flight.pushing.read(ctx, [member.xero_id for member in members])
    by_id = {result.xero_id: result for result in results}
    return {
        member.change: result
        for member in members
        if (result := by_id.get(member.xero_id))
        and flight.pushing.is_done(ctx, member, result)
    }


def _is_there(result: ElementResult) -> bool:
    """Whether Xero refused it because it has the like of it: perhaps our own, if the
    call went twice and the key was forgotten between."""
    problem = classify(result.errors[0])
    return problem.code in _TAKEN or problem.field_name == "contact_number"


def accept(
    ctx: Context, flight: Flight, accepted: Sequence[Accepted], *, now: datetime
) -> None:
    """These are in Xero: links, mirror, plan and issues say so."""
    if not accepted:
        return
    pushing = flight.pushing
    gone = _gone(flight, accepted)
    here = [one for one in accepted if one not in gone] if gone else accepted
    strays = [*gone, *pushing.accept(ctx, here, flight.intent.slots)]
    put_answers(
        ctx.connection,
        pushing.kind,
        [seen for _, result in accepted if (seen := as_seen(result))],
    )
    _report_strays(ctx, flight, strays, now=now)
    finish(flight, [member for member, _ in strays], _STATE.FAILED, now=now)
    lost = {member.change for member, _ in strays}
    done = [member for member, _ in accepted if member.change not in lost]
    finish(flight, done, _STATE.DONE, now=now)
    close_issues_of(
        ctx.run,
        pushing.kind,
        [subject_of(pushing.kind, member.local_id, "") for member in done],
        now=now,
        but=(IssueCode.TOTALS_DIFFER, IssueCode.POSSIBLE_TWIN),
    )


def _gone(flight: Flight, accepted: Sequence[Accepted]) -> list[Accepted]:
    """Those whose record here is no more: only of what was sent a while ago."""
    if not flight.again:
        return []
    ours = [one for one in accepted if one[0].local_id]
    here = still_here(flight.pushing.kind, [one.local_id for one, _ in ours])
    return [one for one in ours if one[0].local_id not in here]


def fail(
    ctx: Context, flight: Flight, answers: Sequence[Answer], *, now: datetime
) -> None:
    """Each gets its issue. What Xero refused is not sent again unchanged; what it said
    nothing about is."""
    troubles = [_trouble(ctx, flight, member, result) for member, result in answers]
    if troubles:
        raise_issues(ctx.run, troubles, now=now)
    finish(flight, [member for member, _ in answers], _STATE.FAILED, now=now)


def _trouble(
    ctx: Context, flight: Flight, member: Member, result: ElementResult | None
) -> Trouble:
    errors = _LEFT_OUT if result is None else result.errors
    problem = classify(errors[0][:500] if errors else "")
    return Trouble(
        flight.pushing.explain(ctx, member, problem),
        kind=flight.pushing.kind,
        title=member.title,
        local_id=member.local_id,
        xero_id=member.xero_id,
        technical="\n".join(errors),
        sent_revision=None if result is None else member.revision,
    )


def finish(
    flight: Flight, members: Iterable[Member], state: str, *, now: datetime
) -> None:
    steps = {member.change: member.step for member in members}
    finish_by_id(flight.intent.run_id, steps, state, now=now)


def plan_again(
    ctx: Context, flight: Flight, members: Sequence[Member], *, now: datetime
) -> list[int]:
    """Not there: a change of this run stays on its list, another's is planned anew.
    Gives the ids of those that stay."""
    if flight.intent.run_id != ctx.run.pk:
        finish(flight, members, _STATE.DROPPED, now=now)
        return []
    return [member.change for member in members]


def set_aside(ctx: Context, flight: Flight, *, unknown: bool) -> None:
    """No answer to keep: either nobody knows, or it surely did not arrive."""
    with ctx.commit() as now:
        if unknown or flight.again:
            mark_unknown(flight.intent)
        else:
            plan_again(ctx, flight, flight.members, now=now)
            mark_settled(flight.intent, now=now)


def refuse_whole(ctx: Context, flight: Flight, refusal: XeroRefused) -> list[list[int]]:
    """One bad element may take a whole batch down. Those that Xero names fail, else the
    bad one is looked for in halves. Gives the parts that go once more."""
    if len(flight.members) == 1:
        (member,) = flight.members
        # What Xero has never had cannot be gone: that was no word about the record.
        is_about_it = refusal.status != 404 or not flight.creates
        said = _refused(refusal.messages) if is_about_it else None
        settle(ctx, flight, [(member, said)])
        return []
    named = [
        (member, result)
        for member, result in by_member(flight, refusal.elements)
        if result is not None and not result.accepted
    ]
    bad = {member.change for member, _ in named}
    rest = [member for member in flight.members if member.change not in bad]
    doubtful = [m for m, r in named if flight.again or _is_there(r)]
    there = those_there(ctx, flight, doubtful if flight.creates else [])
    found = [(m, there[m.change]) for m, _ in named if m.change in there]
    with ctx.commit() as now:
        accept(ctx, flight, found, now=now)
        fail(ctx, flight, [(m, r) for m, r in named if m.change not in there], now=now)
        ids = plan_again(ctx, flight, rest, now=now)
        mark_settled(flight.intent, now=now)
    middle = 0 if bad else (len(ids) + 1) // 2
    return [part for part in (ids[:middle], ids[middle:]) if part]


def _refused(messages: tuple[str, ...]) -> ElementResult:
    return ElementResult("", "", messages or ("Xero refused it.",))


def _report_strays(
    ctx: Context, flight: Flight, strays: Sequence[Accepted], *, now: datetime
) -> None:
    problem = Problem(IssueCode.RULE, "", {"message": _NOT_LINKED})
    troubles = [
        Trouble(
            problem,
            kind=flight.pushing.kind,
            title=member.title,
            xero_id=result.xero_id,
        )
        for member, result in strays
    ]
    if troubles:
        raise_issues(ctx.run, troubles, now=now)
