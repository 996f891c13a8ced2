"""A wrong merge of last week, undone in a browser: by mouse, by keyboard, without scripts."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.merging import merge_contacts
from customers.models import Contact
from fieldops.common.actor import Actor
from fieldops.common.models import Merge
from fieldops.common.permissions import Role
from fieldops.users.models import User
from invoicing.models import Invoice
from tests.builders import make_customer, make_invoice, make_user
from tests.windows import Opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def mary() -> User:
    return make_user(Role.OFFICE, first_name="Mary", last_name="Doyle")


def merged_last_week() -> tuple[Contact, Contact]:
    kept = make_customer("Castle Hotel", phone="028 1")
    other = make_customer("Castle Inn", phone="028 2")
    make_invoice(other)
    ann = make_user(Role.OFFICE, first_name="Ann", last_name="Bush")
    merge = merge_contacts(kept, [other], {"phone": "028 2"}, by=Actor.person(ann))
    last_week = timezone.now() - timedelta(days=7)
    Merge.objects.filter(pk=merge.pk).update(at=last_week)
    return kept, other


@pytest.mark.parametrize("scripts", [True, False])
def test_a_wrong_merge_of_last_week_is_undone_in_two_clicks(
    opened: Opened, scripts: bool
) -> None:
    kept, other = merged_last_week()
    page = opened(f"/customers/{kept.pk}/", by=mary(), width=390, scripts=scripts)
    expect(page.get_by_text("by Ann Bush")).to_be_visible()

    page.get_by_role("link", name="Undo the merge with Castle Inn").click()
    expect(page.get_by_text("1 invoice goes back to Castle Inn.")).to_be_visible()
    page.get_by_role("button", name="Undo the merge").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Castle Hotel")
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (kept.phone, other.is_archived, other.merged_into) == ("028 1", False, None)
    assert Invoice.objects.get().customer == other


def test_two_are_merged_by_keyboard_alone(opened: Opened) -> None:
    kept, other = make_customer("Castle Hotel"), make_customer("Castle Inn", phone="1")
    page = opened(f"/customers/{kept.pk}/merge/", by=mary(), width=390)
    page.get_by_label("Search").last.focus()
    page.keyboard.type("inn")
    tick = page.get_by_role("checkbox", name="Castle Inn")
    expect(tick).to_be_visible()
    tick.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Compare").focus()
    page.keyboard.press("Enter")
    chosen = page.get_by_role("radio", name="Keep Castle Hotel")
    expect(chosen).to_be_checked()
    # The values follow the one that is kept once the page's script is there.
    expect(page.locator("body[data-seen]")).to_be_attached()
    chosen.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Keep Castle Inn")).to_be_checked()
    page.get_by_role("button", name="Merge", exact=True).focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Castle Inn")
    other.refresh_from_db()
    kept.refresh_from_db()
    assert (kept.merged_into, other.name, other.phone) == (other, "Castle Inn", "1")


def test_the_choices_nobody_made_go_with_the_one_that_is_kept(opened: Opened) -> None:
    one = make_customer("Castle Hotel", phone="1", email="a@castle.example")
    two = make_customer("Castle Inn", phone="2", mobile="3")
    page = opened(f"/customers/{one.pk}/merge/?with={two.pk}")

    def chosen(field: str) -> str:
        return page.locator(f"input[name=from-{field}]:checked").input_value()

    page.locator(f"input[name=from-phone][value='{one.pk}']").click()
    page.get_by_role("radio", name="Keep Castle Inn").check()
    first, second = str(one.pk), str(two.pk)
    assert chosen("name") == second
    assert chosen("phone") == first  # said by a person
    assert (chosen("email"), chosen("mobile")) == (first, second)  # where there is one

    page.get_by_role("radio", name="Keep Castle Hotel").check()
    assert (chosen("name"), chosen("phone")) == (first, first)
