"""Lists: changed-since, where, ids, order and paging, the same for every kind."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache, partial
from typing import Any, TypeVar

import msgspec

from xero_sync.sandbox.errors import QueryInvalid, TextError
from xero_sync.sandbox.http import Request
from xero_sync.sandbox.where import comparable, parse_where
from xero_sync.sandbox.wire import JsonObject, read_guid, read_moment

Row = TypeVar("Row", bound=msgspec.Struct)
Relation = Callable[[Any], msgspec.Struct | None]

DEFAULT_PAGE_SIZE = 100
LARGEST_PAGE = 1000
ALIASES = {
    "updateddateutc": "updated",
    "contactstatus": "status",
    "salesdetails": "sales",
    "purchasedetails": "purchase",
    "istrackedasinventory": "istracked",
    "id": "updated",
}


@dataclass(frozen=True)
class Paging:
    page: int
    size: int

    def pagination(self, count: int) -> JsonObject:
        return {
            "page": self.page,
            "pageSize": self.size,
            "pageCount": -(-count // self.size),
            "itemCount": count,
        }

    def slice(self, rows: Sequence[Row]) -> Sequence[Row]:
        start = (self.page - 1) * self.size
        return rows[start : start + self.size]


class ListQuery:
    """The parameters of one list call; their names are read in any case."""

    def __init__(self, request: Request) -> None:
        self._parameters = {
            name.lower(): value for name, value in request.query.items() if value
        }
        self._since = request.header("if-modified-since")

    def text(self, name: str) -> str:
        return self._parameters.get(name.lower(), "")

    def flag(self, name: str) -> bool:
        return self.text(name).lower() == "true"

    def values(self, name: str) -> set[str]:
        """A comma list, folded for comparison; guids in their canonical spelling."""
        parts = (part.strip() for part in self.text(name).split(","))
        return {read_guid(part) or part.casefold() for part in parts if part}

    def paging(self) -> Paging | None:
        """Only when a page was asked for; sizes out of range are clamped."""
        if not self.text("page") and not self.flag("summaryOnly"):
            return None
        size = _whole(self.text("pageSize"), DEFAULT_PAGE_SIZE)
        return Paging(
            page=max(_whole(self.text("page"), 1), 1),
            size=min(max(size, 1), LARGEST_PAGE),
        )

    def since(self) -> datetime | None:
        """Accurate to the second, inclusive; the HTTP form is understood as well."""
        if not self._since:
            return None
        try:
            moment = read_moment(self._since)
        except ValueError:
            try:
                moment = parsedate_to_datetime(self._since)
            except ValueError:
                raise TextError(
                    412, "The If-Modified-Since header is invalid"
                ) from None
        return moment.replace(microsecond=0)

    def select(
        self,
        row_type: type[Row],
        rows: Iterable[Row],
        *,
        key: Callable[[Row], str],
        relations: Mapping[str, Relation] | None = None,
        stamped: bool = True,
    ) -> list[Row]:
        """Changed-since, where and order; by default oldest change first."""
        since = self.since() if stamped else None
        chosen = list(rows)
        if since is not None:
            chosen = [row for row in chosen if _updated(row) >= since]
        related = relations or {}
        if text := self.text("where"):
            where = parse_where(text)
            for path in where.paths:
                _check_path(row_type, path, related)
            chosen = [
                row
                for row in chosen
                if where.holds(partial(field, row, relations=related))
            ]
        return self._ordered(chosen, key, related, stamped=stamped)

    def _ordered(
        self,
        rows: list[Row],
        key: Callable[[Row], str],
        relations: Mapping[str, Relation],
        *,
        stamped: bool,
    ) -> list[Row]:
        if not self.text("order"):
            if not stamped:
                return rows
            return sorted(rows, key=lambda row: (_updated(row), key(row)))
        for clause in reversed(self.text("order").split(",")):
            name, _, direction = clause.strip().partition(" ")
            if direction.strip().upper() not in ("", "ASC", "DESC"):
                raise QueryInvalid(f"Syntax error in order '{clause.strip()}'")
            rows = sorted(
                rows,
                key=partial(_order_key, name=name, relations=relations),
                reverse=direction.strip().upper() == "DESC",
            )
        return rows


def field(row: msgspec.Struct, path: str, relations: Mapping[str, Relation]) -> object:
    """The value at a path such as `Contact.ContactID`; QueryInvalid when there is none."""
    name, _, rest = path.partition(".")
    folded = name.lower()
    if rest and folded in relations:
        related = relations[folded](row)
        return None if related is None else field(related, rest, {})
    value = getattr(row, _attribute(type(row), name))
    if rest and isinstance(value, msgspec.Struct):
        return field(value, rest, {})
    if rest.lower() in ("value", "hasvalue"):
        return value if rest.lower() == "value" else value is not None
    return value


def _check_path(
    row_type: type[msgspec.Struct], path: str, relations: Mapping[str, Relation]
) -> None:
    """An unknown field is refused even when there is no row to look at."""
    name, _, rest = path.partition(".")
    if not (rest and name.lower() in relations):
        _attribute(row_type, name)


def _attribute(row_type: type[msgspec.Struct], name: str) -> str:
    folded = name.lower()
    attribute = _attributes(row_type).get(ALIASES.get(folded, folded))
    if attribute is None:
        kind = row_type.__name__
        raise QueryInvalid(f"No property or field '{name}' exists in type '{kind}'")
    return attribute


@cache
def _attributes(row_type: type[msgspec.Struct]) -> dict[str, str]:
    """Field and property names by the spelling of the wire: `contact_id`, `ContactID`."""
    public = (name for name in dir(row_type) if not name.startswith("_"))
    return {name.replace("_", ""): name for name in public}


def _updated(row: msgspec.Struct) -> datetime:
    moment = getattr(row, "updated", None)
    if not isinstance(moment, datetime):
        raise TypeError(type(row).__name__)
    return moment


def _order_key(
    row: msgspec.Struct, *, name: str, relations: Mapping[str, Relation]
) -> tuple[int, Any]:
    """Empty values first; the rank keeps None from being compared."""
    ready = comparable(field(row, name, relations))
    return (0, 0) if ready is None else (1, ready)


def _whole(text: str, otherwise: int) -> int:
    try:
        return int(text)
    except ValueError:
        return otherwise
