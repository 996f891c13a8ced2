"""Xero's `where` filters: parsed once into a predicate over rows.

filter     := all ( ("OR" | "||") all )*
all        := comparison ( ("AND" | "&&") comparison )*
comparison := operand ( ("==" | "=" | "!=" | "<>" | ">" | "<" | ">=" | "<=") operand )?
operand    := "text" | number | true | false | null | Guid("...") | DateTime(y,m,d)
            | Path.To.Field ( ".Contains(" operand ")" ... )* | "(" filter ")"
"""

import operator
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from xero_sync.sandbox.errors import QueryInvalid
from xero_sync.sandbox.wire import read_guid

Lookup = Callable[[str], object]
Term = Callable[[Lookup], object]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|"")*")
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<operator>==|!=|<>|>=|<=|=|>|<|&&|\|\||\(|\)|,|!)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
      | (?P<dot>\.)
    )""",
    re.VERBOSE,
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
    "<>": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
_METHODS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "startswith": str.startswith,
    "endswith": str.endswith,
    "equals": operator.eq,
}
_NEUTRAL_METHODS = ("tolower", "toupper", "tostring", "trim")
_LITERALS: dict[str, object] = {"true": True, "false": False, "null": None}


class Kind(Enum):
    TEXT, NUMBER, OPERATOR, NAME, END = range(5)


@dataclass(frozen=True)
class Token:
    kind: Kind
    value: str


@dataclass(frozen=True)
class Where:
    """A parsed filter, and the paths of the fields it names."""

    term: Term
    paths: tuple[str, ...]

    def holds(self, lookup: Lookup) -> bool:
        return bool(self.term(lookup))


def parse_where(text: str) -> Where:
    """QueryInvalid (error 16) when the text cannot be read."""
    parser = _Parser(_tokens(text))
    term = parser.either()
    parser.expect_end()
    return Where(term, tuple(parser.paths))


def comparable(value: object) -> object:
    """A value as comparisons see it: texts without case and accents, days as moments."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        plain = unicodedata.normalize("NFKD", value.casefold())
        return "".join(c for c in plain if not unicodedata.combining(c)) or None
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    return Decimal(value) if isinstance(value, int) else value


def _tokens(text: str) -> list[Token]:
    tokens, position = [], 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if match is None or match.end() == position:
            raise QueryInvalid(f"Syntax error at position {position}")
        kind = (match.lastgroup or "operator").upper()
        value = match[match.lastgroup or 0]
        tokens.append(Token(Kind[kind if kind != "DOT" else "OPERATOR"], value))
        position = match.end()
    return [*tokens, Token(Kind.END, "")]


class _Parser:
    """Recursive descent over the tokens, one method per line of the grammar."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self.paths: list[str] = []

    def either(self) -> Term:
        terms = [self._all()]
        while self._take("||", "or"):
            terms.append(self._all())
        return lambda lookup: any(term(lookup) for term in terms)

    def expect_end(self) -> None:
        if self._peek().kind is not Kind.END:
            raise QueryInvalid("Syntax error")

    def _all(self) -> Term:
        terms = [self._comparison()]
        while self._take("&&", "and"):
            terms.append(self._comparison())
        return lambda lookup: all(term(lookup) for term in terms)

    def _comparison(self) -> Term:
        if self._take("!"):
            negated = self._comparison()
            return lambda lookup: not negated(lookup)
        left = self._operand()
        sign = self._take(*_COMPARE)
        if sign is None:
            return left
        right = self._operand()
        return lambda lookup: _compare(sign, left(lookup), right(lookup))

    def _operand(self) -> Term:
        token = self._peek()
        self._next += 1
        if token.kind is Kind.TEXT:
            return _constant(token.value[1:-1].replace('""', '"'))
        if token.kind is Kind.NUMBER:
            return _constant(Decimal(token.value))
        if token.value == "(":
            inner = self.either()
            self._expect(")")
            return self._methods(inner)
        if token.kind is Kind.NAME:
            return self._name(token.value)
        raise QueryInvalid("Expression expected")

    def _name(self, name: str) -> Term:
        if name.lower() in _LITERALS:
            return _constant(_LITERALS[name.lower()])
        if self._peek().value != "(":
            return self._field(name)
        if name.lower() == "guid":
            return _constant(_guid_of(self._arguments()))
        if name.lower() == "datetime":
            return _constant(_moment_of(self._arguments()))
        path, _, method = name.rpartition(".")
        if not path:
            raise QueryInvalid(f"No applicable method '{name}' exists")
        return self._called(self._field(path), method)

    def _field(self, path: str) -> Term:
        self.paths.append(path)
        return lambda lookup: comparable(lookup(path))

    def _methods(self, term: Term) -> Term:
        while self._take("."):
            token = self._peek()
            self._next += 1
            term = self._called(term, token.value)
        return term

    def _called(self, term: Term, method: str) -> Term:
        arguments = self._arguments()
        if method.lower() in _NEUTRAL_METHODS and not arguments:
            return self._methods(term)
        test = _METHODS.get(method.lower())
        if test is None or len(arguments) != 1:
            raise QueryInvalid(f"No applicable method '{method}' exists")
        part = str(arguments[0] or "")

        def tested(lookup: Lookup) -> bool:
            value = term(lookup)
            return isinstance(value, str) and test(value, part)

        return tested

    def _arguments(self) -> list[object]:
        self._expect("(")
        arguments: list[object] = []
        while not self._take(")"):
            arguments.append(self._operand()(_no_fields))
            if self._peek().value != ")":
                self._expect(",")
        return arguments

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self, *values: str) -> str | None:
        token = self._peek()
        is_sign = token.kind in (Kind.OPERATOR, Kind.NAME)
        if not is_sign or token.value.lower() not in values:
            return None
        self._next += 1
        return token.value

    def _expect(self, value: str) -> None:
        if not self._take(value):
            raise QueryInvalid(f"'{value}' expected")


def _no_fields(name: str) -> object:
    raise QueryInvalid(f"'{name}' cannot stand here")


def _constant(value: object) -> Term:
    ready = comparable(value)
    return lambda lookup: ready


def _compare(sign: str, left: object, right: object) -> bool:
    if sign in ("==", "=", "!=", "<>"):
        return _COMPARE[sign](left, right)
    if left is None or right is None:
        return False
    try:
        return _COMPARE[sign](left, right)
    except TypeError:
        message = f"Operator '{sign}' incompatible with the operand types"
        raise QueryInvalid(message) from None


def _guid_of(arguments: list[object]) -> str:
    found = read_guid(str(arguments[0])) if len(arguments) == 1 else None
    if found is None:
        raise QueryInvalid("Guid should contain 32 digits with 4 dashes")
    return found


def _moment_of(arguments: list[object]) -> datetime:
    parts = [int(part) for part in arguments if isinstance(part, Decimal)]
    if len(parts) != len(arguments) or not 3 <= len(parts) <= 6:
        raise QueryInvalid("DateTime takes year, month and day")
    hour, minute, second = [*parts[3:], 0, 0, 0][:3]
    try:
        return datetime(parts[0], parts[1], parts[2], hour, minute, second, tzinfo=UTC)
    except ValueError as error:
        raise QueryInvalid(str(error)) from None
