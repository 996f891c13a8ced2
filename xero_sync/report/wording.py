"""The words of the sync: what is wrong, why, and how to put it right.

One lookup from code to words, whose tables lie beside it by subject; the values come from
the issue's ``details``. Nobody is blamed, and no code is shown.
"""

from collections.abc import Mapping

from xero_sync.outcomes.authority import CONTACT_FIELDS, ITEM_FIELDS, STOCK_NAME_LIMIT
from xero_sync.outcomes.codes import IssueCode, RunProblem
from xero_sync.outcomes.kinds import Action, Kind, Step
from xero_sync.report.words import XERO_NAME_LIMIT, Control, Words
from xero_sync.report.words_any import ANY_WORDS
from xero_sync.report.words_contacts import CONTACT_WORDS
from xero_sync.report.words_invoices import INVOICE_WORDS
from xero_sync.report.words_items import ITEM_WORDS

_ALL = CONTACT_WORDS | ITEM_WORDS | INVOICE_WORDS | ANY_WORDS
# In the order in which the report shows them.
WORDS: dict[IssueCode, Words] = {code: _ALL[code] for code in IssueCode}

# Where another kind of record needs other words.
WORDS_OF_KIND: dict[tuple[IssueCode, Kind], Words] = {
    (IssueCode.NAME_TOO_LONG, Kind.ITEM): Words(
        "Stock name is too long",
        f"Stock names can have up to {STOCK_NAME_LIMIT} characters, spaces included. "
        f"Xero itself asks for {XERO_NAME_LIMIT} or fewer, and may refuse longer ones.",
        "Shorten the name. Put the rest in the description.",
        Control.FIELD,
        note=f"{{length}} characters; Xero takes {XERO_NAME_LIMIT}, and nothing over "
        f"{STOCK_NAME_LIMIT} is sent.",
        in_file=f"is {{length}} characters long; Xero takes {XERO_NAME_LIMIT}, and "
        f"nothing over {STOCK_NAME_LIMIT} is sent",
    ),
    (IssueCode.CONTACT_ARCHIVED_IN_XERO, Kind.INVOICE): Words(
        "Invoice's customer is archived in Xero",
        "Xero takes no new invoices for archived contacts.",
        "Restore the contact in Xero, then try again.",
        Control.RECORD,
    ),
}

RUN_PROBLEMS: dict[RunProblem, Words] = {
    RunProblem.DISCONNECTED: Words(
        "Xero is disconnected",
        "The permission was removed, or not used for 60 days.",
        "Reconnect. Nothing is lost: what changed meanwhile goes with the next sync.",
    ),
    RunProblem.PERMISSION_MISSING: Words(
        "Xero does not allow this",
        "The person who connected may not do this in Xero.",
        "Reconnect as somebody who may change contacts, items and invoices in Xero.",
    ),
    RunProblem.DAY_LIMIT: Words(
        "Today's limit is used up",
        "Xero allows a number of requests a day; it depends on your plan.",
        "Nothing to do. The sync goes on by itself.",
    ),
    RunProblem.MINUTE_LIMIT: Words(
        "Xero asked us to slow down",
        "It allows 60 requests a minute.",
        "Nothing to do. The sync goes on by itself.",
    ),
    RunProblem.UNAVAILABLE: Words(
        "Xero did not answer",
        "It may be down.",
        "Nothing is lost: the next sync tries again.",
    ),
    RunProblem.SETTINGS_CHANGED: Words(
        "The settings were changed",
        "What was left to do is worked out anew under the new settings.",
        "Nothing to do. Another sync has taken over.",
    ),
    RunProblem.INTERNAL: Words(
        "The sync stopped because of a fault",
        "Something went wrong on our side.",
        "Start it again. If it happens again, pass the reference on to support.",
    ),
}

STEPS: dict[str, str] = {
    Step.CUSTOMERS_FROM_XERO: "Customers from Xero",
    Step.STOCK_FROM_XERO: "Stock from Xero",
    Step.SUPPLIERS_FROM_XERO: "Suppliers from Xero",
    Step.CHART_OF_ACCOUNTS: "Chart of accounts",
    Step.CUSTOMERS_TO_XERO: "Customers to Xero",
    Step.INVOICES_TO_XERO: "Invoices to Xero",
    Step.STOCK_TO_XERO: "Stock to Xero",
    Step.SUPPLIERS_TO_XERO: "Suppliers to Xero",
    Step.UNDONE_IN_XERO: "Taken back in Xero",
    Step.UNDONE_HERE: "Taken back here",
    Step.LEFT_AS_IT_IS: "Left as it is",
}
# What the progress panel says while a step is under way.
STEPS_DOING: dict[str, str] = {
    Step.CUSTOMERS_FROM_XERO: "Bringing in customers from Xero.",
    Step.STOCK_FROM_XERO: "Bringing in stock from Xero.",
    Step.SUPPLIERS_FROM_XERO: "Bringing in suppliers from Xero.",
    Step.CHART_OF_ACCOUNTS: "Taking over the chart of accounts.",
    Step.CUSTOMERS_TO_XERO: "Sending customers to Xero.",
    Step.INVOICES_TO_XERO: "Sending invoices to Xero.",
    Step.STOCK_TO_XERO: "Sending stock to Xero.",
    Step.SUPPLIERS_TO_XERO: "Sending suppliers to Xero.",
    Step.UNDONE_IN_XERO: "Taking back in Xero.",
    Step.UNDONE_HERE: "Taking back here.",
    Step.LEFT_AS_IT_IS: "Naming what stays.",
}

