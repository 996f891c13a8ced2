"""How far two records lie at one place: the same address, much the same, its postcode or
town alone, or another one."""

from xero_sync.matching.findings import Finding, Verdict
from xero_sync.matching.places import Address, is_postcode_slip, is_slip
from xero_sync.matching.records import Field, Record
from xero_sync.matching.weights import Weights

# Of what finds one record among all, so much makes one address of two spellings.
ENOUGH = 0.75
# Bits that a word is worth less if it is mistyped; and an address that is not the same
# letter by letter, or lacks its number on one side.
TYPO, DETAIL, NO_NUMBER, ANOTHER_NUMBER = 1.0, 1.0, 4.0, 5.0
TWO_THINGS = 2
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
    """Lines that were swapped, run together or mistyped. With another number it is the
    same street at most."""
    frequencies = weights.frequencies
    shared = set(one.words).intersection(other.words)
    shares_number = not set(one.numbers).isdisjoint(other.numbers)
    near = is_postcode_slip(one.postcode, other.postcode)
    if not shared and not (shares_number and near):
        return None
    words, count = _words_in_common(one, other, shared, weights)
    if not words or count + shares_number + near < TWO_THINGS:
        return None
    postcode = 0.0
    if near:
        postcode = min(
            frequencies.rarity(frequencies.holders(Field.PLACE, place.postcode))
            for place in (one, other)
        )
    found = max(words, postcode) + BESIDES * min(words, postcode)
    if found < ENOUGH * frequencies.size:
        return None
    holders = max(
        frequencies.holders(Field.PLACE, f"{area}/{place.street}")
        for place in (one, other)
        for area in (place.postcode, place.town)
    )
    verdict, lost = _numbers(one, other)
    bits = min(found, weights.agreement(Field.PLACE, holders)) - lost
    return Finding(Field.PLACE, verdict, max(0.0, bits), holders)


def _numbers(one: Address, other: Address) -> tuple[Verdict, float]:
    if one.numbers and other.numbers:
        if set(one.numbers).isdisjoint(other.numbers):
            return Verdict.PARTLY, ANOTHER_NUMBER
        return Verdict.NEAR, DETAIL
    lacking = one.numbers or other.numbers
    return Verdict.NEAR, NO_NUMBER if lacking else DETAIL


def _words_in_common(
    one: Address, other: Address, shared: set[str], weights: Weights
) -> tuple[float, int]:
    """What they are worth and how many, with words that are one but for a slip."""
    rarity = weights.frequencies.of_place_word
    bits, count = sum(map(rarity, shared)), len(shared)
    right = [word for word in other.words if word not in shared]
    for word in one.words:
        twin = next((it for it in right if is_slip(word, it)), None)
        if twin and word not in shared:
            right.remove(twin)
            bits += max(0.0, min(rarity(word), rarity(twin)) - TYPO)
            count += 1
    return bits, count
