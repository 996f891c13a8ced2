"""What it is worth, in bits, that two records agree or differ: how much likelier that is
for one customer written down twice than for two strangers."""

from collections.abc import Mapping
from math import log2

from xero_sync.matching.alignment import CONFLICT, STRANGERS, Relation
from xero_sync.matching.frequencies import MOST_HOLDERS, Frequencies
from xero_sync.matching.records import Field

# How often each agrees between two records of one customer that both have it: assumed
# until the lists say otherwise, and as heavy as so many pairs that were seen.
ASSUMED = {
    Field.ACCOUNT: 0.95,
    Field.TAX: 0.97,
    Field.COMPANY: 0.97,
    Field.EMAIL: 0.88,
    Field.PHONE: 0.88,
    Field.PLACE: 0.88,
    Field.PERSON: 0.8,
}
HEAVY_AS = 8
# Agreement below this share: the two sides mean different things by it.
MEANINGLESS, ENOUGH_TO_TELL = 0.3, 8
# Of clear twins, how many are under two names; and what that costs at the least.
RENAMED, MILDEST_RENAMING = 0.02, -2.0
COSTS = {Relation.STRANGER: STRANGERS, Relation.OTHER: CONFLICT}
# Bits. Where a conflict costs less, many make mistakes in that field.
TELLING_CONFLICT, ENOUGH_TO_ACQUIT = -4.0, 50
WORST_CONFLICT, MILDEST_CONFLICT = -7.0, -1.0


class Weights:
    def __init__(
        self,
        frequencies: Frequencies,
        seen: Mapping[Field, tuple[int, int]] | None = None,
        renamed: tuple[int, int] = (0, 0),
    ) -> None:
        """``seen``: of each field, how many clear twins agree, of how many; ``renamed``:
        how many that are twins by all else have two names."""
        self.frequencies = frequencies
        share = (renamed[0] + RENAMED * HEAVY_AS) / (renamed[1] + HEAVY_AS)
        self._two_names = min(MILDEST_RENAMING, log2(share))
        self.agreeing = {
            field: _share(assumed, (seen or {}).get(field, (0, 0)))
            for field, assumed in ASSUMED.items()
        }
        self._means_something = [
            not _is_meaningless((seen or {}).get(field, (0, 0))) for field in Field
        ]
        self._few = [
            (seen or {}).get(field, (0, 0))[1] < ENOUGH_TO_ACQUIT for field in Field
        ]
        shares = self.agreeing.values()
        self._agreement = [frequencies.size + log2(share) for share in shares]
        self._conflict = [
            max(WORST_CONFLICT, min(MILDEST_CONFLICT, log2(1 - share)))
            for share in shares
        ]

    @property
    def has_households(self) -> bool:
        """Whether another first name under one roof is somebody else of the house."""
        return self.frequencies.has_households

    def pardon(self, relation: Relation) -> float:
        """Of what two different names cost, where nobody shares a roof with his kin: then
        a name is but another field that somebody got wrong."""
        if self.has_households or relation not in COSTS:
            return 0.0
        return max(0.0, self._two_names - COSTS[relation])

    def means_something(self, field: Field) -> bool:
        return self._means_something[field]

    def agreement(self, field: Field, holders: int) -> float:
        """A value that several share tells neither which of ours nor which of theirs."""
        if holders > MOST_HOLDERS or not self.means_something(field):
            return 0.0
        return max(0.0, self._agreement[field] - 2 * log2(holders))

    def conflict(self, field: Field) -> float:
        return self._conflict[field] if self.means_something(field) else 0.0

    def tells_apart(self, field: Field) -> bool:
        """Whether those who differ in it are two, as far as anybody can tell."""
        if not self.means_something(field):
            return False
        return self._few[field] or self.conflict(field) <= TELLING_CONFLICT


def _is_meaningless(seen: tuple[int, int]) -> bool:
    agree, both = seen
    return both >= ENOUGH_TO_TELL and agree < MEANINGLESS * both


def _share(assumed: float, seen: tuple[int, int]) -> float:
    agree, both = seen
    return min(0.995, (agree + assumed * HEAVY_AS) / (both + HEAVY_AS))
