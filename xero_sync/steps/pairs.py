"""Who may be whom among what is not linked: our own ids, the matcher, people's answers."""

from collections.abc import Iterable, Sequence

from xero_sync.matching.contacts import ContactCandidate, match_contacts
from xero_sync.matching.items import ItemCandidate, match_items
from xero_sync.models import MirrorRecord, PairDecision, SyncIssue
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import RemoteContact, RemoteItem
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.contacts import heir_id
from xero_sync.planner.inputs import LocalContact, LocalItem, Pair
from xero_sync.steps.context import Context

_Answers = dict[tuple[str, str], str]


def contact_pairs(
    ctx: Context, ours: Sequence[LocalContact], theirs: Sequence[RemoteContact]
) -> list[Pair]:
    """``ours`` and ``theirs`` are not linked yet; a merged contact is nobody's twin."""
    own = _by_own_id(ours, theirs)
    theirs = [remote for remote in theirs if not remote.merged_into]
    answers = _answers(ctx, Kind.CONTACT)
    uids = {local.id: local.uid for local in ours}
    owned = {pair.xero_id for pair in own} | {str(pair.local_id) for pair in own}
    settled = own + [
        pair
        for pair in _answered_same(answers, uids, {one.xero_id for one in theirs})
        if owned.isdisjoint((pair.xero_id, str(pair.local_id)))
    ]
    paired_here = {pair.local_id for pair in settled}
    paired_there = {pair.xero_id for pair in settled}
    matches = match_contacts(
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
    found = [
        Pair(int(match.local_id), match.xero_id, match.certain, match.reasons)
        for match in matches
    ]
    found = _not_denied(found, answers, uids)
    return settled + found + _asked_before(ctx, Kind.CONTACT, answers, settled + found)


def item_pairs(
    ctx: Context, ours: Sequence[LocalItem], theirs: Sequence[RemoteItem]
) -> list[Pair]:
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
    found = [
        Pair(int(match.local_id), match.xero_id, match.certain, match.reasons)
        for match in matches
    ]
    found = _not_denied(found, answers, uids)
    return settled + found + _asked_before(ctx, Kind.ITEM, answers, settled + found)


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
        Pair(local_id, xero_id, True, ("carries our own id",))
        for local_id, xero_id in found.items()
    ]


def _answers(ctx: Context, kind: Kind) -> _Answers:
    decisions = PairDecision.objects.filter(connection=ctx.connection, kind=kind)
    return {
        (str(uid), xero_id): answer
        for uid, xero_id, answer in decisions.values_list(
            "local_uid", "xero_id", "answer"
        )
    }


def _answered_same(
    answers: _Answers, uids: dict[int, str], xero_ids: set[str]
) -> list[Pair]:
    ids = {uid: local_id for local_id, uid in uids.items()}
    return [
        Pair(ids[uid], xero_id, True, ("linked by a person",))
        for (uid, xero_id), answer in sorted(answers.items())
        if answer == PairDecision.Answer.SAME and uid in ids and xero_id in xero_ids
    ]


def _asked_before(
    ctx: Context, kind: Kind, answers: _Answers, found: Iterable[Pair]
) -> list[Pair]:
    """What is still being asked stays asked: the second copy of a record that is linked
    by now is found by nobody else."""
    known = {(pair.local_id, pair.xero_id) for pair in found}
    there = set(
        MirrorRecord.objects.filter(
            connection=ctx.connection, kind=kind, is_gone=False
        ).values_list("xero_id", flat=True)
    )
    asked = []
    for issue in SyncIssue.objects.open().filter(
        connection=ctx.connection, kind=kind, code=IssueCode.POSSIBLE_TWIN
    ):
        for xero_id in str(issue.details.get("candidates", "")).split(","):
            local = issue.record
            if local is None or xero_id not in there:
                continue
            pair = Pair(local.pk, xero_id, False, (str(issue.details["reasons"]),))
            is_answered = {(str(local.uid), xero_id), (str(local.uid), "")} & set(
                answers
            )
            if not is_answered and (local.pk, xero_id) not in known:
                asked.append(pair)
    return asked


def _not_denied(
    pairs: Iterable[Pair], answers: _Answers, uids: dict[int, str]
) -> list[Pair]:
    """Without the pairs a person called different, and those of records called new."""
    new = {uid for (uid, _), answer in answers.items() if answer == "new"}
    denied = {pair for pair, answer in answers.items() if answer == "different"}
    return [
        pair
        for pair in pairs
        if uids[pair.local_id] not in new
        and (uids[pair.local_id], pair.xero_id) not in denied
    ]
