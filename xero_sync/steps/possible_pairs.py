"""Of the pairs a plan was made with, those that a person is shown."""

from collections.abc import Iterable, Iterator, Mapping

from xero_sync.models import FoundPair
from xero_sync.outcomes.changes import Change
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.planner.inputs import Pair
from xero_sync.store.pairs import Possible

_STRENGTH = FoundPair.Strength


def possible_pairs(
    kind: Kind,
    pairs: Iterable[Pair],
    changes: Iterable[Change],
    names_here: Mapping[int, str],
    names_there: Mapping[str, str],
    *,
    with_certain: bool,
) -> Iterator[Possible]:
    """What is held back as doubtful, and what is linked because it looks alike."""
    held, linked = _told(changes)
    for pair in pairs:
        ids = pair.local_id, pair.xero_id
        is_link = with_certain and ids in linked and not pair.is_given
        if ids in held or is_link:
            yield Possible(
                kind=kind,
                local_id=pair.local_id,
                xero_id=pair.xero_id,
                name_here=names_here[pair.local_id],
                name_there=names_there[pair.xero_id],
                strength=_strength(pair),
                score=pair.score,
                reasons=pair.reasons,
            )


def _told(
    changes: Iterable[Change],
) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    held: set[tuple[int, str]] = set()
    linked: set[tuple[int, str]] = set()
    for change in changes:
        if change.local_id is None:
            continue
        # A code that Xero itself refused as taken has no candidates.
        if change.code is IssueCode.POSSIBLE_TWIN and change.action is Action.HOLD:
            candidates = change.details["candidates"].split(",")
            held |= {(change.local_id, xero_id) for xero_id in candidates}
        elif change.action is Action.LINK:
            linked.add((change.local_id, change.xero_id))
    return held, linked


def _strength(pair: Pair) -> int:
    if pair.is_certain:
        return _STRENGTH.CERTAIN
    return _STRENGTH.LIKELY if pair.is_likely else _STRENGTH.POSSIBLE
