"""Merging on pages: whom with, field by field, undone in few clicks; rights and lists."""

import re
from typing import Any

import pytest
from django.test import Client

from customers.merging import merge_contacts
from customers.models import Contact
from customers.services import archive_contact, change_contact
from fieldops.common.models import Merge
from invoicing.models import Invoice
from stock.models import StockItem
from stock.services import archive_item
from tests.builders import (
    TESTER,
    make_contact,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
    make_supplier,
)
from tests.merging.world import differences, dump
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db


def sent(*records: Contact | StockItem, **choices: str | int) -> dict[str, object]:
    revisions = {f"revision-{one.pk}": one.revision for one in records}
    named = {name.replace("_", "-"): value for name, value in choices.items()}
    return {"records": [one.pk for one in records], **revisions, **named}


def test_found_compared_merged_and_undone(office_client: Client) -> None:
    kept = make_customer("Castle Hotel", phone="028 1")
    other = make_customer("Castle Inn", phone="028 2", email="inn@castle.example")
    make_invoice(other)
    before = dump()["customers.Contact"]

    address = found_from_the_customers_page(office_client, kept, other)
    assert_compared(main_of(office_client, address), kept, other)
    chosen = {"kept": kept.pk, "from_phone": other.pk, "from_email": kept.pk}
    said = office_client.post(
        address, sent(kept, other, from_name=kept.pk, **chosen), follow=True
    ).content.decode()

    kept.refresh_from_db()
    assert (kept.name, kept.phone, kept.email) == ("Castle Hotel", "028 2", "")
    assert Invoice.objects.get().customer == kept
    assert "Castle Inn merged into Castle Hotel." in said
    undo_by_the_page(office_client, said)
    assert without_ids(dump()["customers.Contact"]) == without_ids(before)


def found_from_the_customers_page(client: Client, kept: Contact, other: Contact) -> str:
    page = main_of(client, f"/customers/{kept.pk}/")
    assert f'href="/customers/{kept.pk}/merge/"' in page
    page = main_of(client, f"/customers/{kept.pk}/merge/?q=castle&more=1")
    assert "Castle Inn" in page
    return f"/customers/{kept.pk}/merge/?with={other.pk}"


def assert_compared(page: str, kept: Contact, other: Contact) -> None:
    """Pre-set are the kept one's own phone and the other's email."""
    assert "1 invoice" in page
    assert page.index("028 1") < page.index("The same in all")
    for key, source in (("phone", kept), ("email", other)):
        assert f'name="from-{key}" value="{source.pk}" checked' in page


def undo_by_the_page(client: Client, said: str) -> None:
    """One click leads to it, from the message and from the card."""
    undo = f"/customers/merges/{Merge.objects.get().pk}/undo/"
    assert said.count(f'href="{undo}"') == 2
    page = main_of(client, undo)
    assert "1 invoice goes back to Castle Inn." in page
    assert "Phone (028 1)" in page
    client.post(undo)


def without_ids(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k != "id"} for row in rows]


def test_the_last_one_can_be_kept_and_archived_there_too(office_client: Client) -> None:
    one, two = make_customer("One"), make_customer("Two")
    address = f"/customers/{one.pk}/merge/?with={two.pk}"
    office_client.post(address, sent(one, two, kept=two.pk, archive="1"))
    one.refresh_from_db()
    assert one.merged_into == two
    assert Merge.objects.get().archives_in_books is True


def test_a_number_that_was_taken_is_named_before_and_after(
    office_client: Client,
) -> None:
    kept, other = make_customer("Kept"), make_customer("Other", account_number="C2")
    merge = merge_contacts(kept, [other], {"account_number": ""}, by=TESTER)
    make_customer("Derry Garage", account_number="C2")
    address = f"/customers/merges/{merge.pk}/undo/"
    said = "Other comes back without its account number C2: Derry Garage has it now."

    page = main_of(office_client, address)
    assert page.index("What stays") < page.index(said)

    answer = office_client.post(address, follow=True)
    assert said in answer.content.decode()
    other.refresh_from_db()
    assert (other.account_number, other.merged_into) == ("", None)


