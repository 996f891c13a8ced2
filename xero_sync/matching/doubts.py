"""What speaks against linking two records without asking, whatever their score; and
whether they are worth a question at all."""

from collections.abc import Iterator

from xero_sync.matching.alignment import SIBLINGS, Relation
from xero_sync.matching.comparing import Comparison
from xero_sync.matching.findings import Finding, Verdict
from xero_sync.matching.records import Field
from xero_sync.matching.weights import Weights

IDENTIFIERS = (Field.ACCOUNT, Field.TAX, Field.COMPANY, Field.EMAIL, Field.PHONE)
NUMBERS = (Field.ACCOUNT, Field.TAX, Field.COMPANY)
# Fewer bits are no second thing in common.
SECOND = 3.0
WORTH_ASKING = -2.5
# Nobody is about to create a second one of these.
WORTH_ASKING_OF_ARCHIVED = 4.0
SURE_COPY = 5.0


def doubts(pair: Comparison, weights: Weights) -> Iterator[str]:
    """In plain words, the gravest first."""
    backing = _backing(pair)
    yield from _doubts_of_name(pair, backing, weights)
    yield from _doubts_of_numbers(pair, backing, weights)
    if pair.theirs.is_archived and not pair.ours.is_archived:
        yield "archived in Xero"
    if _may_be_two_places(pair, backing, weights):
        yield "may be two places of one name"
    if not backing and not _is_placed(pair, weights):
        yield "nothing else in common"


def _may_be_two_places(
    pair: Comparison, backing: list[Field], weights: Weights
) -> bool:
    """Branches of one company share its email and its numbers, and often its name."""
    persons = pair.ours.may_be_person and pair.theirs.may_be_person
    of_companies = weights.has_households and {Field.TAX, Field.COMPANY} & set(backing)
    if persons and not of_companies:
        return pair.differs(Field.PLACE) and backing in ([], [Field.EMAIL])
    elsewhere = (
        pair.name.adds_words
        or pair.differs(Field.PLACE)
        or pair.differs(Field.PHONE)
        or pair.differs(Field.PERSON)
        or _differs(pair, Field.ACCOUNT, weights)
    )
    all_shared = backing and not _held_by_nobody_else(pair, backing)
    return bool(elsewhere or all_shared) and not _is_one_place(pair, backing)


def _is_one_place(pair: Comparison, backing: list[Field]) -> bool:
    return (
        Field.PHONE in backing
        or Field.ACCOUNT in backing
        or _same_address(pair)
        or pair.agrees(Field.PERSON)
        or _names_its_place(pair)
    )


def _names_its_place(pair: Comparison) -> bool:
    """Of a name with the town in it there is no second place, but of another name."""
    if pair.name.relation is not Relation.SAME or pair.differs(Field.PLACE):
        return False
    places = (*pair.ours.places, *pair.theirs.places)
    towns = {word for place in places for word in place.town.split()}
    return not towns.isdisjoint(pair.ours.name)


def _doubts_of_name(
    pair: Comparison, backing: list[Field], weights: Weights
) -> Iterator[str]:
    relation = pair.name.relation
    renamed = _goes_by_another(pair, backing) or _is_misnamed(pair, backing, weights)
    if relation <= Relation.ALIAS and not renamed:
        yield "the names are not the same"
    if pair.ours.generations != pair.theirs.generations:
        yield "one of two generations"
    vouched_for = _is_vouched_for(pair, backing, weights)
    if relation is Relation.LOOSE and not vouched_for:
        yield "the name says too little"
    if _is_another_name(pair) and _differs(pair, Field.PERSON, weights):
        yield "different contact persons"
    persons = pair.ours.is_person or pair.theirs.is_person
    if pair.name.adds_town and not persons and not _is_one_door(pair):
        yield "one may be a branch of the other"


def _is_another_name(pair: Comparison) -> bool:
    """Word by word: "Acme Services" may be another company of the group than "Acme"."""
    ours, theirs = (
        SIBLINGS.intersection(one.spelled) for one in (pair.ours, pair.theirs)
    )
    return pair.name.relation < Relation.SAME or ours != theirs


def _is_one_door(pair: Comparison) -> bool:
    """A branch has an address of its own."""
    return any(one.field is Field.PLACE for one in _held_alone(pair))


def _doubts_of_numbers(
    pair: Comparison, backing: list[Field], weights: Weights
) -> Iterator[str]:
    if _differs(pair, Field.TAX, weights):
        yield "different VAT numbers"
    if _differs(pair, Field.COMPANY, weights):
        yield "different company numbers"
    alone = _same_address(pair) and not weights.has_households
    few = len(backing) + _same_address(pair) < 2
    unsure = few or pair.name.adds_words
    if unsure and not alone and _differs(pair, Field.ACCOUNT, weights):
        yield "different account numbers"


