"""What speaks against linking two records without asking, whatever their score; and
whether they are worth a question at all."""

from collections.abc import Iterator

from xero_sync.matching.alignment import Relation
from xero_sync.matching.comparing import Comparison
from xero_sync.matching.findings import Verdict
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
    yield from _doubts_of_name(pair, backing)
    yield from _doubts_of_numbers(pair, backing, weights)
    if pair.theirs.is_archived and not pair.ours.is_archived:
        yield "archived in Xero"
    if _may_be_two_places(pair, backing, weights):
        yield "may be two places of one name"
    if not backing and not _same_address(pair):
        yield "nothing else in common"


def _may_be_two_places(
    pair: Comparison, backing: list[Field], weights: Weights
) -> bool:
    """Branches of one company share its e-mail and its numbers, and often its name."""
    if pair.ours.may_be_person and pair.theirs.may_be_person:
        return pair.differs(Field.PLACE) and backing in ([], [Field.EMAIL])
    elsewhere = (
        pair.differs(Field.PLACE)
        or pair.differs(Field.PHONE)
        or _numbers_differ(pair, weights)
    )
    all_shared = backing and not _held_by_nobody_else(pair, backing)
    return bool(elsewhere or all_shared) and not _is_one_place(pair, backing)


def _is_one_place(pair: Comparison, backing: list[Field]) -> bool:
    return (
        Field.PHONE in backing
        or Field.ACCOUNT in backing
        or _same_address(pair)
        or pair.agrees(Field.PERSON)
    )


def _doubts_of_name(pair: Comparison, backing: list[Field]) -> Iterator[str]:
    relation = pair.name.relation
    if relation <= Relation.ALIAS and not _goes_by_another(pair, backing):
        yield "the names are not the same"
    if pair.ours.generations != pair.theirs.generations:
        yield "one of two generations"
    if relation is Relation.LOOSE and not _is_vouched_for(pair, backing):
        yield "the name says too little"
    if pair.name.adds_town:
        yield "one may be a branch of the other"


def _doubts_of_numbers(
    pair: Comparison, backing: list[Field], weights: Weights
) -> Iterator[str]:
    if pair.differs(Field.TAX):
        yield "different VAT numbers"
    if pair.differs(Field.COMPANY):
        yield "different company numbers"
    few = len(backing) + _same_address(pair) < 2
    if few and _numbers_differ(pair, weights):
        yield "different account numbers"


def _numbers_differ(pair: Comparison, weights: Weights) -> bool:
    return pair.differs(Field.ACCOUNT) and weights.means_something(Field.ACCOUNT)


def _same_address(pair: Comparison) -> bool:
    return any(
        one.field is Field.PLACE and one.verdict >= Verdict.NEAR and one.bits >= SECOND
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


def _is_vouched_for(pair: Comparison, backing: list[Field]) -> bool:
    """By a number that members of a household do not share, or by an address of e-mail
    in which the first name stands."""
    if any(field in NUMBERS for field in backing):
        return True
    given = max(pair.ours.given, pair.theirs.given, key=len)
    emails = set(pair.ours.emails) & set(pair.theirs.emails)
    return len(given) > 2 and any(given in mail.split("@")[0] for mail in emails)


def _goes_by_another(pair: Comparison, backing: list[Field]) -> bool:
    """A company entered under its contact's name, by its own numbers."""
    is_alias = pair.name.relation is Relation.ALIAS
    return is_alias and len(backing) > 1 and any(one in NUMBERS for one in backing)


def is_copy(pair: Comparison, weights: Weights) -> bool:
    """Two records of one side that are one customer."""
    if pair.score < SURE_COPY or any(doubts(pair, weights)):
        return False
    persons = pair.ours.may_be_person and pair.theirs.may_be_person
    return persons or _is_one_place(pair, _backing(pair))


def is_worth_asking(pair: Comparison) -> bool:
    if pair.ours.taken and pair.ours.taken == pair.theirs.taken:
        return True
    if pair.name.relation is Relation.STRANGER:
        # Members of a household share everything but such a number.
        backing = _backing(pair)
        return not _held_by_nobody_else(pair, backing).isdisjoint(NUMBERS)
    if pair.name.relation is Relation.OTHER:
        return _is_renamed(pair)
    if pair.ours.is_archived != pair.theirs.is_archived:
        return pair.score >= WORTH_ASKING_OF_ARCHIVED
    return pair.score >= WORTH_ASKING


def _is_renamed(pair: Comparison) -> bool:
    """What nobody else holds, under another name; an account number wants company."""
    backing = _backing(pair)
    alone = _held_by_nobody_else(pair, backing)
    if Field.ACCOUNT in alone and len(backing) > 1:
        return True
    return not alone.isdisjoint((Field.EMAIL, Field.TAX, Field.COMPANY))
