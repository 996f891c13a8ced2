"""The page that undoes a sync: what it tells, whom it serves, what it refuses."""

import pytest
from django.test import Client

from fieldops.users.models import User
from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.pages import main_of
from tests.xero_sync.rows import make_connection, make_run
from tests.xero_sync.world import connect, in_step, next_sync, preview, work_on
from xero_sync.models import ContactLink, MirrorRecord, SyncRun, SyncSettings
from xero_sync.runs.signed import digest_of
from xero_sync.runs.undoing import undo_run
from xero_sync.web import views_undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(ledger: PracticeLedger, administrator: User) -> SyncRun:
    make_customer("Castle Hotel")
    make_customer("Dunes Bar")
    connect(ledger, by=administrator)
    return in_step()


def test_the_page_names_the_counts_and_the_tick_starts_it(
    run: SyncRun, administrator_client: Client
) -> None:
    text = main_of(administrator_client, f"/xero/runs/{run.pk}/")
    actions = text.partition('class="page-head-actions"')[2]
    assert f'href="/xero/runs/{run.pk}/undo/"' in actions

    text = main_of(administrator_client, f"/xero/runs/{run.pk}/undo/")
    assert "2 contacts made in Xero are archived there" in text
    assert "Castle Hotel, Dunes Bar" in text
    assert "I have read it: 2 contacts made in Xero are archived there." in text
    assert "can only be restored by hand, in Xero" in text
    assert "a mark behind their number" not in text
    assert "back at the preview of the first sync" in text

    answer = administrator_client.post(
        f"/xero/runs/{run.pk}/undo/", {"understood": "on"}
    )
    undo = SyncRun.objects.get(undoes=run)
    assert answer.headers["Location"] == f"/xero/runs/{undo.pk}/"
    work_on(undo)
    assert not ContactLink.objects.exists()

    text = main_of(administrator_client, f"/xero/runs/{run.pk}/")
    assert "This sync is undone" in text
    assert "Undo this sync" not in text
    assert "It takes back" in main_of(administrator_client, f"/xero/runs/{undo.pk}/")
    text = main_of(administrator_client, "/xero/")
    assert "A sync was undone, so nothing syncs by itself" in text
    assert "The automatic sync is off:" not in text  # It says so above.


def test_what_was_looked_at_before_an_undo_is_not_signed_off(
    ledger: PracticeLedger, administrator: User, administrator_client: Client
) -> None:
    make_customer("Castle Hotel")
    connect(ledger, by=administrator)
    seen = preview()
    run = in_step()
    work_on(undo_run(run, by=TESTER))

    page = main_of(administrator_client, "/xero/")
    assert "Review and start" not in page
    assert "Show what it will do" in page
    answer = administrator_client.get("/xero/preview/")
    assert answer.headers["Location"] == "/xero/"
    page = administrator_client.post(
        f"/xero/preview/{seen.pk}/sign-off/", {"digest": digest_of(seen)}, follow=True
    ).content.decode()
    assert "A sync was undone since this plan was made." in page
    assert not SyncRun.objects.open().exists()

    preview()
    assert "Review and start" in main_of(administrator_client, "/xero/")


def test_of_a_large_sync_the_page_comes_first(
    run: SyncRun, administrator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views_undo, "COUNTED_AT_ONCE", 1)
    address = f"/xero/runs/{run.pk}/undo/"
    page = main_of(administrator_client, address)
    assert 'hx-get="?counted=1"' in page
    assert "I have read it" not in page
    page = main_of(administrator_client, f"{address}?counted=1")
    assert "I have read it: 2 contacts made in Xero are archived there." in page
    answer = administrator_client.get(
        f"{address}?counted=1", headers={"HX-Request": "true"}
    )
    part = answer.content.decode()
    assert "I have read it: 2 contacts" in part
    assert "<html" not in part


def test_what_the_run_did_not_touch_is_not_read(
    run: SyncRun, administrator_client: Client
) -> None:
    """A small sync beside large books costs what the small one is worth."""
    make_customer("Sea View")
    small = next_sync()
    assert small.changes.filter(state="done").count() == 1
    MirrorRecord.objects.filter(payload__Name="Castle Hotel").update(payload={})
    text = main_of(administrator_client, f"/xero/runs/{small.pk}/undo/")
    assert "1 contact made in Xero is archived there" in text
    assert "Castle Hotel" not in text


def test_without_the_tick_nothing_happens(
    run: SyncRun, administrator_client: Client
) -> None:
    page = administrator_client.post(f"/xero/runs/{run.pk}/undo/", follow=True)
    assert "Tick that you have read what is taken back" in page.content.decode()
    assert not SyncRun.objects.filter(reason=SyncRun.Reason.UNDO).exists()
    assert SyncSettings.current().mode == SyncSettings.Mode.AUTOMATIC


def test_a_second_press_does_nothing_twice(
    run: SyncRun, administrator_client: Client
) -> None:
    work_on(undo_run(run, by=TESTER))
    page = administrator_client.post(
        f"/xero/runs/{run.pk}/undo/", {"understood": "on"}, follow=True
    )
    assert "This sync is undone already." in page.content.decode()
    assert SyncRun.objects.filter(reason=SyncRun.Reason.UNDO).count() == 1
    page = administrator_client.get(f"/xero/runs/{run.pk}/undo/")
    assert page.headers["Location"] == f"/xero/runs/{run.pk}/"


@pytest.mark.parametrize("who", ["office_client", "accountant_client"])
def test_only_administrators_undo(who: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(who)
    run = make_run(make_connection())
    run.changes.create(
        step="customers_to_xero", kind="contact", direction="to_xero",
        action="create", title="Castle Hotel", reason="", state="done",
    )  # fmt: skip
    assert client.get(f"/xero/runs/{run.pk}/undo/").status_code == 403
    answer = client.post(f"/xero/runs/{run.pk}/undo/", {"understood": "on"})
    assert answer.status_code == 403
    assert "Undo this sync" not in main_of(client, f"/xero/runs/{run.pk}/")
    assert SyncRun.objects.count() == 1
