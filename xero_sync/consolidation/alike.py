"""Rows of the report whose record says the same as the one in Xero that has its number:
linked together, where there are many."""

from collections.abc import Iterable, Sequence
from itertools import islice

from fieldops.common.actor import Actor
from fieldops.common.errors import DomainError
from xero_sync.consolidation.candidates import Candidate, candidates_of
from xero_sync.consolidation.decisions import decide
from xero_sync.models import PairDecision, SyncIssue, SyncSettings
from xero_sync.outcomes.codes import IssueCode

# Some 3 s of work for one press of a button.
AT_ONCE = 500


def alike_in(
    issues: Iterable[SyncIssue], settings: SyncSettings
) -> list[tuple[SyncIssue, Candidate]]:
    """Each with the one in Xero that has its number and its name, where nothing else
    differs either; at most ``AT_ONCE`` of them."""
    numbered = [one for one in issues if one.code == _CODE]
    found = candidates_of(numbered, settings) if numbered else {}
    pairs = (
        (issue, found[issue.pk][0])
        for issue in numbered
        if _is_the_same(found.get(issue.pk, ()))
    )
    return list(islice(pairs, AT_ONCE))


def link_alike(
    pairs: Iterable[tuple[SyncIssue, Candidate]], *, by: Actor
) -> list[SyncIssue]:
    """Gives those that were linked; what has another partner meanwhile is left alone."""
    linked = []
    for issue, candidate in pairs:
        try:
            decide(issue, PairDecision.Answer.SAME, candidate.xero_id, by=by)
        except DomainError:
            continue
        linked.append(issue)
    return linked


_CODE = IssueCode.ACCOUNT_NUMBER_USED_IN_XERO


def _is_the_same(candidates: Sequence[Candidate]) -> bool:
    return len(candidates) == 1 and not any(one.differs for one in candidates[0].facts)
