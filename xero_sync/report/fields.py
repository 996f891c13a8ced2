"""The one value of a record that an issue is about: where it stands, how it is typed."""

from dataclasses import dataclass
from datetime import date

from customers.models import Contact
from invoicing.models import Invoice
from invoicing.queries import account_choices, tax_rate_choices
from stock.models import StockItem
from xero_sync.models import ContactLink, MirrorRecord, SyncIssue, SyncSettings
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.merge import field_names
from xero_sync.planner.readiness import is_email
from xero_sync.report.values import BLANK, value_in_words
from xero_sync.report.wording import field_label, note_of, words_of
from xero_sync.report.words import Control
from xero_sync.steps.drafts import contact_column

_INVOICE_FIELDS = ("number", "issued_on")
_ACCOUNT_FIELDS = ("sales_account_code", "purchase_account_code")
_TAX_FIELDS = ("sales_tax_type", "purchase_tax_type")

# People are corrected on the contact's own page.
_CORRECTED = field_names(Kind.CONTACT) - {"people"}

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EditableField:
    """``name`` as drafts call it, ``column`` as our row does."""

    name: str
    column: str
    label: str
    value: str
    is_date: bool = False
    choices_of: str = ""  # "account", "tax_rate" or nothing


def editable_field(issue: SyncIssue, settings: SyncSettings) -> EditableField | None:
    """None where there is no single value to correct, or it may not be changed."""
    record, name = issue.record, issue.field_name
    if words_of(issue.code, issue.kind).control not in (Control.FIELD, Control.CHOICE):
        return None
    if isinstance(record, Contact) and name in _CORRECTED:
        column = contact_column(name, record, settings)
    elif (isinstance(record, StockItem) and name in field_names(Kind.ITEM)) or (
        isinstance(record, Invoice) and record.is_draft and name in _INVOICE_FIELDS
    ):
        column = name
    else:
        return None
    value = getattr(record, column)
    return EditableField(
        name=name,
        column=column,
        label=field_label(name),
        value=value.isoformat() if isinstance(value, date) else str(value or ""),
        is_date=name == "issued_on",
        choices_of=_choices_of(name),
    )


def is_right_now(code: str, value: str) -> bool:
    """Whether what was found does not hold of the value any more, as far as that can be
    seen by the value alone."""
    if code == IssueCode.EMAIL_INVALID:
        return not value or is_email(value)
    return bool(value) and code in (IssueCode.NAME_MISSING, IssueCode.CODE_MISSING)


def choices_of(field: EditableField) -> Choices:
    if field.choices_of == "account":
        return tuple(account_choices())
    return tuple(tax_rate_choices())


def details_of(issue: SyncIssue, field: EditableField | None) -> dict[str, str]:
    """What the words may name: what was found, else what the record says now."""
    now = {"value": field.value, "length": str(len(field.value))} if field else {}
    if issue.code == IssueCode.BOTH_CHANGED:
        return _both_values(issue)
    if issue.code == IssueCode.MERGED_IN_XERO:
        return now | _heir(issue)
    return now | {name: str(value) for name, value in issue.details.items()}


def _both_values(issue: SyncIssue) -> dict[str, str]:
    name = issue.field_name
    ours, xeros = (
        value_in_words(name, issue.details[side]) or BLANK for side in ("ours", "xeros")
    )
    return {"label": field_label(name), "ours": ours, "xeros": xeros}


def _heir(issue: SyncIssue) -> dict[str, str]:
    """What a contact was merged into, by the names of today; nothing if that is not
    known."""
    mirror = MirrorRecord.objects.filter(connection=issue.connection, kind=issue.kind)
    name, xero_id, seen = "", str(issue.details.get("into", "")), set[str]()
    while xero_id and xero_id not in seen:
        seen.add(xero_id)
        payload = mirror.filter(xero_id=xero_id).values_list("payload", flat=True)
        heir = payload.first() or {}
        name, last = str(heir.get("Name") or ""), xero_id
        xero_id = str(heir.get("MergedToContactID") or "")
    if not name:
        return {}
    links = ContactLink.objects.filter(connection=issue.connection, xero_id=last)
    ours = links.exclude(record=issue.contact).values_list("record__name", flat=True)
    here = ours.first()
    return {"other": f"{name}, which is linked to {here} here" if here else name}


def message_of(issue: SyncIssue) -> str:
    """The cause, and what is special about this record."""
    words = words_of(issue.code, issue.kind)
    field = editable_field(issue, SyncSettings()) if "{length}" in words.note else None
    note = note_of(issue.code, issue.kind, details_of(issue, field))
    return f"{words.title}. {note}".rstrip()


def _choices_of(name: str) -> str:
    if name in _ACCOUNT_FIELDS:
        return "account"
    return "tax_rate" if name in _TAX_FIELDS else ""
