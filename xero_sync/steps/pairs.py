"""Who may be whom among what is not linked: our own ids, the matcher, people's answers."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fieldops.common.merging import surviving
from fieldops.common.prepared import prepared
from xero_sync.matching.contacts import ContactCandidate, match_contacts
from xero_sync.matching.items import ItemCandidate, match_items
from xero_sync.matching.pairing import Match
from xero_sync.models import FoundPair, MirrorRecord, PairDecision, SyncIssue
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import RemoteContact, RemoteItem
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.contacts import heir_id
from xero_sync.planner.inputs import Choices, LocalContact, LocalItem, Pair
from xero_sync.steps.context import Context

ARCHIVED_HERE = "archived here"
NO_HEIRS: Mapping[str, str] = {}

_Answer = PairDecision.Answer


@dataclass(frozen=True, slots=True)
class _Answers:
    """By our record's uid and Xero's id; ``new`` are the uids of those called new."""

    said: Mapping[tuple[str, str], str]
    fields: Mapping[tuple[str, str], Choices]
    new: frozenset[str]

    def settles(self, uid: str, xero_id: str) -> bool:
        """Whether nobody has to be asked about this pair any more."""
        return uid in self.new or (uid, xero_id) in self.said


def contact_pairs(
    ctx: Context,
    ours: Sequence[LocalContact],
    theirs: Sequence[RemoteContact],
    copies: Sequence[Pair] = (),
) -> list[Pair]:
    """``ours`` and ``theirs`` are not linked yet; a merged contact is nobody's twin.
    ``copies``: of theirs with linked ones of ours, where they have found nobody else."""
    answers = _answers(ctx, Kind.CONTACT)
    uids = {local.id: local.uid for local in ours}
    # After an undo what we made there may carry our id, and is no longer ours.
    own = [
        pair
        for pair in _by_own_id(ours, theirs)
        if answers.said.get((uids[pair.local_id], pair.xero_id)) != _Answer.DIFFERENT
    ]
    heirs = _heirs(theirs)
    theirs = [remote for remote in theirs if not remote.merged_into]
    owned = {pair.xero_id for pair in own} | {str(pair.local_id) for pair in own}
    settled = own + [
        pair
        for pair in _answered_same(
            answers, uids, {one.xero_id for one in theirs}, heirs
        )
        if owned.isdisjoint((pair.xero_id, str(pair.local_id)))
    ]
    matches = _archiving_nobody(_matched(ours, theirs, settled), ours, theirs)
    found = _undecided(matches, answers, uids)
    asked = _asked_before(
        ctx,
        Kind.CONTACT,
        answers,
        settled,
        found,
        uids,
        {one.xero_id for one in theirs},
    )
    pairs = settled + found + asked
    return pairs + _of_the_rest(copies, pairs)


def _of_the_rest(copies: Iterable[Pair], pairs: Iterable[Pair]) -> list[Pair]:
    placed = {pair.xero_id for pair in pairs}
    return [one for one in copies if one.xero_id not in placed]


def _matched(
    ours: Sequence[LocalContact],
    theirs: Sequence[RemoteContact],
    settled: Sequence[Pair],
) -> list[Match]:
    """What the matcher says of those who are not paired yet."""
    paired_here = {pair.local_id for pair in settled}
    paired_there = {pair.xero_id for pair in settled}
    return match_contacts(
        [
            ContactCandidate(
                local.draft,
                local_id=local.id,
                is_archived=local.is_archived,
                other_emails=local.other_emails,
            )
            for local in ours
            if local.id not in paired_here
        ],
        [
            ContactCandidate(
                remote.draft, xero_id=remote.xero_id, is_archived=remote.is_archived
            )
            for remote in theirs
            if remote.xero_id not in paired_there
        ],
    )


def item_pairs(
    ctx: Context,
    ours: Sequence[LocalItem],
    theirs: Sequence[RemoteItem],
    copies: Sequence[Pair] = (),
) -> list[Pair]:
    """As ``contact_pairs``."""
    answers = _answers(ctx, Kind.ITEM)
    uids = {local.id: local.uid for local in ours}
    settled = _answered_same(answers, uids, {one.xero_id for one in theirs})
    paired_here = {pair.local_id for pair in settled}
    paired_there = {pair.xero_id for pair in settled}
    matches = match_items(
        [
            ItemCandidate(one.draft, local_id=one.id)
            for one in ours
            if one.id not in paired_here
        ],
        [
            ItemCandidate(one.draft, xero_id=one.xero_id)
            for one in theirs
            if one.xero_id not in paired_there
        ],
    )
    found = _undecided(matches, answers, uids)
    asked = _asked_before(
        ctx, Kind.ITEM, answers, settled, found, uids, {one.xero_id for one in theirs}
    )
    pairs = settled + found + asked
    return pairs + _of_the_rest(copies, pairs)


def _archiving_nobody(
    matches: Iterable[Match],
    ours: Iterable[LocalContact],
    theirs: Iterable[RemoteContact],
) -> list[Match]:
    """However sure the two are one: what a link would archive in Xero a person sees
    first, since nothing brings it back."""
    gone_here = {local.id for local in ours if local.is_archived}
    gone_there = {remote.xero_id for remote in theirs if remote.is_archived}
    return [
        replace(match, certain=False, reasons=(*match.reasons, ARCHIVED_HERE))
        if match.local_id in gone_here and match.xero_id not in gone_there
        else match
        for match in matches
    ]


def _by_own_id(
    ours: Iterable[LocalContact], theirs: Iterable[RemoteContact]
) -> list[Pair]:
    """A contact that carries our id is ours, whatever happened to our link; where it was
    merged away, what it was merged into, unless that carries the id of another."""
    by_uid = {local.uid: local.id for local in ours}
    there = {remote.xero_id: remote for remote in theirs}
    carriers = [one for one in there.values() if one.contact_number in by_uid]
    carriers.sort(key=lambda one: one.merged_into != "")
    found: dict[int, str] = {}
    taken: set[str] = set()
    for remote in carriers:
        local_id = by_uid[remote.contact_number]
        xero_id = heir_id(remote, there) if remote.merged_into else remote.xero_id
        is_open = xero_id in there and not there[xero_id].merged_into
        if is_open and local_id not in found and xero_id not in taken:
            found[local_id] = xero_id
            taken.add(xero_id)
    return [
        Pair(local_id, xero_id, True, ("carries our own id",), is_given=True)
        for local_id, xero_id in found.items()
    ]


def _answers(ctx: Context, kind: Kind) -> _Answers:
    rows = _said(ctx.connection.pk, str(kind))
    return _Answers(
        {(str(uid), xero_id): answer for uid, xero_id, answer, _ in rows},
        {(str(uid), xero_id): chosen for uid, xero_id, _, chosen in rows},
        frozenset(str(uid) for uid, _, answer, _ in rows if answer == _Answer.NEW),
    )


@prepared
def _said(
    connection_id: int, kind: str
) -> "QuerySet[PairDecision, tuple[UUID, str, str, Any]]":
    decisions = PairDecision.objects.filter(connection=connection_id, kind=kind)
    return decisions.values_list("local_uid", "xero_id", "answer", "fields")


def _heirs(theirs: Iterable[RemoteContact]) -> dict[str, str]:
    """What became of those that Xero has merged away."""
    there = {remote.xero_id: remote for remote in theirs}
    return {
        xero_id: heir_id(remote, there)
        for xero_id, remote in there.items()
        if remote.merged_into
    }


def _answered_same(
    answers: _Answers,
    uids: dict[int, str],
    xero_ids: set[str],
    heirs: Mapping[str, str] = NO_HEIRS,
) -> list[Pair]:
    """Whom a person meant may be merged in Xero since: then what is left of it is meant,
    and where that is another's the planner is told who was."""
    ids = {uid: local_id for local_id, uid in uids.items()}
    found = []
    for (uid, meant), answer in sorted(answers.said.items()):
        xero_id = heirs.get(meant, "") if heirs.get(meant) in xero_ids else meant
        if answer == _Answer.SAME and uid in ids and xero_id in xero_ids | heirs.keys():
            found.append(
                Pair(
                    ids[uid],
                    xero_id,
                    True,
                    ("linked by a person",),
                    is_given=True,
                    choices=answers.fields[uid, meant],
                )
            )
    return found


