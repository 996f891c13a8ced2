"""The people at a contact: typed in rows, kept in the order of their names."""

import pytest
from django.test import Client

from customers.models import Contact
from customers.services import change_contact, create_contact
from fieldops.common.models import ChangeEntry
from tests.builders import TESTER, make_contact
from tests.pages import main_of

pytestmark = pytest.mark.django_db

ANN = {
    "first_name": "Ann",
    "last_name": "Lee",
    "email": "ann@castle.example",
    "gets_copies": True,
}
BO = {"first_name": "Bo", "last_name": "Marsh", "email": "", "gets_copies": False}


def typed(*people: dict[str, object], **values: str) -> dict[str, str]:
    """The form as a browser sends it, with one blank row more."""
    data = {
        "name": "Castle Hotel",
        "people-TOTAL_FORMS": str(len(people) + 1),
        "people-INITIAL_FORMS": "0",
    }
    for place, person in enumerate((*people, {})):
        for name in ("first_name", "last_name", "email"):
            data[f"people-{place}-{name}"] = str(person.get(name, ""))
        if person.get("gets_copies"):
            data[f"people-{place}-gets_copies"] = "on"
    return data | values


def test_people_are_saved_with_their_contact(office_client: Client) -> None:
    office_client.post("/customers/leads/new/", typed(BO, ANN))

    assert Contact.objects.get().people == [ANN, BO]


def test_one_change_of_people_is_one_entry_of_the_history(
    office_client: Client,
) -> None:
    contact = make_contact("Castle Hotel", people=[ANN, BO])

    office_client.post(
        f"/customers/{contact.pk}/edit/", typed(ANN, phone="028", revision="1")
    )

    contact.refresh_from_db()
    assert (contact.people, contact.phone, contact.revision) == ([ANN], "028", 2)
    entry = ChangeEntry.objects.of(contact)[0]
    assert entry.before["people"] == [ANN, BO]
    assert entry.after["people"] == [ANN]


def test_the_form_shows_who_is_there_and_two_blank_rows(office_client: Client) -> None:
    contact = make_contact("Castle Hotel", people=[ANN, BO])

    answer = office_client.get(f"/customers/{contact.pk}/edit/")

    rows = answer.context["form"].people
    assert [row.initial.get("first_name") for row in rows] == ["Ann", "Bo", None, None]
    assert 'value="ann@castle.example"' in answer.content.decode()


def test_a_form_without_the_rows_leaves_people_alone(office_client: Client) -> None:
    contact = make_contact("Castle Hotel", people=[ANN])

    office_client.post(
        f"/customers/{contact.pk}/edit/", {"name": "Castle", "revision": "1"}
    )

    contact.refresh_from_db()
    assert (contact.name, contact.people) == ("Castle", [ANN])


def test_copies_need_an_address_and_nothing_typed_is_lost(
    office_client: Client,
) -> None:
    answer = office_client.post(
        "/customers/leads/new/", typed(BO | {"gets_copies": True})
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Enter the email address for the copies." in page
    assert 'value="Marsh"' in page
    assert not Contact.objects.exists()


def test_a_sixth_person_is_saved_with_a_word_about_xero(office_client: Client) -> None:
    people = [BO | {"first_name": f"P{n}"} for n in range(6)]

    answer = office_client.post("/customers/leads/new/", typed(*people), follow=True)

    assert len(Contact.objects.get().people) == 6
    said = "Xero takes 5 of the 6 people; the others stay here."
    assert said in answer.content.decode()


def test_the_overview_shows_whom_to_write_to(office_client: Client) -> None:
    contact = make_contact("Castle Hotel", people=[ANN, BO])

    page = main_of(office_client, f"/customers/{contact.pk}/")

    assert "mailto:ann@castle.example" in page
    assert "gets copies" in page
    assert "Bo Marsh" in page


def test_people_are_tidied() -> None:
    blank = {"first_name": " ", "last_name": "", "email": ""}
    ann = ANN | {"first_name": " Ann  ", "email": "ann@castle.example "}

    contact = create_contact({"name": "Castle", "people": [BO, blank, ann]}, by=TESTER)

    assert contact.people == [ANN, BO]
    assert change_contact(contact, {"people": [ann, BO, BO]}, by=TESTER).revision == 1
