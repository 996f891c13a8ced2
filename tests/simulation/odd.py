"""What people really type: characters that programs stumble over, and names that two
have."""

import re
from random import Random
from unicodedata import normalize

# None of these may be changed on the way, and none may be written a second time.
ODD_TEXTS = (
    "Zoë Müller-Lüdenscheidt",
    "Zoe\u0308 decomposed",
    "Van 🚐 and family 👨‍👩‍👧",
    "שלום \u200fright to left\u200e",
    "Tom &amp; Sons &#39;Ltd&#39;",
    'O\'Brien "Bob" \\ backslash',
    "100 % _like_ %s {0} $1",
    "tab\there and\u00a0hard blank",
    "'; DROP TABLE contacts; --",
    "=SUM(A1)",
    "NULL",
    "ﬁne ﬀ ligatures Ⅳ",
)
# Xero or our checks may refuse these, and say so.
REFUSED_TEXTS = ("<b>bold</b>", "x" * 300, "zero\u200bwidth" + "y" * 250)
ODD_EMAILS = (
    "o'brien+tag@example.org",
    "UPPER.Case@Example.ORG",
    "two@@example.org",
    "blank in@example.org",
    "zoë@exämple.org",
    "a@b",
)
ODD_PRICES = ("0.0000", "0.0001", "0.3333", "99999999.9999")
# What only Xero can hold: its own books are older than our checks.
ODD_IN_XERO = ("nul\x00in the middle", "  blanks around  ", "bell\x07 and \x1f unit")

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
TEXTS, EMAILS, PRICES = "text", "email", "price"


def odd_value(chance: Random, kind: str, number: int, *, in_xero: bool) -> str:
    """``number`` makes most of them the only one of its kind."""
    if kind == PRICES:
        return chance.choice(ODD_PRICES)
    if kind == EMAILS:
        return f"{number}{chance.choice(ODD_EMAILS)}"
    texts = ODD_TEXTS * 3 + REFUSED_TEXTS + (ODD_IN_XERO if in_xero else ())
    text = chance.choice(texts)
    return f"  {text} " if chance.random() < 0.2 else f"{text} {number}"


def plain(text: str) -> str:
    """As two texts are compared that may have been composed or spaced in another way."""
    return " ".join(normalize("NFC", _CONTROLS.sub("", text)).split())