def _differs(pair: Comparison, field: Field, weights: Weights) -> bool:
    return pair.differs(field) and weights.tells_apart(field)


def _same_address(pair: Comparison) -> bool:
    return any(
        one.field is Field.PLACE and one.verdict >= Verdict.NEAR and one.bits >= SECOND
        for one in pair.findings
    )


def _is_placed(pair: Comparison, weights: Weights) -> bool:
    """At the same address, or in the same street where nobody has a relative."""
    least = Verdict.NEAR if weights.has_households else Verdict.PARTLY
    return any(
        one.field is Field.PLACE and one.verdict >= least and one.bits >= SECOND
        for one in pair.findings
    )


def _backing(pair: Comparison) -> list[Field]:
    return [
        one.field
        for one in pair.findings
        if one.field in IDENTIFIERS
        and one.verdict >= Verdict.NEAR
        and one.bits >= SECOND
    ]


def _held_by_nobody_else(pair: Comparison, backing: list[Field]) -> set[Field]:
    return {
        one.field for one in pair.findings if one.field in backing and one.holders == 1
    }


def _is_vouched_for(pair: Comparison, backing: list[Field], weights: Weights) -> bool:
    """By a number that members of a household do not share, by the contact that both name
    and two things that nobody else has, by an address of email in which the first name
    stands, or by the house where no two of a name live in one."""
    if any(field in NUMBERS for field in backing):
        return True
    if not weights.has_households and _same_address(pair):
        return True
    if pair.agrees(Field.PERSON) and len(_held_alone(pair)) > 1:
        return True
    if pair.name.adds_words:
        return False
    long = weights.frequencies.are_long
    if long and pair.name.by_initial and _has_two_things_alone(pair):
        return True
    given = max(pair.ours.given, pair.theirs.given, key=len)
    emails = set(pair.ours.emails) & set(pair.theirs.emails)
    return len(given) > 2 and any(given in mail.split("@")[0] for mail in emails)


def _has_two_things_alone(pair: Comparison) -> bool:
    """Email, phone or address, two of them and held by nobody else in lists that would
    show another of the house: he would have to have the same initial as well."""
    persons = pair.ours.may_be_person and pair.theirs.may_be_person
    return persons and len(_held_alone(pair)) > 1


def _held_alone(pair: Comparison) -> list[Finding]:
    return [
        one
        for one in pair.findings
        if one.field in (Field.EMAIL, Field.PHONE, Field.PLACE)
        and one.verdict >= Verdict.NEAR
        and one.holders == 1
        and one.bits >= SECOND
    ]


def _goes_by_another(pair: Comparison, backing: list[Field]) -> bool:
    """A company entered under its contact's name, by its own numbers."""
    is_alias = pair.name.relation is Relation.ALIAS
    return is_alias and len(backing) > 1 and any(one in NUMBERS for one in backing)


def _is_misnamed(pair: Comparison, backing: list[Field], weights: Weights) -> bool:
    """Something of his own and the same address, in lists without households: then there
    is nobody else whom the other name could mean."""
    is_there = _same_address(pair) or (
        pair.name.relation is Relation.STRANGER and not pair.differs(Field.PLACE)
    )
    if weights.has_households or not is_there:
        return False
    return bool(_held_by_nobody_else(pair, backing))


def is_copy(pair: Comparison, weights: Weights) -> bool:
    """Two records of one side that are one customer."""
    if pair.score < SURE_COPY or any(doubts(pair, weights)):
        return False
    persons = pair.ours.may_be_person and pair.theirs.may_be_person
    return persons or _is_one_place(pair, _backing(pair))


def is_worth_asking(pair: Comparison, weights: Weights) -> bool:
    if pair.ours.taken and pair.ours.taken == pair.theirs.taken:
        return True
    if pair.name.relation is Relation.STRANGER and weights.has_households:
        # Members of a household share everything but such a number.
        backing = _backing(pair)
        return not _held_by_nobody_else(pair, backing).isdisjoint(NUMBERS)
    if pair.name.relation is Relation.OTHER:
        return _is_renamed(pair, weights)
    if pair.ours.is_archived != pair.theirs.is_archived:
        return pair.score >= WORTH_ASKING_OF_ARCHIVED
    return pair.score >= WORTH_ASKING


def _is_renamed(pair: Comparison, weights: Weights) -> bool:
    """What nobody else holds, under another name; an account number wants company."""
    backing = _backing(pair)
    alone = _held_by_nobody_else(pair, backing)
    if not weights.has_households and (alone or _same_address(pair)):
        return True
    if Field.ACCOUNT in alone and len(backing) + _same_address(pair) > 1:
        return True
    return not alone.isdisjoint((Field.EMAIL, Field.TAX, Field.COMPANY))
