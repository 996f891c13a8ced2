"""While a form is typed: twins and what Xero would refuse; without scripts on saving."""

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Contact
from stock.models import StockItem
from tests.builders import make_contact, make_customer, make_item
from tests.xero_sync.rows import link, make_connection, mirror_contact
from xero_sync.models import MirrorRecord, XeroConnection

pytestmark = pytest.mark.django_db
CONTACT, ITEM = "/xero/typed/contact/", "/xero/typed/item/"
GUID = "0f6b6d0e-3c3c-4a41-9a55-4a4f0d0a7b01"


def typed(client: Client, address: str = CONTACT, **values: str) -> str:
    answer = client.get(address, values)
    assert answer.status_code == 200
    return answer.content.decode()


def rows() -> tuple[int, int]:
    return Contact.objects.count(), StockItem.objects.count()


def test_twins_of_ours_are_shown_with_group_town_and_reasons(
    office_client: Client,
) -> None:
    castle = make_customer(
        "Castle Hotel Ltd", email="info@castle.example", billing_city="Bangor"
    )
    make_customer("Dunes Bar", email="info@dunes.example")
    before = rows()

    box = typed(office_client, name="Castle Hotel", email="INFO@castle.example")

    assert "<b>Castle Hotel Ltd</b>" in box
    assert "Customer · Bangor" in box
    assert "Same email address, same name" in box
    assert f'href="{castle.get_absolute_url()}"' in box
    assert "Dunes Bar" not in box
    assert rows() == before


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"phone": "028 9012 3456"}, "Same phone number"),
        ({"account_number": "c1027"}, "Same account number"),
        ({"tax_number": "GB123456789"}, "Same VAT number"),
        ({"email": "pay@castle.example"}, "Same email address"),
        ({"name": "Castel Hotel", "billing_postcode": "bt11aa"}, "Same postcode"),
    ],
)
def test_each_key_finds_them(
    office_client: Client, values: dict[str, str], said: str
) -> None:
    make_customer(
        "Castle Hotel",
        mobile="+44 28 90123456",
        account_number="C1027",
        tax_number="GB123456789",
        accounting_email="pay@castle.example",
        billing_postcode="BT1 1AA",
    )
    assert said in typed(office_client, **values)


def test_archived_ones_say_so(office_client: Client) -> None:
    make_contact("Castle Hotel", is_archived=True)
    assert "Lead, archived" in typed(office_client, name="Castle Hotel")


def test_xeros_are_shown_unless_they_are_linked(office_client: Client) -> None:
    connection = make_connection()
    mirror_contact(
        connection, GUID, Name="Castle Hotel", EmailAddress="a@castle.example"
    )
    mirror_contact(connection, "x2", Name="Castle Hotel", ContactStatus="ARCHIVED")

    box = typed(office_client, email="a@castle.example")
    assert "in Xero, not linked yet" in box
    assert f'name="twins_seen" value="xero:{GUID}"' in box
    assert "Castle Hotel" not in typed(office_client, name="Dunes Bar")
    link(connection, make_customer("Castle Hotel"), GUID)
    assert "in Xero, not linked yet" not in typed(
        office_client, email="a@castle.example"
    )


def test_it_says_whether_it_is_ready_for_xero(office_client: Client) -> None:
    assert typed(office_client, name="Castle Hotel").strip() == ""
    make_connection()
    assert "Ready for Xero" in typed(office_client, name="Castle Hotel")
    box = typed(office_client, name="Castle <b>", email="info@castle")
    assert "Not ready for Xero" in box
    assert '<a href="#id_name">Name has a character Xero refuses</a>' in box
    assert '<a href="#id_email">Email address is not valid</a>' in box


def test_the_page_of_a_record_says_the_same(
    office_client: Client, engineer_client: Client
) -> None:
    make_connection()
    castle = make_customer("Castle <b>")
    page = f"/customers/{castle.pk}/"
    way = f'<a href="{page}edit/#id_name">Name has a character Xero refuses</a>'
    assert way in office_client.get(page).content.decode()
    seen = engineer_client.get(page).content.decode()
    assert "Name has a character Xero refuses" in seen
    assert f"{page}edit/" not in seen
    dunes = make_customer("Dunes Bar")
    shown = office_client.get(f"/customers/{dunes.pk}/").content.decode()
    assert "Ready for Xero" in shown


