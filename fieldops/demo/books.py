"""The books of the demo company's accountant, in the shape Xero's API speaks.

They overlap the company's own records on purpose: much is on both sides and written a
little differently, some is on theirs alone, some is doubtful.
"""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from faker import Faker

from fieldops.demo.company import DemoCompany
from fieldops.demo.flaws import BRANCHES
from fieldops.demo.goods import PURCHASES, SALES, Good
from fieldops.demo.parties import Party, PartyMaker
from fieldops.demo.spelling import phone_written_differently, written_differently
from fieldops.demo.wire import Wire, address, details, document
from fieldops.demo.words import MAKERS

SHARE_OF_CONTACTS = 0.45
SHARE_OF_ITEMS = 1 / 3
OWN_CUSTOMERS, OWN_SUPPLIERS, OWN_ITEMS = 20, 8, 10
LEADS, TWINS, TAKEN_NUMBERS = 3, 3, 2
LONGEST_ITEM_NAME = 50


def accountants_books(company: DemoCompany) -> Wire:
    """``{"Contacts": [...], "Items": [...], "Invoices": [...]}``"""
    return _Accountant(company).books()


class _Accountant:
    def __init__(self, company: DemoCompany) -> None:
        self.company = company
        self.chance = random.Random(f"books {company.seed}")  # noqa: S311 - made up
        faker = Faker("en_GB")
        faker.seed_instance(f"books {company.seed}")
        everybody = (*company.contacts, *company.suppliers)
        self.maker = PartyMaker(
            self.chance,
            faker,
            names={party.name.casefold() for party in everybody},
            numbers={party.account_number for party in everybody},
            phones={party.phone for party in everybody},
        )
        self.numbers = Counter(p.account_number for p in company.contacts)
        self.flawed = {name for flaw in company.flaws for name in flaw.records}
        self.contacts: list[Wire] = []
        self.invoices: list[Wire] = []

    def books(self) -> Wire:
        shared = self._shared_customers()
        self._doubtful(
            [p for p in self._sound(self.company.customers) if p not in shared]
        )
        self._shared_suppliers(shared)
        self._own_contacts()
        items = [self._item(good) for good in self._shared_goods()]
        items += [self._own_item(place) for place in range(1, OWN_ITEMS + 1)]
        return {"Contacts": self.contacts, "Items": items, "Invoices": self.invoices}

    def _sound(self, parties: Sequence[Party]) -> list[Party]:
        """Those whose own record is in order, accents and apostrophes included."""
        bad = {
            name
            for flaw in self.company.flaws
            if "accents" not in flaw.flaw
            for name in flaw.records
        }
        return [p for p in parties if p.name not in bad]

    # --- on both sides ---

    def _shared_customers(self) -> list[Party]:
        customers = self.company.customers
        sound = self._sound(customers)
        wanted = min(round(len(customers) * SHARE_OF_CONTACTS), len(sound))
        shared = self.chance.sample(sound, wanted)
        known = {party.name for party in customers}
        leads = self._sound([p for p in self.company.contacts if p.name not in known])
        shared += self.chance.sample(leads, min(LEADS, len(leads)))
        for party in shared:
            name = self._add(self._known(party), is_customer=True)
            if self.chance.random() < 0.5:
                self._sale(name)
        return shared

    def _shared_suppliers(self, shared: Sequence[Party]) -> None:
        """A supplier that is a shared customer as well is there already: bills only."""
        suppliers = self.company.suppliers
        wanted = round(len(suppliers) * SHARE_OF_CONTACTS)
        both = {party.name for party in self.company.contacts}
        for party in self.chance.sample(suppliers, wanted):
            if party.name not in both:
                self._bills(self._add(self._known(party), is_supplier=True))
        for party, row in zip(shared, list(self.contacts), strict=False):
            if party in suppliers:
                row["IsSupplier"] = True
                self._bills(row["Name"])

    def _known(self, party: Party) -> Wire:
        """The party as the accountant wrote it down: some keys are kept, one at least."""
        keys = [
            key
            for key in ("number", "email", "phone", "address")
            if self._has(party, key)
        ]
        kept = [key for key in keys if self.chance.random() < 0.6]
        kept = kept or [self.chance.choice(keys)]
        row: Wire = {"Name": written_differently(self.chance, party.name)}
        if party.is_person:
            row |= {"FirstName": party.first_name, "LastName": party.last_name}
        if "number" in kept:
            row["AccountNumber"] = party.account_number
        if "email" in kept:
            row["EmailAddress"] = party.email
        if "phone" in kept:
            row["Phones"] = [self._phone(party)]
        if "address" in kept:
            row["Addresses"] = [address(party)]
        return row

    def _has(self, party: Party, key: str) -> bool:
        if key == "number":
            return self.numbers[party.account_number] < 2
        return bool({"email": party.email, "phone": party.phone}.get(key, party.line1))

    def _phone(self, party: Party) -> Wire:
        number = phone_written_differently(self.chance, party.phone)
        return {"PhoneType": "DEFAULT", "PhoneNumber": number}

    def _shared_goods(self) -> list[Good]:
        sound = [
            good
            for good in self.company.goods
            if good.code and len(good.name) <= LONGEST_ITEM_NAME
        ]
        wanted = min(round(len(self.company.goods) * SHARE_OF_ITEMS), len(sound))
        return self.chance.sample(sound, wanted)

    def _item(self, good: Good) -> Wire:
        name = written_differently(self.chance, good.name)[:LONGEST_ITEM_NAME]
        row: Wire = {
            "Code": good.code,
            "Name": name,
            "Description": good.description,
            "SalesDetails": details(good.price, SALES, "OUTPUT2"),
            "IsPurchased": not good.is_service,
        }
        if good.cost is not None:
            row["PurchaseDescription"] = good.name
            row["PurchaseDetails"] = details(good.cost, PURCHASES, "INPUT2")
        return row

    # --- doubtful ---

    def _doubtful(self, free: Sequence[Party]) -> None:
        """Same name and nothing else; one email for all branches; a number taken."""
        chosen = self.chance.sample(free, min(TWINS + TAKEN_NUMBERS, len(free)))
        for party in chosen[:TWINS]:
            self._sale(self._add({"Name": party.name}, is_customer=True))
        for party in chosen[TWINS:]:
            stranger = self._full(self.maker.customer())
            number = {"AccountNumber": party.account_number}
            self._sale(self._add(stranger | number, is_customer=True))
        branch = next((p for p in self.company.contacts if BRANCHES in p.name), None)
        if branch:
            row = {"Name": BRANCHES, "EmailAddress": branch.email}
            self._sale(self._add(row, is_customer=True))

    # --- on their side alone ---

    def _own_contacts(self) -> None:
        for _ in range(OWN_CUSTOMERS):
            name = self._add(self._full(self.maker.customer()), is_customer=True)
            self._sale(name)
        for place in range(1, OWN_SUPPLIERS + 1):
            supplier = self.maker.supplier(len(self.company.suppliers) + place)
            self._bills(self._add(self._full(supplier), is_supplier=True))

    def _full(self, party: Party) -> Wire:
        return {
            "Name": party.name,
            "AccountNumber": party.account_number,
            "EmailAddress": party.email,
            "FirstName": party.first_name,
            "LastName": party.last_name,
            "TaxNumber": party.tax_number,
            "Phones": [self._phone(party)],
            "Addresses": [address(party)],
        }

    def _own_item(self, place: int) -> Wire:
        name = f"{MAKERS[place % len(MAKERS)]} service kit {place}"
        price = Decimal(self.chance.randint(900, 15000)) / 100
        return {
            "Code": f"KIT-{place:02d}",
            "Name": name,
            "Description": name,
            "SalesDetails": details(price, SALES, "OUTPUT2"),
        }

    # --- their documents ---

    def _add(self, row: Wire, **flags: bool) -> str:
        names = {"is_customer": "IsCustomer", "is_supplier": "IsSupplier"}
        self.contacts.append(row | {names[key]: flag for key, flag in flags.items()})
        return str(row["Name"])

    def _sale(self, name: str) -> None:
        """From before the company kept its invoices here; all but a few are paid."""
        day = self.company.today - timedelta(self.chance.randint(380, 700))
        status = "PAID" if self.chance.random() < 0.9 else "AUTHORISED"
        number = f"AC-{len(self.invoices) + 1:04d}"
        line = self._line("Maintenance and repairs", SALES, "OUTPUT2")
        self.invoices.append(document("ACCREC", number, name, day, status, line))

    def _bills(self, name: str) -> None:
        for _ in range(self.chance.randint(1, 3)):
            day = self.company.today - timedelta(self.chance.randint(1, 360))
            is_due = day + timedelta(30) < self.company.today
            status = "PAID" if is_due and self.chance.random() < 0.9 else "AUTHORISED"
            number = f"{self.chance.randint(10000, 99999)}-{len(self.invoices) + 1}"
            line = self._line("Goods as delivered", PURCHASES, "INPUT2")
            self.invoices.append(document("ACCPAY", number, name, day, status, line))

    def _line(self, text: str, account: str, tax_type: str) -> Wire:
        return {
            "Description": text,
            "Quantity": self.chance.randint(1, 5),
            "UnitAmount": Decimal(self.chance.randint(2000, 60000)) / 100,
            "AccountCode": account,
            "TaxType": tax_type,
        }