_NOUNS: dict[str, tuple[str, str]] = {
    Kind.CONTACT: ("contact", "contacts"),
    Kind.ITEM: ("stock item", "stock items"),
    Kind.INVOICE: ("invoice", "invoices"),
    Kind.ACCOUNT: ("account", "accounts"),
    Kind.TAX_RATE: ("VAT rate", "VAT rates"),
    "customer": ("customer", "customers"),
    "supplier": ("supplier", "suppliers"),
    "value": ("value", "values"),
}

# By action and direction, completing a count: "118 new in Xero".
ACTIONS: dict[tuple[str, str], str] = {
    (Action.CREATE, "to_xero"): "new in Xero",
    (Action.CREATE, "to_us"): "new here",
    (Action.UPDATE, "to_xero"): "changed in Xero",
    (Action.UPDATE, "to_us"): "changed here",
    (Action.LINK, "neither"): "recognised",
    (Action.ARCHIVE, "to_xero"): "archived in Xero",
    (Action.ARCHIVE, "to_us"): "archived here",
    (Action.VOID, "to_xero"): "voided in Xero",
    (Action.VOID, "to_us"): "cancelled here",
    (Action.DELETE, "to_xero"): "deleted in Xero",
    (Action.DELETE, "to_us"): "removed here",
    (Action.UNLINK, "neither"): "unlinked",
    (Action.LEAVE, "neither"): "left as it is",
}
HELD_BACK = "held back"
WITH_TROUBLE = "with trouble"

STATES: dict[str, tuple[str, str]] = {
    "not_synced": ("Not connected", "mute"),
    "left_out": ("Stays here", "mute"),
    "waiting": ("Waiting", "warn"),
    "in_xero": ("In Xero", "ok"),
    "failed": ("Failed", "bad"),
    "held": ("Held back", "warn"),
}

# By kind and the planner's reason: what stands beside the count.
LEFT_OUT_REASONS: dict[tuple[str, str], str] = {
    (Kind.CONTACT, "a lead: goes with its first invoice"): "Leads, until their first "
    "invoice",
    (Kind.CONTACT, "archived here"): "Contacts archived here",
    (Kind.CONTACT, "archived in Xero"): "Contacts archived in Xero",
    (
        Kind.CONTACT,
        "all its invoices are cancelled",
    ): "Customers whose invoices are all cancelled",
    (
        Kind.CONTACT,
        "neither customer nor supplier in Xero",
    ): "Contacts in Xero that are neither customer nor supplier",
    (Kind.ITEM, "archived here"): "Stock items archived here",
    (Kind.INVOICE, "cancelled"): "Cancelled invoices",
    (Kind.INVOICE, "a draft"): "Draft invoices, until they are approved",
    (Kind.INVOICE, "dated before invoices are sent from"): "Invoices dated before the "
    "day that invoices are sent from",
}

# By the key of the list: why they stay out, and what would change that.
LEFT_OUT_NOTES: dict[str, str] = {
    "leads": "Leads never go to Xero. The first invoice makes one a customer, and the "
    "customer goes.",
    "archived": "Archived here before they were in Xero. Restore one, and it goes with "
    "the next sync.",
    "only-cancelled": "There is nothing to send for them. Their next invoice takes "
    "them along.",
    "archived-in-xero": "Archived or merged in Xero, and not here. Restore one in Xero "
    "to bring it in.",
    "neither": "They are in Xero only, which has no invoice and no bill of theirs. They "
    "come in with the first.",
    "archived-items": "Archived here before they were in Xero. Restore one, and it goes "
    "with the next sync.",
    "cancelled": "Cancelled before they were in Xero: there is nothing to send.",
    "drafts": "Drafts stay here until they are approved. The Xero button on a draft "
    "sends it as it is.",
    "early": "Dated before the day that the settings name. The Xero button on an "
    "invoice sends it all the same.",
}

FIELD_LABELS: dict[str, str] = {
    rule.field: rule.label for rule in (*ITEM_FIELDS, *CONTACT_FIELDS)
} | {
    "email": "Email address",
    "accounting_email": "Accounting email address",
    "is_customer": "Customer",
    "is_supplier": "Supplier",
    "is_archived": "Archived",
    "is_active": "In use",
    "number": "Invoice number",
    "issued_on": "Invoice date",
    "total": "Total",
    "amount_paid": "Paid",
    "amount_credited": "Credited",
    "account": "Account",
    "account_code": "Account",
    "tax_rate": "VAT rate",
    "tax_type": "VAT rate",
    "type": "Type",
    "percent": "Percentage",
    "quantity_on_hand": "Quantity",
}


def words_of(code: str, kind: str = "") -> Words:
    special = WORDS_OF_KIND.get((IssueCode(code), Kind(kind))) if kind else None
    return special or WORDS[IssueCode(code)]


def filled(text: str, details: Mapping[str, str]) -> str:
    """The sentence with the issue's values; blank when one of them is not known."""
    try:
        return text.format_map(details)
    except KeyError:
        return ""


def in_file_of(code: str, kind: str, details: Mapping[str, str]) -> str:
    """What a warning of an import says after the name of the column."""
    words = words_of(code, kind)
    return filled(words.in_file, details) or words.title


def note_of(code: str, kind: str, details: Mapping[str, str]) -> str:
    return filled(words_of(code, kind).note, details)


def field_label(name: str) -> str:
    return FIELD_LABELS.get(name, name.replace("_", " ").capitalize())


def counted(count: int, kind: str) -> str:
    """ "5 stock items" """
    one, many = _NOUNS[kind]
    return f"{count:,} {one if count == 1 else many}"


def nouns(kind: str) -> str:
    return _NOUNS[kind][1]


def action_words(action: str, direction: str) -> str:
    if action == Action.HOLD:
        return HELD_BACK
    if action == Action.REFUSE:
        return WITH_TROUBLE
    return ACTIONS.get((action, direction), action)
