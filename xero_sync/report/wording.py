"""The words of the sync: what is wrong, why, and how to put it right.

One table from code to words; the values come from the issue's ``details``. Nobody is
blamed, and no code is shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from xero_sync.outcomes.authority import (
    CONTACT_FIELDS,
    ITEM_FIELDS,
    STOCK_NAME_LIMIT,
    Rule,
)
from xero_sync.outcomes.codes import IssueCode, RunProblem
from xero_sync.outcomes.kinds import Action, Kind, Step
from xero_sync.outcomes.people import MOST


class Control(StrEnum):
    """What a person can do about a record in its row of the report."""

    FIELD = "field"  # correct the one bad value
    CHOICE = "choice"  # choose another value from a list
    PAIR = "pair"  # link, it is new, not the same
    ACCEPT = "accept"  # take over Xero's value
    RECORD = "record"  # put it right on the record's own page
    XERO = "xero"  # put it right in Xero
    BRING_BACK = "bring_back"  # our value again, or Xero's kept
    NONE = "none"  # nothing but to try again


@dataclass(frozen=True, slots=True)
class Words:
    """``title`` heads the group; ``note`` is about the one record and names values of the
    issue in braces, ``at_field`` says it where the value is in sight, ``in_file`` follows
    the name of a file's column. ``is_held``: it waits for somebody, it did not fail."""

    title: str
    why: str
    fix: str
    control: Control = Control.NONE
    note: str = ""
    at_field: str = ""
    in_file: str = ""
    is_held: bool = False
    also_pair: bool = False


def _limit(rules: Iterable[Rule], field: str) -> int | None:
    return next(rule.limit for rule in rules if rule.field == field)


# The numbers in force: the owner's for stock names, Xero's for all else.
XERO_NAME_LIMIT = _limit(ITEM_FIELDS, "name")
XERO_CODE_LIMIT = _limit(ITEM_FIELDS, "code")
CONTACT_NAME_LIMIT = _limit(CONTACT_FIELDS, "name")
_LONGER_THAN_XERO_TAKES = "is {length} characters long; Xero takes {limit}"

