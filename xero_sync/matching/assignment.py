"""From pairs that were each judged alone to who is whose: one to one, the best first,
and only where nobody else comes near."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from xero_sync.matching.comparing import Comparison
from xero_sync.matching.records import Record

# Bits: what an automatic link needs, and by how much the next best must be worse.
CERTAIN = 7.0
MARGIN = 3.0
# Of two copies of one record the better one is linked, if it is better at all.
MARGIN_OF_COPIES = 0.5
LIKELY = 4.0
# A record that lost its partner to a better copy of itself.
COPY = 5.0
# A person is not asked about what is so much worse than the best.
FAR_BEHIND = 9.0
MOST_QUESTIONS = 3

AreCopies = Callable[[Record, Record], bool]


@dataclass(frozen=True, slots=True)
class Judged:
    """``is_proven``: whatever speaks against it, nobody else comes into question."""

    pair: Comparison
    doubts: tuple[str, ...]
    is_proven: bool = False

    @property
    def score(self) -> float:
        return self.pair.score

    @property
    def ends(self) -> tuple[int, int]:
        return self.pair.ours.at, self.pair.theirs.at

    @property
    def may_be_certain(self) -> bool:
        return not self.doubts and self.score >= CERTAIN

    @property
    def is_alike(self) -> bool:
        """Both archived or both active: an archived copy is no rival of an active one."""
        return self.pair.ours.is_archived == self.pair.theirs.is_archived


@dataclass(frozen=True, slots=True)
class Assigned:
    judged: Judged
    is_certain: bool
    is_copy: bool = False
    is_tied: bool = False


def assigned(links: "Links") -> list[Assigned]:
    return [
        *(Assigned(one, is_certain=True) for one in links.found),
        *_questions(links),
    ]


class Links:
    """``here`` and ``there``: the records of either side that have their partner."""

    def __init__(self, pairs: Iterable[Judged], are_copies: AreCopies) -> None:
        self.ordered = sorted(pairs, key=lambda one: (-one.score, one.ends))
        self.found: list[Judged] = []
        self.here: set[int] = set()
        self.there: set[int] = set()
        self.are_copies = are_copies
        self._by_ours: dict[int, list[Judged]] = defaultdict(list)
        self._by_theirs: dict[int, list[Judged]] = defaultdict(list)
        for one in self.ordered:
            self._by_ours[one.ends[0]].append(one)
            self._by_theirs[one.ends[1]].append(one)

    def settle(self) -> None:
        for alike in (True, False):
            self.link(
                one
                for one in self.ordered
                if one.may_be_certain and one.is_alike is alike
            )

    def link(self, pairs: Iterable[Judged]) -> bool:
        """Again and again, since each link takes two rivals from others."""
        waiting = list(pairs)
        before = len(self.found)
        linked = True
        while linked:
            linked = False
            for one in waiting:
                if self.is_open(one) and self._stands_out(one):
                    self.take(one)
                    linked = True
            waiting = [one for one in waiting if self.is_open(one)]
        return len(self.found) > before

    def link_proven(self, pairs: Iterable[Judged]) -> bool:
        return self.link(replace(one, is_proven=True) for one in pairs)

    def take(self, one: Judged) -> None:
        self.found.append(one)
        self.here.add(one.ends[0])
        self.there.add(one.ends[1])

    def open_pairs(self) -> list[Judged]:
        return [one for one in self.ordered if self.is_open(one)]

    def is_open(self, one: Judged) -> bool:
        return one.ends[0] not in self.here and one.ends[1] not in self.there

    def _stands_out(self, one: Judged) -> bool:
        return all(
            one.score >= rival.score + self._margin(one, rival)
            for rival in self.rivals(one)
        )

    def rivals(self, one: Judged) -> Iterator[Judged]:
        for rival in (*self._by_ours[one.ends[0]], *self._by_theirs[one.ends[1]]):
            if rival.pair is not one.pair and rival.is_alike and self.is_open(rival):
                yield rival

    def _margin(self, one: Judged, rival: Judged) -> float:
        if one.score < rival.score or one.score >= rival.score + MARGIN:
            return MARGIN
        if one.ends[0] == rival.ends[0]:
            copies = self.are_copies(one.pair.theirs, rival.pair.theirs)
        else:
            copies = self.are_copies(one.pair.ours, rival.pair.ours)
        return MARGIN_OF_COPIES if copies else MARGIN


def _questions(links: Links) -> Iterator[Assigned]:
    linked = {one.ends for one in links.found}
    asked: dict[int, list[Judged]] = defaultdict(list)
    for one in links.ordered:
        ends = (one.ends[0] in links.here) + (one.ends[1] in links.there)
        if one.ends in linked or ends == 2:
            continue
        if ends == 1:
            if one.score >= COPY and one.is_alike:
                yield Assigned(one, is_certain=False, is_copy=True)
            continue
        before = asked[one.ends[0]]
        if _is_near(one, before):
            before.append(one)
            tied = one.may_be_certain and any(links.rivals(one))
            yield Assigned(one, is_certain=False, is_tied=tied)


def _is_near(one: Judged, before: Sequence[Judged]) -> bool:
    if not before:
        return True
    return len(before) < MOST_QUESTIONS and (one.score >= before[0].score - FAR_BEHIND)
