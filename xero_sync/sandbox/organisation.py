"""One organisation's books as a pure state machine: tables, clock and ids, nothing else.

The rules for each kind live in a module of their own (contacts, items, invoices,
payments, credit_notes) and take the organisation as first argument.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import msgspec

from xero_sync.sandbox import chart_uk
from xero_sync.sandbox.records import (
    Account,
    Contact,
    CreditNote,
    Invoice,
    Item,
    Payment,
    Profile,
    TaxRate,
)
from xero_sync.sandbox.tables import Journal, Table

Clock = Callable[[], datetime]
NewId = Callable[[], str]


def _folded(text: str) -> str | None:
    return text.casefold() or None


class XeroOrganisation:
    """The books of one organisation."""

    def __init__(
        self, tenant_id: str, *, journal: Journal, clock: Clock, new_id: NewId
    ) -> None:
        self.tenant_id = tenant_id
        self.journal = journal
        self.new_id = new_id
        self._clock = clock
        self._open_tables(tenant_id, journal)

    def _open_tables(self, name: str, journal: Journal) -> None:
        self.profiles = Table(f"{name}/profile", Profile, journal)
        self.accounts = Table(
            f"{name}/accounts", Account, journal, code=lambda row: row.code or None
        )
        self.tax_rates = Table(f"{name}/tax_rates", TaxRate, journal)
        self.contacts = Table(
            f"{name}/contacts",
            Contact,
            journal,
            active_name=lambda row: _folded(row.name) if row.is_active else None,
            archived_name=lambda row: None if row.is_active else _folded(row.name),
            contact_number=lambda row: _folded(row.contact_number),
            account_number=lambda row: _folded(row.account_number),
        )
        self.items = Table(
            f"{name}/items", Item, journal, code=lambda row: _folded(row.code)
        )
        self.invoices = Table(
            f"{name}/invoices",
            Invoice,
            journal,
            number=lambda row: _folded(row.invoice_number),
            contact=lambda row: row.contact_id,
        )
        self.payments = Table(
            f"{name}/payments", Payment, journal, invoice=lambda row: row.invoice_id
        )
        self.credit_notes = Table(
            f"{name}/credit_notes",
            CreditNote,
            journal,
            number=lambda row: _folded(row.credit_note_number),
            contact=lambda row: row.contact_id,
        )

    @property
    def profile(self) -> Profile:
        profile = self.profiles.get("profile")
        assert profile is not None  # noqa: S101  (set when the books are opened)
        return profile

    def change_profile(self, **fields: object) -> Profile:
        return self.profiles.put(
            "profile", msgspec.structs.replace(self.profile, **fields)
        )

    def now(self) -> datetime:
        """Xero stamps to the millisecond."""
        moment = self._clock()
        return moment - timedelta(microseconds=moment.microsecond % 1000)

    def today(self) -> date:
        return self.now().date()

    def open_books(self, name: str) -> None:
        """A new UK organisation: a chart of accounts and VAT rates, nothing else."""
        now = self.now()
        self.profiles.put(
            "profile", Profile(tenant_id=self.tenant_id, name=name, created=now)
        )
        for code, account_name, kind, tax_type, system in chart_uk.ACCOUNTS:
            account = Account(
                account_id=self.new_id(),
                code=code,
                name=account_name,
                type=kind,
                tax_type=tax_type,
                system_account=system,
                enable_payments=code == "835",
                bank_account_number=f"090000{code}1" if kind == "BANK" else "",
                currency_code="GBP" if kind == "BANK" else "",
                updated=now,
            )
            self.accounts.put(account.account_id, account)
        for tax_type, rate_name, rate, classes, status in chart_uk.TAX_RATES:
            self.tax_rates.put(
                tax_type,
                TaxRate(
                    tax_type=tax_type,
                    name=rate_name,
                    rate=rate,
                    classes=classes,
                    status=status,
                ),
            )

    def account_by_code(self, code: str) -> Account | None:
        """An active account; archived ones count as unknown."""
        found = self.accounts.find("code", code)
        return next((row for row in found if row.status == "ACTIVE"), None)

    def tax_rate(self, tax_type: str) -> TaxRate | None:
        """An active rate by its code."""
        rate = self.tax_rates.get(tax_type.upper())
        return rate if rate is not None and rate.status == "ACTIVE" else None

    def lock_message(self, day: date) -> str | None:
        """Why nothing may be dated on this day; None when the period is open."""
        locks = (
            (self.profile.end_of_year_lock_date, "end of year lock date"),
            (self.profile.period_lock_date, "period lock date"),
        )
        for locked, kind in locks:
            if locked is not None and day <= locked:
                shown = f"{locked.day} {locked:%B %Y}"
                return (
                    f"The document date cannot be before the {kind}, "
                    f"currently set at {shown}"
                )
        return None
