"""The sync's tables in Django admin: to look at, without the tokens."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.xero_sync.rows import bad_email_issue, link, make_connection, make_run
from xero_sync.models import SyncSettings, SyncStep
from xero_sync.outcomes.kinds import Step
from xero_sync.report.render import render_report

pytestmark = pytest.mark.django_db


def test_the_connection_is_shown_without_its_tokens(
    administrator_client: Client,
) -> None:
    connection = make_connection(
        access_token="s3cret-a",
        refresh_token="s3cret-r",
        previous_refresh_token="s3cret-p",
    )
    page = administrator_client.get(
        reverse("admin:xero_sync_xeroconnection_change", args=[connection.pk])
    ).content.decode()
    assert "Practice Company" in page
    assert "s3cret" not in page


def test_a_run_is_shown_with_its_report(administrator_client: Client) -> None:
    run = make_run(make_connection())
    SyncStep.objects.create(run=run, position=1, name=Step.STOCK_TO_XERO)
    bad_email_issue(run, "Castle <Bakery>")
    render_report(run)
    page = administrator_client.get(
        reverse("admin:xero_sync_syncrun_change", args=[run.pk])
    ).content.decode()
    assert "Stock to Xero" in page
    assert "Email address is not valid" in page
    assert "Castle &lt;Bakery&gt;" in page


def test_open_issues_stand_grouped_over_the_list(administrator_client: Client) -> None:
    bad_email_issue(make_run(make_connection()))
    page = administrator_client.get(
        reverse("admin:xero_sync_syncissue_changelist")
    ).content.decode()
    assert "Email address is not valid" in page
    assert "1 customer" in page


def test_nothing_can_be_written(administrator_client: Client) -> None:
    connection = make_connection()
    issue = bad_email_issue(make_run(connection))
    assert issue.contact is not None
    made = link(connection, issue.contact)
    SyncSettings.current()
    for name, pk in (
        ("xeroconnection", connection.pk),
        ("syncissue", issue.pk),
        ("contactlink", made.pk),
        ("syncsettings", 1),
    ):
        change = reverse(f"admin:xero_sync_{name}_change", args=[pk])
        assert administrator_client.get(change).status_code == 200, name
        assert administrator_client.post(change, {}).status_code == 403, name
        add = reverse(f"admin:xero_sync_{name}_add")
        assert administrator_client.get(add).status_code == 403, name
