"""The people at a contact, over the API: a list that is replaced as a whole, or left."""

from customers.models import Contact
from fieldops.users.models import User
from tests.api.app import App
from tests.api.conftest import AppOf
from tests.builders import make_contact

ANN = {"first_name": "Ann", "last_name": "", "email": "a@x.example"}
WHOLE = ANN | {"gets_copies": False}


def test_people_go_in_and_out(app_of: AppOf, office: User) -> None:
    app: App = app_of(office)

    status, made = app.call("post", "contacts", {"name": "Castle", "people": [ANN]})

    assert (status, made["people"]) == (201, [WHOLE])
    status, changed = app.call("patch", f"contacts/{made['uid']}", {"people": []})
    assert (status, changed["people"], changed["revision"]) == (200, [], 2)


def test_a_change_of_something_else_leaves_them(app_of: AppOf, office: User) -> None:
    contact = make_contact("Castle", people=[WHOLE])

    app_of(office).call("patch", f"contacts/{contact.uid}", {"phone": "028"})

    contact.refresh_from_db()
    assert (contact.phone, contact.people) == ("028", [WHOLE])


def test_a_person_with_an_unknown_field_is_refused(app_of: AppOf, office: User) -> None:
    body = {"name": "Castle", "people": [{"firstname": "Ann"}]}

    assert app_of(office).error("post", "contacts", body) == (400, "invalid")
    assert not Contact.objects.exists()