def test_an_account_number_of_its_own_is_no_trouble(office_client: Client) -> None:
    make_connection()
    castle = make_customer("Castle Hotel", account_number="C1")
    other = {"name": "Castle Hotel", "account_number": "C1"}
    assert "Account number is already used" in typed(office_client, **other)
    own = typed(office_client, record=str(castle.pk), **other)
    assert "Ready for Xero" in own
    assert "same name" not in own


def test_items_by_code_and_name(office_client: Client) -> None:
    make_connection()
    make_item(name="Copper pipe 15mm", code="PIPE15")
    box = typed(office_client, ITEM, code="pipe15", name="Elbow")
    assert "Same code" in box
    assert '<a href="#id_code">Stock code is already used</a>' in box
    assert "Same name" in typed(office_client, ITEM, code="P", name="COPPER PIPE 15MM")
    assert "Same name" not in typed(office_client, ITEM, name="Copper pipe 22mm")


def test_a_code_taken_out_here_stays_in_xero(office_client: Client) -> None:
    connection = make_connection()
    item, other = make_item(name="Copper pipe 15mm"), make_item(name="Elbow")
    StockItem.objects.update(code="")
    link(connection, item, GUID)
    pipe_in_xero(connection)
    kept = "In Xero it keeps its code PIPE15."
    assert kept in typed(office_client, ITEM, name=item.name, record=str(item.pk))
    assert kept in office_client.get(item.get_absolute_url()).content.decode()
    assert "keeps its code" not in (
        typed(office_client, ITEM, name=other.name, record=str(other.pk))
    )


def pipe_in_xero(connection: XeroConnection) -> None:
    payload = {"ItemID": GUID, "Code": "PIPE15", "Name": "Copper pipe 15mm"}
    payload |= {"UpdatedDateUTC": "/Date(1700000000000+0000)/"}
    MirrorRecord.objects.create(
        connection=connection,
        kind="item",
        xero_id=GUID,
        updated_at=timezone.now(),
        payload=payload,
    )


def test_items_that_only_xero_has(office_client: Client) -> None:
    pipe_in_xero(make_connection())
    box = typed(office_client, ITEM, code="pipe15")
    assert "in Xero, not linked yet · PIPE15" in box


def test_who_may_not_see_contacts_sees_no_twins(client: Client) -> None:
    assert client.get(CONTACT, {"name": "Castle"}).status_code == 302


def test_the_queries_do_not_grow(office_client: Client) -> None:
    connection = make_connection()
    counts = []
    typed(office_client, name="Castle Hotel")
    for number in range(2):
        for place in range(3):
            make_customer("Castle Hotel", phone=f"028 9012 {number}{place}56")
            mirror_contact(connection, f"x{number}{place}", Name="Castle Hotel")
        with CaptureQueriesContext(database) as queries:
            typed(office_client, name="Castle Hotel", phone="028 9012 3456")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_is_found_among_ten_thousand(office_client: Client) -> None:
    make_connection()
    towns, trades = ("Bangor", "Derry", "Omagh", "Newry"), ("Hotel", "Farm", "Bar")
    Contact.objects.bulk_create(
        Contact(
            name=f"{towns[n % 4]} {trades[n % 3]} {n}",
            email=f"box{n}@{towns[n % 4].lower()}.example",
            phone=f"028 {n:08}",
            billing_postcode=f"BT{n % 90} {n % 9}AA",
            is_customer=True,
        )
        for n in range(10_000)
    )
    values = {"name": "Bangor Hotel", "email": "box12@bangor.example", "phone": "0281"}
    assert "Same email address" in typed(office_client, **values)


# --- without scripts ---


def test_saving_a_likely_twin_asks_first(office_client: Client) -> None:
    make_customer("Castle Hotel", email="info@castle.example")
    new = {"name": "Castle Hotel Ltd", "email": "info@castle.example"}

    answer = office_client.post("/customers/new/", new | {"and_invoice": "1"})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Save all the same" in page
    assert 'value="Castle Hotel Ltd"' in page
    assert Contact.objects.count() == 1
    seen = {"twins_seen": f"here:{Contact.objects.get().pk}"}
    answer = office_client.post("/customers/new/", new | seen)
    assert answer.status_code == 302
    assert Contact.objects.count() == 2


def test_saving_somebody_new_asks_nothing(office_client: Client) -> None:
    make_customer("Castle Hotel")
    answer = office_client.post("/customers/leads/new/", {"name": "Dunes Bar"})
    assert answer.status_code == 302


