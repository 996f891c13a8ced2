"""How people write down the same thing: variants, slips of the finger, what is left out."""

import random

KEYS = {"a": "s", "e": "r", "i": "o", "o": "p", "n": "m", "r": "t", "s": "d", "t": "y"}
FORMS = (" Pty Ltd", " Ltd", " Limited", " LLP", " PLC", " DAC", " Teo")
OTHER_FORMS = {
    " Ltd": (" Limited", " Ltd."),
    " Limited": (" Ltd", " LTD"),
    " LLP": (" L.L.P.",),
    " PLC": (" plc", " P.L.C."),
    " DAC": (" D.A.C.",),
    " Pty Ltd": (" Pty Limited", " P/L"),
}
SHORT_NAMES = {
    "James": "Jim", "William": "Bill", "Robert": "Bob", "Michael": "Mick",
    "Thomas": "Tom", "Elizabeth": "Liz", "Margaret": "Peggy", "Patrick": "Paddy",
    "Catherine": "Kate", "Anthony": "Tony", "Richard": "Dick", "Susan": "Sue",
    "Stephen": "Steve", "Christopher": "Chris", "Joseph": "Joe", "Daniel": "Dan",
    "Samantha": "Sam", "Rebecca": "Becky", "Kenneth": "Ken", "Edward": "Ted",
    "Andrew": "Andy", "Katherine": "Kathy", "Matthew": "Matt", "Deborah": "Debbie",
}  # fmt: skip
SHORT_WORDS = {
    "Engineering": "Eng", "Services": "Svcs", "Management": "Mgmt", "Saint": "St",
    "Brothers": "Bros", "Electrical": "Elec", "Association": "Assoc",
}  # fmt: skip
STREETS = {"Street": "St", "Road": "Rd", "Avenue": "Ave", "Lane": "Ln", "Drive": "Dr"}
PLACES_ADDED = ("(UK)", "(Ireland)", "(NI)", "UK")


def with_typo(text: str, chance: random.Random) -> str:
    """One letter doubled, dropped, swapped or mistaken, never the first."""
    if len(text) < 4:
        return text
    at = chance.randrange(1, len(text) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return text[:at] + text[at] + text[at:]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + KEYS.get(text[at].lower(), "e") + text[at + 1 :]


# --- companies ---


def company_variant(name: str, chance: random.Random) -> str:
    return chance.choice(
        (
            without_form,
            lambda text: with_another_form(text, chance),
            with_the_other_and,
            str.upper,
            str.lower,
            with_the_other_article,
            lambda text: f"{text} {chance.choice(PLACES_ADDED)}",
            lambda text: without_form(text) + " Limited",
            shortened,
            lambda text: text.replace("'", ""),
            lambda text: text.replace(" - ", " "),
        )
    )(name)


def without_form(name: str) -> str:
    for form in FORMS:
        if name.endswith(form):
            return name.removesuffix(form)
    return name


def with_another_form(name: str, chance: random.Random) -> str:
    for form, others in OTHER_FORMS.items():
        if name.endswith(form):
            return name.removesuffix(form) + chance.choice(others)
    return name


def with_the_other_and(name: str) -> str:
    return name.replace("&", "and") if "&" in name else name.replace(" and ", " & ")


def with_the_other_article(name: str) -> str:
    return name.removeprefix("The ") if name.startswith("The ") else f"The {name}"


def shortened(name: str) -> str:
    return " ".join(SHORT_WORDS.get(word, word) for word in name.split())


# --- people ---


def person_variant(
    title: str, first: str, last: str, name: str, chance: random.Random
) -> str:
    if name.endswith(" Jnr"):
        return chance.choice((f"{first} {last} Junior", name.upper()))
    title = title or "Mr"
    return chance.choice(
        (
            f"{title} {name}",
            f"{last}, {first}",
            f"{last} {first}",
            f"{first[0]} {last}",
            f"{first[0]}. {last}",
            f"{title} {first[0]}. {last}",
            name.upper(),
            name.lower(),
            f"{first} {chance.choice('ABCDEFGJMPST')} {last}",
            f"{SHORT_NAMES.get(first, first)} {last}",
            without_marks(name),
        )
    )


def without_marks(name: str) -> str:
    return name.replace("'", "").replace("-", " ").replace("Mac", "Mc")


# --- numbers and addresses ---


def phone_variant(digits: str, dialling: str, chance: random.Random) -> str:
    if not digits:
        return ""
    local = f"0{digits}"
    return chance.choice(
        (
            local,
            f"{local[:5]} {local[5:]}",
            f"({local[:4]}) {local[4:7]} {local[7:]}",
            f"+{dialling} {digits[:3]} {digits[3:]}",
            f"+{dialling} (0){digits[:4]} {digits[4:]}",
            f"00{dialling}{digits}",
        )
    )


def postcode_variant(postcode: str, chance: random.Random) -> str:
    return chance.choice((postcode, postcode.replace(" ", ""), postcode.lower()))


def street_variant(line: str, chance: random.Random) -> str:
    for long, short in STREETS.items():
        if line.endswith(f" {long}") and chance.random() < 0.5:
            return f"{line.removesuffix(long)}{short}"
    return line.replace(" ", ", ", 1) if chance.random() < 0.1 else line


def tax_variant(number: str, chance: random.Random) -> str:
    bare = number[2:]
    spaced = f"{number[:2]} {bare[:3]} {bare[3:7]} {bare[7:]}"
    return chance.choice((number, bare, spaced)) if number else ""
