"""The plan of the first sync is signed off, and exactly that is carried out."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Contact
from customers.services import change_contact
from fieldops.common.actor import Actor
from fieldops.users.models import User
from invoicing.models import Invoice
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.write_draft import change_invoice
from stock.services import change_item
from tests.builders import (
    TESTER,
    line,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
    make_user,
)
from tests.ledger import PracticeLedger
from tests.pages import main_of
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    contacts_there,
    one_slice,
    preview,
    work_on,
)
from xero_sync.consolidation.errors import NotNow
from xero_sync.consolidation.signing import sign_off_and_start, start_unsigned
from xero_sync.consolidation.starting import tick_for_archive
from xero_sync.models import SignOff, SyncRun, SyncSettings, XeroConnection
from xero_sync.report.plan_in_short import plan_in_short
from xero_sync.report.render import content_of
from xero_sync.runs.choices import change_settings
from xero_sync.runs.errors import FirstSyncDone, NotSignedOff, PlanOutdated
from xero_sync.runs.requests import preview_first_sync
from xero_sync.runs.signed import digest_of

pytestmark = pytest.mark.django_db

MANY = 12


def sign(run: SyncRun, user: User | None = None) -> SyncRun:
    return sign_off_and_start(run, digest_of(run), shown={}, by=Actor(user, "test"))


def load_strangers(ledger: PracticeLedger, count: int = MANY) -> None:
    ledger.load_books(
        {
            "Contacts": [
                {"Name": f"Stranger {number:02}", "IsCustomer": True}
                for number in range(count)
            ]
        }
    )


@pytest.fixture
def both_sides(ledger: PracticeLedger) -> list[Contact]:
    customers = [make_customer(f"Own {number:02} Ltd") for number in range(MANY)]
    for customer in customers[:3]:
        make_invoice(customer)
    load_strangers(ledger)
    connect(ledger)
    return customers


def test_what_was_signed_is_carried_out_and_kept_with_name_time_and_digest(
    ledger: PracticeLedger, both_sides: list[Contact]
) -> None:
    mary = make_user()
    looked_at = preview()
    digest = digest_of(looked_at)
    before = timezone.now()

    shown = plan_in_short(looked_at).as_json()
    run = sign_off_and_start(looked_at, digest, shown=shown, by=Actor(mary, "test"))
    work_on(run)

    sign_off = SignOff.objects.get()
    assert (sign_off.preview, sign_off.user, sign_off.digest) == (
        looked_at,
        mary,
        digest,
    )
    assert before <= sign_off.signed_at <= timezone.now()
    assert sign_off.shown["sums"]["count"] == 3
    assert (run.state, run.sign_off) == (SyncRun.State.FINISHED, sign_off)
    assert_accounted_for(run)
    assert not run.changes.filter(state="dropped").exists()
    assert content_of(run)["signed"].endswith("Exactly that was carried out.")
    assert len(contacts_there(ledger)) == 2 * MANY == Contact.objects.count()
    assert not SyncRun.objects.open().exists()
    assert_silent()


def test_what_changed_meanwhile_is_left_out_and_planned_anew(
    ledger: PracticeLedger, both_sides: list[Contact]
) -> None:
    """Here a name, a new customer and an invoice; there a name and a new contact."""
    looked_at = preview()
    renamed, plain = both_sides[0], both_sides[5]
    change_contact(renamed, {"name": "Renamed Ltd"}, by=TESTER)
    make_customer("Late Here")
    make_invoice(plain)
    ledger.control("contact/change", contact="Stranger 03", EmailAddress="a@b.example")
    ledger.load_books({"Contacts": [{"Name": "Quarry Bank", "IsCustomer": True}]})

    run = work_on(sign(looked_at))

    assert run.state == SyncRun.State.FINISHED
    assert_accounted_for(run)
    dropped = run.changes.filter(state="dropped").order_by("title")
    titles = [change.title for change in dropped]
    invoice = renamed.invoices.get()
    assert sorted(titles) == sorted(
        [
            "Renamed Ltd",
            f"{invoice.number} Renamed Ltd",
            f"{plain.invoices.get().number} {plain.name}",
            "Late Here",
            "Quarry Bank",
            "Stranger 03",
        ]
    )
    names = contacts_there(ledger)
    assert "Renamed Ltd" not in names
    assert "Late Here" not in names
    assert not Contact.objects.filter(name__in=("Quarry Bank", "Stranger 03")).exists()
    assert content_of(run)["signed"].endswith(
        "6 changed after you looked; the sync that follows takes them up."
    )

    follows = SyncRun.objects.open().get()
    assert follows.reason == SyncRun.Reason.ASKED
    work_on(follows)
    assert {"Renamed Ltd", "Late Here"} <= set(contacts_there(ledger))
    assert len(contacts_there(ledger)) == 2 * MANY + 2 == Contact.objects.count()
    assert ledger.state()["invoices"] == 4
    assert_silent()


def test_an_invoice_changed_without_another_total_is_planned_anew(
    ledger: PracticeLedger, both_sides: list[Contact]
) -> None:
    draft = make_draft(both_sides[7])
    SyncSettings.objects.update(sends_drafts=True)
    looked_at = preview()
    change_invoice(draft, {"reference": "another"}, [line()], by=TESTER)

    run = work_on(sign(looked_at))

    assert [one.local_id for one in run.changes.filter(state="dropped")] == [draft.pk]
    assert not draft.xero_links.exists()
    work_on(SyncRun.objects.open().get())
    assert draft.xero_links.count() == 1
    assert_silent()


def test_an_invoice_waits_for_the_item_that_changed(
    ledger: PracticeLedger, both_sides: list[Contact]
) -> None:
    """It would go without its item code."""
    item = make_item("VALVE")
    make_item("PUMP")
    invoice = make_invoice(both_sides[4], [line(item=item)])
    looked_at = preview()
    item.refresh_from_db()
    change_item(item, {"name": "Another name"}, by=TESTER)

    run = work_on(sign(looked_at))

    dropped = {(one.kind, one.local_id) for one in run.changes.filter(state="dropped")}
    assert dropped == {("item", item.pk), ("invoice", invoice.pk)}
    work_on(SyncRun.objects.open().get())
    assert invoice.xero_links.count() == 1
    assert_silent()


def refused(run: SyncRun, digest: str) -> str:
    with pytest.raises(PlanOutdated) as refusal:
        sign_off_and_start(run, digest, shown={}, by=TESTER)
    assert not SignOff.objects.exists()
    assert not SyncRun.objects.filter(reason=SyncRun.Reason.FIRST).exists()
    return refusal.value.message


def test_once_it_is_signed_nothing_more_is_ticked_for_archiving(
    ledger: PracticeLedger, both_sides: list[Contact]
) -> None:
    change_settings({"start_with": "ours"}, by=TESTER)
    looked_at = preview()
    (there,) = looked_at.changes.filter(title="Stranger 03")
    connection = looked_at.connection
    run = sign(looked_at)

    with pytest.raises(NotNow):
        tick_for_archive(connection, [there.xero_id], [there.xero_id])

    work_on(run)
    connection.refresh_from_db()
    assert connection.to_archive == {}
    assert not run.changes.filter(state="dropped").exists()
    assert Contact.objects.filter(name="Stranger 03").count() == 1


def test_an_older_plan_is_refused(both_sides: list[Contact]) -> None:
    old = preview()
    preview()
    assert refused(old, digest_of(old)) == (
        "A newer plan has been made since. Look at the new plan before you sign it. "
        "Nothing has been started."
    )


def test_another_plan_than_the_one_on_the_screen_is_refused(
    both_sides: list[Contact],
) -> None:
    assert refused(preview(), "0" * 64).startswith("This is not the plan")


def test_a_plan_made_under_other_settings_is_refused(
    both_sides: list[Contact],
) -> None:
    run = preview()
    change_settings({"address_slot": "STREET"}, by=TESTER)
    assert refused(run, digest_of(run)).startswith("The settings were changed")


def test_a_plan_that_is_still_made_is_not_signed(both_sides: list[Contact]) -> None:
    run = preview_first_sync(by=TESTER)
    with pytest.raises(NotNow):
        sign_off_and_start(run, digest_of(run), shown={}, by=TESTER)


def test_pressed_twice_it_is_one_first_sync(both_sides: list[Contact]) -> None:
    looked_at = preview()
    assert sign(looked_at) == sign(looked_at)
    assert SignOff.objects.count() == 1


def test_after_the_first_sync_nothing_is_signed(both_sides: list[Contact]) -> None:
    looked_at = preview()
    work_on(sign(looked_at))
    with pytest.raises(FirstSyncDone):
        sign(looked_at)
    assert SignOff.objects.count() == 1


def test_with_many_on_both_sides_nothing_starts_unsigned(
    ledger: PracticeLedger, both_sides: list[Contact]
) -> None:
    connection = preview().connection
    with pytest.raises(NotSignedOff):
        start_unsigned(connection, by=TESTER)
    assert not SyncRun.objects.filter(reason=SyncRun.Reason.FIRST).exists()


@pytest.mark.parametrize(("here", "there"), [(10, 12), (12, 10)])
def test_ten_on_a_side_need_no_signature(
    ledger: PracticeLedger, here: int, there: int
) -> None:
    for number in range(here):
        make_customer(f"Own {number:02} Ltd")
    load_strangers(ledger, there)
    connect(ledger)
    run = work_on(start_unsigned(preview().connection, by=TESTER))
    assert (run.state, run.sign_off) == (SyncRun.State.FINISHED, None)
    assert_silent()


def test_what_xero_holds_is_not_known_before_a_preview(
    ledger: PracticeLedger, both_sides: list[Contact]
) -> None:
    with pytest.raises(NotSignedOff):
        start_unsigned(XeroConnection.objects.get(), by=TESTER)


def test_a_settings_change_on_the_way_keeps_the_signature(
    both_sides: list[Contact],
) -> None:
    """What is planned otherwise now is left to the sync that follows."""
    run = sign(preview())
    SyncRun.objects.filter(pk=run.pk).update(planned_under="other", state="applying")
    one_slice(run)
    follows = SyncRun.objects.open().get()
    assert (follows.reason, follows.sign_off) == (SyncRun.Reason.FIRST, run.sign_off)


def test_the_page_shows_quarters_that_add_up_and_takes_the_signature(
    office_client: Client, ledger: PracticeLedger, both_sides: list[Contact]
) -> None:
    for month, price in ((1, "0.33"), (3, "7.77"), (4, "100.00"), (12, "19.99")):
        invoice = make_draft(
            both_sides[month % 12], [line(price)], issued_on=date(2026, month, 15)
        )
        approve_invoice(invoice, by=TESTER, moves_stock=False)
    looked_at = preview()
    page = main_of(office_client, "/xero/preview/")
    plan = plan_in_short(looked_at)
    for label in ("1 Jan 2026 to 31 Mar 2026", "1 Oct 2026 to 31 Dec 2026"):
        assert label in page
    for name in ("count", "net", "vat", "total"):
        parts = [getattr(quarter, name) for quarter in plan.quarters]
        assert sum(parts) == getattr(plan.sums, name)
    sent = Invoice.objects.approved()
    assert plan.sums.total == sum(one.total for one in sent)
    assert f"£{plan.sums.total:,.2f}" in page

    answer = office_client.post(
        f"/xero/preview/{looked_at.pk}/sign-off/", {"digest": digest_of(looked_at)}
    )

    assert answer.status_code == 302
    run = SyncRun.objects.get(reason=SyncRun.Reason.FIRST)
    assert run.sign_off is not None
    assert run.sign_off.shown == plan.as_json()


def test_another_stagger_cuts_the_quarters_elsewhere(
    ledger: PracticeLedger, both_sides: list[Contact]
) -> None:
    looked_at = preview()
    change_settings({"vat_quarters": 1}, by=TESTER)
    labels = [one.label for one in plan_in_short(looked_at).quarters]
    assert labels == ["1 Nov 2026 to 31 Jan 2027"]


def test_who_may_not_start_a_sync_may_not_sign(
    engineer_client: Client, both_sides: list[Contact]
) -> None:
    looked_at = preview()
    answer = engineer_client.post(
        f"/xero/preview/{looked_at.pk}/sign-off/", {"digest": digest_of(looked_at)}
    )
    assert answer.status_code == 403
    assert not SignOff.objects.exists()
