"""The demo company's customers, leads and suppliers."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from faker import Faker

from fieldops.demo.words import (
    ANIMALS,
    BUSINESSES,
    ESTATES,
    LEGAL_FORMS,
    STREETS,
    TOWNS,
    TRADES,
    UNUSUAL_NAMES,
)

# The first so many of the contacts are customers, the others leads.
SHARE_OF_CUSTOMERS = 0.85
DAYS_AFTER = "Days After"
LEGAL_FORM = r" (Ltd|Limited|plc|LLP|\(Northern\) Ltd)$"
FOLLOWING_MONTH = "Following Month"
DAYS_AFTER_MONTH = "Days After End of Month"


@dataclass(frozen=True)
class Party:
    name: str
    account_number: str = ""
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    attention: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    postcode: str = ""
    phone: str = ""
    mobile: str = ""
    tax_number: str = ""
    website: str = ""
    terms_day: int | None = None
    terms: str = ""
    is_person: bool = False


@dataclass
class PartyMaker:
    """Makes parties that differ in name, number, address and phone."""

    chance: random.Random
    faker: Faker
    names: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)

    def customer(self) -> Party:
        if self.chance.random() < 0.4:
            return self._person()
        return self._business(self._new_name(self._business_name))

    def unusual(self, name: str) -> Party:
        self.names.add(name.casefold())
        return self._business(name)

    def supplier(self, place: int) -> Party:
        name = self._new_name(self._supplier_name)
        party = self._business(name)
        number = f"SUP{place:03d}"
        return replace(party, account_number=number, terms_day=None, terms="")

    def _person(self) -> Party:
        name = self._new_name(self._person_name)
        first, _, last = name.partition(" ")
        domain = self.chance.choice(("example.com", "example.net", "example.org"))
        email = f"{slug(first)}.{slug(last)}@{domain}"
        person = Party(
            name=name,
            account_number=self._number(last),
            email=email if self.chance.random() < 0.85 else "",
            first_name=first,
            last_name=last,
            mobile=self._phone("07700 900"),
            is_person=True,
        )
        return self._placed(person)

    def _business(self, name: str) -> Party:
        first, last = self.faker.first_name(), self.faker.last_name()
        domain = f"{slug(re.sub(LEGAL_FORM, '', name))[:28]}.example"
        mailbox = self.chance.choice(("accounts", "office", "info", slug(first)))
        has_vat, has_site = self.chance.random() < 0.6, self.chance.random() < 0.5
        day, terms = self._terms()
        business = Party(
            name=name,
            account_number=self._number(name),
            email=f"{mailbox}@{domain}",
            first_name=first,
            last_name=last,
            attention=f"{first} {last}",
            tax_number=self._vat_number() if has_vat else "",
            website=f"https://www.{domain}" if has_site else "",
            terms_day=day,
            terms=terms,
        )
        return self._placed(business)

    def _placed(self, party: Party) -> Party:
        """With an address and a telephone in it."""
        town, districts, exchange = self.chance.choice(TOWNS)
        letters = "".join(self.chance.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))
        street = f"{self.chance.randint(1, 240)} {self.chance.choice(STREETS)}"
        estate = not party.is_person and self.chance.random() < 0.25
        district = self.chance.choice(districts)
        return replace(
            party,
            line1=self.chance.choice(ESTATES) if estate else street,
            line2=street if estate else "",
            city=town,
            postcode=f"{district} {self.chance.randint(1, 9)}{letters}",
            phone=self._phone(exchange),
        )

    def _phone(self, exchange: str) -> str:
        """One that nobody has, as long as the few numbers for drama last."""
        phone = ""
        for _ in range(40):
            phone = f"{exchange}{self.chance.randint(0, 999):03d}"
            if phone not in self.phones:
                break
        self.phones.add(phone)
        return phone

    def _terms(self) -> tuple[int | None, str]:
        return self.chance.choice(
            (
                (None, ""),
                (None, ""),
                (14, DAYS_AFTER),
                (30, DAYS_AFTER),
                (20, FOLLOWING_MONTH),
                (30, DAYS_AFTER_MONTH),
            )
        )

    def _vat_number(self) -> str:
        """With the check digits of a United Kingdom number."""
        digits = [self.chance.randint(0, 9) for _ in range(7)]
        weighed = sum(d * w for d, w in zip(digits, range(8, 1, -1), strict=True))
        whole = "".join(map(str, digits)) + f"{97 - weighed % 97:02d}"
        return f"GB{whole}"

    def _number(self, name: str) -> str:
        letters = "".join(c for c in slug(name).upper() if c.isalpha())[:3].ljust(
            3, "X"
        )
        while (
            number := f"{letters}{self.chance.randint(1, 9999):04d}"
        ) in self.numbers:
            continue
        self.numbers.add(number)
        return number

    def _new_name(self, make: Callable[[], str]) -> str:
        """A name nobody has; when the words run out, the town tells two apart."""
        name = make()
        for _ in range(20):
            if name.casefold() not in self.names:
                break
            name = make()
        while name.casefold() in self.names:
            name = f"{make()} ({self.chance.choice(TOWNS)[0]} {len(self.names)})"
        self.names.add(name.casefold())
        return name

    def _person_name(self) -> str:
        return f"{self.faker.first_name()} {self.faker.last_name()}"

    def _business_name(self) -> str:
        return self.chance.choice(BUSINESSES).format(
            last=self.faker.last_name(),
            second=self.faker.last_name(),
            first=self.faker.first_name(),
            town=self.chance.choice(TOWNS)[0],
            animal=self.chance.choice(ANIMALS),
        )

    def _supplier_name(self) -> str:
        trade, form = self.chance.choice(TRADES), self.chance.choice(LEGAL_FORMS)
        return f"{self.faker.last_name()} {trade} {form}"


def slug(text: str) -> str:
    """Letters and digits that an address on the web may have."""
    return "".join(c for c in text.lower() if c.isascii() and c.isalnum()) or "post"


def make_parties(
    chance: random.Random, faker: Faker, count: int
) -> tuple[list[Party], list[Party]]:
    """Contacts, and a tenth as many suppliers."""
    maker = PartyMaker(chance, faker)
    unusual = [maker.unusual(name) for name in UNUSUAL_NAMES[: count // 20]]
    contacts = unusual + [maker.customer() for _ in range(count - len(unusual))]
    chance.shuffle(contacts)
    suppliers = [maker.supplier(place) for place in range(1, max(count // 10, 1) + 1)]
    return contacts, suppliers
