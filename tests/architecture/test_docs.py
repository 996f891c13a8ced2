"""What the docs say of the code is what the code says."""

import json
import re
from typing import Any

import pytest
from django.utils import timezone

from tests.architecture.tables import (
    SYNC_PAGES,
    all_tables,
    table_names,
    with_tables,
)
from tests.services import ROOT
from xero_sync.models import SyncRun, SyncStep, XeroConnection
from xero_sync.outcomes.authority import CONTACT_FIELDS, ITEM_FIELDS
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode, RunProblem
from xero_sync.outcomes.kinds import Kind, Step
from xero_sync.report.render import summary
from xero_sync.report.wording import RUN_PROBLEMS, WORDS
from xero_sync.store.issues import raise_issue

DOCS = ROOT / "docs"


def rows_of(table: str) -> list[list[str]]:
    lines = table.splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_tables_are_the_codes_own() -> None:
    pages = [page.read_text() for page in SYNC_PAGES]

    named = [name for page in pages for name in table_names(page)]
    assert sorted(named) == sorted(all_tables())
    assert pages == list(map(with_tables, pages)), (
        "run python -m tests.architecture.tables"
    )


def test_a_changed_table_is_noticed() -> None:
    page = (DOCS / "sync.md").read_text()
    changed = page.replace("| Xero | 255 | no |", "| us | 255 | no |", 1)

    assert changed != page
    assert with_tables(changed) == page


@pytest.mark.parametrize(
    ("name", "rules"),
    [("contact-fields", CONTACT_FIELDS), ("item-fields", ITEM_FIELDS)],
)
def test_a_field_table_has_a_row_for_each_rule(name: str, rules: Any) -> None:
    rows = rows_of(all_tables()[name])

    assert [row[0] for row in rows] == [f"`{rule.field}`" for rule in rules]
    assert {len(row) for row in rows} == {6}


def test_every_code_has_its_words() -> None:
    assert set(WORDS) == set(IssueCode)
    assert set(RUN_PROBLEMS) == set(RunProblem)
    rows = rows_of(all_tables()["issues"])
    assert {row[0].split(",")[0].strip("`") for row in rows} == set(IssueCode)
    assert {len(row) for row in rows} == {5}


def test_the_statuses_of_a_run_are_those_of_the_model() -> None:
    page = (DOCS / "sync-runs.md").read_text()
    listed = re.search(r"^\| status \|.*?\n\n", page, re.M | re.S)
    assert listed is not None
    named = [row[0].strip("`") for row in rows_of(listed[0].strip())]
    assert named == list(SyncRun.State.values)


@pytest.mark.django_db
def test_the_last_line_of_the_command_has_these_keys() -> None:
    connection = XeroConnection.objects.create()
    run = SyncRun.objects.create(connection=connection, reason=SyncRun.Reason.ASKED)
    SyncStep.objects.create(run=run, position=1, name=Step.CUSTOMERS_TO_XERO)
    raise_issue(
        run,
        Problem(IssueCode.EMAIL_INVALID),
        kind=Kind.CONTACT,
        title="Ann",
        now=timezone.now(),
    )
    example = re.search(r"```json\n(.*?)```", (DOCS / "sync-runs.md").read_text(), re.S)
    assert example is not None
    shown, printed = json.loads(example[1]), summary(run)

    assert sorted(shown) == sorted(printed)
    for part in ("steps", "issues"):
        assert sorted(shown[part][0]) == sorted(printed[part][0])