def _asked_before(
    ctx: Context,
    kind: Kind,
    answers: _Answers,
    settled: Sequence[Pair],
    found: Sequence[Pair],
    ours: Container[int],
    theirs: Container[str],
) -> list[Pair]:
    """What is still being asked stays asked: the second copy of a record that is linked
    by now is found by nobody else."""
    known = {(pair.local_id, pair.xero_id) for pair in (*settled, *found)}
    asked = [
        *_asked_by_issues(ctx, kind, answers),
        *_asked_by_rows(ctx, kind, answers, settled, ours, theirs),
    ]
    pairs = {(pair.local_id, pair.xero_id): pair for pair in asked}
    there = set()
    if asked:
        ids = [pair.xero_id for pair in asked]
        there = set(_listed(ctx.connection.pk, str(kind), ids))
    return [
        pair
        for ids, pair in pairs.items()
        if ids not in known and pair.xero_id in there
    ]


def _asked_by_issues(ctx: Context, kind: Kind, answers: _Answers) -> Iterator[Pair]:
    for issue in _twin_questions(ctx.connection.pk, str(kind)):
        record = issue.record
        local = surviving(record) if record else None
        # None where it was Xero that refused the code as taken.
        listed = str(issue.details.get("candidates", "")).split(",")
        for xero_id in filter(None, listed):
            if local and not answers.settles(str(local.uid), xero_id):
                reasons = (str(issue.details["reasons"]),)
                yield Pair(local.pk, xero_id, False, reasons)


