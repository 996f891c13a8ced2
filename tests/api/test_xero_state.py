"""The state in Xero beside each record, at a cost that does not grow with the page."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Contact
from tests.api.app import App
from tests.builders import make_contact, make_customer, make_draft, make_item
from xero_sync.models import ContactLink, SyncIssue, SyncSettings, XeroConnection
from xero_sync.outcomes.codes import IssueCode

NOT_SYNCED = {"state": "not_synced", "reason": "", "xero_id": "", "synced_at": None}


@pytest.fixture
def organisation(db: None) -> XeroConnection:
    SyncSettings.current()
    return XeroConnection.objects.create(
        state=XeroConnection.State.CONNECTED, tenant_id="T-1", tenant_name="Bridge"
    )


def link(organisation: XeroConnection, contact: Contact) -> ContactLink:
    return ContactLink.objects.create(
        connection=organisation,
        record=contact,
        xero_id=f"X-{contact.pk}",
        origin=ContactLink.Origin.MATCHED,
        revision=contact.revision,
    )


def states(app: App, path: str) -> dict[str, Any]:
    _, page = app.call("get", path)
    return {row["uid"]: row["xero"] for row in page["results"]}


def test_before_xero_is_connected(engineer_app: App) -> None:
    item, draft = make_item(), make_draft()

    assert states(engineer_app, "items") == {str(item.uid): NOT_SYNCED}
    assert states(engineer_app, "invoices") == {str(draft.uid): NOT_SYNCED}
    _, contact = engineer_app.call("get", f"contacts/{draft.customer.uid}")
    assert contact["xero"] == NOT_SYNCED


def test_what_arrived_waits_or_is_left_out(
    office_app: App, organisation: XeroConnection
) -> None:
    arrived, waiting = make_customer("Arrived"), make_customer("Waiting")
    lead, failed = make_contact("Lead"), make_customer("Failed")
    linked = link(organisation, arrived)
    SyncIssue.objects.create(
        connection=organisation,
        contact=failed,
        kind="contact",
        code=IssueCode.EMAIL_INVALID,
        subject=f"contact:{failed.pk}",
        first_seen_at=timezone.now(),
        last_seen_at=timezone.now(),
    )

    found = states(office_app, "contacts")

    assert {uid: state["state"] for uid, state in found.items()} == {
        str(arrived.uid): "in_xero",
        str(waiting.uid): "waiting",
        str(lead.uid): "left_out",
        str(failed.uid): "failed",
    }
    assert found[str(arrived.uid)]["xero_id"] == linked.xero_id
    assert found[str(arrived.uid)]["synced_at"] == (
        linked.synced_at.isoformat().replace("+00:00", "Z")
    )
    assert found[str(lead.uid)]["reason"] == "A lead: goes with its first invoice"


def test_the_cost_does_not_grow(office_app: App, organisation: XeroConnection) -> None:
    def cost(path: str) -> int:
        office_app.call("get", path)
        with CaptureQueriesContext(connection) as queries:
            assert office_app.call("get", path)[0] == 200
        return len(queries)

    def add_some() -> None:
        for _ in range(3):
            make_draft(make_customer())
            link(organisation, make_customer())
            make_item()

    paths = ("contacts", "items", "invoices")
    add_some()
    before = [cost(path) for path in paths]
    add_some()

    assert [cost(path) for path in paths] == before


def test_the_state_is_only_read(office_app: App) -> None:
    status, answer = office_app.call(
        "post", "contacts", {"name": "Mary", "xero": {"state": "in_xero"}}
    )

    assert (status, set(answer["error"]["fields"])) == (400, {"xero"})
    assert not Contact.objects.exists()
