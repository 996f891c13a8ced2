"""Files as people have them: made from rows, imported, and what is there afterwards."""

import csv
import io
from collections.abc import Mapping, Sequence

from customers.models import Contact
from fieldops.common.importing.report import ImportReport
from fieldops.common.models import ChangeEntry
from fieldops.imports.kinds import KINDS, import_file
from invoicing.models import Invoice, InvoiceLine
from stock.models import StockItem, StockMovement

TABLES = (Contact, StockItem, StockMovement, Invoice, InvoiceLine, ChangeEntry)


def csv_text(rows: Sequence[Mapping[str, str]]) -> str:
    """The columns are those of all rows, in the order they turn up."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def do_import(
    kind: str,
    rows: Sequence[Mapping[str, str]] | str | bytes,
    *,
    filename: str = "file.csv",
    dry_run: bool = False,
) -> ImportReport:
    if not isinstance(rows, str | bytes):
        rows = csv_text(rows)
    content = rows.encode() if isinstance(rows, str) else rows
    return import_file(KINDS[kind], content, filename, dry_run=dry_run)


def invoice_row(number: str = "INV-1", **cells: str) -> dict[str, str]:
    """A row as the template has it; cells by the template's names without the star."""
    row = {
        "*ContactName": "Ada Lovelace",
        "*InvoiceNumber": number,
        "Reference": "",
        "*InvoiceDate": "02/11/2026",
        "*DueDate": "02/12/2026",
        "*Description": "Labour",
        "*Quantity": "1",
        "*UnitAmount": "10.00",
        "*AccountCode": "200",
        "*TaxType": "20% (VAT on Income)",
    }
    for name, value in cells.items():
        row[f"*{name}" if f"*{name}" in row else name] = value
    return row


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """Created, changed, unchanged, refused."""
    return report.created, report.changed, report.unchanged, report.refused


def table_sizes() -> list[int]:
    return [table.objects.count() for table in TABLES]


def errors(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(each.line, each.field, each.reason) for each in report.errors]


def warnings(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(each.line, each.field, each.reason) for each in report.all_warnings]
