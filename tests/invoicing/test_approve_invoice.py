"""Approving a draft: its number, its stock, and what is refused."""

from decimal import Decimal

import pytest

from fieldops.common.models import ChangeEntry
from invoicing.errors import LineIncomplete, LinesMissing, NotADraft, TaxNotAllowed
from invoicing.models import Invoice
from invoicing.services.approve_invoice import approve_invoice
from stock.models import StockItem
from tests.builders import TESTER, line, make_contact, make_draft, make_item

pytestmark = pytest.mark.django_db


def on_hand(item: StockItem) -> Decimal:
    level: Decimal = StockItem.objects.with_levels().get(pk=item.pk).on_hand  # type: ignore[attr-defined]
    return level


def test_gives_the_next_number_without_gaps() -> None:
    first, second = make_draft(), make_draft()

    numbers = [approve_invoice(draft, by=TESTER).number for draft in (first, second)]

    assert numbers == ["INV-1001", "INV-1002"]


def test_keeps_a_number_that_was_typed_and_skips_it_later() -> None:
    approve_invoice(make_draft(number="INV-1001"), by=TESTER)

    assert approve_invoice(make_draft(), by=TESTER).number == "INV-1002"


def test_takes_what_it_sells_from_stock() -> None:
    item = make_item()
    draft = make_draft(lines=[line(quantity="3", item=item)])

    approve_invoice(draft, by=TESTER)

    assert on_hand(item) == Decimal("-3.0000")


def test_leaves_stock_alone_when_told_so() -> None:
    item = make_item()
    draft = make_draft(lines=[line(quantity="3", item=item)])

    approve_invoice(draft, by=TESTER, moves_stock=False)

    assert on_hand(item) == Decimal(0)


def test_refuses_a_draft_without_lines() -> None:
    draft = make_draft(lines=[])

    with pytest.raises(LinesMissing):
        approve_invoice(draft, by=TESTER)

    draft.refresh_from_db()
    assert (draft.status, draft.number) == ("draft", "")


def test_refuses_a_line_without_account() -> None:
    draft = make_draft(lines=[line(), line(account_code="")])

    with pytest.raises(LineIncomplete, match=r"Line 2 has no account\."):
        approve_invoice(draft, by=TESTER)

    assert Invoice.objects.get().is_draft


def test_refuses_a_purchase_rate_on_a_sales_account() -> None:
    draft = make_draft(lines=[line(tax_type="INPUT2")])

    with pytest.raises(TaxNotAllowed):
        approve_invoice(draft, by=TESTER)

    assert Invoice.objects.get().is_draft


def test_refuses_a_second_approval() -> None:
    draft = make_draft()
    approve_invoice(draft, by=TESTER)
    entries = ChangeEntry.objects.count()

    with pytest.raises(NotADraft):
        approve_invoice(draft, by=TESTER)

    assert ChangeEntry.objects.count() == entries


def test_the_first_invoice_makes_a_lead_a_customer() -> None:
    lead = make_contact("Mary Doyle")
    assert lead.is_lead

    make_draft(lead)

    lead.refresh_from_db()
    assert (lead.is_customer, lead.is_lead) == (True, False)
    assert [entry.action for entry in ChangeEntry.objects.of(lead)] == [
        "became a customer",
        "created",
    ]