WORDS: dict[IssueCode, Words] = {
    IssueCode.EMAIL_INVALID: Words(
        "Email address is not valid",
        "Xero only accepts a full address, like name@company.com.",
        "Correct the address, or clear it.",
        Control.FIELD,
        note="{value} is not a full address.",
        at_field="Not a full address",
        in_file='"{value}" is not a valid e-mail address',
    ),
    IssueCode.ACCOUNT_NUMBER_USED_HERE: Words(
        "Account number is already used",
        "Each account number can belong to one customer or supplier only.",
        "Change the number, or clear it.",
        Control.FIELD,
        note="{value} belongs to {other}.",
        in_file="{value} is already recorded against {other}",
    ),
    IssueCode.ACCOUNT_NUMBER_USED_IN_XERO: Words(
        "Account number is already used in Xero",
        "A contact in Xero has this account number.",
        "Link the two if they are the same, or change the number here.",
        Control.FIELD,
        note="{value} belongs to {other} in Xero.",
        also_pair=True,
    ),
    IssueCode.NAME_MISSING: Words(
        "Name is missing",
        "Xero needs a name on every record.",
        "Enter the name.",
        Control.FIELD,
        at_field="Enter the name",
        in_file="is blank",
    ),
    IssueCode.NAME_TOO_LONG: Words(
        "Name is too long",
        f"Xero allows {CONTACT_NAME_LIMIT} characters in the name of a contact.",
        "Shorten the name.",
        Control.FIELD,
        note="This one has {length} characters.",
        in_file=_LONGER_THAN_XERO_TAKES,
    ),
    IssueCode.NAME_CHARACTERS: Words(
        "Name has a character Xero refuses",
        "Xero takes no < or > in the name of a contact.",
        "Take the character out.",
        Control.FIELD,
        in_file="holds < or >, which Xero refuses",
    ),
    IssueCode.CODE_MISSING: Words(
        "Stock item has no code",
        "Xero finds items by their code.",
        "Enter a code, for example PIPE15.",
        Control.FIELD,
        at_field="Enter a code",
        in_file="has no code",
    ),
    IssueCode.CODE_TOO_LONG: Words(
        "Stock code is too long",
        f"Xero allows {XERO_CODE_LIMIT} characters in a code.",
        "Shorten the code.",
        Control.FIELD,
        note="This one has {length} characters.",
        in_file=_LONGER_THAN_XERO_TAKES,
    ),
    IssueCode.CODE_USED_HERE: Words(
        "Stock code is already used",
        "Each code can belong to one stock item only.",
        "Give this item another code.",
        Control.FIELD,
        note="Another item has the code {value}.",
        in_file="{value} is already the code of {other}",
    ),
    IssueCode.FIELD_TOO_LONG: Words(
        "A text is too long",
        "Xero allows fewer characters than this record has.",
        "Shorten the text.",
        Control.FIELD,
        note="{label}: {length} characters, Xero allows {limit}.",
        in_file=_LONGER_THAN_XERO_TAKES,
    ),
    IssueCode.ACCOUNT_MISSING: Words(
        "Account is missing in Xero",
        "The account is archived or not in Xero's chart of accounts.",
        "Choose another account, or ask your bookkeeper to restore it in Xero.",
        Control.CHOICE,
        note="Account {value} is not in Xero.",
    ),
    IssueCode.TAX_RATE_MISSING: Words(
        "VAT rate is missing in Xero",
        "The VAT rate is archived or not in Xero.",
        "Choose another rate, or ask your bookkeeper to restore it in Xero.",
        Control.CHOICE,
        note="VAT rate {value} is not in Xero.",
    ),
    IssueCode.TAX_RATE_NOT_ALLOWED: Words(
        "VAT rate does not go with the account",
        "Xero allows some VAT rates on some accounts only.",
        "Choose another rate or another account.",
        Control.CHOICE,
    ),
    IssueCode.CURRENCY: Words(
        "Invoice is in another currency",
        "Only invoices in the currency of your Xero books are sent.",
        "Enter this invoice in Xero by hand.",
        note="It is in {value}; the books are in {base}.",
    ),
    IssueCode.LINES_MISSING: Words(
        "Invoice has no lines",
        "Xero takes no invoice without lines.",
        "Add a line, or cancel the invoice.",
        Control.RECORD,
    ),
    IssueCode.INVOICE_NUMBER_IN_XERO: Words(
        "Invoice number is already in Xero",
        "An invoice with this number is in Xero, and did not come from here.",
        "Give this draft another number. If it is approved: cancel one of the two.",
        Control.FIELD,
        note="{value} exists in Xero.",
    ),
    IssueCode.POSSIBLE_TWIN: Words(
        "May be in Xero already",
        "Xero has a record very much like this one. Sending it might make a double.",
        "Say whether the two are the same.",
        Control.PAIR,
        note="Looks like {other}: {reasons}.",
        is_held=True,
    ),
    IssueCode.NAME_TAKEN_IN_XERO: Words(
        "Name is already used in Xero",
        "Two contacts in Xero cannot share a name.",
        "Link to the one in Xero, or add something to the name to tell them apart.",
        Control.FIELD,
        note="Xero has {other}.",
        also_pair=True,
    ),
    IssueCode.ACCOUNT_DIFFERS: Words(
        "Account is of another type in Xero",
        "Both sides have this account code, with different types.",
        "Take over Xero's, or ask your bookkeeper to change it there.",
        Control.ACCEPT,
        note="Here {ours}, in Xero {theirs}.",
        is_held=True,
    ),
    IssueCode.TAX_RATE_DIFFERS: Words(
        "VAT rate has another percentage in Xero",
        "Both sides have this VAT rate, with different percentages.",
        "Take over Xero's, or ask your bookkeeper to change it there.",
        Control.ACCEPT,
        note="Here {ours} %, in Xero {theirs} %.",
        is_held=True,
    ),
    IssueCode.CONTACT_ARCHIVED_IN_XERO: Words(
        "Contact is archived in Xero",
        "Xero takes nothing new for archived contacts.",
        "Restore it in Xero, then try again.",
        Control.XERO,
    ),
    IssueCode.MERGED_IN_XERO: Words(
        "Contact was merged in Xero",
        "Somebody merged it into another contact there.",
        "Merge the two here as well, or archive this one and use the other.",
        Control.RECORD,
        note="In Xero it is now part of {other}.",
        is_held=True,
    ),
    IssueCode.ITEM_DELETED_IN_XERO: Words(
        "Stock item was deleted in Xero",
        "The item is no longer on Xero's list.",
        "Archive it here too, or ask your bookkeeper to make it again in Xero.",
        Control.RECORD,
        is_held=True,
    ),
    IssueCode.INVOICE_CHANGED_IN_XERO: Words(
        "Invoice was changed in Xero",
        "It no longer says what it says here.",
        "Compare the two, then cancel one of them or change it in Xero.",
        Control.XERO,
        is_held=True,
    ),
    IssueCode.INVOICE_CANNOT_BE_CANCELLED: Words(
        "Invoice cannot be cancelled in Xero",
        "It was cancelled here, but Xero cannot void it.",
        "Make a credit note for it in Xero.",
        Control.XERO,
        note="The reason: {why}.",
    ),
    IssueCode.TOTALS_DIFFER: Words(
        "Totals differ",
        "Xero adds this invoice up to another total.",
        "Compare the lines and VAT rates, then correct it in Xero.",
        Control.XERO,
        note="£{ours} here, £{theirs} in Xero.",
    ),
    IssueCode.PERIOD_LOCKED: Words(
        "Invoice date is in a locked period",
        "The books for this period are closed in Xero.",
        "Change the date of a draft, or ask your bookkeeper to unlock the period.",
        Control.FIELD,
        note="The books are closed to {value}.",
    ),
    IssueCode.INVOICE_LIMIT: Words(
        "Your Xero plan takes no more invoices this month",
        "Some Xero plans allow a number of invoices each month.",
        "Wait for next month, or ask your bookkeeper about a larger plan.",
    ),
    IssueCode.NOT_IN_XERO_PLAN: Words(
        "Your Xero plan does not include this",
        "Xero says that this organisation, or whoever connected it, may not do it.",
        "Change the plan in Xero, or let somebody with more rights there reconnect. It "
        "goes after reconnecting, or with the first sync of the next day.",
        note="Not allowed: {what}.",
    ),
    IssueCode.CUSTOMER_NOT_IN_XERO: Words(
        "Invoice's customer is not in Xero",
        "An invoice can only go to a customer that is in Xero.",
        "Put the customer right; its invoices follow.",
        Control.RECORD,
        is_held=True,
    ),
    IssueCode.BOTH_CHANGED: Words(
        "Changed here and in Xero",
        "The same field was changed on both sides, so Xero's value was taken.",
        "Keep Xero's, or bring ours back: the next sync sends it to Xero.",
        Control.BRING_BACK,
        note="{label}: ours was {ours}, Xero's is {xeros}.",
    ),
    IssueCode.PEOPLE_TOO_MANY: Words(
        "More people than Xero takes",
        f"Xero keeps up to {MOST} people with a contact.",
        "Nothing needs doing. Take somebody off the list to make room.",
        Control.RECORD,
        note="Only here: {value}.",
    ),
    IssueCode.REFUSED: Words(
        "Xero refused it for another reason",
        "Xero gave a reason that we do not know yet.",
        "Read what Xero says, change the record, then try again.",
        Control.RECORD,
        note="Xero said: “{xero}”",
    ),
    IssueCode.UNREADABLE: Words(
        "A record of Xero's could not be understood",
        "Something in it is not as Xero describes its records.",
        "Open it in Xero and check it. If it stays, tell the people who look after this.",
        Control.XERO,
        note="{field}: {value}",
    ),
    IssueCode.TOO_LONG_FOR_US: Words(
        "A text in Xero is too long for Fieldops",
        "Xero has more characters in a field than there is room for here. Nothing of "
        "the record was changed, here or in Xero.",
        "Shorten the text in Xero. The next sync brings it in.",
        Control.XERO,
        note="{label} has {length} characters in Xero; there is room for {limit} here.",
    ),
    IssueCode.RULE: Words(
        "Could not be saved here",
        "What comes from Xero goes against a rule here.",
        "Change the record on one of the two sides, then try again.",
        Control.RECORD,
        note="{message}",
    ),
}

# Where another kind of record needs other words.
WORDS_OF_KIND: dict[tuple[IssueCode, Kind], Words] = {
    (IssueCode.NAME_TOO_LONG, Kind.ITEM): Words(
        "Stock name is too long",
        f"Stock names can have up to {STOCK_NAME_LIMIT} characters, spaces included. "
        f"Xero itself asks for {XERO_NAME_LIMIT} or fewer, and may refuse longer ones.",
        "Shorten the name. Put the rest in the description.",
        Control.FIELD,
        note="This one has {length} characters.",
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
        "Nothing to do. We try again in a few minutes.",
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
    return f"{count} {one if count == 1 else many}"


def nouns(kind: str) -> str:
    return _NOUNS[kind][1]


def action_words(action: str, direction: str) -> str:
    if action == Action.HOLD:
        return HELD_BACK
    if action == Action.REFUSE:
        return WITH_TROUBLE
    return ACTIONS.get((action, direction), action)
