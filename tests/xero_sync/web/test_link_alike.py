"""After an undo: who was archived in Xero, and restored there, is linked in one go."""

import pytest
from django.test import Client

from customers.models import Contact
from customers.services import change_contact
from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.pages import main_of
from tests.xero_sync.world import a_new_day, connect, first_sync, in_step, work_on
from xero_sync.models import ContactLink, PairDecision, SyncIssue, SyncRun
from xero_sync.runs.undoing import undo_run

pytestmark = pytest.mark.django_db

BUTTON = "Link the 2 that say the same"
CAUSE = {"code": "account_number_used_in_xero", "kind": "contact"}


@pytest.fixture
def there(ledger: PracticeLedger) -> dict[str, str]:
    """Three are in Xero as their first sync made them, and their numbers with them; one
    has another phone here since. By name, their ids there."""
    names = ("Castle Hotel", "Dunes Bar", "Eden Dairy")
    for place, name in enumerate(names):
        make_customer(name, account_number=f"C{place}", phone="028 9032 1188")
    connect(ledger)
    run = in_step()
    ids = dict(ContactLink.objects.values_list("record__name", "xero_id"))
    for name in names:
        ledger.control("contact/archive", contact=name)
    work_on(undo_run(run, by=TESTER))
    for name in names:
        ledger.control("contact/unarchive", contact=name)
    change_contact(Contact.objects.get(name="Eden Dairy"), {"phone": "1"}, by=TESTER)
    a_new_day()
    first_sync()
    assert not ContactLink.objects.exists()
    return ids


def test_those_that_say_the_same_are_linked_at_once(
    there: dict[str, str], ledger: PracticeLedger, office_client: Client
) -> None:
    assert BUTTON in main_of(office_client, "/xero/")

    page = office_client.post("/xero/issues/link/", CAUSE, follow=True)

    assert "2 contacts linked." in page.content.decode()
    work_on(SyncRun.objects.open().get())
    linked = dict(ContactLink.objects.values_list("record__name", "xero_id"))
    assert linked == {name: there[name] for name in ("Castle Hotel", "Dunes Bar")}
    (left,) = SyncIssue.objects.open()
    assert left.title == "Eden Dairy"
    assert "that say the same" not in main_of(office_client, "/xero/")
    assert ledger.state()["contacts"] == 3


def test_no_others_are_linked_and_not_by_everybody(
    there: dict[str, str], office_client: Client, engineer_client: Client
) -> None:
    said = PairDecision.objects.count()
    assert engineer_client.post("/xero/issues/link/", CAUSE).status_code == 403
    other = CAUSE | {"code": "possible_twin"}
    page = office_client.post("/xero/issues/link/", other, follow=True)
    assert "0 contacts linked." in page.content.decode()
    assert PairDecision.objects.count() == said
    assert not SyncRun.objects.open().exists()
