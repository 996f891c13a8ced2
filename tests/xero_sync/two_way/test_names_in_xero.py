"""Two real people of one name: Xero takes one of them under another name."""

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.models import Contact
from customers.services import change_contact
from fieldops.common.permissions import Role
from tests.builders import TESTER, make_customer, make_invoice, make_user
from tests.ledger import PracticeLedger
from tests.xero_sync.rows import make_connection, make_issue, make_run, mirror_contact
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
    work_on,
    xero,
)
from xero_sync.models import NameInXero, SyncIssue, SyncRun, XeroConnection
from xero_sync.outcomes.codes import IssueCode
from xero_sync.report.errors import StillBad
from xero_sync.report.naming import approve_name, proposed_names, take_name_back
from xero_sync.runs.starting_again import _forget_the_other_side

pytestmark = pytest.mark.django_db
PROPOSED = "John Smith (BT48 6AB)"


def two_john_smiths() -> tuple[Contact, Contact]:
    first = make_customer("John Smith", phone="028 1", billing_postcode="BT1 1AA")
    second = make_customer("John Smith", phone="028 2", billing_postcode="BT48 6AB")
    make_invoice(first)
    make_invoice(second)
    return first, second


def proposal(issue: SyncIssue) -> str:
    return proposed_names([issue], XeroConnection.current())[issue.pk]


def approve(client: Client, issue: SyncIssue, name: str) -> None:
    answer = client.post(f"/xero/issues/{issue.pk}/name/", {"value": name})
    assert answer.status_code == 302
    work_on(SyncRun.objects.open().get())


def rename_in_xero(ledger: PracticeLedger, contact: Contact, name: str) -> None:
    xero_id = contact.xero_links.get().xero_id
    ledger.write("POST", "Contacts", {"ContactID": xero_id, "Name": name})


@pytest.fixture
def both_there(ledger: PracticeLedger) -> tuple[Contact, Contact]:
    """The second one by the name that was proposed."""
    pair = two_john_smiths()
    connect(ledger)
    in_step()
    approve_name(SyncIssue.objects.open().get(), PROPOSED, by=TESTER)
    SyncIssue.objects.update(sent_revision=None)
    next_sync()
    assert open_codes() == []
    return pair


def test_the_second_goes_under_the_name_that_a_person_approved(
    ledger: PracticeLedger,
) -> None:
    first, second = two_john_smiths()
    connect(ledger)
    assert_accounted_for(in_step())
    assert (open_codes(), ledger.state()["contacts"]) == (["name_taken_in_xero"], 1)
    issue = SyncIssue.objects.open().get()
    assert (issue.contact, proposal(issue)) == (second, PROPOSED)
    assert_silent()  # nothing is suffixed by itself

    office = Client()
    office.force_login(make_user(Role.OFFICE))
    page = office.get("/xero/").content.decode()
    assert f'value="{PROPOSED}"' in page
    approve(office, issue, PROPOSED)

    assert (open_codes(), ledger.state()["contacts"]) == ([], 2)
    assert ledger.state()["invoices"] == 2
    assert xero(ledger, "Contacts", first)["Name"] == "John Smith"
    assert xero(ledger, "Contacts", second)["Name"] == PROPOSED
    second.refresh_from_db()
    assert second.name == "John Smith"
    assert_silent()
    panel = office.get(second.get_absolute_url()).content.decode()
    assert f"Name in Xero: <b>{PROPOSED}</b>" in panel
    assert "Name in Xero" not in office.get(first.get_absolute_url()).content.decode()


def test_a_change_of_another_field_leaves_the_name_there(
    ledger: PracticeLedger, both_there: tuple[Contact, Contact]
) -> None:
    _, second = both_there
    change_contact(second, {"mobile": "07700 900123"}, by=TESTER)
    assert next_sync().writes == 1
    assert xero(ledger, "Contacts", second)["Name"] == PROPOSED
    assert_silent()


def test_a_new_name_in_xero_comes_here(
    ledger: PracticeLedger, both_there: tuple[Contact, Contact]
) -> None:
    _, second = both_there
    rename_in_xero(ledger, second, "Jack Smith")
    next_sync()
    second.refresh_from_db()
    assert (second.name, NameInXero.objects.count()) == ("Jack Smith", 0)
    assert_silent()


def test_xeros_plain_name_is_not_changed_back(
    ledger: PracticeLedger, both_there: tuple[Contact, Contact]
) -> None:
    first, second = both_there
    rename_in_xero(ledger, first, "John Smith senior")
    next_sync()
    rename_in_xero(ledger, second, "John Smith")
    next_sync()
    assert NameInXero.objects.count() == 0
    assert_silent()
    assert xero(ledger, "Contacts", second)["Name"] == "John Smith"
    assert Contact.objects.get(pk=second.pk).name == "John Smith"