@prepared
def _listed(
    connection_id: int, kind: str, xero_ids: list[str]
) -> "QuerySet[MirrorRecord, str]":
    rows = MirrorRecord.objects.filter(
        connection=connection_id, kind=kind, is_gone=False, xero_id__in=xero_ids
    )
    return rows.values_list("xero_id", flat=True)


@prepared
def _twin_questions(connection_id: int, kind: str) -> QuerySet[SyncIssue]:
    issues = SyncIssue.objects.open().filter(
        connection=connection_id, kind=kind, code=IssueCode.POSSIBLE_TWIN
    )
    return issues.select_related("contact__merged_into", "item__merged_into")


def _asked_by_rows(
    ctx: Context,
    kind: Kind,
    answers: _Answers,
    settled: Iterable[Pair],
    ours: Container[int],
    theirs: Container[str],
) -> Iterator[Pair]:
    """Where one of the two has found its partner: that closes its issue, and before the
    first sync there are no issues. ``ours`` and ``theirs`` are those without a link."""
    here = {pair.local_id for pair in settled}
    there = {pair.xero_id for pair in settled}
    for pair in _doubtful(ctx.connection.pk, str(kind)):
        record = pair.record
        is_lost = (
            record.pk in here
            or pair.xero_id in there
            or record.pk not in ours
            or pair.xero_id not in theirs
        )
        if is_lost and not answers.settles(str(record.uid), pair.xero_id):
            yield Pair(
                record.pk,
                pair.xero_id,
                False,
                tuple(pair.reasons),
                score=pair.score,
                is_likely=pair.strength == FoundPair.Strength.LIKELY,
            )


@prepared
def _doubtful(connection_id: int, kind: str) -> QuerySet[FoundPair]:
    pairs = FoundPair.objects.doubtful().filter(connection=connection_id, kind=kind)
    return pairs.select_related("contact", "item")


def _undecided(
    matches: Iterable[Match], answers: _Answers, uids: dict[int, str]
) -> list[Pair]:
    """Without the pairs a person called different, and those of records called new."""
    return [
        Pair(
            int(match.local_id),
            match.xero_id,
            match.certain,
            match.reasons,
            score=match.score,
            is_likely=match.likely,
        )
        for match in matches
        if not answers.settles(uids[int(match.local_id)], match.xero_id)
    ]