def test_two_or_three_ticked_in_the_list(office_client: Client) -> None:
    one, two, three, four = (make_customer(f"Number {n}") for n in range(4))
    make_draft(two)
    tick = {"action": "merge", "selected": [one.pk, two.pk, three.pk]}
    answer = office_client.post("/customers/", tick)
    assert answer["Location"] == (
        f"/customers/{two.pk}/merge/?with={one.pk}&with={three.pk}"
    )
    for ticked in ([one.pk], [one.pk, two.pk, three.pk, four.pk]):
        answer = office_client.post(
            "/customers/", {"action": "merge", "selected": ticked}, follow=True
        )
        assert "Tick two or three to merge them." in answer.content.decode()
    assert not Merge.objects.exists()


def test_items_are_merged_on_the_same_pages(office_client: Client) -> None:
    one, two = make_item("PIPE22"), make_item("PIPE-22", description="Copper")
    supplier = make_supplier("Castle Pipes")
    StockItem.objects.filter(pk=two.pk).update(preferred_supplier=supplier)
    page = main_of(office_client, f"/stock/{one.pk}/merge/?with={two.pk}")
    assert "Castle Pipes" in page
    assert 'name="archive"' not in page
    office_client.post(
        f"/stock/{one.pk}/merge/?with={two.pk}",
        sent(one, two, kept=one.pk, from_code=two.pk),
    )
    one.refresh_from_db()
    assert (one.code, one.description, one.preferred_supplier) == (
        "PIPE-22",
        "Copper",
        supplier,
    )
    assert "Merged with" in main_of(office_client, f"/stock/{one.pk}/")
    undo = f"/stock/merges/{Merge.objects.get().pk}/undo/"
    assert office_client.get(undo).status_code == 200
    office_client.post(undo)
    one.refresh_from_db()
    assert (one.code, one.description) == ("PIPE22", "")


def test_the_page_of_one_that_was_merged_away(office_client: Client) -> None:
    kept, other = make_customer("Castle Hotel"), make_customer("Castle Inn")
    merge = merge_contacts(kept, [other], {}, by=TESTER)
    page = main_of(office_client, f"/customers/{other.pk}/")
    assert "Merged into Castle Hotel" in page
    assert f"/customers/merges/{merge.pk}/undo/" in page
    for gone in ("/restore/", "/edit/", "/merge/"):
        assert f"/customers/{other.pk}{gone}" not in page


def test_going_back_to_the_comparison_of_one_that_was_merged_away(
    office_client: Client,
) -> None:
    kept, other = make_customer("Castle Hotel"), make_customer("Castle Inn")
    merge_contacts(kept, [other], {}, by=TESTER)
    answer = office_client.get(f"/customers/{other.pk}/merge/?with={kept.pk}")
    assert answer.headers["Location"] == f"/customers/{other.pk}/"
    assert Merge.objects.count() == 1


def test_lists_and_search_lead_to_the_kept_one(office_client: Client) -> None:
    kept, other = make_customer("Castle Hotel"), make_customer("Dunes Bar")
    third = make_contact("Sea View")
    merge_contacts(kept, [other], {}, by=TESTER)
    merge_contacts(third, [kept], {"name": "Sea View"}, by=TESTER)
    for address in (
        "/customers/?q=dunes",
        "/customers/?q=castle",
        "/customers/?q=dunes&view=all",
    ):
        assert re.findall(
            r"data-row-link>([^<]*)<", main_of(office_client, address)
        ) == ["Sea View"]
    assert "Dunes" not in main_of(office_client, "/customers/?view=archived")
    found = office_client.get("/search/?q=dunes")
    assert found["Location"] == f"/customers/{third.pk}/"


def test_a_stale_page_changes_nothing(office_client: Client) -> None:
    one, two = make_customer("One"), make_customer("Two")
    seen = sent(one, two, kept=one.pk)
    change_contact(two, {"phone": "028 9"}, by=TESTER)
    before = dump()
    answer = office_client.post(
        f"/customers/{one.pk}/merge/?with={two.pk}", seen, follow=True
    )
    assert "Somebody changed this record" in answer.content.decode()
    contacts = "customers.Contact"
    assert differences({contacts: before[contacts]}, dump()) == []
    assert not Merge.objects.exists()


