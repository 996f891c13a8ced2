"""What the readiness checks say of a record that was imported, for the import to warn."""

from customers.models import Contact
from fieldops.common.importing.flaws import Flaw
from stock.models import StockItem
from xero_sync.models import SyncSettings
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.readiness import contact_problems
from xero_sync.report.record_problems import (
    item_findings,
    shared_code_problems,
    shared_number_problems,
)
from xero_sync.report.wording import field_label, in_file_of
from xero_sync.steps.drafts import contact_column, contact_draft


def contact_flaws(contact: Contact, number_keeper: Contact | None) -> list[Flaw]:
    """Both email addresses count: the settings may choose either, now or later."""
    flaws: dict[Flaw, None] = {}
    for email in SyncSettings.Email:
        settings = SyncSettings(email=email)
        # The file's own name is looked at, and no query is spent on each row.
        settings.names_in_xero = {}
        for problem in contact_problems(contact_draft(contact, settings)):
            column = contact_column(problem.field_name, contact, settings)
            flaws.setdefault(_flaw(problem, Kind.CONTACT, column))
    for problem in shared_number_problems(contact, number_keeper):
        flaws.setdefault(_flaw(problem, Kind.CONTACT, problem.field_name))
    return list(flaws)


def item_flaws(item: StockItem, code_keeper: StockItem | None) -> list[Flaw]:
    problems = item_findings(item) + shared_code_problems(item, code_keeper)
    return [_flaw(problem, Kind.ITEM, problem.field_name) for problem in problems]


def _flaw(problem: Problem, kind: Kind, column: str) -> Flaw:
    message = in_file_of(problem.code, kind, problem.details)
    return Flaw(column, field_label(column), message)
