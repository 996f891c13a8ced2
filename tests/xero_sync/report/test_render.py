"""The report of a run, kept as it was, and the line that the command prints."""

import json

import pytest

from tests.builders import make_customer, make_item, make_supplier
from tests.xero_sync.rows import bad_email_issue, make_connection, make_issue, make_run
from xero_sync.models import SyncIssue, SyncRun, SyncStep
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Step
from xero_sync.report.left_out import left_out_by
from xero_sync.report.queries import grouped, issues_of
from xero_sync.report.render import render_report, summary

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> SyncRun:
    run = make_run(
        make_connection(),
        reads=3,
        writes=2,
        left_out={
            "contact: a lead: goes with its first invoice": 31,
            "invoice: something nobody thought of": 2,
        },
    )
    SyncStep.objects.create(
        run=run,
        position=1,
        name=Step.CUSTOMERS_TO_XERO,
        total=9,
        done=6,
        failed=2,
        held=1,
    )
    return run


def test_groups_count_in_words_and_failures_stand_first(run: SyncRun) -> None:
    make_issue(run, make_customer(), IssueCode.POSSIBLE_TWIN)
    bad_email_issue(run, "Ardmore")
    bad_email_issue(run, "Foyle")
    supplier = make_supplier(email="n/a")
    make_issue(run, supplier, IssueCode.EMAIL_INVALID, "email", value="n/a")
    item = make_item(code="", name="x" * 65)
    make_issue(run, item, IssueCode.NAME_TOO_LONG, "name", limit="64", length="65")

    groups = grouped(issues_of(run))

    assert [(g.words.title, g.counts, g.tone) for g in groups] == [
        ("Email address is not valid", "2 customers, 1 supplier", "bad"),
        ("Stock name is too long", "1 stock item", "bad"),
        ("May be in Xero already", "1 customer", "warn"),
    ]


def test_the_report_stays_as_it_was(run: SyncRun) -> None:
    bad_email_issue(run)
    report = render_report(run)
    SyncIssue.objects.all().delete()
    report.refresh_from_db()
    assert json.loads(json.dumps(report.content)) == report.content
    (group,) = report.content["groups"]
    assert group["records"][0]["note"] == (
        "Email address is not valid. accounts@castle is not a full address."
    )
    assert report.content["steps"][0]["label"] == "Customers to Xero"
    assert (report.content["calls"], report.content["failed"]) == (5, 0)


def test_rendering_again_replaces_the_report(run: SyncRun) -> None:
    first = render_report(run)
    bad_email_issue(run)
    second = render_report(run)
    assert first.pk == second.pk
    assert len(second.content["groups"]) == 1


def test_what_was_left_out_says_how_many_and_why(run: SyncRun) -> None:
    assert [(row.count, row.label) for row in left_out_by(run)] == [
        (31, "Leads, until their first invoice"),
        (2, "Invoices: something nobody thought of"),
    ]


def test_the_summary_has_the_promised_shape(run: SyncRun) -> None:
    issue = bad_email_issue(run)
    assert summary(run) == {
        "run": run.pk,
        "status": "finished",
        "steps": [{"name": "customers_to_xero", "done": 6, "failed": 2, "held": 1}],
        "issues": [
            {
                "code": "email_invalid",
                "kind": "contact",
                "record": issue.title,
                "message": "Email address is not valid. "
                "accounts@castle is not a full address.",
                "fix": "Correct the address, or clear it.",
            }
        ],
        "calls": 5,
        "reads": 3,
        "writes": 2,
    }
