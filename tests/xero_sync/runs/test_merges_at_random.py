"""Merges, undone merges, edits and syncs in any order: once all is undone, every contact
has the partner and the values that it would have had."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from customers.merging import merge_contacts, undo_contact_merge
from customers.models import Contact
from customers.services import change_contact
from fieldops.common.errors import DomainError
from fieldops.common.models import Merge
from tests.builders import (
    TESTER,
    make_contact,
    make_customer,
    make_invoice,
    make_supplier,
)
from tests.ledger import PracticeLedger
from tests.xero_sync.world import connect, in_step, next_sync
from xero_sync.models import ContactLink, SyncIssue, SyncRun, XeroConnection

pytestmark = pytest.mark.django_db

NAMES = ("Alder Farm", "Birch Hotel", "Cedar Bakery", "Dunes Bar", "Elm Garage")
MANY_ENOUGH = 6


@dataclass
class Office:
    """What people do, told in ``said`` for when it goes wrong."""

    ledger: PracticeLedger
    random: Random
    said: list[str] = field(default_factory=list)

    def open(self) -> None:
        kinds = (make_customer, make_customer, make_supplier, make_contact)
        for number, name in enumerate(NAMES):
            make = self.random.choice(kinds)
            email = f"{name.split()[0].lower()}@x.example"
            make(name, phone=f"028 {number}", email=email)

    def standing(self) -> list[Contact]:
        return list(Contact.objects.filter(merged_into=None))

    def do_something(self) -> None:
        happenings: tuple[Callable[[], str], ...] = (
            *(self.merge, self.merge, self.undo, self.edit, self.edit_in_xero),
            *(self.invoice, self.sync, self.sync, self.archive_in_xero),
        )
        happening = self.random.choice(happenings)
        try:
            self.said.append(happening())
        except DomainError as refusal:
            self.said.append(f"{happening.__name__}: {refusal.message}")

    def merge(self) -> str:
        standing = self.standing()
        count = min(self.random.choice((2, 3)), len(standing))
        chosen = self.random.sample(standing, count)
        phone = {"phone": self.random.choice(chosen).phone}
        archives = self.random.random() < 0.3
        kept, *others = chosen
        merge_contacts(kept, others, phone, by=TESTER, archives_in_books=archives)
        return f"merge {[one.name for one in chosen]} {archives=}"

    def undo(self) -> str:
        merges = list(Merge.objects.standing())
        if merges:
            undo_contact_merge(self.random.choice(merges), by=TESTER)
        return "undo a merge"

    def edit(self) -> str:
        contact = self.random.choice(self.standing())
        number = str(self.random.randrange(10_000))
        change_contact(contact, {"mobile": number}, by=TESTER)
        return f"edit {contact}"

    def invoice(self) -> str:
        contact = self.random.choice(self.standing())
        make_invoice(contact)
        return f"invoice {contact}"

    def edit_in_xero(self) -> str:
        number = str(self.random.randrange(10_000))
        fax = {"PhoneType": "FAX", "PhoneNumber": number}
        return self._in_xero({"Phones": [fax]})

    def archive_in_xero(self) -> str:
        return self._in_xero({"ContactStatus": "ARCHIVED"})

    def _in_xero(self, values: dict[str, Any]) -> str:
        active = [
            one for one in self.there().values() if one["ContactStatus"] == "ACTIVE"
        ]
        if not active:
            return "nobody is left in Xero"
        contact = self.random.choice(active)
        body = {"ContactID": contact["ContactID"], **values}
        self.ledger.write("POST", "Contacts", body)
        return f"in Xero {contact['Name']} {values}"

    def there(self) -> dict[str, dict[str, Any]]:
        contacts = self.ledger.records("Contacts", archived=True)
        return {one["ContactID"]: one for one in contacts}

    def sync(self) -> str:
        if self.random.random() < 0.3:
            XeroConnection.objects.update(full_compare_on=None)
        run = next_sync()
        assert run.state == SyncRun.State.FINISHED, (run.problem, self.said)
        return f"sync, {run.writes} written"

    def undo_all(self) -> None:
        for merge in Merge.objects.standing().order_by("-pk"):
            undo_contact_merge(merge, by=TESTER)

    def come_to_rest(self) -> None:
        for _ in range(MANY_ENOUGH):
            XeroConnection.objects.update(full_compare_on=None)
            run = next_sync()
            assert run.state == SyncRun.State.FINISHED, (run.problem, self.said)
            if not run.writes:
                return
        raise AssertionError(f"it never comes to rest: {self.said}")

    def flaws(self) -> list[str]:
        """What is not as it would be without the merges, and nobody is told of."""
        there = self.there()
        partners = dict(ContactLink.objects.values_list("record_id", "xero_id"))
        told = set(SyncIssue.objects.open().values_list("contact_id", flat=True))
        active = {key for key, one in there.items() if one["ContactStatus"] == "ACTIVE"}
        found = [f"{key} is nobody's" for key in active - set(partners.values())]
        for contact in Contact.objects.exclude(pk__in=told - {None}):
            partner = there.get(partners.get(contact.pk, ""))
            if partner is not None:
                found += _differing(contact, partner)
            elif not contact.is_lead and not contact.is_archived:
                found.append(f"{contact} was never sent")
        return found


def _differing(contact: Contact, partner: dict[str, Any]) -> list[str]:
    phones = {one["PhoneType"]: one["PhoneNumber"] for one in partner["Phones"]}
    is_archived = partner["ContactStatus"] == "ARCHIVED"
    ours: tuple[object, ...] = (contact.name, contact.is_archived)
    theirs: tuple[object, ...] = (partner["Name"], is_archived)
    if not is_archived:
        ours += (contact.phone, contact.mobile, contact.fax)
        theirs += tuple(phones.get(one, "") for one in ("DEFAULT", "MOBILE", "FAX"))
    return [] if ours == theirs else [f"{ours} is {theirs} in Xero"]


@pytest.mark.parametrize("seed", range(3))
def test_once_all_is_undone_every_contact_has_its_own_partner(
    ledger: PracticeLedger, seed: int
) -> None:
    office = Office(ledger, Random(seed))  # noqa: S311 - no secret
    office.open()
    connect(ledger)
    in_step()
    for _ in range(8):
        office.do_something()
    office.undo_all()
    office.come_to_rest()
    assert office.flaws() == [], office.said
