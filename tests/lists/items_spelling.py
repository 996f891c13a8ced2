"""How people write down one and the same product: units, packs, short forms, order."""

import random
import re

# Each word and what somebody may write for it; a few are known to no dictionary.
SHORT_FORMS = {
    "valve": ("vlv",),
    "stainless steel": ("SS", "S/Steel", "st. steel"),
    "galvanised": ("galv",),
    "compression": ("comp", "compr"),
    "connector": ("conn", "con"),
    "coupling": ("cplg", "coupler"),
    "thermostatic": ("thermo",),
    "assembly": ("assy",),
    "isolating": ("iso", "isolation"),
    "radiator": ("rad",),
    "circulating": ("circ",),
    "female": ("F", "fem"),
    "male": ("M",),
    "left hand": ("LH", "left"),
    "right hand": ("RH", "right"),
    "twin and earth": ("T&E", "twin & earth"),
    "steel wire armoured": ("SWA",),
    "heat exchanger": ("heat exch", "HEX"),
    "printed circuit board": ("PCB",),
    "reducing": ("red.", "reducer"),
    "with": ("w/", "c/w"),
    "black": ("blk",),
    "white": ("wht",),
    "extra large": ("XL",),
    "large": ("lge", "L"),
    "medium": ("med", "M"),
    "small": ("sml", "S"),
    "emergency": ("emerg",),
    "circuit breaker": ("MCB",),
    "switched socket": ("sw socket", "sw. skt"),
    "flexible": ("flex", "flexi"),
    "pressure relief": ("PRV",),
    "expansion": ("exp",),
    "immersion": ("imm",),
    "grey": ("gray",),
    "lamp": ("bulb",),
    "tube": ("pipe",),
    "fertiliser": ("fert", "fertilizer"),
    "detector": ("det",),
    "angled": ("ang",),
    "straight": ("str",),
    "electrode": ("elec",),
}
UNITS = {
    "mm": ("mm", " mm", "MM", "mm."),
    "m": ("m", " m", "mtr", " metre", "M"),
    "kg": ("kg", " kg", "KG", "Kg"),
    "L": ("L", " L", "ltr", " litre", "l"),
    "A": ("A", " A", "amp", " Amp", "a"),
    "W": ("W", " W", "w", " watt"),
    "V": ("V", " V", "v", "volt"),
    "kW": ("kW", " kW", "kw", "KW"),
    "bar": ("bar", " bar", "Bar"),
    "deg": ("deg", " deg", "°", " degree"),
    "in": ('"', " in", "in", " inch"),
}
_QUANTITY = re.compile(r"^(\d[\d./ ]*) (mm|m|kg|L|A|W|V|kW|bar|deg|in)$")
_PACK = re.compile(r"^(?:pack|box) of (\d+)$")
_BY = re.compile(r"(?<=\d) x (?=\d)")


def value_variant(value: str, chance: random.Random) -> str:
    """A size, a pack, a colour: some other way to write just that."""
    quantity, pack = _QUANTITY.match(value), _PACK.match(value)
    if quantity:
        number, unit = quantity.groups()
        if unit == "kW" and chance.random() < 0.15:
            return f"{int(number) * 1000}W"
        return number.replace(" ", "-" if unit == "in" else " ") + chance.choice(
            UNITS[unit]
        )
    if pack:
        number = pack[1]
        return chance.choice(
            (f"pk{number}", f"({number})", f"x{number}", f"{number} pack", f"box {number}",
             f"pack {number}", f"{number}pk", f"{number} pcs")
        )  # fmt: skip
    if _BY.search(value):
        return _BY.sub(chance.choice(("x", "X", " x ")), value)
    if value.endswith("K") and value[:-1].isdigit():
        return chance.choice((value, value.lower(), f"{value[:-1]} K"))
    return short_form(value, chance)


def short_form(text: str, chance: random.Random) -> str:
    found = [long for long in SHORT_FORMS if re.search(rf"\b{long}\b", text)]
    if not found:
        return text
    long = max(found, key=len)
    return re.sub(rf"\b{long}\b", chance.choice(SHORT_FORMS[long]), text, count=1)


def code_variant(code: str, brand: str, chance: random.Random) -> str:
    """Another program's way with the same code."""
    kind = chance.randrange(5)
    if kind == 0:
        return code.replace("-", "")
    if kind == 1:
        return code.lower()
    if kind == 2:
        return code.replace("-", "/") if "-" in code else f"{code[:2]}-{code[2:]}"
    if kind == 3:
        return f"{brand[:3].upper()}-{code}"
    return code.replace("-", " ")


def typo_in_a_word(text: str, chance: random.Random) -> str:
    """In one of the longer words; nobody's figure is changed by it."""
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not long:
        return text
    at = chance.choice(long)
    word = words[at]
    place = chance.randrange(1, len(word) - 1)
    words[at] = chance.choice(
        (
            word[:place] + word[place] + word[place:],
            word[:place] + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        )
    )
    return " ".join(words)
