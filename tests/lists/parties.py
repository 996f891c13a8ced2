"""The people and companies of two made-up lists, before anybody wrote them down.

Most stand alone. The others are the traps of real lists: members of a household, branches
that share one office's email, shops of a chain, blocks under one managing agent, two
people of one name.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from faker import Faker

LOCALES = ("en_GB", "en_IE", "en_AU", "en_NZ")
COUNTRIES = {
    "en_GB": ("United Kingdom", "44"),
    "en_IE": ("Ireland", "353"),
    "en_AU": ("Australia", "61"),
    "en_NZ": ("New Zealand", "64"),
}
TRADES = (
    "Heating", "Plumbing", "Electrical", "Lifts", "Roofing", "Joinery", "Motors",
    "Dental", "Lettings", "Grounds", "Cleaning", "Fencing", "Glass", "Kitchens",
    "Catering", "Farm Supplies", "Veterinary", "Optical", "Print", "Security",
)  # fmt: skip
FORMS = ("Ltd", "Limited", "LLP", "PLC", "DAC", "Pty Ltd", "")
CHAINS = ("Centra", "Spar", "Costcutter", "Londis", "Eurospar", "Mace", "Nisa", "Gala")
BUILDINGS = ("Court", "House", "Mews", "Quay", "Heights", "Gardens", "Mill", "Wharf")

# What share of the parties stands in which kind of group.
KINDS = {
    "company": 0.42,
    "person": 0.28,
    "household": 0.08,
    "branches": 0.07,
    "chain": 0.04,
    "managed": 0.04,
    "namesakes": 0.05,
    "sole_trader": 0.02,
}
TOWNS = 60  # of each country
# Branches that are told apart by nothing in their names; companies with a second name.
NAMELESS_BRANCHES, SECOND_NAME = 0.1, 0.05
NO_EMAIL, NO_PHONE, NO_MOBILE, NO_TAX = 0.22, 0.15, 0.5, 0.45


@dataclass(frozen=True)
class Address:
    line1: str
    town: str
    county: str
    postcode: str
    country: str


@dataclass(frozen=True)
class Party:
    """``kind`` is one of KINDS, ``title`` a person's."""

    key: int
    kind: str
    is_company: bool
    name: str
    address: Address
    title: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    trading_name: str = ""
    tax_number: str = ""
    company_number: str = ""
    dialling: str = field(default="44", repr=False)


