"""A contact that is there already: the app is told when it makes it a second time."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from customers.models import Contact
from fieldops.users.models import User
from tests.api.app import App
from tests.api.conftest import AppOf
from tests.builders import make_customer, make_item
from tests.xero_sync.rows import make_connection, mirror_contact

pytestmark = pytest.mark.django_db

NEW = {"name": "Castle Hotel Ltd", "email": "info@castle.example"}


def test_made_and_told(office_app: App) -> None:
    known = make_customer(
        "Castle Hotel", email="info@castle.example", billing_city="Derry"
    )
    make_customer("Dunes Bar", email="bar@dunes.example")

    status, answer = office_app.call("post", "contacts", NEW)

    assert status == 201
    assert answer["possible_duplicates"] == [
        {
            "uid": str(known.uid),
            "name": "Castle Hotel",
            "what": "Customer",
            "town": "Derry",
            "reasons": ["same email address", "same name"],
        }
    ]
    assert Contact.objects.count() == 3
    assert (
        "possible_duplicates"
        not in office_app.call("get", f"contacts/{answer['uid']}")[1]
    )


def test_sent_again_it_is_told_again(office_app: App) -> None:
    known = make_customer("Castle Hotel", email="info@castle.example")
    sent = NEW | {"uid": "6f1a4a52-6b8e-44a8-a2a7-0d2d43a7f002"}
    first = office_app.call("post", "contacts", sent)
    again = office_app.call("post", "contacts", sent)
    assert (first[0], again[0]) == (201, 200)
    assert first[1] == again[1]
    assert again[1]["possible_duplicates"][0]["uid"] == str(known.uid)
    assert Contact.objects.count() == 2


def test_somebody_new_is_nobodys_duplicate(office_app: App) -> None:
    make_customer("Castle Hotel")
    _, answer = office_app.call("post", "contacts", {"name": "Dunes Bar"})
    assert answer["possible_duplicates"] == []


def test_what_only_xero_has_is_told_to_who_may_see_the_sync(
    administrator: User, app_of: AppOf
) -> None:
    mirror_contact(
        make_connection(),
        "0f6b6d0e-3c3c-4a41-9a55-4a4f0d0a7b01",
        Name="Castle Hotel",
        EmailAddress="info@castle.example",
    )
    _, answer = app_of(administrator).call("post", "contacts", NEW)
    (twin,) = answer["possible_duplicates"]
    assert (twin["uid"], twin["what"]) == (None, "in Xero, not linked yet")


def test_its_cost_does_not_grow(office_app: App) -> None:
    counts = []
    office_app.call("post", "contacts", {"name": "The first of all"})
    for number in range(2):
        for place in range(3):
            make_customer("Castle Hotel", phone=f"028 9012 {number}{place}56")
            make_item()
        with CaptureQueriesContext(database) as queries:
            office_app.call("post", "contacts", NEW)
        counts.append(len(queries))
    assert counts[0] == counts[1]
