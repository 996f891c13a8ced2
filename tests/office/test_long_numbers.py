"""Numbers that no database can hold, in addresses and forms that somebody wrote: what
they would choose is not there, and nothing else is touched."""

import pytest
from django.test import Client

from customers.models import Contact
from fieldops.common.models import ChangeEntry
from tests.builders import make_contact, make_invoice
from tests.xero_sync.rows import make_connection
from xero_sync.models import SyncRun

pytestmark = pytest.mark.django_db

GOT = {
    "/customers/?page={}": 200,
    "/customers/?customer={}": 200,
    "/customers/{}/": 404,
    "/customers/{contact}/merge/?with={}": 200,
    "/invoices/?customer={}": 200,
    "/invoices/new/?customer={}": 200,
    "/xero/?issue={}": 200,
    "/xero/duplicates/?page={}": 200,
    "/xero/typed/contact/?record={}&name=Castle": 200,
}
POSTED = {
    "/customers/": {"action": "archive", "selected": "{}"},
    "/customers/{contact}/merge/": {"with": "{}", "kept": "{}", "revision-1": "{}"},
    "/customers/{contact}/bring-back/": {"entry": "{}", "field": "name"},
    "/invoices/{invoice}/edit/": {"revision": "{}"},
    "/xero/send/": {"kind": "contact", "selected": "{}"},
    "/xero/duplicates/without-twin/": {"selected": "{}"},
}


@pytest.mark.parametrize("digits", [19, 30, 5000])
def test_a_long_number_is_nobodys(office_client: Client, digits: int) -> None:
    make_connection()
    contact, invoice = make_contact("Castle Hotel"), make_invoice()
    ids = {"contact": contact.pk, "invoice": invoice.pk}
    logged = ChangeEntry.objects.count()
    number = "9" * digits

    got = {
        address: office_client.get(address.format(number, **ids)).status_code
        for address in GOT
    }
    posted = {
        address: office_client.post(
            address.format(**ids),
            {name: value.format(number) for name, value in form.items()},
        ).status_code
        for address, form in POSTED.items()
    }

    assert got == GOT
    assert max(posted.values()) < 500, posted
    assert ChangeEntry.objects.count() == logged
    assert not Contact.objects.filter(is_archived=True).exists()
    assert not SyncRun.objects.exists()
