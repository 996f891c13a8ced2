"""What is wrong with customers and suppliers."""

from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.people import MOST
from xero_sync.report.words import (
    CONTACT_NAME_LIMIT,
    LONGER_THAN_XERO_TAKES,
    Control,
    Words,
)

CONTACT_WORDS: dict[IssueCode, Words] = {
    IssueCode.EMAIL_INVALID: Words(
        "Email address is not valid",
        "Xero only accepts a full address, like name@company.com.",
        "Correct the address, or clear it.",
        Control.FIELD,
        note="{value} is not a full address.",
        at_field="Not a full address",
        in_file='"{value}" is not a valid email address',
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
    IssueCode.ACCOUNT_NUMBER_ARCHIVED_IN_XERO: Words(
        "Account number belongs to a contact archived in Xero",
        "Xero keeps the number of a contact that somebody archived there, and gives it to "
        "no other.",
        "If it is the same one, restore it in Xero, try again, and link the two. If not, "
        "change the number on the page of ours.",
        Control.XERO,
        note="{value} belongs to {other}, archived in Xero.",
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
        note=f"{{length}} characters; Xero takes {CONTACT_NAME_LIMIT}.",
        in_file=LONGER_THAN_XERO_TAKES,
    ),
    IssueCode.NAME_CHARACTERS: Words(
        "Name has a character Xero refuses",
        "Xero takes no < or > in the name of a contact.",
        "Take the character out.",
        Control.FIELD,
        in_file="holds < or >, which Xero refuses",
    ),
    IssueCode.NAME_TAKEN_IN_XERO: Words(
        "Name is already used in Xero",
        "Two contacts in Xero cannot share a name.",
        "Link the two if they are the same. If not, give ours another name in Xero; "
        "here it keeps its own.",
        Control.FIELD,
        note="Xero has {other}.",
        also_pair=True,
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
    IssueCode.PEOPLE_TOO_MANY: Words(
        "More people than Xero takes",
        f"Xero keeps up to {MOST} people with a contact.",
        "Nothing needs doing. Take somebody off the list to make room.",
        Control.RECORD,
        note="Only here: {value}.",
    ),
}
