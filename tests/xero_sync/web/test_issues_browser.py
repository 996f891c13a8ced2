"""The work list in a real page while a sync is under way."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import Contact
from tests.windows import Opened
from tests.xero_sync.rows import bad_email_issue, make_connection, make_run
from xero_sync.models import SyncRun

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_sync_that_ends_takes_nothing_from_who_is_typing(opened: Opened) -> None:
    connection = make_connection(first_sync_done_at=timezone.now())
    issue = bad_email_issue(make_run(connection), "Castle Hotel")
    run = make_run(
        connection,
        reason=SyncRun.Reason.ASKED,
        state=SyncRun.State.OBSERVING,
        finished_at=None,
    )
    page = opened("/xero/")
    box = page.locator(f"#issue-{issue.pk}").get_by_role("textbox")
    box.press_sequentially("x")
    typed = box.input_value()

    run.state, run.finished_at = SyncRun.State.FINISHED, timezone.now()
    run.save()

    expect(page.locator(".toast")).to_contain_text("The sync has ended.")
    expect(box).to_have_value(typed)
    expect(box).to_be_focused()
    page.keyboard.press("Backspace")
    expect(page.locator(".toast")).to_contain_text("Sync: finished.")
    assert not Contact.objects.filter(email=typed).exists()
