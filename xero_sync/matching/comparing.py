"""Two records side by side: what each field says for and against their being one."""

from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from xero_sync.matching.alignment import Alignment, align, kinship
from xero_sync.matching.findings import Finding, Verdict
from xero_sync.matching.place_evidence import compare_places
from xero_sync.matching.records import KEYED, Field, Record
from xero_sync.matching.weights import Weights

LONG = 6  # signs, of a word or number in which one slip is no other one
TELLING = 5  # letters, of a word that stands in an address of email by no accident


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
    pardon = weights.pardon(name.relation)
    if pardon:
        name = replace(name, bits=name.bits + pardon)
    findings = _of_values(ours, theirs, weights)
    if ours.places and theirs.places:
        findings.append(compare_places(ours, theirs, weights))
    if ours.person and theirs.person and not (ours.is_person and theirs.is_person):
        findings.append(_people(ours, theirs, weights))
    score = name.bits + sum(one.bits for one in findings) - weights.frequencies.size
    return Comparison(ours, theirs, name, tuple(findings), score)


def _of_values(ours: Record, theirs: Record, weights: Weights) -> list[Finding]:
    found: list[Finding] = []
    fillers = weights.frequencies.fillers
    for field, one, other in zip(KEYED, ours.values, theirs.values, strict=True):
        if not one or not other:
            continue
        shared = [value for value in one if value in other]
        if shared:
            holders = min(weights.frequencies.holders(field, value) for value in shared)
            bits = weights.agreement(field, holders)
            found.append(Finding(field, Verdict.AGREES, bits, holders))
        elif fillers[field].issuperset(one) or fillers[field].issuperset(other):
            continue
        elif field is Field.EMAIL:
            found.append(_emails(ours, theirs, weights))
        elif field is not Field.PHONE or ours.lines & theirs.lines:
            found.append(_different(field, one, other, weights))
    return found


def _different(
    field: Field, one: tuple[str, ...], other: tuple[str, ...], weights: Weights
) -> Finding:
    if not weights.frequencies.is_dense(field) and _is_misread(one, other):
        return Finding(field, Verdict.PARTLY, 0.0)
    return Finding(field, Verdict.DIFFERS, weights.conflict(field))


def _is_misread(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """A long number with one digit wrong, or two that changed places."""
    return any(
        min(len(mine), len(theirs)) >= LONG
        and OSA.distance(mine, theirs, score_cutoff=1) <= 1
        for mine in one
        for theirs in other
    )


def _emails(ours: Record, theirs: Record, weights: Weights) -> Finding:
    """A slip in the address is a typo; another box at their own house no conflict."""
    bits = weights.agreement(Field.EMAIL, 1)
    at_home = False
    for mine in ours.emails:
        for other in theirs.emails:
            if _is_a_slip(mine, other):
                return Finding(Field.EMAIL, Verdict.NEAR, 0.6 * bits)
            house = mine[mine.rfind("@") :]
            at_home |= other.endswith(house) and _is_at_home(ours, theirs, house)
    if at_home:
        return Finding(Field.EMAIL, Verdict.PARTLY, 0.25 * bits)
    return Finding(Field.EMAIL, Verdict.DIFFERS, weights.conflict(Field.EMAIL))


def _is_at_home(ours: Record, theirs: Record, house: str) -> bool:
    """The house is called what both are."""
    return any(
        len(word) >= TELLING and word in house and word in theirs.name
        for word in ours.name
    )


def _is_a_slip(one: str, other: str) -> bool:
    """Of the finger, in a long word; another number is another person."""
    if OSA.distance(one, other, score_cutoff=1) != 1:
        return False
    box, _, house = one.partition("@")
    changed = box if other.endswith(f"@{house}") else house.split(".")[0]
    return _digits(one) == _digits(other) and len(changed) >= LONG


def _digits(text: str) -> list[str]:
    return [sign for sign in text if sign.isdecimal()]


def _people(ours: Record, theirs: Record, weights: Weights) -> Finding:
    if ours.person == theirs.person:
        holders = weights.frequencies.holders(Field.PERSON, " ".join(ours.person))
        bits = 0.5 * weights.agreement(Field.PERSON, holders)
        return Finding(Field.PERSON, Verdict.AGREES, bits, holders)
    if _are_one_person(ours.person, theirs.person):
        bits = 0.25 * weights.agreement(Field.PERSON, 1)
        return Finding(Field.PERSON, Verdict.PARTLY, bits)
    return Finding(Field.PERSON, Verdict.DIFFERS, weights.conflict(Field.PERSON))


def _are_one_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Of one name that is shortened, mistyped or an initial, and another that is not."""
    left = [word for word in one if word not in other]
    right = [word for word in other if word not in one]
    same_family = len(left) < len(one) and len(right) < len(other)
    return (
        same_family
        and len(left) == len(right) == 1
        and bool(kinship(left[0], right[0], strict=True))
    )
