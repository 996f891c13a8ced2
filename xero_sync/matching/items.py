"""Which of our stock items is which of Xero's: the code says it, the name confirms it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from xero_sync.matching.names import Likeness, Name, difference, likeness
from xero_sync.matching.normalise import folded
from xero_sync.matching.pairing import LocalId, Match, Pair, settled
from xero_sync.outcomes.drafts import ItemDraft


@dataclass(frozen=True)
class ItemCandidate:
    """Ours has ``local_id``, Xero's has ``xero_id``. An item may be known by its sales
    description alone."""

    draft: ItemDraft
    local_id: LocalId = 0
    xero_id: str = ""

    @cached_property
    def code(self) -> str:
        return self.draft.code.casefold()

    @cached_property
    def name(self) -> Name:
        draft = self.draft
        # The code in place of a name is no name.
        named = draft.name if folded(draft.name) != folded(draft.code) else ""
        return Name(named or draft.description)

    @property
    def sorted_words(self) -> tuple[str, ...]:
        return tuple(sorted(self.name.words))


def match_items(
    ours: Sequence[ItemCandidate], theirs: Sequence[ItemCandidate]
) -> list[Match]:
    if not ours or not theirs:
        return []
    return settled([*_by_code(ours, theirs), *_by_name(ours, theirs)])


def _by_code(
    ours: Iterable[ItemCandidate], theirs: Iterable[ItemCandidate]
) -> Iterator[Pair]:
    theirs_by_code = defaultdict(list)
    for item in theirs:
        theirs_by_code[item.code].append(item)
    for mine in ours:
        if mine.code:
            yield from (_coded(mine, other) for other in theirs_by_code[mine.code])


def _coded(mine: ItemCandidate, other: ItemCandidate) -> Pair:
    exact = mine.draft.code == other.draft.code
    return Pair(
        mine.local_id,
        other.xero_id,
        is_sure=_names_agree(mine.name, other.name),
        rank=int(exact),
        reasons=(
            "same code" if exact else "same code but for its case",
            difference(mine.name, other.name),
        ),
    )


def _names_agree(one: Name, other: Name) -> bool:
    """A name left blank speaks against nothing."""
    if not one.words or not other.words:
        return True
    if set(one.words) <= set(other.words) or set(other.words) <= set(one.words):
        return True
    return likeness(one, other) > Likeness.UNLIKE


def _by_name(
    ours: Sequence[ItemCandidate], theirs: Sequence[ItemCandidate]
) -> Iterator[Pair]:
    """Equal names under different codes: one thing with two codes, perhaps. Not if
    either has an item of its own code on the other side."""
    our_codes, their_codes = _codes(ours), _codes(theirs)
    theirs_by_name = defaultdict(list)
    for item in theirs:
        if item.name.words and item.code not in our_codes:
            theirs_by_name[item.sorted_words].append(item)
    for mine in ours:
        if mine.code not in their_codes:
            for other in theirs_by_name.get(mine.sorted_words, ()):
                yield _named(mine, other)


def _named(mine: ItemCandidate, other: ItemCandidate) -> Pair:
    codes = "different codes" if mine.code else "no code here"
    return Pair(
        mine.local_id,
        other.xero_id,
        is_sure=False,
        rank=0,
        reasons=(difference(mine.name, other.name), codes),
    )


def _codes(items: Iterable[ItemCandidate]) -> frozenset[str]:
    return frozenset(item.code for item in items if item.code)
