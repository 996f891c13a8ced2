"""Which of our contacts is which of Xero's: a similar name and one more thing in common,
nothing that speaks against it, and nobody else it could be."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from rapidfuzz.fuzz import ratio

from xero_sync.matching.blocks import Blocks, pairs_in_blocks
from xero_sync.matching.names import (
    Likeness,
    Name,
    difference,
    likeness,
    very_similar,
)
from xero_sync.matching.normalise import (
    account_key,
    email_key,
    folded,
    phone_key,
    postcode_key,
    street_key,
    tax_key,
)
from xero_sync.matching.pairing import Match, Pair, settled
from xero_sync.outcomes.drafts import ContactDraft

# A value on more records of one side than this says nothing about any of them.
MOST_HOLDERS = 4
SIMILAR_STREET = 85.0
# Below this share of agreement the two sides number their customers on their own.
SHARED_NUMBERING = 0.5
ENOUGH_TO_TELL = 8


class Key(StrEnum):
    """What two records can have in common, in the words of a reason."""

    ACCOUNT = "same account number"
    TAX = "same VAT number"
    EMAIL = "same e-mail address"
    PHONE = "same phone number"
    ADDRESS = "same address"


@dataclass(frozen=True)
class ContactCandidate:
    """A contact of one side: ours has ``local_id``, Xero's has ``xero_id``. A draft has
    one e-mail address; ``other_emails`` are those the settings did not choose."""

    draft: ContactDraft
    local_id: int = 0
    xero_id: str = ""
    is_archived: bool = False
    other_emails: tuple[str, ...] = ()

    @cached_property
    def name(self) -> Name:
        contact = f"{self.draft.first_name} {self.draft.last_name}"
        return Name(self.draft.name, contact)

    @cached_property
    def account(self) -> str:
        return account_key(self.draft.account_number)

    @cached_property
    def tax(self) -> str:
        return tax_key(self.draft.tax_number)

    @cached_property
    def emails(self) -> frozenset[str]:
        return _filled(map(email_key, (self.draft.email, *self.other_emails)))

    @cached_property
    def phones(self) -> frozenset[str]:
        draft = self.draft
        return _filled(map(phone_key, (draft.phone, draft.mobile, draft.direct_dial)))

    @cached_property
    def values(self) -> frozenset[tuple[Key, str]]:
        """What can be looked for on the other side letter by letter."""
        held = {(Key.EMAIL, email) for email in self.emails}
        held |= {(Key.PHONE, phone) for phone in self.phones}
        held |= {(Key.ACCOUNT, self.account), (Key.TAX, self.tax)}
        return frozenset(value for value in held if value[1])

    @cached_property
    def postcode(self) -> str:
        return postcode_key(self.draft.address_postcode)

    @cached_property
    def street(self) -> str:
        return street_key(self.draft.address_line1)

    @cached_property
    def place(self) -> str:
        """The postcode, or the town of an address without one."""
        return self.postcode or folded(self.draft.address_city)

    @cached_property
    def person(self) -> tuple[str, str]:
        return folded(self.draft.first_name), folded(self.draft.last_name)


@dataclass(frozen=True, slots=True)
class Comparison:
    ours: ContactCandidate
    theirs: ContactCandidate
    likeness: Likeness
    keys: frozenset[Key]

    @property
    def accounts_differ(self) -> bool:
        return _differ(self.ours.account, self.theirs.account)

    @property
    def postcodes_differ(self) -> bool:
        return _differ(self.ours.postcode, self.theirs.postcode)

    @property
    def emails_differ(self) -> bool:
        return _all_differ(self.ours.emails, self.theirs.emails)

    @property
    def phones_differ(self) -> bool:
        return _all_differ(self.ours.phones, self.theirs.phones)

    @property
    def is_contradicted(self) -> bool:
        if _differ(self.ours.tax, self.theirs.tax):
            return True
        return self.emails_differ and self.postcodes_differ

    @property
    def doubts(self) -> int:
        return sum(
            (
                self.accounts_differ,
                self.postcodes_differ,
                self.emails_differ,
                self.phones_differ,
            )
        )

    @property
    def name_is_taken(self) -> bool:
        """Xero refuses a name that an active contact has, whatever its case."""
        same = self.ours.draft.name.casefold() == self.theirs.draft.name.casefold()
        archived = self.ours.is_archived or self.theirs.is_archived
        return same and bool(self.ours.draft.name) and not archived


def match_contacts(
    ours: Sequence[ContactCandidate], theirs: Sequence[ContactCandidate]
) -> list[Match]:
    """Certain ones first. A record of either side may be in several doubtful ones."""
    evidence = Evidence(ours, theirs)
    compared = [
        evidence.compare(ours[mine], theirs[other])
        for mine, other in pairs_in_blocks(_blocks(ours), _blocks(theirs))
    ]
    shared_numbering = _numbering_is_shared(compared)
    judged = (
        _judged(comparison, evidence, shared_numbering=shared_numbering)
        for comparison in compared
    )
    return settled(pair for pair in judged if pair is not None)


class Evidence:
    """What two records have in common; values that too many hold are none."""

    def __init__(self, *sides: Iterable[ContactCandidate]) -> None:
        self._holders = [
            Counter(value for record in side for value in record.values)
            for side in sides
        ]

    def compare(self, ours: ContactCandidate, theirs: ContactCandidate) -> Comparison:
        keys = {
            value[0]
            for value in ours.values & theirs.values
            if self._most_holders(value) <= MOST_HOLDERS
        }
        if _same_address(ours, theirs):
            keys.add(Key.ADDRESS)
        return Comparison(
            ours, theirs, likeness(ours.name, theirs.name), frozenset(keys)
        )

    def only_they_hold(self, comparison: Comparison, key: Key) -> bool:
        shared = comparison.ours.values & comparison.theirs.values
        return any(
            value[0] == key and self._most_holders(value) == 1 for value in shared
        )

    def _most_holders(self, value: tuple[Key, str]) -> int:
        return max(side[value] for side in self._holders)


def _same_address(ours: ContactCandidate, theirs: ContactCandidate) -> bool:
    if not (ours.place and ours.place == theirs.place and ours.street):
        return False
    if ours.street == theirs.street:
        return True
    if _numbers(ours.street) != _numbers(theirs.street):
        return False
    return ratio(ours.street, theirs.street) >= SIMILAR_STREET


def _numbers(street: str) -> list[str]:
    return [word for word in street.split() if any(map(str.isdecimal, word))]


def _numbering_is_shared(compared: Iterable[Comparison]) -> bool:
    """Whether account numbers mean the same on both sides, learned from those who are
    twins without them."""
    told = [
        Key.ACCOUNT in comparison.keys
        for comparison in compared
        if comparison.likeness >= Likeness.SAME
        and comparison.keys - {Key.ACCOUNT}
        and comparison.ours.account
        and comparison.theirs.account
    ]
    return len(told) < ENOUGH_TO_TELL or sum(told) >= SHARED_NUMBERING * len(told)


def _judged(
    comparison: Comparison, evidence: Evidence, *, shared_numbering: bool
) -> Pair | None:
    keys = comparison.keys - (set() if shared_numbering else {Key.ACCOUNT})
    similar = _is_similar(comparison, keys)
    needed = 1 + (shared_numbering and comparison.accounts_differ)
    if keys == {Key.EMAIL} and comparison.postcodes_differ:
        needed = 2  # branches of one company share an office
    sure = similar and not comparison.is_contradicted and len(keys) >= needed
    archived = comparison.ours.is_archived != comparison.theirs.is_archived
    if archived and not sure:
        return None
    if not sure and not _is_plausible(comparison, keys, evidence):
        return None
    return Pair(
        comparison.ours.local_id,
        comparison.theirs.xero_id,
        is_sure=sure and not archived,
        rank=max(comparison.likeness, Likeness.CLOSE),
        reasons=_reasons(comparison, keys, archived=archived),
        is_copy=not archived and (sure or comparison.likeness >= Likeness.SAME),
    )


def _is_similar(comparison: Comparison, keys: Iterable[Key]) -> bool:
    if comparison.likeness != Likeness.LOOSE:
        return comparison.likeness > Likeness.LOOSE
    # Members of a household share phone, e-mail and address, not these.
    if Key.ACCOUNT in keys or Key.TAX in keys:
        return True
    return all(comparison.ours.person) and (
        comparison.ours.person == comparison.theirs.person
    )


def _is_plausible(
    comparison: Comparison, keys: frozenset[Key], evidence: Evidence
) -> bool:
    if comparison.name_is_taken:
        return True
    if comparison.likeness == Likeness.UNLIKE:
        # The account number alone is no sign: it is reported as used in Xero.
        renamed = Key.ACCOUNT in keys and len(keys) > 1
        return renamed or any(
            evidence.only_they_hold(comparison, key) for key in (Key.EMAIL, Key.TAX)
        )
    if keys:
        return True
    if comparison.is_contradicted:
        return False
    if comparison.likeness >= Likeness.SAME:
        return True
    names = comparison.ours.name, comparison.theirs.name
    return (
        comparison.likeness == Likeness.CLOSE
        and comparison.doubts < 2
        and very_similar(*names)
    )


def _reasons(
    comparison: Comparison, keys: frozenset[Key], *, archived: bool
) -> tuple[str, ...]:
    found = [key.value for key in Key if key in keys]
    names = difference(comparison.ours.name, comparison.theirs.name)
    against = {
        "different VAT numbers": _differ(comparison.ours.tax, comparison.theirs.tax),
        "different account numbers": comparison.accounts_differ,
        "different e-mail addresses": comparison.emails_differ,
        "different postcodes": comparison.postcodes_differ,
        "archived in Xero": archived and comparison.theirs.is_archived,
        "archived here": archived and comparison.ours.is_archived,
    }
    return (*found, names, *(words for words, applies in against.items() if applies))


def _blocks(records: Sequence[ContactCandidate]) -> Blocks:
    """Under which keys each record is compared with others."""
    blocks = Blocks()
    for position, record in enumerate(records):
        for key, value in record.values:
            blocks.add(position, f"{key.name}:{value}")
        if record.place and record.street:
            blocks.add(position, f"place:{record.place}:{record.street[:4]}")
        if record.name.telling:
            blocks.add(position, f"name:{' '.join(record.name.telling)}")
            blocks.add(position, f"letters:{record.name.letters}")
            blocks.add(position, f"start:{record.name.letters[:6]}", capped=True)
            blocks.add(position, f"end:{record.name.letters[-6:]}", capped=True)
        blocks.add_words(position, record.name.telling)
        if record.draft.name:
            blocks.add(position, f"taken:{record.draft.name.casefold()}")
    return blocks


def _filled(values: Iterable[str]) -> frozenset[str]:
    return frozenset(value for value in values if value)


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _all_differ(some: frozenset[str], others: frozenset[str]) -> bool:
    return bool(some and others and some.isdisjoint(others))
