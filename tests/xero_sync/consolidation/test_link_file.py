"""Links taken over from another tool by CSV: told line by line, kept, repeated safely."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fieldops.common.importing.sheet import FileRefused
from tests.builders import TESTER, make_customer, make_item
from tests.ledger import PracticeLedger
from tests.xero_sync.consolidation.pairs import make_pair
from tests.xero_sync.rows import link, make_connection, mirror_contact
from tests.xero_sync.world import (
    assert_silent,
    connect,
    first_sync,
    open_codes,
    work_on,
)
from xero_sync.consolidation.decisions import decide_pair
from xero_sync.consolidation.link_file import keep_links, read_links
from xero_sync.models import ContactLink, MirrorRecord, PairDecision, XeroConnection
from xero_sync.outcomes.kinds import Kind
from xero_sync.runs.requests import preview_first_sync

pytestmark = pytest.mark.django_db


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def there(connection: XeroConnection, name: str) -> str:
    xero_id = str(uuid4())
    mirror_contact(connection, xero_id, Name=name)
    return xero_id


@pytest.fixture
def connection() -> XeroConnection:
    return make_connection(first_sync_done_at=None)


def test_every_line_is_told_and_only_good_ones_are_kept(
    connection: XeroConnection,
) -> None:
    for number in range(1, 7):
        make_customer(f"Own {number}", account_number=f"C{number}")
    linked, taken = make_customer("Linked", account_number="L"), make_customer("Taken")
    ids = [there(connection, f"Theirs {number}") for number in range(8)]
    link(connection, linked, ids[6])
    link(connection, taken, ids[7])
    content = csv(
        "Account number,ContactID",
        f"c1,{ids[1].upper()}",
        f"NOBODY,{ids[2]}",
        f"C2,{uuid4()}",
        f"L,{ids[6]}",
        f"C3,{ids[3]}",
        f"C3,{ids[4]}",
        f"C4,{ids[7]}",
        f"C5,{ids[5]}",
        f",{ids[0]}",
    )

    lines = keep_links(connection, Kind.CONTACT, content, by=TESTER)

    assert [one.fate for one in lines] == [
        "Will be linked",
        "Unknown here",
        "Unknown in Xero",
        "Linked already",
        "Twice in the file",
        "Twice in the file",
        "Linked to another",
        "Will be linked",
        "Unknown here",
    ]
    kept = PairDecision.objects.filter(answer="same").values_list("xero_id", flat=True)
    assert sorted(kept) == sorted([ids[1], ids[5]])
    again = keep_links(connection, Kind.CONTACT, content, by=TESTER)
    assert [one.fate for one in again if one.xero_id in kept] == ["Said before"] * 2
    assert PairDecision.objects.count() == 2


@pytest.mark.parametrize("head", ["uid", "id", "name"])
def test_ours_goes_by_any_of_its_names(connection: XeroConnection, head: str) -> None:
    customer = make_customer("Castle Hotel")
    named = {"uid": customer.uid, "id": customer.pk, "name": "castle  HOTEL"}[head]
    content = csv(f"{head},xero contactid", f"{named},{there(connection, 'Castle')}")
    (line,) = read_links(connection, Kind.CONTACT, content)
    assert (line.fate, line.uid) == ("Will be linked", str(customer.uid))


def test_a_name_that_two_have_is_nobody(connection: XeroConnection) -> None:
    make_customer("Castle Hotel")
    make_customer("Castle Hotel")
    content = csv("Name,ContactID", f"Castle Hotel,{there(connection, 'Castle')}")
    (line,) = keep_links(connection, Kind.CONTACT, content, by=TESTER)
    assert (line.fate, line.why) == ("Unknown here", "2 records here are called that")
    assert not PairDecision.objects.exists()


def test_items_go_by_their_code(connection: XeroConnection) -> None:
    make_item("PIPE15")
    xero_id = str(uuid4())
    mirror_contact(connection, xero_id, Name="Pipe")
    MirrorRecord.objects.update(kind=Kind.ITEM)
    content = csv("Code;ItemID", f"pipe15;{xero_id}")
    (line,) = keep_links(connection, Kind.ITEM, content, by=TESTER)
    assert line.fate == "Will be linked"
    assert PairDecision.objects.get().kind == "item"


def test_what_a_person_said_stands(connection: XeroConnection) -> None:
    denied = make_pair(connection)
    decide_pair(denied, "different", by=TESTER)
    new = make_pair(connection)
    decide_pair(new, "new", by=TESTER)
    content = csv(
        "uid,ContactID",
        *(f"{one.record.uid},{one.xero_id}" for one in (denied, new)),
    )
    lines = keep_links(connection, Kind.CONTACT, content, by=TESTER)
    assert [one.fate for one in lines] == ["Linked to another"] * 2
    assert PairDecision.objects.filter(answer="same").count() == 0


def test_pairs_of_the_queue_are_settled(connection: XeroConnection) -> None:
    pair = make_pair(connection)
    content = csv("uid,ContactID", f"{pair.record.uid},{pair.xero_id}")
    keep_links(connection, Kind.CONTACT, content, by=TESTER)
    pair.refresh_from_db()
    assert pair.decision == PairDecision.objects.get()


@pytest.mark.parametrize("content", [b"", b"Name,Town\na,b", b"ContactID\n1"])
def test_a_file_without_the_columns_is_refused(
    connection: XeroConnection, content: bytes
) -> None:
    with pytest.raises(FileRefused):
        keep_links(connection, Kind.CONTACT, content, by=TESTER)
    assert not PairDecision.objects.exists()


def test_it_costs_the_same_for_many_lines(connection: XeroConnection) -> None:
    rows = [
        f"{make_customer().uid},{there(connection, str(number))}"
        for number in range(30)
    ]
    costs = []
    for count in (1, 30):
        with CaptureQueriesContext(database) as queries:
            read_links(connection, Kind.CONTACT, csv("uid,ContactID", *rows[:count]))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_first_sync_links_them(ledger: PracticeLedger) -> None:
    """Nothing in common but the line of the file."""
    customer = make_customer("Castle Hotel", email="a@here.example")
    ledger.load_books({"Contacts": [{"Name": "Zeppelin 4", "IsCustomer": True}]})
    connect(ledger)
    work_on(preview_first_sync(by=TESTER))
    xero_id = MirrorRecord.objects.get(kind="contact").xero_id
    connection = XeroConnection.objects.get()
    content = csv("uid,ContactID", f"{customer.uid},{xero_id}")
    keep_links(connection, Kind.CONTACT, content, by=TESTER)

    first_sync()

    assert ContactLink.objects.get().record_id == customer.pk
    assert (open_codes(), ledger.state()["contacts"]) == ([], 1)
    assert_silent()
    (line,) = keep_links(connection, Kind.CONTACT, content, by=TESTER)
    assert line.fate == "Linked already"


# --- the page -------------------------------------------------------------------------


def test_the_page_shows_and_then_keeps(
    administrator_client: Client, connection: XeroConnection
) -> None:
    make_customer("Castle Hotel")
    content = csv(
        "name,ContactID", f"Castle Hotel,{there(connection, 'Castle')}", "Nobody,x"
    )
    file = SimpleUploadedFile("links.csv", content)
    answer = administrator_client.post(
        "/xero/duplicates/links/", {"kind": "contact", "file": file}
    )
    page = answer.content.decode()
    for text in ("Nothing has been kept yet", "Unknown here", "Keep 1 link"):
        assert text in page, text
    assert not PairDecision.objects.exists()
    kept = {"kind": "contact", "content": answer.context["content"]}
    assert (
        administrator_client.post("/xero/duplicates/links/keep/", kept).status_code
        == 302
    )
    assert PairDecision.objects.count() == 1


@pytest.mark.parametrize("content", ["", "%%%", "bm90aGluZw=="])
def test_what_is_no_file_is_refused(
    administrator_client: Client, connection: XeroConnection, content: str
) -> None:
    values = {"kind": "contact", "content": content}
    answer = administrator_client.post("/xero/duplicates/links/keep/", values)
    assert answer.status_code == 302
    assert not PairDecision.objects.exists()


def test_only_administrators_take_links_over(
    office_client: Client, connection: XeroConnection
) -> None:
    assert office_client.get("/xero/duplicates/links/").status_code == 403
    assert office_client.post("/xero/duplicates/links/keep/", {}).status_code == 403
    assert (
        "/xero/duplicates/links/"
        not in office_client.get("/xero/duplicates/").content.decode()
    )