def test_a_new_name_here_goes_and_is_asked_about_anew_if_it_is_taken(
    ledger: PracticeLedger, both_there: tuple[Contact, Contact]
) -> None:
    _, second = both_there
    mary = make_customer("Mary Jones", phone="028 3")
    make_invoice(mary)
    next_sync()
    change_contact(second, {"name": "Mary Jones"}, by=TESTER)
    next_sync()
    issue = SyncIssue.objects.open().get()
    assert issue.code == IssueCode.NAME_TAKEN_IN_XERO
    assert proposal(issue) == "Mary Jones (BT48 6AB)"
    assert xero(ledger, "Contacts", second)["Name"] == PROPOSED
    approve_name(issue, "Mary Jones of Derry", by=TESTER)
    SyncIssue.objects.update(sent_revision=None)
    next_sync()
    assert open_codes() == []
    assert xero(ledger, "Contacts", second)["Name"] == "Mary Jones of Derry"
    assert NameInXero.objects.get().stands_for == "Mary Jones"
    assert_silent()


# --- the proposal, and what is refused ---


def taken_issue(run: SyncRun, **values: str) -> SyncIssue:
    contact = make_customer("John Smith", **values)
    code = IssueCode.NAME_TAKEN_IN_XERO
    return make_issue(run, contact, code, field_name="name")


@pytest.fixture
def run() -> SyncRun:
    return make_run(make_connection())


def test_the_proposal_says_what_tells_them_apart(run: SyncRun) -> None:
    connection = run.connection
    mirror_contact(connection, "x1", Name="JOHN SMITH (BT1)")
    mirror_contact(connection, "x2", Name="John Smith (BT2)", ContactStatus="ARCHIVED")
    issues = [
        taken_issue(run, billing_postcode="BT1", account_number="A7"),
        taken_issue(run, billing_postcode="BT2"),
        taken_issue(run, billing_postcode="BT2", billing_city="Derry"),
        taken_issue(run),
    ]
    names = proposed_names(issues, connection)
    assert [names[issue.pk] for issue in issues] == [
        "John Smith (A7)",
        "John Smith (BT2)",
        "John Smith (Derry)",
        "",
    ]


def test_proposals_take_the_same_queries_whatever_their_number(run: SyncRun) -> None:
    for number in range(5):
        taken_issue(run, billing_postcode=f"BT{number}")
    issues = list(SyncIssue.objects.select_related("contact"))
    counts = []
    for some in (issues[:1], issues):
        with CaptureQueriesContext(database) as queries:
            proposed_names(some, run.connection)
        counts.append(len(queries))
    assert counts == [2, 2]


@pytest.mark.parametrize(
    "name", ["", "john smith", "a <b>", "N" * 256, "John Smith (Bangor)"]
)
def test_a_name_that_xero_would_refuse_is_not_approved(run: SyncRun, name: str) -> None:
    mirror_contact(run.connection, "x1", Name="John Smith")
    other = taken_issue(run)
    approve_name(other, "John Smith (bangor)", by=TESTER)
    issue = taken_issue(run)
    with pytest.raises(StillBad):
        approve_name(issue, name, by=TESTER)
    assert NameInXero.objects.get().contact == other.contact


def test_a_refused_name_stays_in_its_row(office_client: Client, run: SyncRun) -> None:
    mirror_contact(run.connection, "x1", Name="John Smith")
    issue = taken_issue(run)
    answer = office_client.post(
        f"/xero/issues/{issue.pk}/name/",
        {"value": "John Smith"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert "Xero has John Smith." in answer.content.decode()
    assert not NameInXero.objects.exists()
    assert not SyncRun.objects.open().exists()


def test_who_may_not_fix_may_not_name(engineer_client: Client, run: SyncRun) -> None:
    issue = taken_issue(run)
    path = f"/xero/issues/{issue.pk}/name/"
    answer = engineer_client.post(path, {"value": "John Smith (2)"})
    assert answer.status_code == 403
    assert not NameInXero.objects.exists()


def test_names_of_the_old_organisation_are_forgotten(run: SyncRun) -> None:
    approve_name(taken_issue(run), "John Smith (2)", by=TESTER)
    _forget_the_other_side(run.connection)
    assert not NameInXero.objects.exists()


def test_an_approved_name_can_be_taken_back(
    ledger: PracticeLedger, both_there: tuple[Contact, Contact]
) -> None:
    first, second = both_there
    office = Client()
    office.force_login(make_user(Role.OFFICE))
    address = f"/xero/contacts/{second.pk}/own-name/"
    assert address in office.get(second.get_absolute_url()).content.decode()
    rename_in_xero(ledger, first, "John Smith senior")
    next_sync()

    said = office.post(address, follow=True).content.decode()

    assert "It goes to Xero as John Smith again." in said
    work_on(SyncRun.objects.open().get())
    assert (open_codes(), NameInXero.objects.count()) == ([], 0)
    assert xero(ledger, "Contacts", second)["Name"] == "John Smith"
    assert_silent()
    said = office.post(address, follow=True).content.decode()
    assert "under its own name already" in said


def test_a_name_that_is_still_taken_is_asked_about_again(
    ledger: PracticeLedger, both_there: tuple[Contact, Contact]
) -> None:
    _, second = both_there
    run = take_name_back(second, by=TESTER)
    assert run is not None
    work_on(run)
    assert open_codes() == ["name_taken_in_xero"]
    assert xero(ledger, "Contacts", second)["Name"] == PROPOSED
