"""What people typed, field by field, since both sides last agreed: the oracle for "no
acknowledged edit vanishes"."""

from collections import defaultdict
from dataclasses import dataclass, field

from tests.simulation.odd import plain

OURS, THEIRS = "ours", "theirs"

Key = tuple[str, str, str]


@dataclass
class Edits:
    """``moment`` counts: only the order of edits matters."""

    ours: dict[Key, list[tuple[int, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    theirs: dict[Key, list[tuple[int, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    unlinked: set[tuple[str, str]] = field(default_factory=set)
    unseen: set[Key] = field(default_factory=set)
    # Of these nobody knows any more what was agreed on.
    forgotten: set[Key] = field(default_factory=set)
    moment: int = 0

    def note(
        self,
        side: str,
        kind: str,
        record: object,
        name: str,
        value: str,
        *,
        unseen: bool = False,
    ) -> None:
        """``unseen``: a run had read Xero already, and may write over it."""
        self.moment += 1
        if unseen:
            self.unseen.add((kind, str(record), name))
        book = self.ours if side == OURS else self.theirs
        book[kind, str(record), name].append((self.moment, plain(value)))

    def agreed(self) -> None:
        """Both sides are in step: what was typed until now has been carried over."""
        self.ours.clear()
        self.theirs.clear()
        self.unlinked.clear()
        self.unseen.clear()
        self.forgotten.clear()

    def may_be(
        self, kind: str, record: object, xero_id: str, name: str
    ) -> set[str] | None:
        """The values the rule allows; None when nobody typed anything.

        One side only: its last. Both sides: Xero wins what it changed last, and what
        was changed on both before they met; ours may be the last where they met between,
        or where Xero was read before somebody typed there.
        """
        ours = self.ours.get((kind, str(record), name), [])
        theirs = self.theirs.get((kind, xero_id, name), [])
        is_forgotten = (kind, str(record), name) in self.forgotten
        if is_forgotten or not (ours or theirs):
            return None
        if not theirs:
            return {ours[-1][1]}
        unseen = (kind, xero_id, name) in self.unseen
        if not ours or (theirs[-1][0] > ours[-1][0] and not unseen):
            return {theirs[-1][1]}
        return {ours[-1][1], theirs[-1][1]}

    def lost(
        self, kind: str, record: object, xero_id: str, name: str, now: str
    ) -> str | None:
        """What was typed here last and gave way to what somebody typed in Xero."""
        ours = self.ours.get((kind, str(record), name), [])
        theirs = self.theirs.get((kind, xero_id, name), [])
        if not ours or not theirs or ours[-1][1] == now:
            return None
        return ours[-1][1]
