"""Second copies inside one list of items."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from xero_sync.matching.item_candidate import ItemCandidate, is_copy

# More under one name or code are a catalogue's way of writing, and no copies.
MOST_ALIKE = 12


@dataclass(frozen=True, slots=True)
class ItemTwin:
    """``other`` may be the same as ``one``."""

    one: ItemCandidate
    other: ItemCandidate
    is_sure: bool
    reasons: tuple[str, ...]


def item_copies_within(side: Sequence[ItemCandidate]) -> list[ItemTwin]:
    """Items of one list with one name, sizes and pack included, or one code; the surest
    first."""
    twins = [_twin(side[at], side[beside]) for at, beside in sorted(set(_alike(side)))]
    return sorted(twins, key=lambda twin: not twin.is_sure)


def _alike(side: Sequence[ItemCandidate]) -> Iterator[tuple[int, int]]:
    groups: dict[object, list[int]] = {}
    for at, item in enumerate(side):
        for key in (frozenset(item.line.tokens), item.code_key, item.mpn_key):
            if key:
                groups.setdefault(key, []).append(at)
    for members in groups.values():
        if len(members) <= MOST_ALIKE:
            yield from combinations(members, 2)


def _twin(one: ItemCandidate, other: ItemCandidate) -> ItemTwin:
    here, there = one.draft, other.draft
    prices = (here.sell_price, here.cost_price)
    said = {
        "same code": one.code_key == other.code_key != "",
        "same maker's number": one.mpn_key == other.mpn_key != "",
        "same name": set(one.line.tokens) == set(other.line.tokens),
        "same prices": all(prices) and prices == (there.sell_price, there.cost_price),
    }
    reasons = tuple(reason for reason, is_true in said.items() if is_true)
    return ItemTwin(one, other, is_copy(one, other), reasons)
