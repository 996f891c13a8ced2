"""Lists as CSV files that spreadsheets open without trouble."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import StreamingHttpResponse

# A spreadsheet would run these as a formula; signed numbers and phone numbers are not.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s().-]*$)")
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Column:
    """A column of the file; ``value`` takes it from the record."""

    label: str
    value: Callable[[Any], object]


def csv_response(
    name: str, columns: Sequence[Column], records: Iterable[Any]
) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        csv_lines(columns, records),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def csv_lines(columns: Sequence[Column], records: Iterable[Any]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow([column.label for column in columns])
    for record in records:
        yield writer.writerow([safe_cell(column.value(record)) for column in columns])


def safe_cell(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) else text


class _Echo:
    """A file that hands back what is written to it, so that rows can be streamed."""

    def write(self, text: str) -> str:
        return text
