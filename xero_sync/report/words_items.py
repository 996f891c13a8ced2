"""What is wrong with stock items."""

from xero_sync.outcomes.codes import IssueCode
from xero_sync.report.words import (
    LONGER_THAN_XERO_TAKES,
    XERO_CODE_LIMIT,
    Control,
    Words,
)

ITEM_WORDS: dict[IssueCode, Words] = {
    IssueCode.CODE_MISSING: Words(
        "Stock item has no code",
        "Xero finds items by their code.",
        "Enter a code, for example PIPE15.",
        Control.FIELD,
        note="In Xero it keeps its code {there}.",
        at_field="Enter a code",
        in_file="has no code",
    ),
    IssueCode.CODE_TOO_LONG: Words(
        "Stock code is too long",
        f"Xero allows {XERO_CODE_LIMIT} characters in a code.",
        "Shorten the code.",
        Control.FIELD,
        note=f"{{length}} characters; Xero takes {XERO_CODE_LIMIT}.",
        in_file=LONGER_THAN_XERO_TAKES,
    ),
    IssueCode.CODE_USED_HERE: Words(
        "Stock code is already used",
        "Each code can belong to one stock item only.",
        "Give this item another code.",
        Control.FIELD,
        note="Another item has the code {value}.",
        in_file="{value} is already the code of {other}",
    ),
    IssueCode.ITEM_DELETED_IN_XERO: Words(
        "Stock item was deleted in Xero",
        "The item is no longer on Xero's list.",
        "Archive it here too, or ask your bookkeeper to make it again in Xero.",
        Control.RECORD,
        is_held=True,
    ),
}
