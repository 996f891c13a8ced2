"""Is a record ready for Xero? One pure function per kind.

Used before sending, on the report and while typing. The limits are Xero's own
(OpenAPI field lengths) but for the stock name, where the owner's 64 decides.
"""

import re
from collections.abc import Iterable, Sequence

from xero_sync.outcomes.authority import CONTACT_FIELDS, ITEM_FIELDS, STOCK_NAME_LIMIT
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ContactDraft, ItemDraft, LineDraft
from xero_sync.outcomes.people import people_of
from xero_sync.planner.inputs import Chart

# Something, an @, and a domain of letters, digits and dashes with at least one dot.
# ASCII only: Xero takes no umlauts in addresses.
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def is_email(text: str) -> bool:
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def contact_problems(draft: ContactDraft) -> list[Problem]:
    problems = []
    if not draft.name:
        problems.append(Problem(IssueCode.NAME_MISSING, "name"))
    if "<" in draft.name or ">" in draft.name:
        problems.append(Problem(IssueCode.NAME_CHARACTERS, "name"))
    if draft.email and not is_email(draft.email):
        problems.append(
            Problem(IssueCode.EMAIL_INVALID, "email", {"value": draft.email})
        )
    for person in people_of(draft.people):
        if person.email and not is_email(person.email):
            details = {"value": person.email}
            problems.append(Problem(IssueCode.EMAIL_INVALID, "people", details))
    for rule in CONTACT_FIELDS:
        length = len(str(getattr(draft, rule.field) or ""))
        if rule.limit and length > rule.limit:
            problems.append(_too_long(rule.field, rule.label, rule.limit, length))
    return problems


def item_problems(draft: ItemDraft) -> list[Problem]:
    problems = []
    if not draft.name:
        problems.append(Problem(IssueCode.NAME_MISSING, "name"))
    if not draft.code:
        problems.append(Problem(IssueCode.CODE_MISSING, "code"))
    if len(draft.name) > STOCK_NAME_LIMIT:
        details = {"limit": str(STOCK_NAME_LIMIT), "length": str(len(draft.name))}
        problems.append(Problem(IssueCode.NAME_TOO_LONG, "name", details))
    for rule in ITEM_FIELDS:
        length = len(str(getattr(draft, rule.field) or ""))
        if rule.limit and length > rule.limit and rule.field not in ("name", "code"):
            problems.append(_too_long(rule.field, rule.label, rule.limit, length))
    return problems


def item_warnings(draft: ItemDraft) -> list[Problem]:
    """Sent all the same: over Xero's published limits, under the owner's."""
    warnings = []
    for rule, code in (
        (ITEM_FIELDS[1], IssueCode.NAME_TOO_LONG),
        (ITEM_FIELDS[0], IssueCode.CODE_TOO_LONG),
    ):
        length = len(getattr(draft, rule.field))
        if rule.limit and length > rule.limit:
            details = {"limit": str(rule.limit), "length": str(length)}
            warnings.append(Problem(code, rule.field, details))
    return warnings


def item_chart_problems(draft: ItemDraft, chart: Chart) -> list[Problem]:
    """Accounts and VAT rates that Xero has not."""
    pairs = (
        ("sales_account_code", draft.sales_account_code, "sales_tax_type"),
        ("purchase_account_code", draft.purchase_account_code, "purchase_tax_type"),
    )
    problems = []
    for account_field, account_code, tax_field in pairs:
        problems += _chart_problems(
            account_code,
            getattr(draft, tax_field),
            chart,
            account_field=account_field,
            tax_field=tax_field,
        )
    return problems


def line_problems(lines: Sequence[LineDraft], chart: Chart) -> list[Problem]:
    if not lines:
        return [Problem(IssueCode.LINES_MISSING, "lines")]
    return [
        problem
        for line in lines
        for problem in _chart_problems(
            line.account_code,
            line.tax_type,
            chart,
            account_field="account_code",
            tax_field="tax_type",
        )
    ]


def first(problems: Iterable[Problem]) -> Problem | None:
    return next(iter(problems), None)


def _chart_problems(
    account_code: str,
    tax_type: str,
    chart: Chart,
    *,
    account_field: str,
    tax_field: str,
) -> list[Problem]:
    if not chart.is_known:
        return []
    problems = []
    account = chart.accounts.get(account_code)
    rate = chart.tax_rates.get(tax_type)
    if account_code and (account is None or not account.is_active):
        details = {"value": account_code}
        problems.append(Problem(IssueCode.ACCOUNT_MISSING, account_field, details))
    if tax_type and (rate is None or not rate.is_active):
        details = {"value": tax_type}
        problems.append(Problem(IssueCode.TAX_RATE_MISSING, tax_field, details))
    return problems


def _too_long(name: str, label: str, limit: int, length: int) -> Problem:
    code = IssueCode.NAME_TOO_LONG if name == "name" else IssueCode.FIELD_TOO_LONG
    details = {"label": label, "limit": str(limit), "length": str(length)}
    return Problem(code, name, details)
