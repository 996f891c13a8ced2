"""From the bytes of an uploaded file to records with their line numbers.

A line that cannot be read is set aside with its reason; the others are not lost.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from fieldops.common.errors import DomainError

# A value that runs on longer than this has lost its closing quotation mark.
MOST_LINES_OF_A_RECORD = 100
LONGEST_CELL = csv.field_size_limit()
DELIMITERS = ",;\t"
NOT_CSV = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)


class FileRefused(DomainError):
    code = "file_refused"

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


@dataclass(frozen=True)
class Record:
    """``line`` is the physical line of the file that the record begins on."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class BrokenLine:
    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class Sheet:
    header: Record
    records: tuple[Record, ...]
    broken: tuple[BrokenLine, ...]
    delimiter: str
    remark: str = ""


def read_sheet(content: bytes) -> Sheet:
    text, remark = _text_of(content)
    lines = list(io.StringIO(text, newline=""))
    delimiter, first = _declared_delimiter(lines)
    delimiter = delimiter or _likely_delimiter(lines)
    header: Record | None = None
    records: list[Record] = []
    broken: list[BrokenLine] = []
    for part in _parts(lines, first, delimiter):
        if isinstance(part, BrokenLine):
            if header is None:
                raise FileRefused(f"Line {part.line} cannot be read: {part.reason}.")
            broken.append(part)
        elif part.is_blank:
            continue
        elif header is None:
            header = part
        elif broken and _is_rest_of_broken(part, broken[-1], records, header):
            text = lines[part.line - 1].rstrip("\r\n")
            broken.append(BrokenLine(part.line, text, "belongs to the line above"))
        else:
            records.append(part)
    if header is None:
        raise FileRefused("The file is empty.")
    return Sheet(header, tuple(records), tuple(broken), delimiter, remark)


def _text_of(content: bytes) -> tuple[str, str]:
    """The file as text, and a remark when its encoding had to be guessed."""
    for magic, what in NOT_CSV:
        if content.startswith(magic):
            raise FileRefused(
                f"This is {what}, not a CSV file. Save it as CSV and try again."
            )
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(content, "utf-16"), ""
    if b"\0" in content:
        raise FileRefused("This is not a text file. Save it as CSV and try again.")
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        text = _decoded(content, "cp1252")
    return text, (
        "The file is not UTF-8; it was read as Windows-1252. "
        "Check that accents and pound signs look right."
    )


def _decoded(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise FileRefused(
            "The file's characters cannot be read. Save it as CSV UTF-8 and try again."
        ) from None
    if "\0" in text:
        raise FileRefused("This is not a text file. Save it as CSV and try again.")
    return text


def _declared_delimiter(lines: list[str]) -> tuple[str, int]:
    """Excel may begin a file with "sep=;": the delimiter, and where the rest begins."""
    declared = lines[0].strip() if lines else ""
    if len(declared) == 5 and declared.lower().startswith("sep="):
        return declared[4], 1
    return "", 0


def _likely_delimiter(lines: list[str]) -> str:
    """The one that cuts the line of column names into most pieces; a comma if none."""
    head = next((line for line in lines if line.strip(" ,;\t\r\n")), "")

    def pieces(delimiter: str) -> int:
        return len(next(csv.reader([head], delimiter=delimiter), []))

    return max(DELIMITERS, key=pieces)


def _parts(
    lines: list[str], first: int, delimiter: str
) -> Iterator[Record | BrokenLine]:
    at = first
    while at < len(lines):
        reader = csv.reader(
            islice(_from(lines, at), MOST_LINES_OF_A_RECORD),
            delimiter=delimiter,
            strict=True,
        )
        try:
            cells = next(reader)
        except csv.Error as error:
            text = lines[at].rstrip("\r\n")
            yield BrokenLine(at + 1, text[:LONGEST_CELL], _reason(error))
            at += 1
        else:
            yield Record(at + 1, tuple(cells))
            at += reader.line_num


def _from(lines: list[str], at: int) -> Iterator[str]:
    for number in range(at, len(lines)):
        yield lines[number]


def _reason(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"a value is longer than {LONGEST_CELL:,} characters"
    if "unexpected end" in str(error):
        return "a quotation mark is opened and never closed"
    return "a quotation mark stands in the wrong place (write it twice inside a value)"


def _is_rest_of_broken(
    part: Record, last: BrokenLine, records: list[Record], header: Record
) -> bool:
    """Lines that follow a broken one and are too short are the rest of its values."""
    follows = not records or records[-1].line < last.line
    return (
        follows and part.line == last.line + 1 and len(part.cells) < len(header.cells)
    )
