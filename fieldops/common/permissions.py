"""Which role holds which right: one table. A right's name is made in its own app."""

from django.db import models

PUBLIC = "public"
SIGNED_IN = "signed-in"


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", "Administrator"
    OFFICE = "office", "Office"
    ENGINEER = "engineer", "Field engineer"
    ACCOUNTANT = "accountant", "Accountant"


_ENGINEER = frozenset(
    {
        "customers.view_contact",
        "customers.add_contact",
        "stock.view_stockitem",
        "stock.move_stock",
        "invoicing.view_invoice",
        "invoicing.edit_invoice",
    }
)
_OFFICE = _ENGINEER | {
    "customers.change_contact",
    "customers.archive_contact",
    "customers.merge_contact",
    "stock.change_stockitem",
    "stock.merge_stockitem",
    "invoicing.approve_invoice",
    "invoicing.cancel_invoice",
    "invoicing.view_account",
    "fieldops.import_data",
    "xero_sync.view_sync",
    "xero_sync.run_sync",
    "xero_sync.fix_issue",
}
_ACCOUNTANT = frozenset(
    {
        "customers.view_contact",
        "stock.view_stockitem",
        "invoicing.view_invoice",
        "invoicing.approve_invoice",
        "invoicing.cancel_invoice",
        "invoicing.view_account",
        "invoicing.change_account",
        "xero_sync.view_sync",
        "xero_sync.run_sync",
        "xero_sync.fix_issue",
    }
)

ROLE_RIGHTS: dict[str, frozenset[str]] = {
    Role.ADMINISTRATOR: _OFFICE
    | _ACCOUNTANT
    | {
        "users.manage_users",
        "fieldops.change_settings",
        "xero_sync.connect_xero",
        "xero_sync.change_settings",
    },
    Role.OFFICE: frozenset(_OFFICE),
    Role.ENGINEER: _ENGINEER,
    Role.ACCOUNTANT: _ACCOUNTANT,
}
EVERY_RIGHT: frozenset[str] = frozenset().union(*ROLE_RIGHTS.values())
