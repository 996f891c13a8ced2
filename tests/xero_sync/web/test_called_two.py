"""What was called "not the same": listed with who said it, and asked again."""

from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.builders import TESTER, make_customer, make_item
from tests.pages import main_of, queries_of
from tests.xero_sync.consolidation.pairs import make_pair
from tests.xero_sync.rows import link, make_connection, mirror_contact
from xero_sync.consolidation.copies import Place, copies_of
from xero_sync.consolidation.decisions import decide_pair
from xero_sync.models import FoundPair, PairDecision, XeroConnection

pytestmark = pytest.mark.django_db

PAGE = "/xero/duplicates/called-two/"
COPIES = "/xero/duplicates/copies/"


@pytest.fixture
def connection() -> XeroConnection:
    return make_connection()


def apart(connection: XeroConnection, name: str = "Castle Hotel") -> FoundPair:
    pair = make_pair(connection, name)
    decide_pair(pair, "different", by=TESTER)
    return pair


def ask_again(client: Client, decision: PairDecision) -> str:
    answer = client.post(f"{PAGE}{decision.pk}/ask-again/", follow=True)
    return answer.content.decode()


def test_nothing_is_remembered_yet(
    office_client: Client, connection: XeroConnection
) -> None:
    assert "Nothing has been called not the same" in main_of(office_client, PAGE)


def test_after_the_sync_it_is_listed_and_asked_again(
    office_client: Client, connection: XeroConnection
) -> None:
    pair = apart(connection)
    there = pair.name_there
    FoundPair.objects.all().delete()  # as a sync does, once it was carried out
    page = main_of(office_client, PAGE)
    assert "Castle Hotel" in page
    assert there in page
    said = ask_again(office_client, PairDecision.objects.get())
    assert "looked at again with the next sync" in said
    assert not PairDecision.objects.exists()


def test_of_two_that_are_both_here_since_the_way_leads_to_merging(
    office_client: Client, connection: XeroConnection
) -> None:
    pair = apart(connection)
    other = make_customer("Castle Hotel Ltd")
    link(connection, other, pair.xero_id)
    page = main_of(office_client, PAGE)
    assert f"/merge/?with={other.pk}" in page
    assert "Ask again" not in page
    assert "merge them instead" in ask_again(office_client, PairDecision.objects.get())
    assert PairDecision.objects.count() == 1


def test_one_that_is_archived_in_xero_is_restored_there_first(
    office_client: Client, connection: XeroConnection
) -> None:
    gone = str(uuid4())
    mirror_contact(connection, gone, Name="Castle Inn", ContactStatus="ARCHIVED")
    PairDecision.objects.create(
        connection=connection,
        kind="contact",
        local_uid=make_customer("Castle Hotel").uid,
        xero_id=gone,
        answer="different",
    )
    page = main_of(office_client, PAGE)
    assert "Restore it in Xero first." in page
    assert "Ask again" not in page


def test_copies_of_all_sides_are_listed(
    office_client: Client, connection: XeroConnection
) -> None:
    one, two = make_customer("Antrim Arms"), make_customer("Antrim Arms Ltd")
    drill, drills = make_item("DRILL"), make_item("DRILL-2")
    there = [str(uuid4()), str(uuid4())]
    for xero_id, name in zip(there, ("Bann Inn", "Bann Inn Ltd"), strict=True):
        mirror_contact(connection, xero_id, Name=name)
    for kind, uid, other in (
        (Place.HERE, one.uid, str(two.uid)),
        (Place.STOCK, drill.uid, str(drills.uid)),
        (Place.XERO, UUID(there[0]), there[1]),
    ):
        PairDecision.objects.create(
            connection=connection,
            kind=kind,
            local_uid=uid,
            xero_id=other,
            answer="different",
        )
    page = main_of(office_client, PAGE)
    names = (str(one), str(two), str(drill), str(drills), "Bann Inn", "Bann Inn Ltd")
    assert [name for name in names if name not in page] == []
    assert page.count("Both in Fieldops") == 2
    assert page.count("Both in Xero") == 1
    assert page.count("Ask again") == 3


def test_who_was_called_two_is_no_copy_once_xeros_has_come_in(
    connection: XeroConnection,
) -> None:
    shared = {"email": "accounts@castle.example", "phone": "028 9032 1188"}
    one = make_customer("Castle Hotel", **shared)
    other = make_customer("Castle Hotel Ltd", **shared)
    assert len(copies_of(connection, Place.HERE)) == 1
    came_in = link(connection, other)
    PairDecision.objects.create(
        connection=connection,
        kind="contact",
        local_uid=one.uid,
        xero_id=came_in.xero_id,
        answer="different",
    )
    assert copies_of(connection, Place.HERE) == []


def test_it_costs_the_same_however_many_there_are(
    office_client: Client, connection: XeroConnection
) -> None:
    apart(connection)
    few = queries_of(office_client, PAGE)
    for number in range(5):
        apart(connection, f"Sea View {number}")
    assert queries_of(office_client, PAGE) == few


def test_an_engineer_sees_and_takes_back_nothing(
    engineer_client: Client, connection: XeroConnection
) -> None:
    apart(connection)
    decision = PairDecision.objects.get()
    assert engineer_client.get(PAGE).status_code == 403
    answer = engineer_client.post(f"{PAGE}{decision.pk}/ask-again/")
    assert answer.status_code == 403
    assert PairDecision.objects.exists()


def test_stock_that_is_here_twice_leads_to_its_merging(
    office_client: Client, connection: XeroConnection
) -> None:
    one = make_item("VAL22", name="Gate valve 22 mm")
    other = make_item("VAL-22", name="Valve gate 22mm")
    make_item("VAL15", name="Gate valve 15 mm")
    page = main_of(office_client, f"{COPIES}?place=copy_stock")
    assert page.count("/merge/?with=") == 1
    assert {f"/stock/{item.pk}/" in page for item in (one, other)} == {True}
    assert "VAL15" not in page
    assert "Same code, same name" in page.replace("; ", ", ")
    uids = sorted(str(item.uid) for item in (one, other))
    ids = {"place": "copy_stock", "one": uids[0], "other": uids[1]}
    office_client.post(COPIES, ids)
    page = main_of(office_client, f"{COPIES}?place=copy_stock")
    assert "Nothing is in stock twice" in page
