"""What both sides agreed on, and when neither needs looking at again."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from tests.builders import make_customer
from tests.xero_sync.rows import link, make_connection
from xero_sync.models import ContactLink
from xero_sync.outcomes.kinds import Kind
from xero_sync.store.links import InStep, mark_in_step

pytestmark = pytest.mark.django_db


def test_marking_in_step_keeps_the_base_and_strangers() -> None:
    ours, other = make_connection(), make_connection(is_current=False)
    customers = [make_customer() for _ in range(3)]
    for customer in customers:
        link(ours, customer)
    link(other, customers[0])
    bases = list(ContactLink.objects.order_by("pk").values_list("base", flat=True))

    rows = [InStep(one.pk, 7 + n, f"digest {n}") for n, one in enumerate(customers[:2])]
    mark_in_step(ours, Kind.CONTACT, rows)

    found = ContactLink.objects.order_by("pk")
    assert list(found.values_list("revision", "remote_digest")) == [
        (7, "digest 0"),
        (8, "digest 1"),
        (customers[2].revision, ""),
        (customers[0].revision, ""),
    ]
    assert list(found.values_list("base", flat=True)) == bases


@pytest.mark.parametrize("count", [0, 1, 50])
def test_marking_takes_one_statement_at_most(count: int) -> None:
    connection = make_connection()

    with CaptureQueriesContext(database) as statements:
        rows = [InStep(number, 1, "digest") for number in range(count)]
        mark_in_step(connection, Kind.ITEM, rows)

    assert len(statements) == (1 if count else 0)
