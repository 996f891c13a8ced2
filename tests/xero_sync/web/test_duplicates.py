"""The page of duplicates: what it shows, who decides, what opens next, what it costs."""

import pytest
from django.test import Client

from customers.merging import merge_contacts
from customers.models import Contact
from fieldops.users.models import User
from tests.builders import TESTER, make_customer, make_invoice
from tests.conftest import SignIn
from tests.pages import main_of, queries_of
from tests.xero_sync.consolidation.pairs import CERTAIN, POSSIBLE, make_pair
from tests.xero_sync.rows import (
    confirm_settings,
    link,
    make_connection,
    make_run,
    mirror_contact,
)
from xero_sync.models import (
    FoundPair,
    PairDecision,
    PlannedChange,
    SyncRun,
    SyncSettings,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Action, Direction, Kind, Step

pytestmark = pytest.mark.django_db

DUPLICATES = "/xero/duplicates/"
THERE = {"Name": "Castle Hotel Ltd", "EmailAddress": "a@castle.example"}


@pytest.fixture
def connection() -> XeroConnection:
    confirm_settings()
    connection = make_connection(first_sync_done_at=None)
    make_run(connection, reason=SyncRun.Reason.PREVIEW)
    return connection


@pytest.fixture
def castle(connection: XeroConnection) -> FoundPair:
    return make_pair(
        connection,
        "Castle Hotel",
        theirs=THERE,
        phone="028 1",
        email="a@castle.example",
    )


@pytest.mark.parametrize(
    ("person", "seen", "decided", "started"),
    [
        ("administrator", 200, 302, 302),
        ("office", 200, 302, 403),
        ("accountant", 200, 302, 403),
        ("engineer", 403, 403, 403),
    ],
)
def test_who_sees_decides_and_starts(
    request: pytest.FixtureRequest,
    sign_in: SignIn,
    castle: FoundPair,
    person: str,
    seen: int,
    decided: int,
    started: int,
) -> None:
    user: User = request.getfixturevalue(person)
    client = sign_in(user)
    start = client.post(f"{DUPLICATES}start-with/", {"start_with": "ours"})
    lone = client.get(f"{DUPLICATES}without-twin/")
    assert client.get(DUPLICATES).status_code == seen
    answer = client.post(f"{DUPLICATES}{castle.pk}/decide/", {"answer": "same"})
    assert (answer.status_code, start.status_code) == (decided, started)
    assert lone.status_code == started  # back to the pairs, for it compares anew
    assert PairDecision.objects.count() == (decided == 302)
    chosen = SyncSettings.current().start_with
    assert chosen == ("ours" if started == 302 else "check")


def test_without_a_connection_it_says_where_to_begin(office_client: Client) -> None:
    assert "Go to Xero sync" in main_of(office_client, DUPLICATES)


def test_before_the_preview_there_is_nothing_to_decide(office_client: Client) -> None:
    make_connection(first_sync_done_at=None)
    assert "Nothing has been compared yet" in main_of(office_client, DUPLICATES)


def test_the_two_stand_side_by_side_differing_first(
    office_client: Client, castle: FoundPair
) -> None:
    make_invoice(castle.contact)
    page = main_of(office_client, DUPLICATES)
    assert "In Fieldops" in page
    assert "Customer, 1 invoice, last changed" in page
    assert "Same phone; name differs by &#x27;Ltd&#x27;</p>" in page
    # Both filled: Xero's stands. One side empty: the filled one. Alike: folded away.
    assert 'name="field-name" value="theirs" checked' in page
    assert 'name="field-phone" value="ours" checked' in page
    assert "field-email" not in page
    assert "1 field the same in both" in page
    assert page.index("field-phone") < page.index("the same in both")


def test_who_keeps_ours_finds_ours_chosen(
    office_client: Client, castle: FoundPair
) -> None:
    SyncSettings.objects.update(start_with="ours")
    page = main_of(office_client, f"{DUPLICATES}{castle.pk}/")
    assert 'name="field-name" value="ours" checked' in page


def test_after_a_decision_the_next_pair_opens(
    office_client: Client, connection: XeroConnection
) -> None:
    first, second, third = (make_pair(connection) for _ in range(3))
    answer = office_client.post(
        f"{DUPLICATES}{second.pk}/decide/",
        {"answer": "same", "field-name": "ours"},
    )
    assert answer["Location"] == f"{DUPLICATES}{third.pk}/"
    assert PairDecision.objects.get().fields == {"name": "ours"}
    assert "3 possible pairs, <b>2 left to check</b>" in main_of(
        office_client, DUPLICATES
    )
    # From the end it starts again with what was skipped.
    answer = office_client.post(
        f"{DUPLICATES}{third.pk}/decide/", {"answer": "different"}
    )
    assert answer["Location"] == f"{DUPLICATES}{first.pk}/"
    answer = office_client.post(f"{DUPLICATES}{first.pk}/decide/", {"answer": "new"})
    assert answer["Location"] == f"{DUPLICATES}?group=customers&show=open"
    assert "No possible duplicates left" in main_of(office_client, DUPLICATES)


def test_the_last_of_a_group_leads_to_the_next_group(
    office_client: Client, connection: XeroConnection
) -> None:
    customer = make_pair(connection)
    supplier = make_pair(connection, group="suppliers")
    answer = office_client.post(
        f"{DUPLICATES}{customer.pk}/decide/", {"answer": "same"}
    )
    assert answer["Location"] == f"{DUPLICATES}{supplier.pk}/"


def test_undo_opens_the_pair_again(office_client: Client, castle: FoundPair) -> None:
    office_client.post(f"{DUPLICATES}{castle.pk}/decide/", {"answer": "different"})
    answer = office_client.post(f"{DUPLICATES}undo/")
    assert answer["Location"] == f"{DUPLICATES}{castle.pk}/"
    assert not PairDecision.objects.exists()
    refused = office_client.post(f"{DUPLICATES}undo/", follow=True)
    assert "There is no decision of yours to take back." in refused.content.decode()


def test_a_decided_pair_is_shown_with_what_was_said_and_checked_again(
    office_client: Client, castle: FoundPair
) -> None:
    office_client.post(
        f"{DUPLICATES}{castle.pk}/decide/", {"answer": "same", "field-phone": "theirs"}
    )
    page = main_of(office_client, f"{DUPLICATES}{castle.pk}/")
    assert "The same</b>, said by" in page
    assert 'name="field-phone" value="theirs" checked disabled' in page
    office_client.post(f"{DUPLICATES}{castle.pk}/take-back/")
    assert FoundPair.objects.doubtful().get() == castle


def test_what_is_certain_is_accepted_at_once(
    office_client: Client, connection: XeroConnection, castle: FoundPair
) -> None:
    for _ in range(3):
        make_pair(connection, strength=CERTAIN)
    assert "Merge 3 certain" in main_of(office_client, DUPLICATES)
    office_client.post(f"{DUPLICATES}certain/")
    assert PairDecision.objects.filter(answer="same").count() == 3
    assert list(FoundPair.objects.undecided()) == [castle]


def test_a_partner_that_is_linked_already_cannot_be_merged(
    office_client: Client, connection: XeroConnection, castle: FoundPair
) -> None:
    other = make_customer("Castle Group")
    link(connection, other, castle.xero_id)
    page = main_of(office_client, DUPLICATES)
    merging = f"/customers/{other.pk}/merge/?with={castle.record.pk}"
    assert f'href="{merging}"' in page
    assert office_client.get(merging).status_code == 200
    assert "belongs to <b>" in page
    assert "Castle Group" in page
    assert "Merge and next" not in page
    refused = office_client.post(
        f"{DUPLICATES}{castle.pk}/decide/", {"answer": "same"}, follow=True
    )
    assert "linked to Castle Group already" in refused.content.decode()
    assert not PairDecision.objects.exists()


def test_a_pair_that_was_merged_away_is_no_question_any_more(
    office_client: Client, connection: XeroConnection, castle: FoundPair
) -> None:
    kept = make_customer("Castle Group")
    assert castle.contact is not None
    merge_contacts(kept, [castle.contact], {}, by=TESTER)
    assert "Castle Hotel" not in main_of(office_client, DUPLICATES)
    assert not FoundPair.objects.doubtful().exists()


def test_the_second_copy_of_a_decided_record_is_said_to_be_one(
    office_client: Client, connection: XeroConnection, castle: FoundPair
) -> None:
    copy = make_pair(connection, contact=castle.contact, theirs={"Name": "Castle"})
    office_client.post(f"{DUPLICATES}{castle.pk}/decide/", {"answer": "same"})
    page = main_of(office_client, f"{DUPLICATES}{copy.pk}/")
    assert "belongs to <b>Castle Hotel Ltd</b> in Xero already" in page


def test_a_pair_that_is_gone_leads_back_to_the_list(
    office_client: Client, connection: XeroConnection
) -> None:
    assert office_client.get(f"{DUPLICATES}99/")["Location"] == DUPLICATES


def test_the_way_there_says_how_many_are_left(
    office_client: Client, castle: FoundPair
) -> None:
    for path in ("/", "/xero/", "/xero/preview/"):
        page = main_of(office_client, path)
        assert "1 possible duplicate" in page
        assert f'href="{DUPLICATES}"' in page


def test_the_page_costs_the_same_however_many_pairs_there_are(
    office_client: Client, connection: XeroConnection
) -> None:
    make_pair(connection)
    for number in range(2):
        make_pair(connection, strength=POSSIBLE, name=f"Other {number}")
    few = queries_of(office_client, DUPLICATES)
    first = FoundPair.objects.get(name_here="Other 0")
    contacts = Contact.objects.bulk_create(
        Contact(name=f"Customer {number}", is_customer=True) for number in range(5000)
    )
    FoundPair.objects.bulk_create(
        FoundPair(
            connection=connection,
            kind=Kind.CONTACT,
            group="customers",
            contact=contact,
            xero_id=first.xero_id,
            name_here=contact.name,
            name_there="Castle",
            strength=POSSIBLE,
        )
        for contact in contacts
    )
    assert queries_of(office_client, DUPLICATES) == few
    page = main_of(office_client, DUPLICATES)
    assert "12 of 5,003</span>" in page
    assert page.count('class="pair-name"') == 12


def planned(run: SyncRun, **values: object) -> PlannedChange:
    defaults = {
        "step": Step.CUSTOMERS_FROM_XERO,
        "kind": Kind.CONTACT,
        "direction": Direction.TO_US,
        "action": Action.CREATE,
        "title": "Old Forge",
    }
    return PlannedChange.objects.create(run=run, **defaults | values)


@pytest.fixture
def lone(connection: XeroConnection) -> SyncRun:
    run = SyncRun.objects.get(reason=SyncRun.Reason.PREVIEW)
    planned(run, xero_id="x-old")
    planned(run, xero_id="x-new", title="New Forge")
    for xero_id in ("x-old", "x-new"):
        mirror_contact(connection, xero_id, Name=xero_id)
    planned(run, xero_id="x-twin", local_id=1, action=Action.LINK, title="Twin")
    planned(
        run,
        local_id=make_customer("Ours Alone").pk,
        direction=Direction.TO_XERO,
        step=Step.CUSTOMERS_TO_XERO,
        title="Ours Alone",
    )
    return run


def test_only_what_was_shown_and_ticked_is_archived_in_xero(
    admin_client: Client, lone: SyncRun
) -> None:
    admin_client.post(f"{DUPLICATES}start-with/", {"start_with": "ours"})
    SyncRun.objects.exclude(pk=lone.pk).delete()
    page = main_of(admin_client, f"{DUPLICATES}without-twin/")
    assert "Old Forge" in page
    assert "Ours Alone" not in page
    assert "Twin" not in page
    assert 'value="x-old" checked' not in page

    admin_client.post(
        f"{DUPLICATES}without-twin/",
        {"shown": ["x-old", "x-new"], "selected": ["x-old", "x-twin", "x-nobody"]},
    )

    assert list(XeroConnection.objects.get().to_archive) == ["x-old"]
    assert SyncRun.objects.open().get().reason == SyncRun.Reason.PREVIEW


def test_ours_that_stand_alone_are_archived_here_by_ticks(
    admin_client: Client, lone: SyncRun
) -> None:
    admin_client.post(f"{DUPLICATES}start-with/", {"start_with": "theirs"})
    SyncRun.objects.exclude(pk=lone.pk).delete()
    other = make_customer("Not Listed")
    alone = Contact.objects.get(name="Ours Alone")
    page = main_of(admin_client, f"{DUPLICATES}without-twin/")
    assert "Ours Alone" in page
    assert "Old Forge" not in page

    admin_client.post(
        f"{DUPLICATES}without-twin/", {"selected": [str(alone.pk), str(other.pk)]}
    )

    archived = Contact.objects.filter(is_archived=True)
    assert [one.name for one in archived] == ["Ours Alone"]


def test_after_the_first_sync_nobody_starts_again(
    admin_client: Client, connection: XeroConnection, castle: FoundPair
) -> None:
    make_connection(is_current=False)
    XeroConnection.objects.filter(pk=connection.pk).update(
        first_sync_done_at=connection.connected_at
    )
    answer = admin_client.post(
        f"{DUPLICATES}start-with/", {"start_with": "ours"}, follow=True
    )
    assert "before the first sync, and not after it" in answer.content.decode()
    assert SyncSettings.current().start_with == "check"
    assert "How do you want to start?" not in main_of(admin_client, DUPLICATES)
