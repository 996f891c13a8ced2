"""Which kinds of file can be imported, and the one road by which they are."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from customers.imports import import_contacts, import_suppliers
from fieldops.common.actor import Actor
from fieldops.common.importing.report import ImportReport
from fieldops.common.importing.sheet import FileRefused, Sheet, read_sheet
from fieldops.users.models import User
from invoicing.imports.chart import account_codes, tax_rate_choices
from invoicing.imports.invoices import import_invoices
from stock.imports import import_items
from xero_sync.report.import_flaws import contact_flaws, item_flaws

# A page has to answer while somebody waits; the command has no such limits.
MOST_BYTES = 10 * 1024 * 1024
TOO_LARGE = "The file is larger than 10 MB. Split it and import the parts."
MOST_ROWS_OF_A_PAGE = 5_000
LONGEST_CAUSE = 120


@dataclass(frozen=True)
class Kind:
    """``one`` and ``many`` are what its records are called."""

    key: str
    label: str
    one: str
    many: str
    write: Callable[[Sheet, Actor], ImportReport]


def _write_contacts(sheet: Sheet, by: Actor) -> ImportReport:
    return import_contacts(sheet, flaws_of=contact_flaws, by=by)


def _write_suppliers(sheet: Sheet, by: Actor) -> ImportReport:
    return import_suppliers(sheet, flaws_of=contact_flaws, by=by)


def _write_items(sheet: Sheet, by: Actor) -> ImportReport:
    return import_items(
        sheet,
        tax_type_of=tax_rate_choices().code_of,
        account_codes=account_codes(),
        flaws_of=item_flaws,
        by=by,
    )


def _write_invoices(sheet: Sheet, by: Actor) -> ImportReport:
    return import_invoices(sheet, flaws_of=contact_flaws, by=by)


KINDS = {
    kind.key: kind
    for kind in (
        Kind("contacts", "Contacts", "contact", "contacts", _write_contacts),
        Kind("suppliers", "Suppliers", "supplier", "suppliers", _write_suppliers),
        Kind("items", "Stock items", "stock item", "stock items", _write_items),
        Kind("invoices", "Invoices", "invoice", "invoices", _write_invoices),
    )
}


def import_file(
    kind: Kind,
    content: bytes,
    filename: str,
    *,
    user: User | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Raises FileRefused when the file as a whole cannot be read.

    A dry run does all of it and takes it back, so it tells exactly what would happen.
    """
    if len(content) > MOST_BYTES:
        raise FileRefused(
            "The file is larger than 10 MB. Split it and import the parts."
        )
    sheet = read_sheet(content)
    by = Actor(user, f"import of {filename}"[:LONGEST_CAUSE])
    if not dry_run:
        return kind.write(sheet, by)
    with transaction.atomic():
        report = kind.write(sheet, by)
        transaction.set_rollback(True)
    return report


def refuse_too_many_rows(content: bytes) -> None:
    rows = len(read_sheet(content).records)
    if rows > MOST_ROWS_OF_A_PAGE:
        raise FileRefused(
            f"The file has {rows:,} rows; {MOST_ROWS_OF_A_PAGE:,} at most can be "
            "imported here. Split it, or let an administrator import it with "
            "manage.py import_csv."
        )
