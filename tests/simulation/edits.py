"""What people typed, field by field, since both sides last agreed: the oracle for "no
acknowledged edit vanishes"."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tests.simulation.odd import plain

OURS, THEIRS = "ours", "theirs"
# Parts of what goes to Xero whole, with whatever else of it is sent (``mappers.items``).
GOES_ALONG = ("sell_price",)

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
    # When; None where either value is fine.
    unseen: dict[Key, datetime | None] = field(default_factory=dict)
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
    ) -> None:
        self.moment += 1
        self.unseen.pop((kind, str(record), name), None)
        book = self.ours if side == OURS else self.theirs
        book[kind, str(record), name].append((self.moment, plain(value)))

    def note_unseen(
        self, kind: str, xero_id: str, name: str, value: str, *, at: datetime | None
    ) -> None:
        """In Xero, while a run has read it already and may write over it."""
        self.note(THEIRS, kind, xero_id, name, value)
        self.unseen[kind, xero_id, name] = at

    def agreed(self) -> None:
        """Both sides are in step: what was typed until now has been carried over."""
        self.ours.clear()
        self.theirs.clear()
        self.unlinked.clear()
        self.unseen.clear()
        self.forgotten.clear()

    def were_made_there(self, kind: str, xero_id: str) -> bool:
        return any(key[:2] == (kind, xero_id) for key in self.theirs)

    def may_be(
        self,
        kind: str,
        record: object,
        xero_id: str,
        name: str,
        *,
        was_sent: Callable[[str, datetime], bool],
    ) -> set[str] | None:
        """The values the rule allows; None when nobody typed anything.

        One side only: its last. Both sides: Xero wins what it changed last, and what
        was changed on both before they met; ours may be the last where they met between,
        or where Xero was read before somebody typed there, and written to soon after
        (``was_sent``): who waits for long has to look again. So may what Xero said then,
        of what goes along with another field.
        """
        ours = self.ours.get((kind, str(record), name), [])
        theirs = self.theirs.get((kind, xero_id, name), [])
        is_forgotten = (kind, str(record), name) in self.forgotten
        if is_forgotten or not (ours or theirs):
            return None
        if not theirs:
            return {ours[-1][1]}
        at = self.unseen.get((kind, xero_id, name))
        unseen = (kind, xero_id, name) in self.unseen and (
            at is None or was_sent(xero_id, at)
        )
        if not ours and unseen and name in GOES_ALONG:
            return None
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