def test_an_item_asks_first(office_client: Client) -> None:
    make_item(name="Copper pipe 15mm", code="PIPE15")
    new = {"name": "Copper pipe", "code": "PIPE15"}
    answer = office_client.post("/stock/new/", new)
    assert (answer.status_code, StockItem.objects.count()) == (422, 1)
    seen = {"twins_seen": f"here:{StockItem.objects.get().pk}"}
    assert office_client.post("/stock/new/", new | seen).status_code == 302


def test_the_form_asks_by_itself(office_client: Client) -> None:
    page = office_client.get("/customers/new/").content.decode()
    assert f'hx-get="{CONTACT}"' in page
    assert 'hx-trigger="change from:closest form delay:300ms"' in page
    contact = make_contact("Castle Hotel")
    page = office_client.get(f"/customers/{contact.pk}/edit/").content.decode()
    assert f'hx-get="{CONTACT}?record={contact.pk}"' in page
    assert MirrorRecord.objects.count() == 0


def test_what_was_typed_goes_over_to_the_one_that_is_there(
    office_client: Client,
) -> None:
    castle = make_customer("Castle Hotel", email="info@castle.example")
    box = typed(office_client, name="Castle Hotel", phone="028 1")
    address = f"{castle.get_absolute_url()}take-over/"
    assert f'formaction="{address}"' in box
    sent = {"name": "Castle Hotel Ltd", "phone": "028 1", "email": "x@y.example"}

    page = office_client.post(address, sent).content.decode()

    assert "Castle Hotel did not say these" in page
    assert "is filled in: Phone." in page
    assert "you typed Name (Castle Hotel Ltd); Email (x@y.example)." in page
    assert 'value="028 1"' in page
    assert 'value="info@castle.example"' in page
    assert 'value="Castle Hotel"' in page
    assert f'action="/customers/{castle.pk}/edit/"' in page
    castle.refresh_from_db()
    assert castle.phone == ""  # nothing has been saved


def test_the_people_who_were_typed_go_over_too(office_client: Client) -> None:
    ann = {"first_name": "Ann", "last_name": "Lee", "email": "ann@castle.example"}
    castle = make_customer("Castle Hotel", people=[ann])
    address = f"{castle.get_absolute_url()}take-over/"
    rows = {"people-TOTAL_FORMS": "3", "people-INITIAL_FORMS": "0"}
    rows |= {f"people-0-{name}": value.upper() for name, value in ann.items()}
    rows |= {"people-1-first_name": "Bob", "people-1-gets_copies": "on"}

    page = office_client.post(address, {"name": "Castle Hotel", **rows})

    content = page.content.decode()
    assert "is filled in: People." in content
    people = page.context["form"].people.initial
    assert [one["first_name"] for one in people] == ["Ann", "Bob"]
    assert 'value="Bob"' in content
    assert 'value="Ann"' in content
    assert 'value="ANN"' not in content
    castle.refresh_from_db()
    assert [one["first_name"] for one in castle.people] == ["Ann"]

    del rows["people-1-first_name"]
    answer = office_client.post(address, {"name": "Castle Hotel", **rows})
    assert answer.headers["Location"] == castle.get_absolute_url()


def test_nothing_is_asked_where_the_one_that_is_there_says_it_all(
    office_client: Client,
) -> None:
    castle = make_customer("Castle Hotel", email="info@castle.example")
    answer = office_client.post(
        f"{castle.get_absolute_url()}take-over/",
        {"name": "Castle Hotel", "email": " info@castle.example"},
    )
    assert answer.headers["Location"] == castle.get_absolute_url()
    item = make_item("VAL22")
    page = office_client.post(
        f"{item.get_absolute_url()}take-over/", {"description": "Brass", "code": "X"}
    ).content.decode()
    assert ">\nBrass</textarea>" in page
    assert 'value="VAL22"' in page
    answer = office_client.get(f"{item.get_absolute_url()}take-over/")
    assert answer.headers["Location"] == f"/stock/{item.pk}/edit/"


def test_who_may_not_change_it_takes_nothing_over(engineer_client: Client) -> None:
    castle = make_customer("Castle Hotel")
    assert engineer_client.get(f"/customers/{castle.pk}/edit/").status_code == 403
    address = f"{castle.get_absolute_url()}take-over/"
    assert engineer_client.post(address, {"phone": "1"}).status_code == 403
    box = typed(engineer_client, name="Castle Hotel")
    assert "Castle Hotel" in box
    assert "Use this one" not in box
