"""A field app meets contacts and items that the office has merged."""

from uuid import uuid4

from customers.merging import merge_contacts
from invoicing.models import Invoice
from stock.merging import merge_items
from tests.api.app import App
from tests.builders import TESTER, make_customer, make_item


def test_a_merged_contact_says_which_one_it_is_now(office_app: App) -> None:
    kept, other = make_customer("Castle Hotel"), make_customer("Castle Hotel Ltd")
    merge_contacts(kept, [other], {}, by=TESTER)

    _, answer = office_app.call("get", f"contacts/{other.uid}")
    _, survivor = office_app.call("get", f"contacts/{kept.uid}")

    assert (answer["is_archived"], answer["merged_into"]) == (True, str(kept.uid))
    assert (survivor["is_archived"], survivor["merged_into"]) == (False, None)
    refused = office_app.error("patch", f"contacts/{other.uid}", {"phone": "2"})
    assert refused == (409, "merged_away")
    other.refresh_from_db()
    assert other.phone == ""


def test_a_merged_item_says_which_one_it_is_now(office_app: App) -> None:
    kept, other = make_item("PIPE22"), make_item("PIPE-22")
    merge_items(kept, [other], {}, by=TESTER)

    _, answer = office_app.call("get", f"items/{other.uid}")

    assert (answer["is_archived"], answer["merged_into"]) == (True, str(kept.uid))


def test_an_invoice_written_without_signal_goes_to_the_kept_contact(
    office_app: App,
) -> None:
    kept, other = make_customer("Castle Hotel"), make_customer("Castle Hotel Ltd")
    item, double = make_item("PIPE22"), make_item("PIPE-22")
    merge_contacts(kept, [other], {}, by=TESTER)
    merge_items(item, [double], {}, by=TESTER)
    sent = {
        "uid": str(uuid4()),
        "customer": str(other.uid),
        "lines": [{"item": str(double.uid), "quantity": "2.0000"}],
    }

    first, answer = office_app.call("post", "invoices", sent)
    again, repeated = office_app.call("post", "invoices", sent)

    assert (first, again) == (201, 200)
    assert answer["customer"]["uid"] == str(kept.uid)
    assert answer["lines"][0]["item"]["uid"] == str(item.uid)
    assert repeated["uid"] == answer["uid"]
    assert Invoice.objects.count() == 1


def test_the_list_of_what_changed_holds_both(office_app: App) -> None:
    kept, other = make_customer("Castle Hotel"), make_customer("Castle Hotel Ltd")
    _, before = office_app.call("get", f"contacts/{other.uid}")
    merge_contacts(kept, [other], {"phone": "028 1"}, by=TESTER)

    _, answer = office_app.call(
        "get", f"contacts?updated_since={before['updated_at'].replace('+', '%2B')}"
    )

    assert {one["uid"] for one in answer["results"]} == {str(kept.uid), str(other.uid)}
