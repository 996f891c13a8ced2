"""A run that is undone, and what both sides show before and after."""

from typing import Any

from customers.models import Contact
from fieldops.common.changes import snapshot
from invoicing.models import Invoice
from stock.models import StockItem
from tests.builders import TESTER
from tests.ledger import PracticeLedger
from tests.xero_sync.world import assert_accounted_for, work_on
from xero_sync.models import SyncRun
from xero_sync.outcomes.kinds import Step
from xero_sync.runs.undoing import undo_run


def ours() -> dict[str, dict[str, Any]]:
    """Every record's own fields, without those that no undo may touch."""
    return {
        f"{model._meta.label} {record.pk}": snapshot(record)
        for model in (Contact, StockItem, Invoice)
        for record in model._default_manager.all()
    }


def xeros(ledger: PracticeLedger) -> dict[str, Any]:
    """What people would see in Xero's lists."""
    contacts = {
        one["Name"]: (one.get("EmailAddress"), one.get("Phones"))
        for one in ledger.records("Contacts", archived=True)
        if one["ContactStatus"] == "ACTIVE"
    }
    items = {
        one["Code"]: {k: v for k, v in one.items() if v and k != "UpdatedDateUTC"}
        for one in ledger.records("Items", archived=True)
    }
    invoices = {
        one["InvoiceNumber"]: one["Status"]
        for one in ledger.records("Invoices", archived=True)
        if one["Status"] not in ("VOIDED", "DELETED")
    }
    return {"contacts": contacts, "items": items, "invoices": invoices}


def undone(run: SyncRun) -> SyncRun:
    undo = work_on(undo_run(run, by=TESTER))
    assert undo.state == SyncRun.State.FINISHED, (undo.problem, undo.problem_details)
    assert_accounted_for(undo)
    return undo


def left(undo: SyncRun) -> list[tuple[str, str]]:
    rows = undo.changes.filter(step=Step.LEFT_AS_IT_IS)
    return sorted(rows.values_list("title", "reason"))


def here_numbers(before: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The draft's, whose number was given when it was sent."""
    return {
        name: row
        for name, row in before.items()
        if name.startswith("invoicing.Invoice") and not row["number"]
    }


def phones(ledger: PracticeLedger, xero_id: str) -> tuple[str, str]:
    (there,) = [
        o
        for o in ledger.records("Contacts", archived=True)
        if o["ContactID"] == xero_id
    ]
    numbers = {one["PhoneType"]: one["PhoneNumber"] for one in there["Phones"]}
    return numbers["DEFAULT"], numbers["MOBILE"]
