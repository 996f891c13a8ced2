"""Why a record is not in step: the codes; their words are in ``report.wording``."""

from enum import StrEnum


class IssueCode(StrEnum):
    # found before anything is sent: the readiness checks
    EMAIL_INVALID = "email_invalid"
    ACCOUNT_NUMBER_USED_HERE = "account_number_used_here"
    ACCOUNT_NUMBER_USED_IN_XERO = "account_number_used_in_xero"
    ACCOUNT_NUMBER_ARCHIVED_IN_XERO = "account_number_archived_in_xero"
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    NAME_CHARACTERS = "name_characters"
    CODE_MISSING = "code_missing"
    CODE_TOO_LONG = "code_too_long"
    CODE_USED_HERE = "code_used_here"
    FIELD_TOO_LONG = "field_too_long"
    ACCOUNT_MISSING = "account_missing"
    TAX_RATE_MISSING = "tax_rate_missing"
    TAX_RATE_NOT_ALLOWED = "tax_rate_not_allowed"
    CURRENCY = "currency"
    LINES_MISSING = "lines_missing"
    INVOICE_NUMBER_IN_XERO = "invoice_number_in_xero"
    # a person has to decide
    POSSIBLE_TWIN = "possible_twin"
    POSSIBLE_INVOICE = "possible_invoice"
    NAME_TAKEN_IN_XERO = "name_taken_in_xero"
    ACCOUNT_DIFFERS = "account_differs"
    TAX_RATE_DIFFERS = "tax_rate_differs"
    # the other side is not as it was
    CONTACT_ARCHIVED_IN_XERO = "contact_archived_in_xero"
    MERGED_IN_XERO = "merged_in_xero"
    ITEM_DELETED_IN_XERO = "item_deleted_in_xero"
    INVOICE_CHANGED_IN_XERO = "invoice_changed_in_xero"
    INVOICE_CANNOT_BE_CANCELLED = "invoice_cannot_be_cancelled"
    TOTALS_DIFFER = "totals_differ"
    PERIOD_LOCKED = "period_locked"
    INVOICE_LIMIT = "invoice_limit"
    NOT_IN_XERO_PLAN = "not_in_xero_plan"
    # it waits for another record
    CUSTOMER_NOT_IN_XERO = "customer_not_in_xero"
    # it went, and there is something to know about it
    BOTH_CHANGED = "both_changed"
    PEOPLE_TOO_MANY = "people_too_many"
    # Xero's answer, or none
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    TOO_LONG_FOR_US = "too_long_for_us"
    RULE = "rule"


# Nobody has to act on these: the record is in step.
NOTICES = (IssueCode.BOTH_CHANGED, IssueCode.PEOPLE_TOO_MANY)


class RunProblem(StrEnum):
    """Why a whole run stopped."""

    DISCONNECTED = "disconnected"
    PERMISSION_MISSING = "permission_missing"
    DAY_LIMIT = "day_limit"
    MINUTE_LIMIT = "minute_limit"
    UNAVAILABLE = "unavailable"
    SETTINGS_CHANGED = "settings_changed"
    INTERNAL = "internal"
