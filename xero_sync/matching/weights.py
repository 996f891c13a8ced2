"""What it is worth, in bits, that two records agree or differ: how much likelier that is
for one customer written down twice than for two strangers."""

from collections.abc import Mapping
from math import log2

from xero_sync.matching.frequencies import Frequencies
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
WORST_CONFLICT, MILDEST_CONFLICT = -7.0, -1.0


class Weights:
    def __init__(
        self,
        frequencies: Frequencies,
        seen: Mapping[Field, tuple[int, int]] | None = None,
    ) -> None:
        """``seen``: of each field, how many clear twins agree, of how many."""
        self.frequencies = frequencies
        self.agreeing = {
            field: _share(assumed, (seen or {}).get(field, (0, 0)))
            for field, assumed in ASSUMED.items()
        }
        self._meaningless = {
            field
            for field, (agree, both) in (seen or {}).items()
            if both >= ENOUGH_TO_TELL and agree < MEANINGLESS * both
        }
        self._conflict = {
            field: max(WORST_CONFLICT, min(MILDEST_CONFLICT, log2(1 - share)))
            for field, share in self.agreeing.items()
        }

    def means_something(self, field: Field) -> bool:
        return field not in self._meaningless

    def agreement(self, field: Field, holders: int) -> float:
        """A value that several share tells neither which of ours nor which of theirs."""
        if not self.means_something(field):
            return 0.0
        bits = self.frequencies.size - 2 * log2(holders) + log2(self.agreeing[field])
        return max(0.0, bits)

    def conflict(self, field: Field) -> float:
        return self._conflict[field] if self.means_something(field) else 0.0


def _share(assumed: float, seen: tuple[int, int]) -> float:
    agree, both = seen
    return min(0.995, (agree + assumed * HEAVY_AS) / (both + HEAVY_AS))
