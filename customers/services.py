"""Everything that writes a contact."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from customers.errors import NameMissing
from customers.models import Contact
from customers.people import tidied
from fieldops.common.actor import Actor
from fieldops.common.changes import (
    change_record,
    create_record,
    create_records,
    locked,
    record_event,
    snapshot,
    stripped,
)
from fieldops.common.merging import require_standing
from fieldops.common.repeats import as_logged, create_once


@transaction.atomic
def create_contact(values: Mapping[str, Any], *, by: Actor) -> Contact:
    return create_record(_new_contact(values), by=by)


@transaction.atomic
def create_contacts(
    many: Iterable[Mapping[str, Any]], *, by: Actor
) -> Sequence[Contact]:
    """All of them or, if one is refused, none."""
    contacts = [_new_contact(values) for values in many]
    create_records(contacts, by=by)
    return contacts


def _new_contact(values: Mapping[str, Any]) -> Contact:
    contact = Contact(**cleaned(values))
    if not contact.name:
        raise NameMissing
    return contact


def create_contact_once(
    values: Mapping[str, Any], *, by: Actor
) -> tuple[Contact, bool]:
    """The contact and whether it is new; see ``create_once``."""
    meant = Contact(**cleaned(values))
    return create_once(
        Contact,
        values.get("uid"),
        lambda: create_contact(values, by=by),
        lambda made_from: made_from == as_logged(snapshot(meant)),
    )


@transaction.atomic
def change_contact(
    contact: Contact,
    values: Mapping[str, Any],
    *,
    by: Actor,
    revision: int | None = None,
) -> Contact:
    """``revision`` is the one the person was looking at; see ``locked``."""
    contact = locked(contact, revision=revision)
    require_standing(contact)
    values = cleaned(values)
    if not values.get("name", contact.name):
        raise NameMissing
    change_record(contact, values, by=by)
    return contact


@transaction.atomic
def archive_contact(contact: Contact, *, by: Actor) -> Contact:
    contact = locked(contact)
    change_record(contact, {"is_archived": True}, by=by, action="archived")
    return contact


@transaction.atomic
def restore_contact(contact: Contact, *, by: Actor) -> Contact:
    contact = locked(contact)
    require_standing(contact)
    change_record(contact, {"is_archived": False}, by=by, action="restored")
    return contact


@transaction.atomic
def promote_to_customer(contact: Contact, *, by: Actor) -> Contact:
    """The first invoice makes a lead a customer; a customer stays one."""
    contact = locked(contact)
    change_record(contact, {"is_customer": True}, by=by, action="became a customer")
    return contact


@transaction.atomic
def remove_contact(contact: Contact, *, by: Actor) -> None:
    """For good, with what it said in the history. One that anything refers to is not
    removed: the database refuses."""
    contact = locked(contact)
    record_event(contact, "removed", by=by, before=snapshot(contact))
    contact.delete()


def cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = stripped(values)
    if "people" in cleaned:
        cleaned["people"] = tidied(cleaned["people"])
    return cleaned
