"""Two linked contacts for tests of merging, and what stands of them on either side."""

from customers.models import Contact
from tests.builders import make_customer, make_invoice
from tests.ledger import PracticeLedger
from tests.xero_sync.world import assert_silent, connect, in_step, xero
from xero_sync.models import ContactLink, XeroConnection


def links() -> dict[int, str]:
    return dict(ContactLink.objects.values_list("record_id", "xero_id"))


def contacts_there(ledger: PracticeLedger) -> dict[str, str]:
    """Every contact Xero has, archived ones included: its name and status by id."""
    return {
        one["ContactID"]: f"{one['Name']} {one['ContactStatus']}"
        for one in ledger.records("Contacts", archived=True)
    }


def assert_silence() -> None:
    """Also in the first run of a day, which plans everything."""
    before = links()
    assert_silent()
    XeroConnection.objects.update(full_compare_on=None)
    assert_silent()
    assert links() == before


def phones_there(ledger: PracticeLedger, contact: Contact) -> set[str]:
    phones = xero(ledger, "Contacts", contact)["Phones"]
    return {one["PhoneNumber"] for one in phones if one["PhoneNumber"]}


def again(contact: Contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)


def two_linked(ledger: PracticeLedger) -> tuple[Contact, Contact]:
    kept = make_customer("Castle Hotel", phone="028 1")
    other = make_customer("Castle Inn", phone="028 2", email="inn@castle.example")
    make_invoice(other)
    connect(ledger)
    in_step()
    return kept, other
