"""What is wrong with invoices, and with the chart of accounts that their lines need."""

from xero_sync.outcomes.codes import IssueCode
from xero_sync.report.words import Control, Words

INVOICE_WORDS: dict[IssueCode, Words] = {
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
        "Xero gives no number twice, and has this one on another invoice, perhaps on a "
        "void one.",
        "Link them if they are the same invoice; what differs is shown then. If not, give "
        "this draft another number. If it is approved, cancel it and enter it again: it "
        "gets the next number.",
        Control.FIELD,
        note="{value} exists in Xero.",
        also_pair=True,
    ),
    IssueCode.POSSIBLE_INVOICE: Words(
        "Invoice may be in Xero already",
        "Xero has one of the same customer, date and total that was not sent from here. "
        "Somebody may have keyed it in by hand.",
        "Say whether the two are the same. Until then it is not sent.",
        Control.PAIR,
        note="In Xero: {numbers}.",
        is_held=True,
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
}
