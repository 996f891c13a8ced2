"""What a person says about a pair is remembered, and contradicts nothing."""

import pytest
from django.utils import timezone

from customers.models import Contact
from tests.builders import TESTER, make_customer, make_invoice
from tests.xero_sync.rows import (
    link,
    make_connection,
    make_issue,
    make_run,
    mirror_contact,
)
from xero_sync.consolidation.candidates import candidates_of
from xero_sync.consolidation.decisions import decide
from xero_sync.consolidation.errors import (
    NoSuchPartner,
    NotAPair,
    OnAnotherCustomer,
    PartnerTaken,
)
from xero_sync.models import (
    MirrorRecord,
    PairDecision,
    SyncIssue,
    SyncSettings,
    XeroConnection,
)
from xero_sync.outcomes.codes import IssueCode

pytestmark = pytest.mark.django_db

X1 = "0f6b6d0e-3c3c-4a41-9a55-4a4f0d0a7b01"
X2 = "5c2f6a52-6b8e-44a8-a2a7-0d2d43a7f002"


@pytest.fixture
def connection() -> XeroConnection:
    connection = make_connection()
    mirror_contact(connection, X1, Name="Castle Hotel Ltd", EmailAddress="a@b.example")
    mirror_contact(connection, X2, Name="Castle Hotels", AccountNumber="C9")
    return connection


def twin(connection: XeroConnection, name: str = "Castle Hotel") -> SyncIssue:
    return make_issue(
        make_run(connection),
        make_customer(name, email="a@b.example", phone="1"),
        IssueCode.POSSIBLE_TWIN,
        xero_id=X1,
        other="Castle Hotel Ltd",
        other_xero_id=X1,
        candidates=f"{X1},{X2}",
        reasons="name differs by 'Ltd'",
    )


def answers() -> list[tuple[str, str]]:
    return sorted(PairDecision.objects.values_list("xero_id", "answer"))


def test_link_takes_back_what_was_said_before(connection: XeroConnection) -> None:
    issue = twin(connection)
    decide(issue, "same", X1, by=TESTER)
    decide(issue, "new", "", by=TESTER)
    decide(issue, "same", X2, by=TESTER)
    assert answers() == [(X2, "same")]
    assert PairDecision.objects.get().local_uid == issue.contact.uid  # type: ignore[union-attr]


def test_new_takes_back_the_link_that_was_said_before(
    connection: XeroConnection,
) -> None:
    issue = twin(connection)
    decide(issue, "different", X2, by=TESTER)
    decide(issue, "same", X1, by=TESTER)
    decide(issue, "new", by=TESTER)
    assert answers() == [("", "new"), (X2, "different")]


def test_not_the_same_is_remembered_beside_a_link(connection: XeroConnection) -> None:
    issue = twin(connection)
    decide(issue, "different", X1, by=TESTER)
    decide(issue, "same", X2, by=TESTER)
    assert answers() == [(X1, "different"), (X2, "same")]


def test_a_partner_that_is_taken_is_refused(connection: XeroConnection) -> None:
    other = make_customer("Castle Group")
    link(connection, other, X1)
    with pytest.raises(PartnerTaken, match="Castle Group"):
        decide(twin(connection), "same", X1, by=TESTER)
    assert answers() == []


@pytest.mark.parametrize("xero_id", ["", "nobody"])
def test_a_partner_that_is_not_there_is_refused(
    connection: XeroConnection, xero_id: str
) -> None:
    with pytest.raises(NoSuchPartner):
        decide(twin(connection), "same", xero_id, by=TESTER)
    assert answers() == []


def test_only_contacts_and_items_pair(connection: XeroConnection) -> None:
    run = make_run(connection)
    issue = make_issue(run, make_invoice(), IssueCode.LINES_MISSING)
    with pytest.raises(NotAPair):
        decide(issue, "same", X1, by=TESTER)
    with pytest.raises(NotAPair):
        decide(twin(connection), "perhaps", X1, by=TESTER)
    assert answers() == []


@pytest.mark.parametrize("answer", ["same", "different", "new"])
@pytest.mark.parametrize("is_theirs", [True, False])
def test_an_invoice_with_the_number_may_be_the_same_on_the_same_account(
    connection: XeroConnection, answer: str, is_theirs: bool
) -> None:
    """Another total is no obstacle: it is told as a difference then."""
    invoice = make_invoice()
    customer = link(connection, invoice.customer)
    contact_id = customer.xero_id if is_theirs else "somebody-else"
    MirrorRecord.objects.create(
        connection=connection,
        kind="invoice",
        xero_id=X1,
        updated_at=timezone.now(),
        payload={"InvoiceID": X1, "Contact": {"ContactID": contact_id}},
    )
    issue = make_issue(make_run(connection), invoice, IssueCode.INVOICE_NUMBER_IN_XERO)
    if answer == "same" and is_theirs:
        decide(issue, answer, X1, by=TESTER)
        assert answers() == [(X1, "same")]
        return
    refusal = OnAnotherCustomer if answer == "same" else NotAPair
    with pytest.raises(refusal):
        decide(issue, answer, X1, by=TESTER)
    assert answers() == []


def test_the_two_sides_stand_side_by_side(connection: XeroConnection) -> None:
    issue = twin(connection)
    found = candidates_of([issue], SyncSettings.current())[issue.pk]
    assert [candidate.name for candidate in found] == [
        "Castle Hotel Ltd",
        "Castle Hotels",
    ]
    facts = {fact.label: (fact.ours, fact.theirs) for fact in found[0].facts}
    assert facts["Name"] == ("Castle Hotel", "Castle Hotel Ltd")
    assert facts["Email"] == ("a@b.example", "a@b.example")
    assert facts["Phone"] == ("1", "")
    assert [fact.label for fact in found[0].facts if fact.differs] == ["Name"]


def test_the_pairs_of_a_page_cost_two_queries(
    connection: XeroConnection, django_assert_num_queries: object
) -> None:
    twins = [twin(connection, f"Castle {number}") for number in range(5)]
    issues = list(
        SyncIssue.objects.filter(pk__in=[one.pk for one in twins]).select_related(
            "contact", "item", "invoice"
        )
    )
    settings = SyncSettings.current()
    # Xero's records, and the names in Xero that the settings keep.
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(candidates_of(issues, settings)) == 5
    assert Contact.objects.count() == 5