class World:
    """Makes parties; all chance comes from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self._fakers = {locale: Faker(locale) for locale in LOCALES}
        for number, faker in enumerate(self._fakers.values()):
            faker.seed_instance(seed * 10 + number)
        self._key = 0
        self._locale = LOCALES[0]
        self._towns = {locale: self._some_towns(locale) for locale in LOCALES}

    def parties(self, count: int) -> list[Party]:
        found: list[Party] = []
        while len(found) < count:
            self._locale = self.chance.choices(LOCALES, (60, 20, 12, 8))[0]
            kind = self.chance.choices(list(KINDS), list(KINDS.values()))[0]
            found.extend(self._group(kind))
        return found[:count]

    @property
    def faker(self) -> Faker:
        return self._fakers[self._locale]

    def address(self) -> Address:
        """Most in a few towns, as the customers of one company are."""
        towns = self._towns[self._locale]
        town, county, postcode = towns[int(len(towns) * self.chance.random() ** 2)]
        return Address(
            line1=f"{self.chance.randrange(1, 220)} {self.faker.street_name()}",
            town=town,
            county=county,
            postcode=self._postcode_in(postcode),
            country=COUNTRIES[self._locale][0],
        )

    def _some_towns(self, locale: str) -> list[tuple[str, str, str]]:
        faker = self._fakers[locale]
        has_counties = hasattr(faker, "county")
        return [
            (faker.city(), faker.county() if has_counties else "", faker.postcode())
            for _ in range(TOWNS)
        ]

    def _postcode_in(self, postcode: str) -> str:
        """Four digits stand for a whole town; others begin with the town's own."""
        if postcode.isdecimal():
            return postcode
        if self._locale == "en_IE":
            return postcode[:3] + " " + self.faker.postcode()[-4:]
        inward = self.faker.postcode().split()[-1]
        return f"{postcode.split()[0]} {inward}"

    def phone(self) -> str:
        """National digits without the leading zero."""
        return f"{self.chance.choice('123789')}{self.chance.randrange(10**8, 10**9)}"

    def _maybe(self, value: str, missing: float) -> str:
        return "" if self.chance.random() < missing else value

    def _group(self, kind: str) -> Iterator[Party]:
        yield from getattr(self, f"_{kind}")()

    def _new(self, kind: str, **values: object) -> Party:
        self._key += 1
        party = Party(key=self._key, kind=kind, **values)  # type: ignore[arg-type]
        return replace(party, dialling=COUNTRIES[self._locale][1])

    def _company_name(self) -> str:
        faker, chance = self.faker, self.chance
        trade, form = chance.choice(TRADES), chance.choice(FORMS)
        first = chance.choice(
            (
                faker.last_name(),
                f"{faker.last_name()} & {faker.last_name()}",
                f"{faker.first_name()} {faker.last_name()}",
                faker.city(),
                f"The {faker.word().title()} {faker.word().title()}",
                f"{faker.last_name()} Bros",
            )
        )
        return f"{first} {trade} {form}".strip()

    def _one_company(self, kind: str, name: str = "", **more: object) -> Party:
        name = name or self._company_name()
        letters = "".join(filter(str.isalpha, name.lower()))[:14]
        domain = f"{letters}{self.chance.randrange(90)}.example"
        box = self.chance.choice(("info", "accounts", "office", "hello", "admin"))
        has_contact = self.chance.random() < 0.6
        values: dict[str, object] = {
            "is_company": True,
            "name": name,
            "address": self.address(),
            "first_name": self.faker.first_name() if has_contact else "",
            "last_name": self.faker.last_name() if has_contact else "",
            "email": self._maybe(f"{box}@{domain}", NO_EMAIL),
            "phone": self._maybe(self.phone(), NO_PHONE),
            "mobile": self._maybe(self.phone(), NO_MOBILE),
            "tax_number": self._maybe(
                f"GB{self.chance.randrange(10**8, 10**9)}", NO_TAX
            ),
            "company_number": f"{self.chance.randrange(10**7, 10**8)}",
            "trading_name": self._maybe(self._company_name(), 1 - SECOND_NAME),
        }
        return self._new(kind, **values | more)

    def _one_person(self, kind: str, last: str = "", **more: object) -> Party:
        first, last = self.faker.first_name(), last or self.faker.last_name()
        if "first_name" in more:
            first = str(more["first_name"])
        mail = f"{first}.{last}{self.chance.randrange(99)}".lower().replace("'", "")
        values: dict[str, object] = {
            "is_company": False,
            "name": f"{first} {last}",
            "title": self.chance.choice(("Mr", "Mrs", "Ms", "Dr", "")),
            "first_name": first,
            "last_name": last,
            "address": self.address(),
            "email": self._maybe(f"{mail}@mail.example", NO_EMAIL),
            "phone": self._maybe(self.phone(), NO_PHONE),
            "mobile": self._maybe(self.phone(), 0.3),
        }
        return self._new(kind, **values | more)

    # --- the kinds ---

    def _company(self) -> Iterator[Party]:
        yield self._one_company("company")

    def _person(self) -> Iterator[Party]:
        yield self._one_person("person")

    def _household(self) -> Iterator[Party]:
        """Two to four of one family name under one roof, phone and often email."""
        last, address, phone = self.faker.last_name(), self.address(), self.phone()
        email = f"the{last}s{self.chance.randrange(99)}@mail.example".lower()
        shares_email = self.chance.random() < 0.5
        first_names = {self.faker.first_name() for _ in range(4)}
        for first in sorted(first_names)[: self.chance.randint(2, 4)]:
            more: dict[str, object] = {
                "address": address,
                "phone": phone,
                "first_name": first,
            }
            if shares_email:
                more["email"] = email
            yield self._one_person("household", last, **more)

    def _branches(self) -> Iterator[Party]:
        """One company in two to five towns; one office pays."""
        head = self._one_company("branches")
        email = head.email or "accounts@head.example"
        alike = self.chance.random() < NAMELESS_BRANCHES
        between = self.chance.choice((" - ", " ", ", "))
        addresses = (self.address() for _ in range(self.chance.randint(2, 5)))
        for address in {address.town: address for address in addresses}.values():
            name = head.name if alike else f"{head.name}{between}{address.town}"
            yield self._one_company(
                "branches", name, address=address, email=email,
                tax_number=head.tax_number, company_number=head.company_number,
            )  # fmt: skip

    def _chain(self) -> Iterator[Party]:
        """Independent shops under one sign."""
        sign = self.chance.choice(CHAINS)
        for _ in range(self.chance.randint(2, 5)):
            address = self.address()
            yield self._one_company("chain", f"{sign} {address.town}", address=address)

    def _managed(self) -> Iterator[Party]:
        """Blocks of flats under one agent, whose phone, email and address they have."""
        agent = self._one_company("managed")
        for _ in range(self.chance.randint(2, 6)):
            block = f"{self.faker.last_name()} {self.chance.choice(BUILDINGS)}"
            yield self._one_company(
                "managed", f"{block} Management Company", address=agent.address,
                email=agent.email, phone=agent.phone, mobile="", tax_number="",
            )  # fmt: skip

    def _namesakes(self) -> Iterator[Party]:
        """Two strangers of one name; sometimes father and son in one house."""
        one = self._one_person("namesakes")
        same_house = self.chance.random() < 0.05
        more: dict[str, object] = {"first_name": one.first_name}
        if same_house:
            more["address"] = one.address
        other = self._one_person("namesakes", one.last_name, **more)
        yield one
        yield replace(other, name=f"{other.name} Jnr") if same_house else other

    def _sole_trader(self) -> Iterator[Party]:
        """Somebody, and the business run from the same house."""
        person = self._one_person("sole_trader")
        yield person
        name = f"{person.last_name} {self.chance.choice(TRADES)}"
        yield self._one_company(
            "sole_trader", name, address=person.address, phone=person.phone,
            mobile=person.mobile, email=person.email, first_name=person.first_name,
            last_name=person.last_name, company_number="",
        )  # fmt: skip
