"""Kinds of record, directions, actions and steps."""

from enum import StrEnum


class Kind(StrEnum):
    ACCOUNT = "account"
    TAX_RATE = "tax_rate"
    CONTACT = "contact"
    ITEM = "item"
    INVOICE = "invoice"


class Direction(StrEnum):
    TO_XERO = "to_xero"
    TO_US = "to_us"
    NEITHER = "neither"


class Action(StrEnum):
    """What a change does; the last five write nothing anywhere. A note says something
    about a record that goes all the same; what an undo leaves stays as it is."""

    CREATE = "create"
    UPDATE = "update"
    LINK = "link"
    ARCHIVE = "archive"
    VOID = "void"
    DELETE = "delete"
    UNLINK = "unlink"
    HOLD = "hold"
    REFUSE = "refuse"
    LEAVE_OUT = "leave_out"
    NOTE = "note"
    LEAVE = "leave"


class Step(StrEnum):
    """The owner's steps, by the fixed names the command line prints; the last three are
    those of an undo."""

    CUSTOMERS_FROM_XERO = "customers_from_xero"
    STOCK_FROM_XERO = "stock_from_xero"
    SUPPLIERS_FROM_XERO = "suppliers_from_xero"
    CHART_OF_ACCOUNTS = "chart_of_accounts"
    CUSTOMERS_TO_XERO = "customers_to_xero"
    INVOICES_TO_XERO = "invoices_to_xero"
    STOCK_TO_XERO = "stock_to_xero"
    SUPPLIERS_TO_XERO = "suppliers_to_xero"
    UNDONE_IN_XERO = "undone_in_xero"
    UNDONE_HERE = "undone_here"
    LEFT_AS_IT_IS = "left_as_it_is"
