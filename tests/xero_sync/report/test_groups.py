"""Contact groups are Xero's: shown on the contact's page, never sent."""

import pytest
from django.test import Client

from tests.builders import make_customer
from tests.pages import main_of
from tests.xero_sync.rows import link, make_connection, mirror_contact
from xero_sync.report.queries import groups_in_xero

pytestmark = pytest.mark.django_db

GROUPS = [{"Name": "VIP", "Status": "ACTIVE"}, {"Name": "Trade"}, {"Status": "ACTIVE"}]


def test_the_groups_stand_on_the_page_of_the_contact(office_client: Client) -> None:
    connection = make_connection()
    customer = make_customer("Castle Hotel")
    link(connection, customer, "x-1")
    mirror_contact(connection, "x-1", Name="Castle Hotel", ContactGroups=GROUPS)

    page = main_of(office_client, f"/customers/{customer.pk}/")

    assert "Groups in Xero: Trade, VIP" in page


@pytest.mark.parametrize("kept", [[], None, "VIP", ["VIP"]])
def test_what_is_no_list_of_groups_shows_nothing(kept: object) -> None:
    connection = make_connection()
    mirror_contact(connection, "x-1", ContactGroups=kept)

    assert groups_in_xero(connection, "x-1") == []
    assert groups_in_xero(connection, "") == []
    assert groups_in_xero(None, "x-1") == []
