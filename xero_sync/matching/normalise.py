"""The forms in which names, numbers and addresses of two lists are compared."""

import re
import unicodedata

# Letters that do not come apart into a letter and an accent.
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th"}
)
# Straight, typographic, and the accents that stand in for them.
_APOSTROPHES = re.compile("['`\u2018\u2019\u00b4]")
_WORDS = re.compile(r"[^\W_]+")
# O Brien and Mc Cann are one word each; O. Brien has an initial.
_CLAN = re.compile(r"\b(o|mc|mac)[ -](?=[^\W\d_]{3})")
# "ext 12", and whatever else follows a number in its box.
_EXTENSION = re.compile(r"(?<=\d)\s*(?:ext|x|extn|extension|/|,|;|or)\b", re.IGNORECASE)
_EMAILS = re.compile(r"[;,\s]+")
_INITIALS = re.compile(r"\b(?:[^\W\d_] )+[^\W\d_]\b")

# How companies are written; the value is the one spelling that stands for all. Those
# of two letters are ordinary words unless a name ends with them.
LEGAL_FORMS = {
    "ltd": "ltd",
    "limited": "ltd",
    "ltda": "ltd",
    "teo": "ltd",
    "teoranta": "ltd",
    "llp": "llp",
    "plc": "plc",
    "dac": "dac",
    "inc": "inc",
    "incorporated": "inc",
    "corp": "inc",
    "kg": "kg",
    "llc": "llc",
    "gmbh": "gmbh",
    "ag": "ag",
    "sa": "sa",
    "sarl": "sarl",
    "srl": "srl",
    "spa": "spa",
    "aps": "aps",
    "bv": "bv",
    "nv": "nv",
    "hb": "hb",
    "ab": "ab",
    "oy": "oy",
    "as": "as",
    "pty": "ltd",
}
# Words that many names share and that tell two of them apart badly.
COMMON_WORDS = frozenset(
    [
        "and",
        "the",
        "of",
        "co",
        "company",
        "group",
        "services",
        "service",
        "solutions",
        "uk",
        "international",
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
    ]
)
STREET_WORDS = {
    "street": "st",
    "road": "rd",
    "avenue": "ave",
    "lane": "ln",
    "drive": "dr",
    "close": "cl",
    "square": "sq",
    "strasse": "str",
}
PHONE_DIGITS = 8
FEWEST_PHONE_DIGITS = 7


def folded(text: str) -> str:
    """Without case and accents, and with one white space between words."""
    if text.isascii():
        return " ".join(text.casefold().split())
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.split())


def words(text: str) -> tuple[str, ...]:
    """Of a name or a line: lower case, & as "and", initials as one word ("S.A.")."""
    # Before folding, which makes a space and an accent of some apostrophes.
    plain = folded(_APOSTROPHES.sub("", text)).replace("&", " and ")
    spaced = " ".join(_WORDS.findall(_CLAN.sub(r"\1", plain)))
    return tuple(_INITIALS.sub(_glued, spaced).split())


def _glued(initials: re.Match[str]) -> str:
    return initials[0].replace(" ", "")


def phone_key(phone: str) -> str:
    """The last digits: country and area codes are written in many ways."""
    number = _EXTENSION.split(phone, maxsplit=1)[0]
    digits = "".join(sign for sign in number if sign.isdecimal())
    return digits[-PHONE_DIGITS:] if len(digits) >= FEWEST_PHONE_DIGITS else ""


def email_keys(email: str) -> list[str]:
    """Some boxes hold two."""
    return [one for one in _EMAILS.split(email.casefold()) if one]


def account_key(number: str) -> str:
    return "".join(number.split()).casefold()


def tax_key(number: str) -> str:
    """Alphanumerics, without the letters of the country that some leave out."""
    bare = "".join(sign for sign in folded(number) if sign.isalnum())
    return bare[2:] if bare[:2].isalpha() and bare[2:9].isdecimal() else bare


def number_key(number: str) -> str:
    """A company's number in its register, some of which begin with zeros."""
    return "".join(sign for sign in folded(number) if sign.isalnum()).lstrip("0")


def postcode_key(postcode: str) -> str:
    return "".join(sign for sign in folded(postcode) if sign.isalnum())


def street_key(line: str) -> str:
    return " ".join(STREET_WORDS.get(word, word) for word in words(line))
