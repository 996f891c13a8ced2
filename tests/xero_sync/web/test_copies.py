"""Who stands twice on one side: found, led to merging, called two for good."""

from uuid import uuid4

import pytest
from django.test import Client

from customers.models import Contact
from customers.services import change_contact
from tests.builders import TESTER, make_customer, make_supplier
from tests.pages import main_of, queries_of
from tests.xero_sync.rows import make_connection, mirror_contact
from xero_sync.models import PairDecision, XeroConnection

pytestmark = pytest.mark.django_db

COPIES = "/xero/duplicates/copies/"
THERE = f"{COPIES}?place=copy_xero"
CASTLE = {"email": "accounts@castle.example", "phone": "028 9032 1188"}


@pytest.fixture
def connection() -> XeroConnection:
    return make_connection()


@pytest.fixture
def twice(connection: XeroConnection) -> tuple[Contact, Contact]:
    for number in range(20):
        make_supplier(f"Supplier number {number} of many", phone=f"028 7000 {number}")
    return make_customer("Castle Hotel", **CASTLE), make_customer(
        "Castle Hotel Ltd", **CASTLE
    )


def test_two_of_ours_lead_to_their_merging(
    office_client: Client, twice: tuple[Contact, Contact]
) -> None:
    page = main_of(office_client, COPIES)
    assert page.count("/merge/?with=") == 1
    assert {f"/customers/{one.pk}/" in page for one in twice} == {True}
    assert "Supplier number" not in page


def test_called_two_they_stay_two(
    office_client: Client, twice: tuple[Contact, Contact]
) -> None:
    one, other = sorted(str(contact.uid) for contact in twice)
    ids = {"place": "copy_here", "one": one, "other": other}
    office_client.post(COPIES, ids)
    assert "Nobody is here twice" in main_of(office_client, COPIES)
    change_contact(twice[0], {"fax": "028 1"}, by=TESTER)
    assert "Nobody is here twice" in main_of(office_client, COPIES)
    assert PairDecision.objects.get().answer == "different"


def test_what_changes_is_looked_at_anew(
    office_client: Client, twice: tuple[Contact, Contact]
) -> None:
    main_of(office_client, COPIES)
    changed = {"name": "Brennan", "email": "", "phone": ""}
    change_contact(twice[1], changed, by=TESTER)
    assert "Nobody is here twice" in main_of(office_client, COPIES)


def test_two_of_xeros_are_merged_there(
    office_client: Client, connection: XeroConnection
) -> None:
    for name in ("Castle Hotel", "Castle Hotel Ltd"):
        mirror_contact(
            connection, str(uuid4()), Name=name, EmailAddress=CASTLE["email"]
        )
    page = main_of(office_client, THERE)
    assert "Castle Hotel Ltd" in page
    assert "merged in Xero itself" in page
    assert "/merge/" not in page


def test_only_a_pair_that_is_shown_can_be_called_two(
    office_client: Client, connection: XeroConnection
) -> None:
    made_up = {"place": "copy_here", "one": str(uuid4()), "other": str(uuid4())}
    answer = office_client.post(COPIES, made_up, follow=True)
    assert "There is no pair to decide on here." in answer.content.decode()
    assert not PairDecision.objects.exists()


def test_an_engineer_sees_none_of_it(
    engineer_client: Client, twice: tuple[Contact, Contact]
) -> None:
    assert engineer_client.get(COPIES).status_code == 403
    assert engineer_client.post(COPIES, {}).status_code == 403


def test_the_page_costs_the_same_however_many_there_are(
    office_client: Client, twice: tuple[Contact, Contact]
) -> None:
    few = queries_of(office_client, COPIES)
    for number in range(5):
        shared = {"email": f"info@{number}.example", "account_number": f"N{number}"}
        for name in (f"Harbour Inn {number}", f"Harbour Inn {number} Ltd"):
            make_customer(name, **shared)
    assert queries_of(office_client, COPIES) == few
