"""How far two records lie at one place: the same address, much the same, its postcode or
town alone, or another one."""

from collections.abc import Sequence

from xero_sync.matching.findings import Finding, Verdict
from xero_sync.matching.places import Address, is_postcode_slip, is_slip
from xero_sync.matching.records import Field, Record
from xero_sync.matching.weights import Weights

# Of what finds one record among all, so much makes one address of two spellings.
ENOUGH = 0.75
# Bits that a word is worth less if it is mistyped; and an address that is not the same
# letter by letter, or lacks its number on one side.
TYPO, DETAIL, NO_NUMBER = 1.0, 1.0, 4.0
# A town says most of what its postcode says.
BESIDES = 0.4
POSTCODE_ALONE, TOWN_ALONE = 0.5, 0.4


def compare_places(ours: Record, theirs: Record, weights: Weights) -> Finding:
    return max(
        (
            _addresses(one, other, weights)
            for one in ours.places
            for other in theirs.places
        ),
        key=lambda found: (found.verdict, found.bits),
    )


def _addresses(one: Address, other: Address, weights: Weights) -> Finding:
    frequencies = weights.frequencies
    same_postcode = one.postcode == other.postcode and bool(one.postcode)
    same_town = one.town == other.town and bool(one.town)
    if (same_postcode or same_town) and one.street == other.street and one.street:
        area = one.postcode if same_postcode else one.town
        holders = frequencies.holders(Field.PLACE, f"{area}/{one.street}")
        bits = weights.agreement(Field.PLACE, holders)
        return Finding(Field.PLACE, Verdict.AGREES, bits, holders)
    found = _much_the_same(one, other, weights)
    if found:
        return found
    if same_postcode:
        holders = frequencies.holders(Field.PLACE, one.postcode)
        bits = max(0.0, POSTCODE_ALONE * frequencies.rarity(holders))
        return Finding(Field.PLACE, Verdict.PARTLY, bits, holders)
    if same_town and not (one.postcode and other.postcode):
        holders = frequencies.holders(Field.PLACE, f"{one.town}/")
        bits = max(0.0, TOWN_ALONE * frequencies.rarity(holders))
        return Finding(Field.PLACE, Verdict.PARTLY, bits, holders)
    return Finding(Field.PLACE, Verdict.DIFFERS, weights.conflict(Field.PLACE))


def _much_the_same(one: Address, other: Address, weights: Weights) -> Finding | None:
    """Lines that were swapped, run together or mistyped; never another house number."""
    if one.numbers and other.numbers and set(one.numbers).isdisjoint(other.numbers):
        return None
    frequencies = weights.frequencies
    shared = set(one.words).intersection(other.words)
    area = 0.0
    if is_postcode_slip(one.postcode, other.postcode):
        holders = max(
            frequencies.holders(Field.PLACE, place.postcode) for place in (one, other)
        )
        area = frequencies.rarity(holders)
    if not shared and not area:
        return None
    words = sum(map(frequencies.of_place_word, shared))
    words += _mistyped(one.words, other.words, shared, weights)
    found = max(words, area) + BESIDES * min(words, area)
    if found < ENOUGH * frequencies.size or not words:
        return None
    lost = DETAIL if one.numbers and other.numbers else NO_NUMBER
    if not one.numbers and not other.numbers:
        lost = DETAIL
    holders = max(
        frequencies.holders(Field.PLACE, value)
        for place in (one, other)
        for value in (f"{place.postcode}/{place.street}", f"{place.town}/{place.street}")
    )
    bits = min(found, weights.agreement(Field.PLACE, holders)) - lost
    return Finding(Field.PLACE, Verdict.NEAR, max(0.0, bits), holders)


def _mistyped(
    here: Sequence[str], there: Sequence[str], shared: set[str], weights: Weights
) -> float:
    """Words that are one but for a slip, and two that were run together."""
    rarity = weights.frequencies.of_place_word
    left = [word for word in here if word not in shared]
    right = [word for word in there if word not in shared]
    bits = 0.0
    for word in left:
        twin = next((other for other in right if is_slip(word, other)), None)
        if twin:
            right.remove(twin)
            bits += max(0.0, min(rarity(word), rarity(twin)) - TYPO)
    return bits
