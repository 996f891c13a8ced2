"""The demo company as a whole: the same seed and day give the same company."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from faker import Faker

from fieldops.demo.flaws import Planted, plant_in_contacts, plant_in_goods
from fieldops.demo.goods import Good, make_goods
from fieldops.demo.parties import Party, make_parties
from fieldops.demo.sales import Sale, make_sales

NAME = "Calder & Thorne Building Services Ltd"
ADDRESS = "Unit 7, Kirkstall Wharf\n112 Canal Road\nLeeds\nLS12 4QX"
PHONE = "0113 496 0110"
EMAIL = "office@calderthorne.example"
VAT_NUMBER = "GB 999 9999 73"
COMPANY_NUMBER = "00000017"
PAYMENT_DETAILS = "Practice Bank, sort code 00-00-00, account 00000017"


@dataclass(frozen=True)
class DemoCompany:
    contacts: tuple[Party, ...]
    suppliers: tuple[Party, ...]
    goods: tuple[Good, ...]
    sales: tuple[Sale, ...]
    flaws: tuple[Planted, ...]
    today: date
    seed: int

    @property
    def customers(self) -> list[Party]:
        """Those with an invoice, in the order of the contacts."""
        names = {sale.customer.name for sale in self.sales}
        return [party for party in self.contacts if party.name in names]


def make_company(
    seed: int,
    today: date,
    *,
    contacts: int = 300,
    items: int = 150,
    invoices: int = 600,
) -> DemoCompany:
    chance = random.Random(seed)  # noqa: S311 - made-up data, not secrets
    faker = Faker("en_GB")
    faker.seed_instance(seed)
    made, suppliers = make_parties(chance, faker, contacts)
    people, contact_flaws = plant_in_contacts(chance, made)
    goods, good_flaws = plant_in_goods(chance, make_goods(chance, items))
    flawed = {name for flaw in contact_flaws for name in flaw.records}
    sales = make_sales(chance, people, goods, invoices, today)
    return DemoCompany(
        contacts=tuple(people),
        suppliers=tuple(_with_both(suppliers, people, flawed)),
        goods=tuple(goods),
        sales=tuple(sales),
        flaws=(*contact_flaws, *good_flaws),
        today=today,
        seed=seed,
    )


def _with_both(
    suppliers: Sequence[Party], contacts: Sequence[Party], flawed: set[str]
) -> list[Party]:
    """Every tenth supplier is one of the contacts as well."""
    times = Counter(party.account_number for party in contacts)
    sound = [
        party
        for party in contacts
        if not party.is_person
        and party.name not in flawed
        and times[party.account_number] == 1
    ]
    mixed = list(suppliers)
    for place, both in zip(range(9, len(mixed), 10), sound, strict=False):
        mixed[place] = both
    return mixed
