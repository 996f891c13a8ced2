"""Real input that nobody here wrote: the Northwind sample in Xero's template layout. That
it goes in complete is asked in tests/acceptance, where it goes on to Xero."""

import pytest

from customers.models import Contact
from fieldops.imports.kinds import KINDS, import_file
from tests.acceptance.northwind import FILES, TEMPLATES, needs_northwind

pytestmark = [pytest.mark.django_db, needs_northwind]


def test_accents_breaks_and_missing_postcodes_arrive_as_they_are() -> None:
    for kind in ("contacts", "suppliers"):
        content = (TEMPLATES / FILES[kind]).read_bytes()
        import_file(KINDS[kind], content, FILES[kind])
    ana = Contact.objects.get(account_number="ANATR")
    assert ana.billing_line1 == "Avda. de la Constitución 2222"
    tokyo = Contact.objects.get(name="Tokyo Traders")
    assert tokyo.billing_line1 == "9-8 Sekimai, Musashino-shi"
    assert Contact.objects.filter(billing_postcode="").count() == 1
