"""What two contacts have in common and what speaks against them, before any verdict."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Self

from rapidfuzz.fuzz import ratio

from xero_sync.matching.names import Likeness, Name, likeness
from xero_sync.matching.normalise import (
    account_key,
    email_key,
    folded,
    phone_key,
    postcode_key,
    street_key,
    tax_key,
)
from xero_sync.matching.pairing import LocalId
from xero_sync.outcomes.drafts import ContactDraft

# A value on more records of one side than this says nothing about any of them.
MOST_HOLDERS = 4
SIMILAR_STREET = 85.0


class Key(StrEnum):
    """What two records can have in common, in the words of a reason."""

    ACCOUNT = "same account number"
    TAX = "same VAT number"
    EMAIL = "same e-mail address"
    PHONE = "same phone number"
    ADDRESS = "same address"


@dataclass(frozen=True)
class Place:
    """One address of several."""

    line1: str = ""
    line2: str = ""
    town: str = ""
    postcode: str = ""


@dataclass(frozen=True)
class ContactCandidate:
    """A contact of one side: ours has ``local_id``, Xero's has ``xero_id``. What a draft
    has no room for stands beside it: ``other_emails`` are those the settings did not
    choose, ``is_company`` is None where the list does not say."""

    draft: ContactDraft
    local_id: LocalId = 0
    xero_id: str = ""
    is_archived: bool = False
    other_emails: tuple[str, ...] = ()
    title: str = ""
    is_company: bool | None = None
    company_number: str = ""
    other_phones: tuple[str, ...] = ()
    other_places: tuple[Place, ...] = ()

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
    shared_numbering: bool = True

    def without_account_numbers(self) -> Self:
        """For lists that number their customers each on its own."""
        keys = self.keys - {Key.ACCOUNT}
        return replace(self, keys=keys, shared_numbering=False)

    @property
    def tax_numbers_differ(self) -> bool:
        return _differ(self.ours.tax, self.theirs.tax)

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
        moved = self.emails_differ and self.postcodes_differ
        return self.tax_numbers_differ or moved

    @property
    def doubts(self) -> int:
        """What speaks against them without settling it."""
        return sum(
            (
                self.accounts_differ and self.shared_numbering,
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


def _filled(values: Iterable[str]) -> frozenset[str]:
    return frozenset(value for value in values if value)


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _all_differ(some: frozenset[str], others: frozenset[str]) -> bool:
    return bool(some and others and some.isdisjoint(others))
