"""Contacts that become one: what the kept one gets, what follows, what is refused."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from customers.merging import merge_contacts, plan_undoing_contacts, undo_contact_merge
from customers.models import Contact
from customers.services import (
    archive_contact,
    change_contact,
    create_contact_once,
    restore_contact,
)
from fieldops.common.actor import Actor
from fieldops.common.errors import DomainError, MergedAway, StaleRecord
from fieldops.common.merging import CannotMerge
from fieldops.common.models import ChangeEntry, Merge
from fieldops.common.unmerging import CannotUndo
from fieldops.users.models import User
from invoicing.services.create_once import create_invoice_once
from tests.builders import (
    TESTER,
    make_contact,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
    make_supplier,
)
from tests.merging.world import differences, dump

pytestmark = pytest.mark.django_db

BUSH = {"first_name": "Ann", "last_name": "Bush", "email": "ann@castle.example"}


def fresh(contact: Contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)


def refused(kept: Contact, *others: Contact, **more: Any) -> str:
    before, log = dump(), ChangeEntry.objects.count()
    with pytest.raises(DomainError) as refusal:
        merge_contacts(kept, others, {}, by=TESTER, **more)
    assert differences(before, dump()) == []
    assert (ChangeEntry.objects.count(), Merge.objects.count()) == (log, 0)
    return refusal.value.message


def test_the_kept_one_gets_what_was_chosen_and_blanks_are_filled() -> None:
    kept = make_customer(
        "Castle Hotel", phone="028 1", notes="Ring the bell", people=[BUSH]
    )
    other = make_supplier(
        "Castle Hotel Ltd",
        phone="028 2",
        email="info@castle.example",
        billing_line1="1 Quay",
        billing_city="Derry",
        notes="Pays late",
        people=[BUSH | {"first_name": "ANN", "gets_copies": True}],
    )

    merge_contacts(kept, [other], {"name": other.name}, by=TESTER)

    kept, other = fresh(kept), fresh(other)
    assert (kept.name, kept.phone, kept.email) == (
        "Castle Hotel Ltd",
        "028 1",
        "info@castle.example",
    )
    assert kept.billing_address == ["1 Quay", "Derry"]
    assert kept.notes == "Ring the bell\n\nPays late"
    assert [(str(one), one.gets_copies) for one in kept.contact_people] == [
        ("ANN Bush ann@castle.example", True)
    ]
    assert (kept.is_customer, kept.is_supplier) == (True, True)
    assert (other.name, other.phone) == ("Castle Hotel Ltd", "028 2")
    assert (other.is_archived, other.merged_into) == (True, kept)
    assert (kept.is_archived, kept.merged_into) == (False, None)


def test_an_address_comes_whole_from_one_of_them() -> None:
    kept = make_contact("Castle", delivery_city="Derry")
    other = make_contact("Castle", delivery_line1="1 Quay", delivery_postcode="BT1")

    merge_contacts(kept, [other], {}, by=TESTER)

    assert fresh(kept).delivery_address == ["Derry"]


def test_everything_that_belongs_to_it_follows(office: User) -> None:
    kept, other = make_contact("Castle"), make_customer("Castle Hotel")
    item = make_item("PIPE", preferred_supplier=other)
    approved, draft = make_invoice(other), make_draft(other)

    merge = merge_contacts(kept, [other], {}, by=Actor.person(office))

    for row in (item, approved, draft):
        row.refresh_from_db()
    assert (approved.customer, draft.customer) == (kept, kept)
    assert item.preferred_supplier == kept
    assert fresh(kept).is_customer
    for record in (kept, other, item, approved, draft):
        entry = ChangeEntry.objects.of(record).first()
        assert entry is not None
        assert (entry.action, entry.user) == ("merged", office)
    assert (merge.names, merge.by) == ("Castle Hotel", "office")


def test_three_become_one_and_three_again() -> None:
    one, two, three = make_customer("One"), make_customer("Two"), make_contact("Three")
    make_invoice(two), make_draft(two)
    before = dump()

    merge = merge_contacts(three, [one, two], {"name": "One"}, by=TESTER)
    assert fresh(three).name == "One"
    assert set(three.merged.all()) == {one, two}
    undo_contact_merge(merge, by=TESTER)

    assert differences(before, dump()) == []


def test_what_is_refused_changes_nothing() -> None:
    one, two, three, four = (make_customer(f"Number {n}") for n in range(4))
    assert refused(one) == "Choose what to merge it with."
    assert refused(one, one) == "Number 0 cannot be merged with itself."
    assert refused(one, two, two) == "Number 0 cannot be merged with itself."
    assert refused(one, two, three, four) == "At most 3 can be merged at once."
    archive_contact(one, by=TESTER)
    assert "is archived" in refused(one, two)
    seen = two.revision
    change_contact(two, {"phone": "028 9"}, by=TESTER)
    with pytest.raises(StaleRecord):
        merge_contacts(three, [two], {}, by=TESTER, revisions={two.pk: seen})
    assert not Merge.objects.exists()


def test_one_that_was_merged_away_is_not_merged_again() -> None:
    one, two, three = (make_customer(f"Number {n}") for n in range(3))
    merge_contacts(one, [two], {}, by=TESTER)
    for kept, other in ((two, three), (three, two)):
        with pytest.raises(MergedAway) as refusal:
            merge_contacts(kept, [other], {}, by=TESTER)
        assert refusal.value.message.startswith("Number 1 was merged into Number 0.")
    assert Merge.objects.count() == 1


def test_nobody_works_on_one_that_was_merged_away() -> None:
    one, two = make_customer("One"), make_customer("Two")
    merge_contacts(one, [two], {}, by=TESTER)
    before = dump()
    with pytest.raises(MergedAway):
        change_contact(two, {"phone": "028 9"}, by=TESTER)
    with pytest.raises(MergedAway):
        restore_contact(two, by=TESTER)
    assert differences(before, dump()) == []


def test_an_archived_one_can_be_merged_away_and_stays_archived_after() -> None:
    one, two = make_customer("One"), make_customer("Two")
    archive_contact(two, by=TESTER)
    before = dump()
    undo_contact_merge(merge_contacts(one, [two], {}, by=TESTER), by=TESTER)
    assert differences(before, dump()) == []


def test_what_was_changed_since_stays_and_is_named() -> None:
    one = make_customer("One", phone="028 1")
    two = make_customer("Two", phone="028 2", email="two@two.example", mobile="07 2")
    merge = merge_contacts(one, [two], {"phone": "028 2"}, by=TESTER)
    change_contact(one, {"email": "new@one.example"}, by=TESTER)

    planned = plan_undoing_contacts(merge)
    done = undo_contact_merge(merge, by=TESTER)

    assert planned.back_labels == done.back_labels == ["Phone", "Mobile"]
    assert planned.stays_labels == done.stays_labels == ["Email"]
    one = fresh(one)
    assert (one.phone, one.mobile, one.email) == ("028 1", "", "new@one.example")


def test_an_invoice_made_since_stays_and_keeps_its_customer_a_customer() -> None:
    lead, customer = make_contact("Lead"), make_customer("Customer")
    old = make_draft(customer)
    merge = merge_contacts(lead, [customer], {}, by=TESTER)
    new = make_draft(fresh(lead))

    undo_contact_merge(merge, by=TESTER)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.customer, new.customer) == (customer, lead)
    assert fresh(lead).is_customer


def test_an_item_bought_from_it_since_keeps_its_supplier_a_supplier() -> None:
    kept, other = make_customer("Castle Hotel"), make_supplier("Castle Supplies")
    merge = merge_contacts(kept, [other], {}, by=TESTER)
    item = make_item(preferred_supplier=fresh(kept))
    assert plan_undoing_contacts(merge).stays == ("is_supplier",)

    undo_contact_merge(merge, by=TESTER)

    item.refresh_from_db()
    assert item.preferred_supplier == kept
    assert (fresh(kept).is_customer, fresh(kept).is_supplier) == (True, True)
    assert (fresh(other).is_customer, fresh(other).is_supplier) == (False, True)


def test_an_item_it_had_before_makes_it_no_supplier() -> None:
    kept, other = make_customer("Castle Hotel"), make_supplier("Castle Supplies")
    make_item(preferred_supplier=kept)
    merge = merge_contacts(kept, [other], {}, by=TESTER)
    assert plan_undoing_contacts(merge).stays == ()
    undo_contact_merge(merge, by=TESTER)
    assert (fresh(kept).is_customer, fresh(kept).is_supplier) == (True, False)


def test_a_row_that_was_pointed_elsewhere_since_stays_there() -> None:
    one, two, three = (make_supplier(f"Number {n}") for n in range(3))
    item = make_item("PIPE", preferred_supplier=two)
    merge = merge_contacts(one, [two], {}, by=TESTER)
    item.refresh_from_db()
    item.preferred_supplier = three
    item.save()

    done = undo_contact_merge(merge, by=TESTER)

    item.refresh_from_db()
    assert (item.preferred_supplier, done.returning[0].stay) == (three, 1)


def test_of_a_chain_the_later_merge_is_undone_first() -> None:
    one, two, three = (make_customer(f"Number {n}") for n in range(3))
    invoice = make_invoice(two)
    before = dump()
    first = merge_contacts(one, [two], {}, by=TESTER)
    between = dump()
    second = merge_contacts(three, [one], {}, by=TESTER)
    two.refresh_from_db()
    invoice.refresh_from_db()
    assert (two.merged_into, invoice.customer) == (three, three)

    with pytest.raises(CannotUndo) as refusal:
        undo_contact_merge(first, by=TESTER)
    assert refusal.value.message.startswith(
        "Undo the later merge first: Number 0 was merged away on "
    )
    undo_contact_merge(second, by=TESTER)
    assert differences(between, dump()) == []
    undo_contact_merge(first, by=TESTER)
    assert differences(before, dump()) == []
    with pytest.raises(CannotUndo):
        undo_contact_merge(first, by=TESTER)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_merges_into_one_are_undone_in_any_order(order: tuple[int, int]) -> None:
    kept = make_contact("Kept", notes="k")
    others = [
        make_customer(f"Number {n}", phone=f"028 {n}", notes=f"n{n}") for n in (1, 2)
    ]
    for other in others:
        make_draft(other)
    before = dump()
    merges = [
        merge_contacts(kept, [other], {"phone": other.phone}, by=TESTER)
        for other in others
    ]
    assert fresh(kept).notes == "k\n\nn1\n\nn2"
    for place in order:
        undo_contact_merge(merges[place], by=TESTER)
    assert differences(before, dump()) == []


def test_a_phone_that_has_not_heard_of_it_loses_nothing() -> None:
    kept, other = make_contact("Kept"), make_customer("Other")
    values: dict[str, Any] = {"uid": uuid4(), "reference": "job 7"}
    lines: list[dict[str, Any]] = [{"description": "Boiler", "unit_price": Decimal(5)}]
    sent_before: dict[str, Any] = {"uid": uuid4(), "reference": "job 6"}
    create_invoice_once(other, sent_before, lines, by=TESTER)
    merge = merge_contacts(kept, [other], {}, by=TESTER)

    invoice, is_new = create_invoice_once(other, values, lines, by=TESTER)
    assert (invoice.customer, is_new) == (kept, True)
    for undone in (False, True):
        if undone:
            undo_contact_merge(merge, by=TESTER)
        for again in (values, sent_before):
            assert create_invoice_once(other, again, lines, by=TESTER)[1] is False


def test_a_contact_sent_again_is_the_same_after_a_merge() -> None:
    values = {"uid": uuid4(), "name": "Castle", "phone": "028 1"}
    contact, _ = create_contact_once(values, by=TESTER)
    merge_contacts(make_contact("Kept"), [contact], {}, by=TESTER)
    again, is_new = create_contact_once(values, by=TESTER)
    assert (again, is_new) == (contact, False)


def test_more_than_what_is_chosen_between_cannot_be_set() -> None:
    kept, other = make_customer("Kept"), make_customer("Other")
    with pytest.raises(CannotMerge):
        merge_contacts(kept, [other], {"is_archived": True}, by=TESTER)
    assert not Merge.objects.exists()


def test_a_number_that_is_somebody_elses_by_now_is_left_out_and_named() -> None:
    one = make_customer("One", account_number="C1")
    two = make_customer("Two", account_number="C2")
    merge = merge_contacts(one, [two], {"account_number": "C2"}, by=TESTER)
    other = make_customer("Other", account_number="c1")
    change_contact(make_customer("Third"), {"account_number": "C2"}, by=TESTER)

    planned = plan_undoing_contacts(merge)
    done = undo_contact_merge(merge, by=TESTER)

    assert [one.words for one in planned.left_out] == [
        "Two comes back without its account number C2: Third has it now.",
        "One comes back without its account number C1: Other has it now.",
    ]
    assert done.left_out[1].holder == other
    carriers = Contact.objects.exclude(account_number="").order_by("name")
    said = list(carriers.values_list("name", "account_number"))
    assert said == [("Other", "c1"), ("Third", "C2")]
    assert (fresh(one).account_number, fresh(two).account_number) == ("", "")


def test_a_number_typed_into_the_kept_one_since_stays_with_it() -> None:
    one, two = make_customer("One"), make_customer("Two", account_number="C2")
    merge = merge_contacts(one, [two], {"account_number": ""}, by=TESTER)
    assert plan_undoing_contacts(merge).left_out == ()
    change_contact(fresh(one), {"account_number": "C2"}, by=TESTER)

    (left,) = undo_contact_merge(merge, by=TESTER).left_out

    assert (left.record, left.holder) == (two, one)
    assert (fresh(one).account_number, fresh(two).account_number) == ("C2", "")


def test_who_had_the_number_before_the_merge_takes_it_from_nobody() -> None:
    """Nor does one that is archived or was merged away."""
    one = make_customer("One")
    two = make_customer("Two", account_number="C2")
    make_customer("Before", account_number="C2")
    merge = merge_contacts(one, [two], {}, by=TESTER)
    archive_contact(make_customer("Archived", account_number="C2"), by=TESTER)

    assert undo_contact_merge(merge, by=TESTER).left_out == ()

    assert fresh(two).account_number == "C2"
