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
    """What a change does; the last four write nothing anywhere. A note says something
    about a record that goes all the same."""

    CREATE = "create"
    UPDATE = "update"
    LINK = "link"
    ARCHIVE = "archive"
    VOID = "void"
    DELETE = "delete"
    HOLD = "hold"
    REFUSE = "refuse"
    LEAVE_OUT = "leave_out"
    NOTE = "note"


class Step(StrEnum):
    """The owner's steps, by the fixed names the command line prints."""

    CUSTOMERS_FROM_XERO = "customers_from_xero"
    STOCK_FROM_XERO = "stock_from_xero"
    SUPPLIERS_FROM_XERO = "suppliers_from_xero"
    CHART_OF_ACCOUNTS = "chart_of_accounts"
    CUSTOMERS_TO_XERO = "customers_to_xero"
    INVOICES_TO_XERO = "invoices_to_xero"
    STOCK_TO_XERO = "stock_to_xero"
    SUPPLIERS_TO_XERO = "suppliers_to_xero"
