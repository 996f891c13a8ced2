"""A small company with something for every page of the office to show."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from customers.merging import merge_contacts
from customers.services import archive_contact
from tests.builders import (
    TESTER,
    line,
    make_contact,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
    make_supplier,
)

LONG_NAME = "Northern Regional Facilities Management and Grounds Maintenance Ltd"


def fill_the_company() -> dict[str, Any]:
    today = timezone.localdate()
    customer = make_customer(
        LONG_NAME,
        account_number="C1000-NORTH-2026",
        email="accounts.payable.department@northern-regional-facilities.example",
        billing_line1="1 High Street",
        billing_city="Derry",
        notes="Ring before you come.",
    )
    item = make_item("VAL22", reorder_level=Decimal(5), preferred_supplier=None)
    late = make_invoice(
        customer,
        [line("1234567.89", item=item), line("18.50", "2.5")],
        issued_on=today - timedelta(days=90),
        due_on=today - timedelta(days=60),
    )
    archive_contact(make_contact("Gone"), by=TESTER)
    kept, merged = make_customer("Kept Hotel"), make_customer(f"{LONG_NAME} (old)")
    make_draft(merged)
    merge = merge_contacts(kept, [merged], {}, by=TESTER)
    return {
        "double": make_item("VAL-22", sell_price=Decimal("12.50")).pk,
        "kept": kept.pk,
        "merged": merged.pk,
        "merge": merge.pk,
        "customer": customer.pk,
        "lead": make_contact("Mary Doyle").pk,
        "supplier": make_supplier("Castle Pipes").pk,
        "item": item.pk,
        "invoice": late.pk,
        "draft": make_draft(customer, [line(item=item)]).pk,
    }


PAGES = (
    "/",
    "/customers/",
    "/customers/?q=zzz",
    "/customers/suppliers/",
    "/customers/{customer}/",
    "/customers/{customer}/?tab=history",
    "/customers/{lead}/",
    "/customers/{customer}/edit/",
    "/customers/new/",
    "/stock/",
    "/stock/{item}/",
    "/stock/{item}/edit/",
    "/stock/{item}/move/",
    "/stock/{item}/merge/?with={double}",
    "/customers/{lead}/merge/",
    "/customers/{lead}/merge/?q=northern",
    "/customers/{lead}/merge/?with={customer}&with={supplier}",
    "/customers/{kept}/",
    "/customers/{kept}/?tab=history",
    "/customers/{merged}/",
    "/customers/merges/{merge}/undo/",
    "/invoices/",
    "/invoices/{invoice}/",
    "/invoices/{invoice}/cancel/",
    "/invoices/{invoice}/print/",
    "/invoices/{draft}/edit/",
    "/invoices/new/",
    "/search/?q=northern",
    "/help/",
    "/help/invoices/",
    "/settings/",
    "/settings/company/",
    "/settings/accounts/",
    "/settings/users/",
    "/settings/users/new/",
)
