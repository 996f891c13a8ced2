"""What a line about an item says: its words, its sizes as numbers, its pack."""

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from xero_sync.matching.item_words import (
    RETIRED,
    SPELLINGS,
    UNITS,
    UNTELLING,
    VARIANTS,
    WHOLE,
)
from xero_sync.matching.normalise import folded

PACK = "pack"
LONGEST_ROOT = 3
DIGITS_OF_AN_ID = 3
# Xero cuts names off at 50.
PERHAPS_CUT, CUT = 47, 50


class Sort(IntEnum):
    WORD = 0
    VARIANT = 1
    ID = 2  # somebody's number for it, or a model's: long, or letters and digits
    MODEL = 3  # a few letters and digits in one
    NUMBER = 4


class Token(NamedTuple):
    """``measure`` of a number, "" where only the figure is written; ``figure`` is that
    as written, whatever its unit."""

    text: str
    sort: Sort
    measure: str = ""
    figure: str = ""


_SIGNS = str.maketrans(
    {"\u00bc": " 1/4", "\u00bd": " 1/2", "\u00be": " 3/4"}
    | {"\u215b": " 1/8", "\u215c": " 3/8", "\u215d": " 5/8", "\u215e": " 7/8"}
    # The sign of multiplication, and the quotation marks that stand for inches and feet.
    | {"\u00d7": "x", "\u201d": '"', "\u201c": '"', "\u2033": '"'}
    | {"\u2032": "'", "\u2019": "'", "&": " and "}
)
_WITH = re.compile(r"\b(?:c/w|w/)(?=\W|[a-z]|$)")
_STUMPS = (mark[:size] for mark in RETIRED for size in range(len(mark) - 1, 1, -1))
_RETIRED = re.compile(rf"\b(?:{'|'.join(RETIRED)})\b")
_RETIRED_IF_CUT = re.compile(rf"{_RETIRED.pattern}|\b(?:{'|'.join(_STUMPS)})\W*$")
_NUMBER = (
    r"(?:\d+[ -]\d+/(?:2|4|8|16|32)|\d+/(?:2|3|4|8|16|32)(?!\d)|\d+(?:\.\d+)?|\.\d+)"
)
_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_HOLDER = r"(?:packs?|pk|pkt|packet|box|bx|boxes|bags?|case|carton|tub|qty|set)"
_SCAN = re.compile(
    rf"""
    \b{_HOLDER}\s*(?:of\s*|/\s*)?(?P<pack_of>\d+)\b(?!\.\d|\s*x\s*\d)
    | \b(?P<in_pack>\d+)[\s/-]*(?:packs?|pk|pkt|pcs?|pce|pieces|off|box|per\s{_HOLDER})\b
      (?!\s*(?:of\s*)?\d+\b(?!\.\d|\s?(?:x\s*\d|(?:{_UNIT})(?!\w))))
    | (?<![\w.])x(?P<times>\d+)(?![\w.]|\s*(?:{_UNIT})(?!\w))
    | \((?P<bracketed>\d{{1,4}})\)
    | (?P<id>\b[a-z]+-?\d{{3,}}(?:[/-][a-z0-9]+)+|\b[a-z]{{1,5}}-\d{{3,}}\b|\b\d{{5,}}\b)
    | (?<![a-z])(?P<number>{_NUMBER})\s?(?P<unit>{_UNIT})(?![a-z0-9])
    | (?<![a-z])(?P<bare>{_NUMBER})(?![a-z0-9])
    | (?P<word>[^\W_]+)
    """,
    re.VERBOSE,
)
# S/S, L/H, N/O; not 1/2, nor a list of sizes S/M/L.
_SLASHED = re.compile(r"(?<![\w/])([a-z])/([a-z])(?![\w/])")
_BY = re.compile(r"(?<=\d)\s?x\s?(?=\d)")
_DIGIT = re.compile(r"\d")


class Line(NamedTuple):
    tokens: tuple[Token, ...]
    is_retired: bool


@lru_cache(maxsize=100_000)  # two lists hold the same lines
def line(text: str) -> Line:
    plain = _BY.sub(" x ", folded(text.translate(_SIGNS)))
    # Xero has no room for more: the mark may be the stump of one.
    retired = _RETIRED_IF_CUT if PERHAPS_CUT <= len(text) <= CUT else _RETIRED
    kept = _SLASHED.sub(r"\1\2", _WITH.sub(" ", retired.sub(" ", plain)))
    found: list[Token] = []
    for match in _SCAN.finditer(kept):
        found.extend(_tokens(match))
    return Line(tuple(found), retired.search(plain) is not None)


def _tokens(match: re.Match[str]) -> tuple[Token, ...]:
    kind, value = match.lastgroup, match[match.lastgroup or 0]
    if kind == "word":
        return _words(value)
    if kind == "id":
        return (Token(letters_and_digits(value), Sort.ID),)
    if kind in ("pack_of", "in_pack", "times", "bracketed"):
        return _pack(value)
    if kind == "unit":
        return (_quantity(match["number"], value),)
    return (_quantity(value, ""),)


def _words(word: str) -> tuple[Token, ...]:
    if word in UNTELLING:
        return ()
    if word in WHOLE:
        return tuple(_word(part) for part in WHOLE[word])
    return (_word(SPELLINGS.get(word, word)),)


def _word(word: str) -> Token:
    if word == "pair":
        return Token(f"2 {PACK}", Sort.NUMBER, PACK, "2")
    digits = len(_DIGIT.findall(word))
    if digits:
        return Token(word, Sort.MODEL if digits < DIGITS_OF_AN_ID else Sort.ID)
    root = _singular(word)
    return Token(root, Sort.VARIANT if root in VARIANTS else Sort.WORD)


def _singular(word: str) -> str:
    if len(word) > LONGEST_ROOT and word.endswith("s") and word[-2] not in "su":
        return word[:-1]
    return word


def _pack(number: str) -> tuple[Token, ...]:
    figure = f"{int(number)}"
    # One of a thing is what a thing is anyway.
    return (
        () if figure == "1" else (Token(f"{figure} {PACK}", Sort.NUMBER, PACK, figure),)
    )


def _quantity(number: str, unit: str) -> Token:
    value = _value(number)
    if not unit:
        return Token(f"{value:g}", Sort.NUMBER, "", f"{value:g}")
    measure, scale = UNITS[unit]
    return Token(
        f"{round(value * scale, 3):.10g} {measure}", Sort.NUMBER, measure, f"{value:g}"
    )


def _value(number: str) -> float:
    whole, _, fraction = number.replace("-", " ").rpartition(" ")
    above, _, below = fraction.partition("/")
    return float(whole or 0) + float(above) / float(below or 1)


def letters_and_digits(text: str) -> str:
    return "".join(sign for sign in folded(text) if sign.isalnum())
