"""Two records side by side: what each field says for and against their being one."""

from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz.distance import OSA

from xero_sync.matching.alignment import Alignment, align
from xero_sync.matching.frequencies import front
from xero_sync.matching.records import KEYED, Address, Field, Record
from xero_sync.matching.weights import Weights

LONG = 6  # letters, of a word in which one slip is no other word


class Verdict(IntEnum):
    """NEAR: the same but for a detail; PARTLY: no more than part of it."""

    DIFFERS = 0
    PARTLY = 1
    NEAR = 2
    AGREES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    field: Field
    verdict: Verdict
    bits: float
    holders: int = 1


@dataclass(frozen=True, slots=True)
class Comparison:
    ours: Record
    theirs: Record
    name: Alignment
    findings: tuple[Finding, ...]
    score: float

    def agrees(self, field: Field) -> bool:
        return any(
            one.field is field and one.verdict >= Verdict.NEAR for one in self.findings
        )

    def differs(self, field: Field) -> bool:
        return any(
            one.field is field and one.verdict is Verdict.DIFFERS
            for one in self.findings
        )


def compare(ours: Record, theirs: Record, weights: Weights) -> Comparison:
    name = align(ours, theirs, weights.frequencies)
    findings = [
        _values(field, one, other, weights)
        for field, one, other in zip(KEYED, ours.values, theirs.values, strict=True)
        if one and other
    ]
    if ours.places and theirs.places:
        findings.append(_places(ours, theirs, weights))
    if ours.person and theirs.person and not (ours.is_person and theirs.is_person):
        findings.append(_people(ours, theirs, weights))
    score = name.bits + sum(one.bits for one in findings) - weights.frequencies.size
    return Comparison(ours, theirs, name, tuple(findings), score)


def _values(
    field: Field, one: tuple[str, ...], other: tuple[str, ...], weights: Weights
) -> Finding:
    shared = [value for value in one if value in other]
    if shared:
        holders = min(weights.frequencies.holders(field, value) for value in shared)
        return Finding(
            field, Verdict.AGREES, weights.agreement(field, holders), holders
        )
    if field is Field.EMAIL:
        return _emails(one, other, weights)
    return Finding(field, Verdict.DIFFERS, weights.conflict(field))


def _emails(one: tuple[str, ...], other: tuple[str, ...], weights: Weights) -> Finding:
    """A slip in the address is a typo; another box at the same house no conflict."""
    for mine in one:
        for theirs in other:
            if _is_a_slip(mine, theirs):
                bits = 0.6 * weights.agreement(Field.EMAIL, 1)
                return Finding(Field.EMAIL, Verdict.NEAR, bits)
    return Finding(Field.EMAIL, Verdict.DIFFERS, weights.conflict(Field.EMAIL))


def _is_a_slip(one: str, other: str) -> bool:
    """Of the finger, in a long word; another number is another person."""
    if OSA.distance(one, other, score_cutoff=1) != 1:
        return False
    box, _, house = one.partition("@")
    changed = box if other.endswith(f"@{house}") else house.split(".")[0]
    return _digits(one) == _digits(other) and len(changed) >= LONG


def _digits(text: str) -> list[str]:
    return [sign for sign in text if sign.isdecimal()]


def _places(ours: Record, theirs: Record, weights: Weights) -> Finding:
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
    if (same_postcode or same_town) and _same_street(one.street, other.street):
        area = one.postcode if same_postcode else one.town
        holders = frequencies.holders(Field.PLACE, f"{area}/{front(one.street)}")
        bits = weights.agreement(Field.PLACE, holders)
        return Finding(Field.PLACE, Verdict.AGREES, bits, holders)
    if same_postcode:
        holders = frequencies.holders(Field.PLACE, one.postcode)
        bits = max(0.0, 0.5 * frequencies.rarity(holders))
        return Finding(Field.PLACE, Verdict.PARTLY, bits, holders)
    if same_town and not (one.postcode and other.postcode):
        holders = frequencies.holders(Field.PLACE, f"{one.town}/")
        bits = max(0.0, 0.4 * frequencies.rarity(holders))
        return Finding(Field.PLACE, Verdict.PARTLY, bits, holders)
    return Finding(Field.PLACE, Verdict.DIFFERS, weights.conflict(Field.PLACE))


def _same_street(one: str, other: str) -> bool:
    if not one or not other:
        return False
    return front(one) == front(other) or OSA.distance(one, other, score_cutoff=1) <= 1


def _people(ours: Record, theirs: Record, weights: Weights) -> Finding:
    if ours.person == theirs.person:
        holders = weights.frequencies.holders(Field.PERSON, " ".join(ours.person))
        bits = 0.5 * weights.agreement(Field.PERSON, holders)
        return Finding(Field.PERSON, Verdict.AGREES, bits, holders)
    return Finding(Field.PERSON, Verdict.DIFFERS, weights.conflict(Field.PERSON))
