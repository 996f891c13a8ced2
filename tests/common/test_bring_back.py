"""Any field of a history's entry comes back with one click, unless it moved on since."""

from decimal import Decimal

import pytest
from django.test import Client

from customers.models import Contact
from customers.services import archive_contact, change_contact
from fieldops.common.actor import Actor
from fieldops.common.bringing_back import NotReturnable, bring_back
from fieldops.common.errors import ChangedSince, DomainError
from fieldops.common.history import history_of
from fieldops.common.models import ChangeEntry, Record
from fieldops.common.permissions import Role
from stock.services import change_item
from tests.builders import TESTER, make_contact, make_item, make_user

pytestmark = pytest.mark.django_db

ANN = {"first_name": "Ann", "last_name": "Lee", "email": "", "gets_copies": True}


def newest(record: Record) -> ChangeEntry:
    return ChangeEntry.objects.of(record)[0]


def test_the_old_value_comes_back_as_a_change_of_the_person() -> None:
    contact = make_contact("Castle", phone="1")
    change_contact(contact, {"phone": "2", "fax": "3"}, by=Actor.system("Xero sync 7"))
    person = Actor.person(make_user())

    bring_back(contact, newest(contact), "phone", change_contact, by=person)

    contact.refresh_from_db()
    assert (contact.phone, contact.fax, contact.revision) == ("1", "3", 3)
    entry = newest(contact)
    assert (entry.user, entry.cause) == (person.user, "brought back")
    assert (entry.before, entry.after) == ({"phone": "2"}, {"phone": "1"})


@pytest.mark.parametrize(
    ("before", "after"), [(Decimal("10.50"), Decimal("12")), (None, Decimal("12"))]
)
def test_prices_and_blanks_come_back_as_they_were(
    before: Decimal | None, after: Decimal
) -> None:
    item = make_item(cost_price=before)
    change_item(item, {"cost_price": after}, by=TESTER)

    bring_back(item, newest(item), "cost_price", change_item, by=TESTER)

    item.refresh_from_db()
    assert item.cost_price == before


def test_a_list_of_people_comes_back() -> None:
    contact = make_contact("Castle", people=[ANN])
    change_contact(contact, {"people": []}, by=TESTER)

    bring_back(contact, newest(contact), "people", change_contact, by=TESTER)

    contact.refresh_from_db()
    assert contact.people == [ANN]


def test_a_value_that_moved_on_stays() -> None:
    contact = make_contact("Castle", phone="1")
    change_contact(contact, {"phone": "2"}, by=TESTER)
    entry = newest(contact)
    change_contact(contact, {"phone": "3"}, by=TESTER)

    with pytest.raises(ChangedSince) as refusal:
        bring_back(contact, entry, "phone", change_contact, by=TESTER)

    assert refusal.value.message == (
        "Phone has been changed since. It is now 3. Nothing was brought back."
    )
    contact.refresh_from_db()
    assert (contact.phone, contact.revision) == ("3", 3)


def test_the_rules_of_the_record_hold() -> None:
    contact = make_contact("Castle")
    change_contact(contact, {"name": "Castle Hotel"}, by=TESTER)
    ChangeEntry.objects.of(contact)
    entry = newest(contact)
    entry.before = {"name": ""}

    with pytest.raises(DomainError, match="Enter a name"):
        bring_back(contact, entry, "name", change_contact, by=TESTER)

    assert Contact.objects.get().name == "Castle Hotel"


@pytest.mark.parametrize("name", ["is_archived", "uid", "phone", "nothing"])
def test_only_what_the_entry_replaced_comes_back(name: str) -> None:
    contact = make_contact("Castle", phone="1")
    archive_contact(contact, by=TESTER)

    with pytest.raises(NotReturnable):
        bring_back(contact, newest(contact), name, change_contact, by=TESTER)

    assert Contact.objects.get().is_archived


def test_an_entry_of_another_record_is_not_taken() -> None:
    one, other = make_contact("One", phone="1"), make_contact("Other", phone="2")
    change_contact(one, {"phone": "2"}, by=TESTER)

    with pytest.raises(NotReturnable):
        bring_back(other, newest(one), "phone", change_contact, by=TESTER)


def test_the_history_offers_what_still_stands() -> None:
    contact = make_contact("Castle", phone="1")
    change_contact(contact, {"phone": "2", "fax": "8"}, by=TESTER)
    change_contact(contact, {"phone": "3"}, by=TESTER)
    contact.refresh_from_db()

    offered = [
        (change.name, change.returns)
        for entry in history_of(contact)
        for change in entry.changes
    ]

    assert sorted(offered) == [("fax", True), ("phone", False), ("phone", True)]


def test_people_are_told_in_words() -> None:
    contact = make_contact("Castle")
    bo = {"first_name": "Bo", "last_name": "", "email": "bo@x", "gets_copies": False}

    change_contact(contact, {"people": [ANN, bo]}, by=TESTER)

    [change] = history_of(contact)[0].changes
    assert (change.label, change.before) == ("People", "blank")
    assert change.after == "Bo bo@x; Ann Lee (gets copies)"


def test_the_button_of_the_history(client: Client) -> None:
    contact = make_contact("Castle", phone="1")
    change_contact(contact, {"phone": "2"}, by=TESTER)
    page = f"/customers/{contact.pk}/?tab=history"
    client.force_login(make_user())
    assert "Bring back" in client.get(page).content.decode()

    answer = client.post(
        f"/customers/{contact.pk}/bring-back/",
        {"entry": newest(contact).pk, "field": "phone"},
        headers={"Referer": f"http://testserver{page}"},
        follow=True,
    )

    assert "Phone brought back." in answer.content.decode()
    assert answer.redirect_chain == [(f"http://testserver{page}", 302)]
    assert Contact.objects.get().phone == "1"


def test_the_history_of_an_item_has_the_button_too(client: Client) -> None:
    item = make_item(cost_price=Decimal(1))
    change_item(item, {"cost_price": Decimal(2)}, by=TESTER)
    client.force_login(make_user())

    client.post(
        f"/stock/{item.pk}/bring-back/",
        {"entry": newest(item).pk, "field": "cost_price"},
    )

    item.refresh_from_db()
    assert item.cost_price == Decimal(1)


def test_who_may_not_change_a_contact_has_no_button(client: Client) -> None:
    contact = make_contact("Castle", phone="1")
    change_contact(contact, {"phone": "2"}, by=TESTER)
    client.force_login(make_user(Role.ACCOUNTANT))

    page = client.get(f"/customers/{contact.pk}/?tab=history").content.decode()
    answer = client.post(
        f"/customers/{contact.pk}/bring-back/",
        {"entry": newest(contact).pk, "field": "phone"},
    )

    assert "Bring back" not in page
    assert answer.status_code == 403
    assert Contact.objects.get().phone == "2"
