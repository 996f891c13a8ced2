"""Make two or three contacts one, and take that back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from customers.errors import NameMissing
from customers.models import Contact, address_fields
from customers.people import tidied
from customers.services import cleaned
from fieldops.common.actor import Actor
from fieldops.common.history import labels_of
from fieldops.common.merging import (
    NO_REVISIONS,
    Choice,
    lock_for_merging,
    preset_values,
    put_merge,
    require_chosen,
)
from fieldops.common.models import Merge
from fieldops.common.unmerging import Remaining, Undoing, plan_undoing, take_back

_SINGLE = (
    *("name", "first_name", "last_name", "email", "accounting_email"),
    *("account_number", "phone", "mobile", "direct_dial", "fax"),
    *("tax_number", "website"),
)


# What is chosen between the records; notes, people and groups are united.
CHOICES = (
    *(Choice(name, labels_of(Contact)[name], (name,)) for name in _SINGLE),
    Choice("billing", "Billing address", address_fields("billing")),
    Choice("delivery", "Delivery address", address_fields("delivery")),
    Choice("terms", "Payment terms", ("payment_days", "payment_terms"), joint=" "),
)

# The column of another table that makes a contact one.
_MADE_BY = {"is_customer": "customer_id", "is_supplier": "preferred_supplier_id"}


@transaction.atomic
def merge_contacts(
    kept: Contact,
    others: Sequence[Contact],
    values: Mapping[str, Any],
    *,
    by: Actor,
    revisions: Mapping[int, int] = NO_REVISIONS,
    archives_in_books: bool = False,
) -> Merge:
    """``values`` are the chosen ones by column; a column nobody chose stays the kept
    contact's own, or is filled from the others. ``revisions``: those that were looked
    at, by primary key."""
    kept, others = lock_for_merging(kept, others, revisions=revisions)
    preset = preset_values(kept, others, CHOICES) | united(kept, others)
    require_chosen(values, preset.keys() - {"is_customer", "is_supplier"})
    chosen = preset | cleaned(values)
    if not chosen["name"]:
        raise NameMissing
    return put_merge(kept, others, chosen, by=by, archives_in_books=archives_in_books)


@transaction.atomic
def undo_contact_merge(merge: Merge, *, by: Actor) -> Undoing:
    return take_back(merge, by=by, keeps=_is_still_one, number="account_number")


def plan_undoing_contacts(merge: Merge) -> Undoing:
    """What ``undo_contact_merge`` would do."""
    return plan_undoing(merge, keeps=_is_still_one, number="account_number")


def united(kept: Contact, others: Sequence[Contact]) -> dict[str, Any]:
    """What is kept of all of them."""
    everybody = (kept, *others)
    return {
        "notes": united_notes(one.notes for one in everybody),
        "people": united_people(person for one in everybody for person in one.people),
        "is_customer": any(one.is_customer for one in everybody),
        "is_supplier": any(one.is_supplier for one in everybody),
    }


def united_notes(notes: Iterable[str]) -> str:
    """One after the other; what is said already is not said again."""
    said: list[str] = []
    for note in notes:
        if note.strip() and not any(note.strip() in earlier for earlier in said):
            said.append(note)
    return "\n\n".join(said)


def united_people(people: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Nobody twice, however the name is written; who got copies still gets them."""
    known: dict[tuple[str, ...], dict[str, Any]] = {}
    for person in tidied(people):
        names = ("first_name", "last_name", "email")
        key = tuple(str(person[name]).casefold() for name in names)
        first = known.setdefault(key, person)
        first["gets_copies"] = first["gets_copies"] or person["gets_copies"]
    return tidied(known.values())


def _is_still_one(remaining: Remaining, name: str) -> bool:
    """An invoice made since makes the kept contact a customer of its own right, and an
    item that is bought from it a supplier."""
    return name in _MADE_BY and remaining.has_since(_MADE_BY[name])
