"""What a cell says: text, amounts, percentages, dates. Each raises CellError or knows."""

import re
from datetime import date
from decimal import Decimal

LARGEST = Decimal(10) ** 12
MONTHS = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][0-9:.]+Z?)?", re.ASCII)
_UK = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})", re.ASCII)
_WORDS = re.compile(r"(\d{1,2})[ -]([a-z]{3,9})[ -](\d{4}|\d{2})", re.ASCII)


class CellError(ValueError):
    """The reason, in words that complete "this cell ..."."""


def one_line(cell: str) -> str:
    """Text that has room for one line only: breaks become commas."""
    parts = [part.strip() for part in cell.splitlines() if part.strip()]
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(part.rstrip(",") for part in parts)


def many_lines(cell: str) -> str:
    return "\n".join(line.rstrip() for line in cell.strip().splitlines())


def decimal(cell: str) -> Decimal:
    """At most four places, as every price and quantity of ours."""
    typed = cell.strip().replace("\N{MINUS SIGN}", "-")
    bare = typed.removeprefix("GBP").removesuffix("GBP").replace("£", "").strip()
    if bare.startswith("(") and bare.endswith(")"):
        bare = f"-{bare[1:-1]}"
    if not _NUMBER.fullmatch(bare) or not any(sign.isdigit() for sign in bare):
        raise CellError(f'"{_short(cell)}" is not a number (write it like 1,234.50)')
    number = Decimal(bare.replace(",", ""))
    if abs(number) >= LARGEST:
        raise CellError(f"{_short(cell)} is too large")
    rounded = number.quantize(Decimal("0.0001"))
    if rounded != number:
        raise CellError(f"{_short(cell)} has more than 4 decimal places")
    return rounded + 0  # minus zero is zero


def percentage(cell: str) -> Decimal:
    percent = decimal(cell.strip().removesuffix("%"))
    if not 0 <= percent <= 100:
        raise CellError(f"{_short(cell)} is not between 0 and 100 per cent")
    return percent


def day(cell: str) -> date:
    """ISO, day/month/year as in the UK, or 4 Jul 2026."""
    typed = " ".join(cell.split())
    if match := _ISO.fullmatch(typed):
        year, month, number = match.groups()
    elif match := _UK.fullmatch(typed):
        number, month, year = match.groups()
    elif (match := _WORDS.fullmatch(typed.lower())) and match[2][:3] in MONTHS:
        number, year = match[1], match[3]
        month = str(MONTHS.index(match[2][:3]) + 1)
    else:
        raise CellError(f'"{_short(cell)}" is not a date (write it like 31/01/2026)')
    try:
        found = date(_full_year(year), int(month), int(number))
    except ValueError:
        raise CellError(
            f"{_short(cell)} is not a date: read as day/month/year, "
            f"there is no day {number} in month {month}"
        ) from None
    if not 1900 <= found.year <= 2199:
        raise CellError(f"the year {found.year} cannot be right")
    return found


def _full_year(year: str) -> int:
    """Two digits as spreadsheets read them: up to 29 this century, then the last."""
    if len(year) == 4:
        return int(year)
    return int(year) + (2000 if int(year) < 30 else 1900)


def whole_number(cell: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", cell.strip()):
        raise CellError(f'"{_short(cell)}" is not a whole number')
    return int(cell)


def currency(cell: str) -> str:
    code = cell.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise CellError(f'"{_short(cell)}" is not a currency (write it like GBP)')
    return code


def comparison_key(text: str) -> str:
    """Two texts that differ in case and spacing only have the same key."""
    return " ".join(text.split()).casefold()


def _short(cell: str) -> str:
    text = " ".join(cell.split())
    return text if len(text) <= 40 else f"{text[:37]}..."