def test_only_who_may_merges(
    engineer_client: Client, accountant_client: Client
) -> None:
    one, two = make_customer("One"), make_customer("Two")
    item, double = make_item("A"), make_item("B")
    merge = merge_contacts(
        make_customer("Kept"), [make_customer("Gone")], {}, by=TESTER
    )
    kept = Contact.objects.get(pk=merge.kept_id)
    for client in (engineer_client, accountant_client):
        for address in (
            f"/customers/{one.pk}/merge/?with={two.pk}",
            f"/stock/{item.pk}/merge/?with={double.pk}",
            f"/customers/merges/{merge.pk}/undo/",
            f"/stock/merges/{merge.pk}/undo/",
        ):
            assert client.get(address).status_code == 403
            assert client.post(address).status_code == 403
        assert "Merge with…" not in main_of(client, f"/customers/{one.pk}/")
        page = main_of(client, f"/customers/{kept.pk}/")
        assert "Gone" in page
        assert "/undo/" not in page
    assert Merge.objects.standing().count() == 1


def test_what_is_not_there(office_client: Client) -> None:
    one, two = make_customer("One"), make_customer("Two")
    item = make_item("A")
    merge = merge_contacts(one, [two], {}, by=TESTER)
    assert office_client.get("/customers/999/merge/").status_code == 404
    assert office_client.get(f"/stock/merges/{merge.pk}/undo/").status_code == 404
    assert office_client.get(f"/stock/{item.pk}/merge/?with=999").status_code == 200
    three = make_customer("Three")
    answer = office_client.post(
        f"/customers/{three.pk}/merge/", {"records": [three.pk]}
    )
    assert answer.status_code == 400
    # An undone merge is not undone again.
    office_client.post(f"/customers/merges/{merge.pk}/undo/")
    answer = office_client.post(f"/customers/merges/{merge.pk}/undo/", follow=True)
    assert "was undone already" in answer.content.decode()


def test_archived_ones_are_offered_but_not_kept(office_client: Client) -> None:
    one, two = make_customer("One Hotel"), make_customer("Two Hotel")
    archive_contact(two, by=TESTER)
    item = make_item("A")
    archive_item(item, by=TESTER)
    page = main_of(office_client, f"/customers/{one.pk}/merge/?q=hotel")
    assert "archived" in page
    two.refresh_from_db()
    answer = office_client.post(
        f"/customers/{one.pk}/merge/?with={two.pk}",
        sent(one, two, kept=two.pk),
        follow=True,
    )
    assert "is archived. Restore it first" in answer.content.decode()


def test_many_invoices_cost_no_more_queries(office_client: Client) -> None:
    one, two = make_customer("One"), make_customer("Two")
    address = f"/customers/{one.pk}/merge/?with={two.pk}"
    few = queries_of(office_client, address)
    for _ in range(5):
        make_draft(two)
    assert queries_of(office_client, address) == few


def test_the_likely_ones_are_offered_before_anybody_searches(
    office_client: Client,
) -> None:
    castle = make_customer("Castle Hotel", email="info@castle.example")
    twin = make_customer("Castle Hotel Ltd", email="info@castle.example")
    make_customer("Dunes Bar")
    page = main_of(office_client, f"/customers/{castle.pk}/merge/")
    assert "Likely the same" in page
    assert f'name="with" value="{twin.pk}"' in page
    assert "Dunes Bar" not in page
    page = main_of(office_client, f"/customers/{castle.pk}/merge/?q=dunes&more=1")
    assert "Likely the same" not in page
    alone = make_item("VAL22", name="Gate valve")
    page = main_of(office_client, f"/stock/{alone.pk}/merge/")
    assert "Nobody else looks like" in page


def test_an_archived_one_is_not_proposed_to_be_kept(office_client: Client) -> None:
    gone = archive_contact(make_customer("Castle Hotel", phone="1"), by=TESTER)
    other = make_customer("Castle Inn", phone="2")
    page = main_of(office_client, f"/customers/{gone.pk}/merge/?with={other.pk}")
    assert f'name="kept" value="{other.pk}" checked' in page
    assert f'name="kept" value="{gone.pk}" disabled' in page
    assert f'name="from-phone" value="{other.pk}" checked' in page
    assert "restore it first if you want to keep it" in page
