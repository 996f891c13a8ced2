"""Stock items that become one: levels add up, lines follow."""

from decimal import Decimal

import pytest

from customers.merging import merge_contacts, undo_contact_merge
from fieldops.common.errors import MergedAway
from fieldops.common.models import ChangeEntry
from invoicing.services.lines import LineValues
from invoicing.services.write_draft import change_invoice
from stock.merging import merge_items, plan_undoing_items, undo_item_merge
from stock.models import StockItem, StockMovement
from stock.queries import items_by_label, level_of
from stock.services import count_stock, move_stock
from tests.builders import TESTER, line, make_draft, make_invoice, make_item
from tests.builders import make_supplier as supplier
from tests.merging.world import differences, dump

pytestmark = pytest.mark.django_db
RECEIVED = StockMovement.Kind.RECEIVED


def levels(*items: StockItem) -> list[int]:
    return [int(level_of(item)) for item in items]


def of(item: StockItem) -> LineValues:
    return line(item=item)


def test_movements_and_lines_follow_and_go_back() -> None:
    kept, other = make_item("PIPE22"), make_item("PIPE-22", description="Copper")
    move_stock(kept, Decimal(3), RECEIVED, by=TESTER)
    move_stock(other, Decimal(4), RECEIVED, by=TESTER)
    draft = make_draft(lines=[of(kept), of(other)])
    approved = make_invoice(lines=[of(other)])
    before = dump()

    merge = merge_items(kept, [other], {"sell_price": Decimal("12.5")}, by=TESTER)

    kept.refresh_from_db()
    other.refresh_from_db()
    assert levels(kept, other) == [7, 0]
    assert (kept.description, kept.sell_price) == ("Copper", Decimal("12.5"))
    assert {row.item for row in draft.lines.all()} == {kept}
    assert (other.merged_into, other.is_archived) == (kept, True)
    assert items_by_label(["pipe-22"]) == {"pipe-22": kept}
    entry = ChangeEntry.objects.of(approved).first()
    assert entry is not None
    assert (entry.action, entry.after) == ("merged", {"item": str(kept)})

    undo_item_merge(merge, by=TESTER)
    assert differences(before, dump()) == []


def test_a_draft_edited_since_gets_its_lines_back() -> None:
    kept, other = make_item("PIPE22"), make_item("PIPE-22")
    draft = make_draft(lines=[of(kept), of(other)])
    merge = merge_items(kept, [other], {}, by=TESTER)
    change_invoice(draft, {"reference": "job 7"}, by=TESTER)

    undo_item_merge(merge, by=TESTER)

    assert [row.item for row in draft.lines.all()] == [kept, other]


def test_what_moves_of_one_that_was_merged_away_moves_of_the_kept_one() -> None:
    kept, other = make_item("PIPE22"), make_item("PIPE-22")
    merge_items(kept, [other], {}, by=TESTER)
    other.refresh_from_db()
    move_stock(other, Decimal(2), RECEIVED, by=TESTER)
    assert levels(kept, other) == [2, 0]
    with pytest.raises(MergedAway):
        count_stock(other, Decimal(9), by=TESTER)
    assert levels(kept, other) == [2, 0]
    draft = make_draft(lines=[of(other)])
    assert draft.lines.get().item == kept


@pytest.mark.parametrize("items_first", [True, False])
def test_a_supplier_that_is_merged_meanwhile(items_first: bool) -> None:
    theirs, ours = supplier("Theirs"), supplier("Ours")
    kept, other = make_item("PIPE22"), make_item("PIPE-22", preferred_supplier=theirs)
    before = dump()
    items = merge_items(kept, [other], {}, by=TESTER)
    contacts = merge_contacts(ours, [theirs], {}, by=TESTER)
    kept.refresh_from_db()
    assert kept.preferred_supplier == ours

    if items_first:
        undo_item_merge(items, by=TESTER)
        undo_contact_merge(contacts, by=TESTER)
    else:
        undo_contact_merge(contacts, by=TESTER)
        undo_item_merge(items, by=TESTER)

    assert differences(before, dump()) == []


def test_a_code_that_is_another_items_by_now_is_left_out_and_named() -> None:
    kept, other = make_item("PIPE22"), make_item("PIPE-22")
    merge = merge_items(kept, [other], {}, by=TESTER)
    new = make_item("pipe-22", name="New")

    (left,) = plan_undoing_items(merge).left_out
    undo_item_merge(merge, by=TESTER)

    assert (left.record, left.holder) == (other, new)
    other.refresh_from_db()
    assert (other.code, other.is_archived) == ("", False)
