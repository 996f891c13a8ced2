"""Every page of the office opens on a company that has something to show."""

import pytest
from django.test import Client

from tests.office.company import PAGES, fill_the_company

pytestmark = pytest.mark.django_db


def test_every_page_opens(administrator_client: Client) -> None:
    ids = fill_the_company()
    answers = {one: administrator_client.get(one.format(**ids)) for one in PAGES}
    assert {one: found.status_code for one, found in answers.items()} == dict.fromkeys(
        PAGES, 200
    )
