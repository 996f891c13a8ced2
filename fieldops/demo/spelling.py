"""How a second person writes the same thing: names, phone numbers, goods."""

import random

# what is written, and what somebody else writes for it
VARIANTS = (
    (" Limited", " Ltd"),
    (" Ltd", " Limited"),
    (" Ltd", " LTD."),
    (" & ", " and "),
    (" and ", " & "),
    ("The ", ""),
    ("'", ""),
    (" mm", "mm"),
    (" x ", "x"),
    (" kW", "kW"),
    (", ", " "),
)


def written_differently(chance: random.Random, name: str) -> str:
    """One variant that applies; capitals where none does, and now and then as well."""
    options = [name.replace(old, new, 1) for old, new in VARIANTS if old in name]
    other = chance.choice(options) if options else name
    return other.upper() if other == name or chance.random() < 0.15 else other


def phone_written_differently(chance: random.Random, phone: str) -> str:
    digits = phone.replace(" ", "")
    area, _, rest = phone.partition(" ")
    return chance.choice((digits, f"+44 {digits[1:]}", f"({area}) {rest}", phone))
